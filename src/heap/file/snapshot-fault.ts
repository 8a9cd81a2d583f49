// What makes a snapshot sound: everything that kernels and queries rely on without looking. The reader refuses a file
// that breaks it; the writer throws, since then our own walker broke it. One definition for both.

import { OVERSIZE } from "../../base/uint32.ts";
import { ATTRIBUTE_LABEL, type RootOrigin, type Snapshot, type TextTable } from "../snapshot.ts";
import { MAX_NODES } from "./format.ts";

/** First promise the snapshot breaks, as the end of a sentence "... because"; null when it is sound. */
export function snapshotFault(snapshot: Snapshot): string | null {
  return (
    lengthFault(snapshot) ??
    nodeFault(snapshot) ??
    addressFault(snapshot) ??
    edgeFault(snapshot) ??
    excessFault(snapshot) ??
    typeRowFault(snapshot) ??
    rootFault(snapshot) ??
    nodeReferenceFault(snapshot) ??
    textFault(snapshot.texts, snapshot.nodes.count)
  );
}

function lengthFault({ nodes, refs, edgeLabel, excess, texts, types }: Snapshot): string | null {
  const { count } = nodes;
  if (count < 1 || count > MAX_NODES) return `it has ${count} objects`;
  if (types.length < 1) return "it has no types";
  if (
    [
      nodes.type.length,
      nodes.shallowBytes.length,
      nodes.addressLow.length,
      refs.nodeCount,
      refs.edgeStart.length - 1,
    ].some((length) => length !== count)
  )
    return "its columns of objects differ in length";
  if (refs.edgeStart[count] !== refs.edgeTarget.length || edgeLabel.length !== refs.edgeTarget.length)
    return "its columns of references differ in length";
  if (excess.node.length !== excess.excess.length || texts.start.length !== texts.node.length + 1)
    return "its side tables differ in length";
  return null;
}

function nodeFault({ nodes, refs, types }: Snapshot): string | null {
  const { type, shallowBytes, oversize, count } = nodes;
  if (type[0] !== 0 || shallowBytes[0] !== 0 || refs.edgeStart[1] !== 0)
    return "object 0 is not the placeholder for what could not be read";
  let oversized = 0;
  for (let node = 0; node < count; node++) {
    if (type[node]! >= types.length) return `object ${node} has a type that does not exist`;
    if (shallowBytes[node] !== OVERSIZE) continue;
    oversized++;
    const size = oversize.get(node);
    if (size === undefined || size < OVERSIZE || !Number.isSafeInteger(size))
      return `object ${node} has an impossible size`;
  }
  return oversized === oversize.size ? null : "a size is listed as 4 GiB or more that is not";
}

function addressFault({ nodes }: Snapshot): string | null {
  const { addressLow, addressHigh, count } = nodes;
  let previousHigh = -1;
  let previousFirst = -1;
  for (const { firstNode, high } of addressHigh) {
    if (firstNode <= previousFirst || firstNode >= count || high <= previousHigh)
      return "its address table does not ascend";
    previousFirst = firstNode;
    previousHigh = high;
  }
  const borders = new Set(addressHigh.map(({ firstNode }) => firstNode));
  for (let node = 2; node < count; node++) {
    if (addressLow[node]! <= addressLow[node - 1]! && !borders.has(node))
      return `the address of object ${node} does not ascend`;
  }
  return null;
}

function edgeFault({ nodes, refs, edgeLabel, types }: Snapshot): string | null {
  const { edgeStart, edgeTarget, nodeCount } = refs;
  if (edgeStart[0] !== 0) return "the references of object 0 do not begin at 0";
  const attributes = Uint32Array.from(types, (row) => row.attributes.length);
  for (let node = 0; node < nodeCount; node++) {
    const end = edgeStart[node + 1]!;
    if (end < edgeStart[node]!) return `the references of object ${node} end before they begin`;
    const known = ATTRIBUTE_LABEL + attributes[nodes.type[node]!]!;
    for (let edge = edgeStart[node]!; edge < end; edge++) {
      if (edgeTarget[edge]! >= nodeCount) return `object ${node} refers to an object that does not exist`;
      if (edgeLabel[edge]! >= ATTRIBUTE_LABEL && edgeLabel[edge]! >= known)
        return `object ${node} has an attribute without a name`;
    }
  }
  return null;
}

