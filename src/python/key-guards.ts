// Tests before a write that say how many different keys can reach it: `if k not in ALLOWED: return`, `if full(): return`,
// `match k: case "a" | "b":`.

import { blocksAround, isExit } from "./blocks.ts";
import { SITE } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { namedPlace } from "./names-in-file.ts";
import { remembered } from "./remembered.ts";
import type { Compare, Expression, If, Node, Statement } from "./tree.ts";

/** Words for being at a limit. */
const ROOM = /full|limit|exceed|capacity|quota|too_?many|overflow|has_room|max_?(?:size|len|items|entries)/i;

/** Bits of SITE for a write of `key` to the container `name`: listed, tableGuard, roomGuard. O(depth), after one look at each block. */
export function keyGuardsOf(file: FileView, write: Node, key: Expression | null, name: string): number {
  const text = key === null ? "" : textOf(file, key);
  let flags = 0;
  for (const { block, statement, owner } of blocksAround(file, write)) {
    const left = remembered(file, exitsOf, block);
    if (left.room < statement.start) flags |= SITE.roomGuard;
    for (const known of left.keys.get(text) ?? []) if (known.from < statement.start) flags |= flagOf(file, known, name);
    if (owner.kind === "if" && statement !== owner.test) flags |= flagsOfTest(file, owner, block, { text, name });
    if (owner.kind === "case" && isListedCase(file, owner, text)) flags |= SITE.listed;
  }
  return flags;
}

/** What the test of an `if` around the write says of the key in this branch. */
function flagsOfTest(
  file: FileView,
  { test, body }: If,
  block: readonly Statement[],
  { text, name }: { readonly text: string; readonly name: string },
): number {
  let flags = ROOM.test(textOf(file, test)) ? SITE.roomGuard : 0;
  for (const known of remembered(file, block === body ? knownIfTrue : knownIfFalse, test))
    if (known.key === text) flags |= flagOf(file, known, name);
  return flags;
}

function isListedCase(file: FileView, owner: Parameters<typeof hasOnlyLiterals>[1], text: string): boolean {
  return owner.parent?.kind === "match" && textOf(file, owner.parent.subject) === text && hasOnlyLiterals(file, owner);
}

/** That a key is in something. */
interface KnownKey {
  readonly key: string;
  /** Null: it equals a constant. */
  readonly table: Expression | null;
  /** Where it begins to be known. */
  readonly from: number;
}

/** Written out: as many as stand there. A container says nothing about its own keys here. */
function flagOf(file: FileView, { table }: KnownKey, name: string): number {
  if (table === null || (table.kind === "display" && table.elements.every(({ kind }) => kind === "constant")))
    return SITE.listed;
  if (table.kind === "call" || namedPlace(file, table)?.name === name) return 0;
  return SITE.tableGuard;
}

interface Exits {
  readonly keys: ReadonlyMap<string, readonly KnownKey[]>;
  /** Where the first test for room ends. */
  readonly room: number;
}

function exitsOf(block: readonly Statement[], file: FileView): Exits {
  const keys = new Map<string, KnownKey[]>();
  let room = Number.POSITIVE_INFINITY;
  for (const statement of block) {
    if (!isExit(statement)) continue;
    if (ROOM.test(textOf(file, statement.test))) room = Math.min(room, statement.start);
    for (const known of knownAfter(statement, file)) {
      const same = keys.get(known.key);
      if (same === undefined) keys.set(known.key, [known]);
      // The first says it for all that follows.
      else if (same.length < MOST_TABLES) same.push(known);
    }
  }
  return { keys, room };
}

const MOST_TABLES = 4;

function knownAfter({ test, start }: If, file: FileView): readonly KnownKey[] {
  return remembered(file, knownIfFalse, test).map((known) => ({ ...known, from: start }));
}

function knownIfTrue(test: Expression, file: FileView): readonly KnownKey[] {
  return knownIf(test, true, file, 0);
}

function knownIfFalse(test: Expression, file: FileView): readonly KnownKey[] {
  return knownIf(test, false, file, 0);
}

const DEEPEST = 5;

function knownIf(test: Expression, holds: boolean, file: FileView, depth: number): readonly KnownKey[] {
  if (test.kind === "compare") return knownByComparing(test, holds, file);
  if (test.kind !== "operation" || depth > DEEPEST) return [];
  const { op, operands } = test;
  if (op === "not") return operands.flatMap((each) => knownIf(each, !holds, file, depth + 1));
  const isAll = op === (holds ? "and" : "or");
  return isAll ? operands.flatMap((each) => knownIf(each, holds, file, depth + 1)) : [];
}

function knownByComparing({ op, left, right }: Compare, holds: boolean, file: FileView): readonly KnownKey[] {
  const key = textOf(file, left);
  if (op === (holds ? "in" : "not in")) return [{ key, table: right, from: 0 }];
  const isEqual = op === (holds ? "==" : "!=") && right.kind === "constant";
  return isEqual ? [{ key, table: null, from: 0 }] : [];
}

/** `case "a" | 1 | Colour.RED:`. The tree keeps only the names that patterns bind. */
function hasOnlyLiterals(
  file: FileView,
  { start, boundNames, body }: Extract<Node, { readonly kind: "case" }>,
): boolean {
  const head = file.text.slice(start, body[0]?.start ?? start);
  return boundNames.length === 0 && !/^case\b[^"']*(?:\b_\b|[([{])/.test(head);
}

function textOf(file: FileView, { start, end }: Node): string {
  return file.text.slice(start, end);
}
