// Which texts of a dump are kept. Other tools write all of them; we keep names, unless values were asked for, and never what
// looks like a secret.

import { looksLikeSecret } from "../../base/secrets.ts";
import { isNameText } from "../name-text.ts";
import type { NodeIx } from "../../base/brand.ts";
import { roleOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { POSITIONAL_LABEL, type Snapshot, type TextTable } from "../snapshot.ts";

const NAME_LIMIT = 80;
const MODULE_KEYS: ReadonlySet<string | null> = new Set(["__file__", "__name__"]);
const decoder = new TextDecoder();

/** All texts of strings and numbers. */
export function valuesOnly(snapshot: Snapshot): TextTable {
  return keep(snapshot, (node) => isValue(snapshot, node));
}

/** Keys of dicts that are names, and what modules say of themselves. */
export function namesOnly(snapshot: Snapshot): TextTable {
  const wanted = namedNodes(snapshot);
  return keep(
    snapshot,
    (node, text) =>
      wanted[node] === 1 &&
      isValue(snapshot, node) &&
      text.length <= NAME_LIMIT * 3 &&
      isNameText(decoder.decode(text)),
  );
}

function isValue(snapshot: Snapshot, node: number): boolean {
  const role = roleOf(snapshot, node as NodeIx);
  return role === "str" || role === "int" || role === "float";
}

/** One byte per node. O(references). */
function namedNodes(snapshot: Snapshot): Uint8Array {
  const { refs, edgeLabel, nodes, types, texts } = snapshot;
  const wanted = new Uint8Array(nodes.count);
  const isMapping = types.map(({ shape }) => shape === "mapping");
  for (let node = 1; node < nodes.count; node++) {
    if (isMapping[nodes.type[node]!] !== true) continue;
    const end = refs.edgeStart[node + 1]!;
    for (let edge = refs.edgeStart[node]!; edge + 1 < end && edgeLabel[edge] === POSITIONAL_LABEL; edge += 2) {
      const key = refs.edgeTarget[edge]!;
      wanted[key] = 1;
      if (edge - refs.edgeStart[node]! < MODULE_KEYS_AT && MODULE_KEYS.has(textOf(texts, key as NodeIx)))
        wanted[refs.edgeTarget[edge + 1]!] = 1;
    }
  }
  return wanted;
}

/** `__name__` and `__file__` are among the first entries of a module's dict: Objects/moduleobject.c, importlib. */
const MODULE_KEYS_AT = 32;

function keep({ texts }: Snapshot, isKept: (node: number, text: Uint8Array) => boolean): TextTable {
  const node = new Uint32Array(texts.node.length);
  const start = new Uint32Array(texts.node.length + 1);
  const utf8 = new Uint8Array(texts.utf8.length);
  let rows = 0;
  let bytes = 0;
  for (let at = 0; at < texts.node.length; at++) {
    const text = texts.utf8.subarray(texts.start[at], texts.start[at + 1]);
    if (looksLikeSecret(text) || !isKept(texts.node[at]!, text)) continue;
    utf8.set(text, bytes);
    bytes += text.length;
    node[rows++] = texts.node[at]!;
    start[rows] = bytes;
  }
  return { node: node.slice(0, rows), start: start.slice(0, rows + 1), utf8: utf8.slice(0, bytes) };
}