function excessFault({ excess, nodes }: Snapshot): string | null {
  return isAscending(excess.node, nodes.count) ? null : "its table of outside references does not ascend";
}

function isAscending(rows: Uint32Array, limit: number): boolean {
  let previous = -1;
  for (const row of rows) {
    if (row <= previous) return false;
    previous = row;
  }
  return previous < limit;
}

function typeRowFault({ types, nodes }: Snapshot): string | null {
  for (const [index, { canonical, base, node }] of types.entries()) {
    if (canonical >= types.length || types[canonical]!.canonical !== canonical)
      return `type ${index} is a variant of a type that does not exist`;
    if (base < -1 || base >= types.length) return `type ${index} has a base that does not exist`;
    if (node >= nodes.count) return `type ${index} is an object that does not exist`;
  }
  return hasBaseCycle(types) ? "a type is its own base" : null;
}

/** Follows all base chains at once; a chain that comes back to itself never gets a depth. */
function hasBaseCycle(types: Snapshot["types"]): boolean {
  const stamps = new Uint32Array(types.length);
  for (let start = 0; start < types.length; start++) {
    let row = start;
    while (row !== -1 && stamps[row] === 0) {
      stamps[row] = start + 1;
      row = types[row]!.base;
    }
    if (row !== -1 && stamps[row] === start + 1) return true;
  }
  return false;
}

function rootFault({ roots, threads, nodes }: Snapshot): string | null {
  for (const [index, { node, origin }] of roots.entries()) {
    if (node >= nodes.count) return `root ${index} is an object that does not exist`;
    if (!hasOrigin(origin, threads)) return `root ${index} belongs to a thread or frame that does not exist`;
  }
  return null;
}

function hasOrigin(origin: RootOrigin, threads: Snapshot["threads"]): boolean {
  switch (origin.kind) {
    case "frame-local":
    case "frame":
      return origin.frame < (threads[origin.thread]?.frames.length ?? 0);
    case "thread":
      return origin.thread < threads.length;
    default:
      return true;
  }
}

function nodeReferenceFault({ threads, codes, lruCaches, nodes }: Snapshot): string | null {
  if (threads.some(({ frames }) => frames.some(({ code }) => code >= nodes.count)))
    return "a frame runs code that does not exist";
  if (codes.some(({ node }) => node >= nodes.count)) return "a function's code is an object that does not exist";
  if (lruCaches.some(({ node }) => node >= nodes.count)) return "a cache is an object that does not exist";
  return null;
}

/** Texts are decoded in groups of about this many bytes: few calls, little garbage. */
const TEXT_GROUP_BYTES = 1 << 16;

function textFault({ node, start, utf8 }: TextTable, count: number): string | null {
  if (!isAscending(node, count)) return "its table of texts does not ascend";
  if (start[0] !== 0 || start[node.length] !== utf8.length) return "its texts do not cover their bytes";
  for (let row = 0; row < node.length; row++) {
    if (start[row + 1]! < start[row]!) return `text ${row} ends before it begins`;
    if (((utf8[start[row]!] ?? 0) & 0xc0) === 0x80) return `text ${row} begins inside a character`;
  }
  return areTextsUtf8(start, utf8) ? null : "a text is not UTF-8";
}

function areTextsUtf8(start: Uint32Array, utf8: Uint8Array): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    let from = 0;
    for (const end of start) {
      if (end - from < TEXT_GROUP_BYTES && end !== utf8.length) continue;
      decoder.decode(utf8.subarray(from, end));
      from = end;
    }
    return true;
  } catch {
    return false;
  }
}
