// Processes with packages that pip installs: numpy's arrays, and what a service keeps under a framework.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { describeInterpreter, outsideInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { type Buffers, readBuffers } from "../support/truth/buffers.ts";
import { nodeAt } from "../support/truth/node-address.ts";

const interpreters = outsideInterpreters();
/** The versions that most frameworks were built for last. */
const newest = interpreters.filter(({ minor }) => minor >= 14);
const ON_NEWEST = ["numpy>=2", "django", "fastapi"];

interface NumpyCase {
  readonly release: 1 | 2;
  readonly packages: readonly string[];
  readonly python: TestInterpreter | undefined;
}

// The last of each that pip has wheels for.
const NUMPY: readonly NumpyCase[] = [
  { release: 1, packages: ["numpy<2"], python: firstOf([11, 10, 9, 12, 8]) },
  { release: 2, packages: ["numpy>=2"], python: firstOf([13, 12, 11, 10, 9]) },
  ...newest.map((python) => ({ release: 2 as const, packages: ON_NEWEST, python })),
];

describe.each(
  NUMPY.map(
    (each) =>
      [
        `numpy ${each.release} on ${each.python === undefined ? "nothing" : describeInterpreter(each.python)}`,
        each,
      ] as const,
  ),
)("%s", (_, { release, packages, python }) => {
  let buffers: Buffers | null = null;
  let reason = "";
  beforeAll(async () => {
    const venv = python === undefined ? { reason: "no interpreter for it" } : packageVenv(python, packages);
    if ("reason" in venv) reason = venv.reason;
    else buffers = await readBuffers(venv.program, "numpy");
  }, 240_000);
  const arrays = (skip: (why: string) => never): Buffers => buffers ?? skip(reason);

  it("counts owned elements, as numpy does", ({ skip }) => {
    const { at, numpy } = arrays(skip);
    expect(numpy).toMatch(new RegExp(`^${release}\\.`));
    for (const [name, bytes] of [
      ["owner", 8000],
      ["matrix", 2400],
      ["texts", 80],
      ["nothing", 0],
    ] as const) {
      const { shallowBytes, trueBytes, type } = at(name);
      expect([name, type, shallowBytes]).toEqual([name, "numpy.ndarray", trueBytes]);
      expect(shallowBytes).toBeGreaterThanOrEqual(bytes);
    }
    expect(at("owner").shallowBytes - at("slice").shallowBytes).toBe(8000);
  });

  it("counts no elements of a view, which holds what it shows", ({ skip }) => {
    const { at } = arrays(skip);
    for (const name of ["slice", "every other", "reshaped"]) {
      expect(at(name).holds, name).toContain(at("owner").node);
      expect(at(name).shallowBytes, name).toBeLessThan(200);
      expect(at(name).shallowBytes, name).toBe(at(name).trueBytes);
    }
    expect(at("over bytes").shallowBytes).toBeLessThan(200);
  });

  it("holds the elements of an array of objects, once", ({ skip }) => {
    const { at, elements } = arrays(skip);
    expect(elements).not.toContain(null);
    expect(at("objects").holds.filter((node) => elements.includes(node))).toEqual(elements);
    expect(at("column of objects").holds.filter((node) => elements.includes(node))).toEqual([]);
    expect(at("column of objects").holds).toContain(at("objects").node);
  });
});

/** Three hundred requests through the framework, each of which leaves a visit; then what `cache_info` says. */
const SERVICE = `
import functools, gc, json, sys

class Visit:
    def __init__(self, number):
        self.number, self.note = number, "note %d" % number

VISITS = {}
def keep(number):
    VISITS[number] = Visit(number)
    return number

%s

for number in range(300):
    ask(number)
gc.collect()
gc.disable()
wrapper = type(functools.lru_cache(maxsize=1)(len))
caches = [(id(each), list(each.cache_info())) for each in gc.get_objects() if type(each) is wrapper]
print(json.dumps({"caches": caches, "visits": len(VISITS)}), flush=True)
sys.stdin.read()
`;

const FRAMEWORKS: Readonly<Record<string, string>> = {
  django: `
import django
from django.conf import settings
settings.configure(SECRET_KEY="secret", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
django.setup()
from django.http import JsonResponse
from django.test import Client
from django.urls import path
urlpatterns = [path("visit/<int:number>", lambda request, number: JsonResponse({"seen": keep(number)}))]
client = Client()
def ask(number):
    assert client.get("/visit/%d" % number).json() == {"seen": number}
`,
  fastapi: `
import asyncio
from fastapi import FastAPI
app = FastAPI()
@app.get("/visit/{number}")
async def visit(number: int):
    return {"seen": keep(number)}
loop = asyncio.new_event_loop()
def ask(number):
    said = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        said.append(message)
    scope = {"type": "http", "method": "GET", "path": "/visit/%d" % number, "query_string": b"", "headers": []}
    loop.run_until_complete(app(scope, receive, send))
    assert json.loads(said[1]["body"]) == {"seen": number}
`,
};

interface Told {
  /** Address of every lru_cache, and its hits, misses, limit and entries. */
  readonly caches: readonly (readonly [number, readonly [number, number, number | null, number]])[];
  readonly visits: number;
}

describe.each(newest.map((python) => [describeInterpreter(python), python] as const))(
  "a service on %s",
  (_, python) => {
    it.for(Object.entries(FRAMEWORKS))(
      "under %s: what it keeps has its place, and every cache its counters",
      { timeout: 240_000 },
      async ([, text], { skip }) => {
        const venv = packageVenv(python, ON_NEWEST);
        if ("reason" in venv) return skip(venv.reason);
        const { snapshot, told } = await readService(
          venv.program,
          SERVICE.replace("%s", () => text),
        );
        expect(snapshot.meta.exactness).toBeGreaterThan(0.98);
        const visits = queryWhy(snapshot, "__main__.Visit");
        if (!visits.ok) throw new Error(visits.error.sentence);
        expect(visits.value.groups.map(({ pattern, count }) => [pattern, count])).toEqual([
          ["sys.modules['__main__'].VISITS[*]", told.visits],
        ]);
        expect(told.caches.length).toBeGreaterThan(10);
        const counters = told.caches.map(([id, info]) => [nodeAt(snapshot.nodes, id), info] as const);
        expect(countersIn(snapshot)).toEqual(new Map(counters));
      },
    );
  },
);

/** The process is gone when this returns. */
async function readService(program: string, text: string): Promise<{ snapshot: Snapshot; told: Told }> {
  const child = spawn(program, ["-B", "-c", text], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((settle) => child.once("exit", settle));
  try {
    const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const told = JSON.parse(String(line.value)) as Told;
    const read = await readProcess(child.pid ?? 0, { maxPauseMs: 5000, values: false, progress: () => {} });
    if (!read.ok) throw new Error(read.error.code);
    return { snapshot: read.value, told };
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

function countersIn({ lruCaches }: Snapshot): ReadonlyMap<number | null, readonly (number | null)[]> {
  return new Map(lruCaches.map(({ node, hits, misses, maxsize, entries }) => [node, [hits, misses, maxsize, entries]]));
}

function firstOf(minors: readonly number[]): TestInterpreter | undefined {
  // pip makes environments from whole installations; a distribution's interpreter may come without venv.
  const usable = interpreters.filter(({ stripped, unpacked }) => !stripped && !unpacked);
  return minors.flatMap((minor) => usable.filter((python) => python.minor === minor)).at(0);
}
