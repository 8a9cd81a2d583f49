// Words of C structs that we do not know, in memory full of old pointers: what the interpreter itself visits must stay in
// the graph, whatever the refcounts make us take out of it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, test } from "vitest";
import { readProcess } from "../../src/app/read-target.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { addressOf, nodeAt } from "../../src/heap/analysis/addresses.ts";
import { typeNameOf } from "../../src/heap/analysis/edges.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";

const ROUNDS = 40;

/** 200 shared objects, held by many kinds of C objects that lie in memory where pointers to the same objects lay before. */
const PROGRAM = `
import contextvars, datetime, decimal, functools, gc, io, itertools, json, operator, os, pickle, random, re, sqlite3
import xml.etree.ElementTree as ET
try: import ssl
except ImportError: ssl = None
gc.disable()
class Shared: pass
class Slots: __slots__ = ("a", "b")
shared = [Shared() for i in range(200)]
shuffle = random.Random(7).shuffle
def leave_pointers():
    junk = []
    for i in range(1500):
        s = shared[i % 200]
        slots = Slots(); slots.a = s; slots.b = s
        junk.append((slots, [s] * (i % 30), (s,) * (i % 40)))
    shuffle(junk)
keep = []
zone = datetime.timezone(datetime.timedelta(hours=1))
def add(i):
    s, t = shared[i % 200], shared[i * 7 % 200]
    groups = itertools.groupby([s, s, t])
    keep.append((groups, next(groups)))
    variable = contextvars.ContextVar("v%d" % i)
    keep.append((variable, variable.set(s), contextvars.copy_context()))
    keep.extend([
        functools.partial(print, s, t, k=t), functools.cmp_to_key(print)(s), s.__class__, iter(int, s), iter([s]), map(str, [s]),
        filter(None, [s]), zip([s], [t]), enumerate([s]), slice(s, t), itertools.chain([s], [t]), itertools.cycle([s]),
        itertools.repeat(s), itertools.product([s], [t]), itertools.tee([s, t, s])[0], itertools.zip_longest([s], [t]),
        itertools.combinations([s, t], 2), itertools.accumulate([s]), itertools.islice([s, t], 1), itertools.compress([s], [t]),
        operator.itemgetter(1, 2), operator.attrgetter("a.b"), operator.methodcaller("x", s, k=t),
        decimal.Decimal(i) / 7, decimal.Decimal("1.%d" % i), datetime.datetime(2000, 1, 1, tzinfo=zone), datetime.timedelta(i),
        io.StringIO("x"), io.BytesIO(b"x" * i), io.TextIOWrapper(io.BytesIO()), io.BufferedReader(io.BytesIO()),
        pickle.Pickler(io.BytesIO()), pickle.Unpickler(io.BytesIO()), re.compile("a%d" % i), re.match("(a)", "a"),
        ET.Element("a"), ET.XMLParser(), ET.TreeBuilder(), json.scanner.c_make_scanner(json.JSONDecoder()),
    ])
    if i % 10 == 0:
        connection = sqlite3.connect(":memory:")
        keep.extend([connection, connection.execute("select 1")])
        if ssl: keep.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
for i in range(${ROUNDS} * 10):
    if i % 10 == 0: leave_pointers()
    add(i)
del i
gc.collect()
print("ready", flush=True)
os.read(0, 1)
kinds = (dict, list, tuple, set, type, type(add), type(shared[0]))
for thing in gc.get_objects():
    if type(thing) not in kinds and type(thing).__module__ != "__main__":
        print(json.dumps([id(thing), [id(held) for held in gc.get_referents(thing)]]))
print("[]", flush=True)
os.read(0, 1)
`;

interface Told {
  readonly snapshot: Snapshot;
  /** What gc.get_referents says, by address. */
  readonly referents: ReadonlyMap<number, readonly number[]>;
}

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    let told: Told;
    beforeAll(async () => {
      const child = spawn(python.path, ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
        await lines.next();
        const read = await readProcess(child.pid ?? 0, { maxPauseMs: 5000, values: false, progress: () => {} });
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        child.stdin.write("x");
        const referents = new Map<number, readonly number[]>();
        for (let line = await lines.next(); line.value !== "[]" && line.done !== true; line = await lines.next()) {
          const [id, held] = JSON.parse(line.value) as [number, number[]];
          referents.set(id, held);
        }
        told = { snapshot: read.value, referents };
      } finally {
        const ended = once(child, "close");
        child.kill("SIGKILL");
        await ended;
      }
    });

    test("misses no reference that the interpreter visits", () => {
      expect(told.referents.size).toBeGreaterThan(ROUNDS * 200);
      expect(missed(told)).toEqual([]);
    });

    test("takes out what is borrowed: a groupby does not own its group", () => {
      const grouped = edgesBetween(told.snapshot, "itertools.groupby", "itertools._grouper");
      const owning = edgesBetween(told.snapshot, "itertools._grouper", "itertools.groupby");
      expect([grouped, owning]).toEqual([0, ROUNDS * 10]);
    });

    test("still agrees with the refcounts", () => {
      expect(told.snapshot.meta.exactness).toBeGreaterThan(0.96);
    });
  },
);

/** References that we do not have, by type. What is made while the truth is told is not in the snapshot. */
function missed({ snapshot, referents }: Told): readonly string[] {
  const found = new Map<string, number>();
  for (const [id, held] of referents) {
    const node = nodeAt(snapshot.nodes, id);
    if (node === null) continue;
    const ours = new Set<number>(targetsOf(snapshot, node).map((target) => addressOf(snapshot.nodes, target)));
    for (const address of held) {
      const target = nodeAt(snapshot.nodes, address);
      if (target === null || ours.has(address)) continue;
      const words = `${typeNameOf(snapshot, node)} -> ${typeNameOf(snapshot, target)}`;
      if (!SEEN_OTHERWISE.test(words)) found.set(words, (found.get(words) ?? 0) + 1);
    }
  }
  return [...found].map(([words, count]) => `${words}: ${count}`);
}

/** Read through other objects on purpose, or kept where only the extension module looks; see test/support/truth. */
const SEEN_OTHERWISE = /^(?:functools\._lru_cache_wrapper|PyCapsule|module|_ctypes\.)|StgDict/;

function edgesBetween(snapshot: Snapshot, from: string, to: string): number {
  let count = 0;
  for (let node = 1 as NodeIx; node < snapshot.nodes.count; node++) {
    if (typeNameOf(snapshot, node) !== from) continue;
    count += targetsOf(snapshot, node).filter((target) => typeNameOf(snapshot, target) === to).length;
  }
  return count;
}

function targetsOf({ refs }: Snapshot, node: NodeIx): NodeIx[] {
  const edges = refs.edgeTarget.subarray(refs.edgeStart[node], refs.edgeStart[node + 1]);
  return [...edges].filter((target) => target !== 0) as NodeIx[];
}
