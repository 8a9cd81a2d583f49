// A heap whose values nobody gets to see: names stay, all other texts go.

import { isNameText } from "./name-text.ts";
import type { Snapshot, TextTable } from "./snapshot.ts";

/** The same snapshot when it has no values. O(bytes of text). */
export function withoutValues(snapshot: Snapshot): Snapshot {
  return snapshot.meta.values
    ? { ...snapshot, meta: { ...snapshot.meta, values: false }, texts: namesOf(snapshot.texts) }
    : snapshot;
}

function namesOf({ node, start, utf8 }: TextTable): TextTable {
  const decoder = new TextDecoder();
  const kept = new Uint32Array(node.length);
  const keptStart = new Uint32Array(node.length + 1);
  const bytes = new Uint8Array(utf8.length);
  let rows = 0;
  let length = 0;
  for (let row = 0; row < node.length; row++) {
    const text = utf8.subarray(start[row], start[row + 1]);
    if (!isNameText(decoder.decode(text))) continue;
    bytes.set(text, length);
    length += text.length;
    kept[rows++] = node[row]!;
    keptStart[rows] = length;
  }
  return { node: kept.slice(0, rows), start: keptStart.slice(0, rows + 1), utf8: bytes.slice(0, length) };
}
