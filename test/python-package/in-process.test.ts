// `deadweight.sizeof`, `growth` and `why`, on every interpreter there is: against a slow oracle, and against what is read from outside.

import { describe, expect, it } from "vitest";
import { openHeap } from "../../src/app/open-heap.ts";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { plainEnvironment, startProgram } from "../app/probe/probed-program.ts";
import { PythonFiles, runPython, SOURCES } from "./package-under-test.ts";

const PYTHONS = readableInterpreters();

/** Each check prints its own line; a traceback fails the test. */
function answers(program: string, text: string): Record<string, unknown> {
  using files = new PythonFiles({ "check.py": text });
  const { code, stdout, stderr } = runPython(program, ["check.py"], files.folder);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** One object at a time, found through the collector, by recursion over a list that keeps everything. */
const ORACLE = `
import array, collections, enum, gc, json, random, sys, types
import deadweight

STOPS = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.FrameType,
         types.GetSetDescriptorType, types.MemberDescriptorType)

def oracle(start):
    met = [start]
    def meet(each):
        for child in gc.get_referents(each):
            if isinstance(child, STOPS) or child is None or child is True or child is False:
                continue
            if child is Ellipsis or child is NotImplemented or any(child is known for known in met):
                continue
            met.append(child)
            meet(child)
    meet(start)
    return sum(map(sys.getsizeof, met)), len(met)

class Plain:
    def __init__(self, value): self.value = value
class Slotted:
    __slots__ = ("left", "right")
Pair = collections.namedtuple("Pair", "a b")
class Colour(enum.Enum): RED = 1

def build(random, depth, shared):
    make = lambda: build(random, depth - 1, shared)
    if depth == 0:
        return random.choice([None, True, random.random(), random.getrandbits(80), "x" * random.randrange(99), Colour.RED,
                              bytearray(random.randrange(50)), array.array("d", [0.0] * random.randrange(9)), Plain, len])
    kind = random.randrange(11)
    if kind == 0: value = [make() for _ in range(random.randrange(4))]
    elif kind == 1: value = {index: make() for index in range(random.randrange(4))}
    elif kind == 2: value = (make(), make())
    elif kind == 3: value = {random.getrandbits(70) for _ in range(3)}
    elif kind == 4: value = Plain(make())
    elif kind == 5: value = Slotted(); value.left = make(); value.right = value
    elif kind == 6: value = Pair(make(), make())
    elif kind == 7: value = collections.deque([make()])
    elif kind == 8: captured = make(); value = (lambda: captured).__closure__[0]
    elif kind == 9: value = memoryview(bytearray(20))
    else: value = random.choice(shared) if shared else []
    shared.append(value)
    return value
`;

const SIZES = `${ORACLE}
wrong = []
for seed in range(150):
    value = [build(random.Random(seed), seed % 6, [])]
    size = deadweight.sizeof(value)
    expected = oracle(value)
    parts = (sum(each.bytes for each in size.by_type), sum(each.objects for each in size.by_type))
    if (int(size), size.objects) != expected or parts != expected or not size.is_complete:
        wrong.append((seed, int(size), size.objects, expected))
big = [[number] for number in range(1000, 6000)]
class Proxy:
    @property
    def __class__(self): raise AssertionError("asked a proxy")
class Lies:
    def __sizeof__(self): raise RuntimeError("no")
text = repr(deadweight.sizeof([Plain, json, len, Plain(1)]))
print(json.dumps({
    "wrong": wrong,
    "big": [int(deadweight.sizeof(big)), sys.getsizeof(big) + sum(sys.getsizeof(each) + 28 for each in big)],
    "limited": [deadweight.sizeof(big, most_objects=10).objects, deadweight.sizeof(big, most_objects=10).is_complete],
    "leftOut": deadweight.sizeof([Plain, json, len, Plain(1)]).left_out,
    "text": text,
    "proxy": deadweight.sizeof([Proxy(), Lies()]).objects,
    "followed": deadweight.sizeof([Plain], stop_at=()).objects > 3,
    "isNumber": deadweight.sizeof("") + 1 == sys.getsizeof("") + 1,
    "html": deadweight.sizeof({"<b>": Plain(1)})._repr_html_(),
}))
`;

const GROWTH = `
import json, sys
import deadweight
REGISTRY, RECENT = {}, []
class Session:
    def __init__(self, user): self.user = user; self.rows = [user] * 10
def visit(user):
    REGISTRY[user] = Session(user)
    RECENT.append(user)
    RECENT[:] = RECENT[-5:]
visit(0)
for user in range(10): visit(user)
quiet = [repr(deadweight.growth().look()) for _ in range(3)]
with deadweight.growth() as grown:
    pass
quiet.append(repr(grown))
with deadweight.growth() as grown:
    for user in range(100, 150): visit(user)
report = grown.report
with deadweight.growth() as again:
    for user in range(200, 220): visit(user)
class Late: pass
point = deadweight.growth()
late = [Late() for _ in range(3)]
print(json.dumps({
    "quiet": quiet,
    "holders": report.holders, "types": {each.type: [each.before, each.after] for each in report.types},
    "bytes": [each.bytes for each in report.types if each.type == "list"] == [50 * sys.getsizeof([0] * 10)],
    "again": again.report.holders,
    "late": [each for each in point.look().types if each.type == "__main__.Late"][0][:3],
    "text": repr(report), "html": report._repr_html_(),
}))
`;

const WHY = `
import collections, functools, gc, json, sys, threading, weakref
import deadweight
class Session: pass
REGISTRY = {}
class App:
    current = None
    def __init__(self): self.sessions = collections.deque()
app = App()
@functools.lru_cache(maxsize=None)
def load(key): return SHARED[0]
SHARED = []
def many():
    session = Session()
    SHARED.append(session)
    app.sessions.append(session); App.current = session; REGISTRY["a", 1] = {"inner": (session,)}; load(1)
    def callback(default=session): return session
    REGISTRY["callback"] = callback
    return deadweight.why(session, paths=20)
result = {"many": many().paths}
def forgotten():
    session = Session()
    reference = weakref.ref(session)
    holder = [session]
    asked = deadweight.why(session)
    text = repr(asked) + asked._repr_html_()
    del session, holder
    return [reference() is None, "variable holder" in text, "variable session" in text]
result["forgotten"] = forgotten()
def elsewhere():
    ready, stop = threading.Event(), threading.Event()
    def work():
        mine = Session(); seen.append(weakref.ref(mine)); ready.set(); stop.wait()
    seen = []
    thread = threading.Thread(target=work); thread.start(); ready.wait()
    asked = deadweight.why(seen[0]()).paths
    stop.set(); thread.join(); 
    return [asked, seen[0]() is None]
result["thread"] = elsewhere()
class Loop: pass
def cycle():
    one = Loop(); one.me = one; reference = weakref.ref(one); del one
    asked = deadweight.why(reference())
    return [asked.paths, len(asked.others) > 0, gc.collect() > 0, reference() is None]
result["cycle"] = cycle()
KEY = "a text that only" + str(len(sys.argv)); NUMBERS = {"x": KEY}
result["text"] = deadweight.why(KEY).paths
result["limit"] = [len(deadweight.why(SHARED[0], paths=2).paths), deadweight.why(SHARED[0], paths=2).is_complete]
class Trap:
    def __getattr__(self, name): raise AssertionError(name)
    @property
    def __class__(self): raise AssertionError("asked")
TRAP = Trap()
result["trap"] = deadweight.why(TRAP).paths
print(json.dumps(result))
`;

const KEPT = `
import sys
class Slotted:
    __slots__ = ("left", "right")
class Box:
    def __init__(self):
        self.rows = [[number, str(number) * 5, (number + 0.5,), {number: bytearray(100)}] for number in range(2000, 3000)]
        self.sets = [{number, -number} for number in range(3000, 3100)]
        self.slotted = []
        for number in range(100):
            each = Slotted(); each.left = bytes([number]) * 40; each.right = [self.rows[0]]
            self.slotted.append(each)
BOX = Box().__dict__
import gc; gc.collect()
import deadweight
size = deadweight.sizeof(BOX)
print("size", int(size), size.objects, flush=True)
sys.stdin.read()
`;

describe.each(PYTHONS.map((python) => ({ name: describeInterpreter(python), python })))(
  "inside a program on $name",
  { timeout: 120_000 },
  ({ python }) => {
    it("sizeof: each object once, as the oracle counts, and what was left out", () => {
      const said = answers(python.path, SIZES);
      expect(said).toMatchObject({ wrong: [], limited: [10, false], proxy: 3, followed: true, isNumber: true });
      const [size, expected] = said["big"] as number[];
      expect(size).toBe(expected);
      expect(said["leftOut"]).toContainEqual(["type", 1]);
      expect(said["leftOut"]).toContainEqual(["module", 1]);
      expect(said["text"]).toMatch(/^[\d,]+ bytes in \d+ objects\n[^]*left out, because the program shares it: /);
      expect(said["html"]).toContain("<table>");
    });

    it("growth: what grew, by holder and by type, and nothing of its own", () => {
      const said = answers(python.path, GROWTH);
      expect(said["quiet"]).toEqual(Array(4).fill("nothing has grown"));
      expect(said["holders"]).toEqual([["__main__.REGISTRY", "dict", 10, 60]]);
      expect(said["types"]).toMatchObject({ "__main__.Session": [10, 60] });
      expect([said["bytes"], said["late"]]).toEqual([true, ["__main__.Late", 0, 3]]);
      expect(said["again"]).toEqual([["__main__.REGISTRY", "dict", 60, 80]]);
      expect(said["text"]).toMatch(/\+50 {2}10 -> 60 {2}__main__\.REGISTRY \(dict\)/);
      expect(said["html"]).toContain("<td");
    });

    it("why: every holder by name, and the value lives no longer because it was asked about", () => {
      const said = answers(python.path, WHY);
      const many = said["many"] as readonly string[];
      for (const path of [
        "__main__.SHARED[0]",
        "__main__.app.sessions[0]",
        "__main__.App.current",
        "__main__.load (cached result)[1]",
      ])
        expect(many).toContain(path);
      for (const pattern of [
        /^__main__\.REGISTRY\[<tuple>\]\['inner'\]\[0\]$/,
        /^<variable session of many, .*check\.py:\d+>$/,
        /callback.*\.<closure session>$/,
        /callback.*\.<default default>$/,
      ])
        expect(many.join("\n")).toMatch(new RegExp(pattern, "m"));
      expect(many).toHaveLength(8);
      expect(said["forgotten"]).toEqual([true, true, true]);
      const [inThread, isFree] = said["thread"] as [readonly string[], boolean];
      expect([inThread.length, isFree]).toEqual([1, true]);
      expect(inThread[0]).toMatch(/^<variable mine of (elsewhere\.<locals>\.)?work, /);
      expect(said["cycle"]).toEqual([[], true, true, true]);
      expect(said["text"]).toEqual(["__main__.KEY", "__main__.NUMBERS['x']"]);
      expect(said["limit"]).toEqual([2, false]);
      expect(said["trap"]).toContain("__main__.TRAP");
    });

    it("sizeof from inside is the retained size from outside, for what one holder owns", async () => {
      const program = startProgram(python.path, ["-c", KEPT], plainEnvironment({ PYTHONPATH: SOURCES }));
      await program.says("size");
      const [, bytes] = program.stdout().split(" ").map(Number);
      const heap = await openHeap(String(program.pid), { maxPauseMs: 5000, values: false, progress: () => {} });
      if (!heap.ok) throw new Error(JSON.stringify(heap.error));
      const report = queryWhy(heap.value.snapshot, "__main__.BOX", {}, heap.value.analysis);
      if (!report.ok) throw new Error(report.error.sentence);
      // Small numbers (to 256, from 3.15 on to 1024) and one-letter texts are the interpreter's, whoever refers to them; here there are none.
      expect(report.value.subjects[0]?.retainedBytes).toBe(bytes);
    });
  },
);

const ARRAYS = `
import json, sys
import numpy
import deadweight
base = numpy.zeros(100_000)
views = [base[1:], base.reshape(10, -1), base[::2][1:]]
texts = ["t" * 1000 + str(index) for index in range(3)]
held = numpy.array(texts + [texts[0], None], dtype=object)
print(json.dumps({
    "view": int(deadweight.sizeof(views[0])) >= base.nbytes,
    "once": int(deadweight.sizeof(views)) < base.nbytes * 1.01,
    "objects": int(deadweight.sizeof(held)) - sys.getsizeof(held) == sum(map(sys.getsizeof, texts)),
}))
`;

it("sizeof counts the buffer of a numpy array once, through views, and the objects in it", { timeout: 120_000 }, () => {
  const python = PYTHONS.findLast(({ minor }) => minor >= 11) ?? PYTHONS.at(-1)!;
  const venv = packageVenv(python, ["numpy"]);
  if ("reason" in venv) throw new Error(venv.reason);
  expect(answers(venv.program, ARRAYS)).toEqual({ view: true, once: true, objects: true });
});
