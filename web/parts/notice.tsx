// One sentence about what is the case, and what to do next.

import type { ComponentChildren, VNode } from "preact";
import { Words } from "./words.tsx";

export interface NoticeProps {
  readonly kind: "empty" | "problem" | "warning" | "done";
  readonly children: ComponentChildren;
}

export function Notice({ kind, children }: NoticeProps): VNode {
  return (
    <div class={`notice ${kind}`} role={kind === "problem" ? "alert" : kind === "done" ? "status" : undefined}>
      {children}
    </div>
  );
}

export function Warnings({ texts }: { readonly texts: readonly string[] }): VNode | null {
  if (texts.length === 0) return null;
  return (
    <Notice kind="warning">
      <ul>
        {texts.map((text) => (
          <li key={text}>
            <Words text={text} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
