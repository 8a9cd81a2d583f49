// Words of C structs that we do not know are taken for references when they lead to an object. Some are not: memory that
// was never initialised (the unused digits of a decimal.Decimal, the free slots of an itertools.tee), pointers that are
// borrowed (itertools.groupby). Where an object has more references than its refcount, such guesses are turned into
// references to "not readable".
//
// Which of them are wrong is decided by evidence only. A guess is disproved where the references that are sure use up the
// refcount of its target; it is confirmed where the counts agree with it. A place (one word of one struct) that is
// disproved more often than it is confirmed is doubtful. Where neither says which guesses are wrong, all are kept: the
// object then counts as one whose references are not accounted for, rather than losing the one that holds it.

import { Kind } from "../cpython/kinds.ts";
import { ATTRIBUTE_LABEL, FIRST_FIELD_LABEL, UNNAMED_LABEL } from "../cpython/labels.ts";
import type { TypeRow } from "./snapshot.ts";
import type { Columns } from "./walk/renumber.ts";
import type { Walk } from "./walk/walk-state.ts";

/** What is known about the words of structs, and what the counts say about each. */
interface Places {
  /** First place of each type row, -1 for types without unknown words. */
  readonly first: Int32Array;
  /** Places of each type row; the last one stands for everything behind the struct. */
  readonly width: Uint32Array;
  /** By place: the word has a name, and is a reference for sure. */
  readonly isNamed: Uint8Array;
  /** By place: the collector does not track the type, which holds objects rarely. */
  readonly isUntracked: Uint8Array;
  readonly confirmed: Uint32Array;
  readonly disproved: Uint32Array;
}

/** Guesses that lead to objects with more references than their refcount. */
interface Guesses {
  edge: Uint32Array;
  /** Parallel to `edge`. */
  place: Uint32Array;
  count: number;
}

/** Takes the guesses that the refcounts disprove out of the graph, and corrects the balance. O(nodes + edges). */
export function dropDisprovedGuesses(walk: Walk, columns: Columns, rows: readonly TypeRow[]): void {
  const places = listPlaces(walk, rows);
  const guesses = collectGuesses(columns, places);
  const { edgeTarget } = columns.refs;
  const perTarget = new Int32Array(columns.nodes.count);
  for (let i = 0; i < guesses.count; i++) perTarget[edgeTarget[guesses.edge[i]!]!]! += 1;
  dropCovered(columns, guesses, perTarget, (place) => {
    places.disproved[place]! += 1;
    return true;
  });
  perTarget.fill(0);
  for (let i = 0; i < guesses.count; i++) {
    if (isDoubtful(places, guesses.place[i]!)) perTarget[edgeTarget[guesses.edge[i]!]!]! += 1;
  }
  dropCovered(columns, guesses, perTarget, (place) => isDoubtful(places, place));
}

function listPlaces(walk: Walk, rows: readonly TypeRow[]): Places {
  const { kind, basicBytes, flags, canonical } = walk.types;
  const { haveGc } = walk.layout.typeFlags;
  const first = new Int32Array(rows.length).fill(-1);
  const width = new Uint32Array(rows.length);
  let count = 0;
  for (const [row, { fields }] of rows.entries()) {
    const hasUnknownWords =
      kind[row] === Kind.fields && fields.size * 8 < basicBytes[row]! - walk.layout.objectHead.size;
    if (!hasUnknownWords && kind[row] !== Kind.generator) continue;
    const lastNamed = Math.max(0, ...fields.keys());
    const words = Math.max(lastNamed, FIRST_FIELD_LABEL + Math.ceil(basicBytes[row]! / 8)) - UNNAMED_LABEL + 2;
    // Instances of one class that differ in their attributes have the same struct.
    const own = canonical[row]!;
    const isVariant = own < row && first[own]! >= 0 && width[own] === words;
    first[row] = isVariant ? first[own]! : count;
    width[row] = words;
    if (!isVariant) count += words;
  }
  const isNamed = new Uint8Array(count);
  const isUntracked = new Uint8Array(count);
  for (const [row, { fields }] of rows.entries()) {
    const start = first[row]!;
    if (start < 0) continue;
    for (const label of fields.keys()) if (label >= UNNAMED_LABEL) isNamed[start + label - UNNAMED_LABEL] = 1;
    if ((flags[row]! & haveGc) === 0) isUntracked.fill(1, start, start + width[row]!);
  }
  return { first, width, isNamed, isUntracked, confirmed: new Uint32Array(count), disproved: new Uint32Array(count) };
}

/** Collects the guesses that may be wrong, and counts those that are right as far as the counts can say. */
function collectGuesses(columns: Columns, places: Places): Guesses {
  const guesses: Guesses = { edge: new Uint32Array(1024), place: new Uint32Array(1024), count: 0 };
  const { count, type } = columns.nodes;
  for (let node = 1; node < count; node++) {
    if (places.first[type[node]!]! >= 0) collectFrom(columns, places, guesses, node);
  }
  return guesses;
}

function collectFrom({ nodes, refs, edgeLabel, balance }: Columns, places: Places, out: Guesses, node: number): void {
  const row = nodes.type[node]!;
  const first = places.first[row]!;
  const last = places.width[row]! - 1;
  const end = refs.edgeStart[node + 1]!;
  for (let edge = refs.edgeStart[node]!; edge < end; edge++) {
    const label = edgeLabel[edge]!;
    const target = refs.edgeTarget[edge]!;
    if (target === 0 || label < UNNAMED_LABEL || label >= ATTRIBUTE_LABEL) continue;
    const place = first + Math.min(label - UNNAMED_LABEL, last);
    if (places.isNamed[place] === 1) continue;
    if (balance[target] === 0) places.confirmed[place]! += 1;
    else if (balance[target]! < 0) note(out, edge, place);
  }
}

function note(guesses: Guesses, edge: number, place: number): void {
  if (guesses.count === guesses.edge.length) {
    const { edge: edges, place: places } = guesses;
    guesses.edge = new Uint32Array(edges.length * 2);
    guesses.place = new Uint32Array(edges.length * 2);
    guesses.edge.set(edges);
    guesses.place.set(places);
  }
  guesses.edge[guesses.count] = edge;
  guesses.place[guesses.count] = place;
  guesses.count += 1;
}

/** More often disproved than confirmed; where there is nothing to go by, in types that the collector does not track. */
function isDoubtful({ disproved, confirmed, isUntracked }: Places, place: number): boolean {
  const against = disproved[place]! - confirmed[place]!;
  return against > 0 || (against === 0 && isUntracked[place] === 1);
}

/**
 * Drops the `wanted` guesses into every object that has at least as many references too many as there are of them: all, or
 * none. `left`: how many there are, by target; counted down.
 */
function dropCovered(
  { refs, balance }: Columns,
  guesses: Guesses,
  left: Int32Array,
  wanted: (place: number) => boolean,
): void {
  for (let i = 0; i < guesses.count; i++) {
    const edge = guesses.edge[i]!;
    const target = refs.edgeTarget[edge]!;
    if (target === 0 || left[target]! > -balance[target]! || !wanted(guesses.place[i]!)) continue;
    refs.edgeTarget[edge] = 0;
    balance[target]! += 1;
    left[target]! -= 1;
  }
}
