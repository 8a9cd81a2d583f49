// What an object says: its text where it is a string or a number, and the texts of what it holds.

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { assertUnreachable } from "../../base/invariant.ts";
import type { ValueEntry, ValueReport } from "../../model/page-reports.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { placeOf, typeNameOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { attributeSegment, keyWords } from "../paths/words.ts";
import type { Snapshot } from "../snapshot.ts";

const MOST_ENTRIES = 30;

/** Texts that the snapshot does not keep are null. O(entries shown + references of the object). */
export function valueOf(snapshot: Snapshot, node: NodeIx): ValueReport {
  const { refs } = snapshot;
  const entries: ValueEntry[] = [];
  let hidden = 0;
  for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++) {
    const words = edgeWords(snapshot, node, edge as EdgeIx);
    if (words === null) continue;
    if (entries.length < MOST_ENTRIES) entries.push(entryOf(snapshot, words, refs.edgeTarget[edge]! as NodeIx));
    else hidden += 1;
  }
  return {
    schema: "deadweight/value@1",
    type: typeNameOf(snapshot, node),
    isRedacted: !snapshot.meta.values,
    text: snapshot.meta.values ? textOf(snapshot.texts, node) : null,
    entries,
    hidden,
  };
}

function entryOf(snapshot: Snapshot, edge: string, target: NodeIx): ValueEntry {
  return {
    edge,
    type: typeNameOf(snapshot, target),
    text: snapshot.meta.values ? textOf(snapshot.texts, target) : null,
    address: formatAddress(addressOf(snapshot.nodes, target)),
  };
}

/** Null for what is no value of the object: its class, and the keys, which are said with what they lead to. */
function edgeWords(snapshot: Snapshot, node: NodeIx, edge: EdgeIx): string | null {
  const place = placeOf(snapshot, node, edge);
  switch (place.kind) {
    case "field":
      return place.name === "__class__" ? null : attributeSegment(place.name);
    case "element":
      return `[${place.index}]`;
    case "member":
      return "{member}";
    case "value":
      return `[${keyWords(snapshot, place.key)}]`;
    case "key":
      return null;
    case "unnamed":
      return null;
    default:
      return assertUnreachable(place);
  }
}
