// The navigation on the left.

import type { VNode } from "preact";
import { addressOf } from "../address/address.ts";
import { SECTIONS } from "../store/sections.ts";
import type { Store } from "../store/store.ts";
import { THEMES } from "../store/theme.ts";

/** Views that belong to a section of another name. */
const WITHIN: Readonly<Record<string, string>> = { comparison: "heaps", advice: "caches" };

export function Rail({ store }: { readonly store: Store }): VNode {
  const { address, theme } = store.state();
  const first = address.path[0] ?? "processes";
  const here = WITHIN[first] ?? first;
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <nav class="rail" aria-label="Sections">
      <a class="brand" href="/processes">
        Deadweight
      </a>
      <ul>
        {SECTIONS.map(({ path, title, key }) => (
          <li key={path}>
            <a href={addressOf([path])} aria-current={path === here ? "page" : undefined} aria-keyshortcuts={key}>
              {title}
            </a>
          </li>
        ))}
      </ul>
      <div class="rail-foot">
        <button type="button" class="quiet" onClick={() => store.setTheme(nextTheme)}>
          Theme: {theme}
        </button>
        <button type="button" class="quiet" aria-keyshortcuts="?" onClick={() => store.setHelp(true)}>
          Keys and help
        </button>
      </div>
    </nav>
  );
}
