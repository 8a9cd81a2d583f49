// Which objects of a later snapshot were there in an earlier one: same address and same type. A freed object's place may be
// taken by another of its type, so names are compared too before two nodes are called one container (see growth.ts).

import { HIGH_WORD } from "../../base/uint32.ts";
import type { NodeIx } from "../../base/brand.ts";
import { addressOf, nodeAt } from "../analysis/addresses.ts";
import { qualifiedName, typeNameOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { Snapshot, TypeRole, TypeRow } from "../snapshot.ts";

/** Share of program objects (classes, functions, modules) that must lie where they lay. */
const SAME_PROCESS_OVERLAP = 0.5;
const PROGRAM: ReadonlySet<TypeRole> = new Set<TypeRole>(["type", "module", "function", "code"]);

/** True when both snapshots are of one process that was not restarted in between: a pid alone is reused, in containers at once. */
export function isSameProcess(earlier: Snapshot, later: Snapshot): boolean {
  if (differ(earlier.meta.pid, later.meta.pid)) return false;
  // A child that was forked lies where its parent lies, and a restarted container gives the same pid again.
  if (differ(earlier.meta.processStartTicks, later.meta.processStartTicks)) return false;
  const existed = existedBefore(earlier, later);
  const laterProgram = programObjects(later);
  const kept = laterProgram.filter((node) => existed[node] === 1).length;
  // Of the smaller number: a program that leaks functions has many new ones, and is the same process all the same.
  const least = Math.min(programObjects(earlier).length, laterProgram.length);
  return least > 0 && kept >= least * SAME_PROCESS_OVERLAP;
}

/** Both are known, and are not the same. */
function differ(one: number | null, other: number | null): boolean {
  return one !== null && other !== null && one !== other;
}

/** Nodes of modules, classes, functions and code. */
function programObjects({ types, nodes }: Snapshot): number[] {
  const isProgram = Uint8Array.from(types, (type) => (PROGRAM.has(type.role) ? 1 : 0));
  const found: number[] = [];
  for (let node = 1; node < nodes.count; node++) if (isProgram[nodes.type[node]!] === 1) found.push(node);
  return found;
}

/** 1 for every node of `later` with the same address and type in `earlier`. Merge join over ascending addresses. */
export function existedBefore(earlier: Snapshot, later: Snapshot): Uint8Array {
  const [nameOfEarlier, nameOfLater] = numberNames(earlier.types, later.types);
  const earlierAddress = addressColumn(earlier);
  const laterAddress = addressColumn(later);
  const existed = new Uint8Array(later.nodes.count);
  for (let node = 1, other = 1; node < later.nodes.count; node++) {
    while (other < earlier.nodes.count && earlierAddress[other]! < laterAddress[node]!) other++;
    if (other === earlier.nodes.count) break;
    if (earlierAddress[other] !== laterAddress[node]) continue;
    if (nameOfLater[later.nodes.type[node]!] === nameOfEarlier[earlier.nodes.type[other]!]) existed[node] = 1;
  }
  return existed;
}

/** The node of another snapshot at the same address with a type of the same name, or null. */
export function counterpart(of: HeapAnalysis, node: NodeIx, within: HeapAnalysis): NodeIx | null {
  const found = nodeAt(within.snapshot.nodes, addressOf(of.snapshot.nodes, node));
  if (found === null || typeNameOf(within.snapshot, found) !== typeNameOf(of.snapshot, node)) return null;
  return found;
}

/**
 * By type row: a number that types of the same name share, in both tables. Several classes may have one name (a module that
 * was loaded again, a class made in a loop), and their rows stand in another order each time.
 */
function numberNames(earlier: readonly TypeRow[], later: readonly TypeRow[]): readonly [Uint32Array, Uint32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (type: TypeRow): number => {
    const name = qualifiedName(type);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  return [Uint32Array.from(earlier, numberOf), Uint32Array.from(later, numberOf)];
}

function addressColumn({ nodes }: Snapshot): Float64Array {
  const addresses = new Float64Array(nodes.count);
  for (const [at, run] of nodes.addressHigh.entries()) {
    const end = nodes.addressHigh[at + 1]?.firstNode ?? nodes.count;
    for (let node = run.firstNode; node < end; node++) addresses[node] = run.high * HIGH_WORD + nodes.addressLow[node]!;
  }
  return addresses;
}
