// What nothing reaches and nobody outside holds: cycles that the collector has not collected yet, found without running it.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { garbageGroups, type GarbageGroups } from "../../graph/garbage-groups.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import type { Snapshot, TypeRow } from "../snapshot.ts";
import { qualifiedName } from "./edges.ts";
import { canonicalRows } from "./type-totals.ts";

export interface Garbage {
  readonly count: number;
  readonly shallowBytes: number;
  /** Groups of the same types together, largest first. */
  readonly groups: readonly GarbageKind[];
  readonly mostly: { readonly type: string; readonly count: number } | null;
}

export interface GarbageKind {
  /** The most telling types of the knot: "app.Node, app.Edge, dict". */
  readonly types: string;
  readonly cycles: number;
  readonly count: number;
  readonly shallowBytes: number;
  /** An object of the largest knot, usable with `why`. */
  readonly example: NodeIx;
}

const NO_GARBAGE: Garbage = { count: 0, shallowBytes: 0, groups: [], mostly: null };
const TYPES_NAMED = 3;
const TYPES_COMPARED = 8;
const KINDS_LISTED = 50;

export function findGarbage(snapshot: Snapshot, parent: Uint32Array): Garbage {
  const members = unreached(parent);
  if (members.length === 0) return NO_GARBAGE;
  const canonical = canonicalRows(snapshot.types);
  const typeOf = Uint16Array.from(members, (node) => canonical[snapshot.nodes.type[node]!]!);
  const groups = garbageGroups(snapshot.refs, members, snapshot.nodes.shallowBytes, snapshot.nodes.oversize);
  return {
    count: members.length,
    shallowBytes: groups.bytes.reduce((sum, bytes) => sum + bytes, 0),
    groups: kindsOf(snapshot, groups, typesByGroup(groups, typeOf)),
    mostly: mostFrequentType(snapshot, typeOf),
  };
}

/** Row 0 is no object. */
function unreached(parent: Uint32Array): Uint32Array {
  // Most often there are none, or few: the built-in search is several times faster than a loop.
  const first = parent.indexOf(NO_NODE, 1);
  if (first < 0) return new Uint32Array(0);
  return Uint32Array.from(nodesWithout(parent, first));
}

function nodesWithout(parent: Uint32Array, first: number): number[] {
  const nodes: number[] = [];
  for (let node = first; node < parent.length; node++) if (parent[node] === NO_NODE) nodes.push(node);
  return nodes;
}

/** Up to TYPES_COMPARED distinct types per group, in the order of their appearance; a row of the array per group. */
function typesByGroup({ groupOf, top }: GarbageGroups, typeOf: Uint16Array): Uint16Array {
  const types = new Uint16Array(top.length * TYPES_COMPARED);
  for (let member = 0; member < typeOf.length; member++) {
    const type = typeOf[member]!;
    const row = groupOf[member]! * TYPES_COMPARED;
    for (let at = row; at < row + TYPES_COMPARED; at++) {
      if (types[at] === type) break;
      if (types[at] !== 0) continue;
      types[at] = type;
      break;
    }
  }
  return types;
}

function kindsOf(snapshot: Snapshot, groups: GarbageGroups, types: Uint16Array): GarbageKind[] {
  const kinds = new Map<string, GarbageKind & { largest: number }>();
  for (let group = 0; group < groups.top.length; group++) {
    const row = types.slice(group * TYPES_COMPARED, (group + 1) * TYPES_COMPARED).sort();
    const key = row.join();
    const known = kinds.get(key);
    const bytes = groups.bytes[group]!;
    kinds.set(key, {
      types: known?.types ?? namesOf(snapshot, row),
      cycles: (known?.cycles ?? 0) + groups.cycles[group]!,
      count: (known?.count ?? 0) + groups.counts[group]!,
      shallowBytes: (known?.shallowBytes ?? 0) + bytes,
      example: known !== undefined && known.largest >= bytes ? known.example : (groups.top[group]! as NodeIx),
      largest: Math.max(known?.largest ?? 0, bytes),
    });
  }
  return [...kinds.values()]
    .sort((a, b) => b.shallowBytes - a.shallowBytes || a.types.localeCompare(b.types))
    .slice(0, KINDS_LISTED)
    .map(({ largest: _largest, ...kind }) => kind);
}

/** Classes of the program first: they say more than dict and tuple, which say more than str. */
function namesOf(snapshot: Snapshot, types: Uint16Array): string {
  const rows = [...types].filter((type) => type !== 0).map((type) => snapshot.types[type]!);
  const rank = (type: TypeRow): number => (type.module !== "builtins" ? 0 : type.shape !== "fields" ? 1 : 2);
  const telling = rows.sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? 0 : a.name.localeCompare(b.name)));
  const names = telling.slice(0, TYPES_NAMED).map((type) => printable(qualifiedName(type)));
  return telling.length > TYPES_NAMED ? `${names.join(", ")}, …` : names.join(", ");
}

function mostFrequentType(snapshot: Snapshot, typeOf: Uint16Array): Garbage["mostly"] {
  const counts = new Uint32Array(snapshot.types.length);
  for (const type of typeOf) counts[type]!++;
  const best = counts.reduce((winner, count, type) => (count > counts[winner]! ? type : winner), 0);
  return { type: printable(qualifiedName(snapshot.types[best]!)), count: counts[best]! };
}
