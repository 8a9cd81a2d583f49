// The keys, and how values are protected.

import type { VNode } from "preact";
import { SECTIONS } from "../store/sections.ts";
import { Dialog } from "./dialog.tsx";

const KEYS: readonly (readonly [string, string])[] = [
  ["?", "this help"],
  ["/", "search in the heap"],
  ...SECTIONS.map(({ key, title }) => [key, title] as const),
  ["1 to 6", "in a heap: treemap, icicle, rings, table, graph, query"],
  ["← →", "in a map: the place beside"],
  ["↓ ↑", "in a map: into a place, and out of it; in a table: the row below and above"],
  ["Enter", "in a map: look at this object"],
  ["+ −", "in a map: make this place the whole map, and back"],
  ["Esc", "close what is open"],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }): VNode {
  return (
    <Dialog title="Keys and help" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([key, is]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{is}</dd>
          </div>
        ))}
      </dl>
      <p>
        Values of your program (texts, numbers, keys beyond names) are never shown unless the server was started with{" "}
        <code>--values</code>. Nothing leaves this machine.
      </p>
    </Dialog>
  );
}
