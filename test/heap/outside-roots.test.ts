// What counts as a root when only refcounts and words of the interpreter speak for it; and what never dies.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, test } from "vitest";
import { readProcess } from "../../src/app/read-target.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { analyse, isGarbage } from "../../src/heap/analyse.ts";
import { qualifiedName } from "../../src/heap/analysis/edges.ts";
import { rootCandidates } from "../../src/heap/analysis/roots.ts";
import { pathOf } from "../../src/heap/paths/path-of.ts";
import { IMMORTAL_EXCESS, type Root, type RootOrigin, type Snapshot } from "../../src/heap/snapshot.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
import { heap } from "../support/snapshot-language.ts";

const STATE: RootOrigin = { kind: "interpreter", offset: 8, part: null };
const STATE_TOO: RootOrigin = { kind: "interpreter", offset: 16, part: null };
const STACK: RootOrigin = { kind: "frame", thread: 0, frame: 0, part: "stack" };
const CALLERS_STACK: RootOrigin = { kind: "frame", thread: 0, frame: 1, part: "stack" };

/** The only object of a type. */
function nodeOf(snapshot: Snapshot, type: string): NodeIx {
  const row = snapshot.types.findIndex((each) => qualifiedName(each) === type);
  return snapshot.nodes.type.indexOf(row, 1) as NodeIx;
}

/** Whether words of the interpreter at `origins` make node 7 a root when so many references to it are unexplained. */
function isBelieved(excess: number, origins: readonly RootOrigin[]): boolean {
  const node = 7 as NodeIx;
  const roots = origins.map((origin): Root => ({ node, tier: "interpreter", origin }));
  const table = excess === 0 ? [] : [node];
  const { accepted, held } = rootCandidates({
    roots,
    excess: { node: Uint32Array.from(table), excess: Int32Array.from(table, () => excess) },
  });
  // Whatever else holds it, something outside does.
  expect(held.includes(node)).toBe(excess > 0);
  return accepted.includes(node);
}

describe("a word of the interpreter", () => {
  it("is stale when no reference is missing", () => {
    expect(isBelieved(0, [STATE])).toBe(false);
    expect(isBelieved(-1, [STATE])).toBe(false);
  });

  it("is believed when the words are as many as the missing references", () => {
    expect(isBelieved(1, [STATE])).toBe(true);
    expect(isBelieved(2, [STATE, STACK])).toBe(true);
  });

  it("is not believed when native code must hold the object besides", () => {
    expect(isBelieved(2, [STATE])).toBe(false);
    expect(isBelieved(IMMORTAL_EXCESS, [STATE])).toBe(false);
  });

  it("is not believed when another may be the one", () => {
    expect(isBelieved(1, [STATE, STACK])).toBe(false);
    expect(isBelieved(1, [STACK, CALLERS_STACK])).toBe(false);
  });

  it("does not take the thread's own field away from it", () => {
    const locals = heap("thread 'w' dict: Session(64)");
    const node = nodeOf(locals, "app.Session");
    const both = { ...locals, roots: [...locals.roots, { node, tier: "interpreter", origin: STATE } as const] };
    expect(pathOf(analyse(both), node).text).toBe('thread "w"');
    const none = { ...both, excess: { node: new Uint32Array(0), excess: new Int32Array(0) } };
    expect(isGarbage(analyse(none), node)).toBe(true);
  });

  it("is believed among several of the same place: it is that place in any case", () => {
    expect(isBelieved(1, [STACK, STACK, STACK])).toBe(true);
    expect(isBelieved(1, [STATE, STATE_TOO])).toBe(true);
  });
});

it("says of a doubtful word that something native holds the object", () => {
  const one = heap("interpreter: Session(64)");
  const path = (snapshot: Snapshot): string => pathOf(analyse(snapshot), nodeOf(snapshot, "app.Session")).text;
  expect(path(one)).toBe("<interpreter state>");
  const more = { ...one, excess: { ...one.excess, excess: Int32Array.of(2) } };
  expect(path(more)).toBe("<native reference>");
});

it("takes nothing immortal for garbage, whoever refers to it", () => {
  const knot = heap("garbage: a@Node(64) { me: @a, small: int(28) }");
  expect(analyse(knot).garbage).toMatchObject({ count: 2, shallowBytes: 92 });
  const small = Uint32Array.of(nodeOf(knot, "int"));
  const immortal = { ...knot, excess: { node: small, excess: Int32Array.of(IMMORTAL_EXCESS) } };
  expect(analyse(immortal).garbage).toMatchObject({ count: 1, shallowBytes: 64 });
});

/** Among the small integers there are some that nothing else in the process refers to. */
const PROGRAM = `
import gc, os, threading
gc.disable()
mine = threading.local()
mine.rows = [object()]
gc.collect()
for small in range(150, 257):
    knot = [small]
    knot.append(knot)
del knot, small
print("ready", flush=True)
os.read(0, 1)
`;

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    test("garbage is the knots, without the integers in them; thread-locals are the thread's", async () => {
      const child = spawn(python.path, ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        await once(child.stdout, "data");
        const read = await readProcess(child.pid ?? 0, { maxPauseMs: 5000, values: false, progress: () => {} });
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        const analysis = analyse(read.value);
        expect(analysis.garbage).toMatchObject({ count: 107, groups: [{ types: "list", cycles: 107, count: 107 }] });
        // 3.13 keeps thread-locals elsewhere.
        const dict = read.value.roots.find(({ origin }) => origin.kind === "thread" && origin.part === "dict");
        if (python.minor < 13) expect(pathOf(analysis, dict?.node ?? (0 as NodeIx)).text).toBe('thread "MainThread"');
      } finally {
        child.kill("SIGKILL");
      }
    });
  },
);
