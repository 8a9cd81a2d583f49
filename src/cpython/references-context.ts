// References of what contextvars are made of. Sources: CPython 3.8-3.15, Python/context.c, Python/hamt.c,
// Include/internal/pycore_hamt.h (Include/internal/hamt.h up to 3.9).

import { copyNamed, type ReferenceScan, slotAt, withinRun } from "./copy-references.ts";
import { POSITIONAL_LABEL, UNNAMED_LABEL } from "./labels.ts";

/** Slots from the end of the head to `b_array` and `c_array`: a count, and a bitmap or a hash. */
const FIRST_PAIR = 2;

/**
 * Pairs of variable and value in the order of the node; where the first word is null the second leads to a further node,
 * which follows without a place. O(pairs).
 */
export function scanContextNode(scan: ReferenceScan, slot: number, start: number): number {
  const { words, offsets } = scan;
  const first = slot + offsets.headSize + FIRST_PAIR;
  const end = first + withinRun(scan, first, words[(slot + offsets.itemCount) * 2]!);
  scan.bytes += (end - first) * 8;
  let at = start;
  for (let pair = first; pair + 1 < end; pair += 2) {
    if (isNull(words, pair)) continue;
    at = copyAs(scan, pair, POSITIONAL_LABEL, at);
    at = copyAs(scan, pair + 1, POSITIONAL_LABEL, at);
  }
  for (let pair = first; pair + 1 < end; pair += 2)
    if (isNull(words, pair)) at = copyAs(scan, pair + 1, UNNAMED_LABEL, at);
  return at;
}

/** `var_cached` is borrowed from the context that the variable was last looked up in: only the others are owned. */
export function scanContextVariable(scan: ReferenceScan, slot: number, start: number): number {
  const { name, default: byDefault } = scan.layout.private.contextVariable;
  return copyNamed(scan, slot, byDefault, copyNamed(scan, slot, name, start));
}

function isNull(words: Uint32Array, slot: number): boolean {
  return (words[slot * 2]! | words[slot * 2 + 1]!) === 0;
}

function copyAs(scan: ReferenceScan, field: number, label: number, at: number): number {
  scan.target[at] = slotAt(scan, field);
  scan.label[at] = label;
  return at + 1;
}
