// The laws of `top`, on any program: nothing large is missing, nothing is counted twice.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { NodeIx } from "../../src/base/brand.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { holdersOf, reachableBytes } from "../../src/heap/holders/holders-of.ts";
import { ownerOf, settleOwners, sharedBytesOf } from "../../src/heap/holders/ownership.ts";
import { isProgramText } from "../../src/heap/holders/trunk.ts";
import { trailOf } from "../../src/heap/paths/trails.ts";
import { heap } from "../support/snapshot-language.ts";

const LARGE_SHARE = 0.02;

type Kind = "list" | "dict" | "record" | "Node" | "Other" | "str";
interface Piece {
  readonly kind: Kind;
  readonly bytes: number;
  /** Other pieces, by number modulo their count; shared ones, cycles and itself among them. */
  readonly links: readonly number[];
}

const anyPiece: fc.Arbitrary<Piece> = fc.record<Piece>({
  kind: fc.constantFrom<Kind>("list", "dict", "record", "Node", "Other", "str"),
  bytes: fc.oneof(fc.integer({ min: 16, max: 200 }), fc.constantFrom(1000, 20_000)),
  links: fc.array(fc.nat(40), { maxLength: 5 }),
});

/** A program in the language of heaps: each piece is written where it is met first, and named. */
function programOf(pieces: readonly Piece[], globals: number): string {
  const written = new Set<number>();
  const write = (number: number): string => {
    const at = number % pieces.length;
    if (written.has(at)) return `@o${at}`;
    written.add(at);
    const { kind, bytes, links } = pieces[at]!;
    if (kind === "str") return `o${at}@str(${bytes})`;
    const parts = links.map((link, position) => partOf(kind, position, write(link)));
    if (kind === "list") return `o${at}@list(${bytes}) [ ${parts.join(", ")} ]`;
    const type = kind === "record" ? "dict" : kind;
    return `o${at}@${type}(${bytes}) { ${parts.join(", ")} }`;
  };
  const lines = Array.from({ length: globals }, (_, at) => `modules['app'].g${at}: ${write(at)}`);
  return [...lines, `thread 'w' run() rows: ${write(globals)}`].join("\n");
}

function partOf(kind: Kind, position: number, value: string): string {
  if (kind === "list") return value;
  if (kind === "dict") return position % 2 === 0 ? `${position}: ${value}` : `str: ${value}`;
  const name = "abcde"[position]!;
  return kind === "record" ? `'${name}': ${value}` : `${name}: ${value}`;
}

const anyHeap = fc
  .tuple(fc.array(anyPiece, { minLength: 3, maxLength: 40 }), fc.integer({ min: 1, max: 4 }))
  .map(([pieces, globals]) => settleOwners(analyse(heap(programOf(pieces, globals)))));

it("whatever holds a large share of the heap is in the list: itself, what it belongs to, or what it consists of", () => {
  fc.assert(
    fc.property(anyHeap, (program) => {
      const rows = holdersOf(program).map((usage) => usage.holder.path);
      for (let row = 1; row < program.heldBytes.length; row++) {
        const node = row as NodeIx;
        const isProgram = program.trunk[node] === 1 || isProgramText(program.snapshot, node);
        if (isProgram || program.heldBytes[node]! < reachableBytes(program) * LARGE_SHARE) continue;
        const name = folded(trailOf(program, node).text);
        const isListed = rows.some((path) => name.startsWith(folded(path)) || folded(path).startsWith(name));
        expect(isListed, `${name} in ${rows.join("  ")}`).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it("no byte counts for two holders", () => {
  fc.assert(
    fc.property(anyHeap, (program) => {
      const rows = holdersOf(program);
      expect(rows.reduce((sum, usage) => sum + usage.retainedBytes, 0)).toBeLessThanOrEqual(reachableBytes(program));
    }),
  );
});

it("a holder holds what it retains and more, and no part of it holds more than the whole", () => {
  fc.assert(
    fc.property(anyHeap, (program) => {
      for (let row = 1; row < program.heldBytes.length; row++) {
        const node = row as NodeIx;
        expect(sharedBytesOf(program, node)).toBeGreaterThanOrEqual(0);
        const owner = ownerOf(program, node);
        if (owner !== null) expect(program.heldBytes[node]).toBeLessThanOrEqual(program.heldBytes[owner]!);
      }
    }),
  );
});

function folded(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[*]");
}
