// A sentence with names in it.

import type { VNode } from "preact";

/** Names between back quotes stand as code. */
export function Words({ text }: { readonly text: string }): VNode {
  const parts = text.split("`");
  return <span>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</span>;
}
