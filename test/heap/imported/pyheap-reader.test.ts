// Dumps of PyHeap, as written from its source: names, frames, attributes, texts; and cut or changed files.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryTop, queryWhy } from "../../../src/app/heap-queries.ts";
import { explainHeapError, openHeap } from "../../../src/app/open-heap.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type PyheapDraft, pyheapBytes } from "./pyheap-writer.ts";

const TYPE = {
  dict: 16,
  list: 32,
  tuple: 48,
  set: 64,
  str: 80,
  int: 96,
  type: 112,
  module: 128,
  Session: 144,
} as const;
const OBJECT = {
  modules: 0x1000,
  sys: 0x1100,
  sysDict: 0x1200,
  app: 0x1300,
  appDict: 0x1400,
  sessions: 0x1500,
  session: 0x1600,
  basket: 0x1700,
  batch: 0x1800,
  lost: 0x1900,
  lostToo: 0x1a00,
} as const;
const word = (at: number, text: string): PyheapDraft["objects"][number] => ({
  address: 0x8000 + at * 32,
  type: TYPE.str,
  bytes: 49 + text.length,
  text,
});
const KEYS = ["sys", "modules", "app", "SESSIONS", "alice@example.org", "version", "3.12.4 (main)", "__name__"];
const key = (text: string): number => 0x8000 + KEYS.indexOf(text) * 32;

const SHOP: PyheapDraft = {
  known: {
    dict: TYPE.dict,
    list: TYPE.list,
    tuple: TYPE.tuple,
    set: TYPE.set,
    str: TYPE.str,
    int: TYPE.int,
    type: TYPE.type,
  },
  threads: [
    {
      name: "worker-1",
      frames: [{ file: "/srv/app.py", line: 24, function: "work", locals: { batch: OBJECT.batch } }],
    },
  ],
  common: [TYPE.dict, TYPE.list, TYPE.set, TYPE.str, TYPE.int],
  objects: [
    ...KEYS.map((text, at) => word(at, text)),
    ...Object.entries(TYPE).map(([name, address]) => ({
      address,
      type: TYPE.type,
      bytes: 400,
      text: name === "Session" ? "<class 'app.Shop.Session'>" : `<class '${name}'>`,
    })),
    { address: OBJECT.modules, type: TYPE.dict, bytes: 200, content: [key("sys"), OBJECT.sys, key("app"), OBJECT.app] },
    {
      address: OBJECT.sys,
      type: TYPE.module,
      bytes: 72,
      referents: [OBJECT.sysDict],
      text: "<module 'sys' (built-in)>",
    },
    {
      address: OBJECT.sysDict,
      type: TYPE.dict,
      bytes: 300,
      content: [key("modules"), OBJECT.modules, key("version"), key("3.12.4 (main)")],
    },
    { address: OBJECT.app, type: TYPE.module, bytes: 72, referents: [OBJECT.appDict], text: "<module 'app'>" },
    {
      address: OBJECT.appDict,
      type: TYPE.dict,
      bytes: 300,
      content: [key("__name__"), key("app"), key("SESSIONS"), OBJECT.sessions],
    },
    { address: OBJECT.sessions, type: TYPE.dict, bytes: 500, content: [key("alice@example.org"), OBJECT.session] },
    {
      address: OBJECT.session,
      type: TYPE.Session,
      bytes: 56,
      referents: [OBJECT.basket, TYPE.Session],
      attributes: { __doc__: TYPE.str, left: OBJECT.basket, class_wide: TYPE.int },
      text: "<Session of alice@example.org>",
    },
    { address: OBJECT.basket, type: TYPE.list, bytes: 4000 },
    { address: OBJECT.batch, type: TYPE.list, bytes: 900 },
    { address: OBJECT.lost, type: TYPE.list, bytes: 700, content: [OBJECT.lostToo] },
    { address: OBJECT.lostToo, type: TYPE.list, bytes: 800, content: [OBJECT.lost] },
  ],
  typeNames: Object.fromEntries(Object.entries(TYPE).map(([name, address]) => [address, name])),
};

async function open(bytes: Uint8Array, values = false): Promise<Snapshot | string> {
  using folder = temporaryFolder();
  const file = join(folder.path, "shop.pyheap");
  writeFileSync(file, bytes);
  const opened = await openHeap(file, { maxPauseMs: 1, values, progress: () => {} });
  return opened.ok ? opened.value.snapshot : explainHeapError(opened.error).replaceAll(folder.path, "");
}

async function shop(values = false): Promise<Snapshot> {
  const snapshot = await open(pyheapBytes(SHOP), values);
  if (typeof snapshot === "string") throw new Error(snapshot);
  return snapshot;
}

describe("a dump of PyHeap", () => {
  it("says what holds the memory, by name", async () => {
    const top = queryTop(await shop());
    expect(top.byHolder[0]?.holder).toMatchObject({ path: "sys.modules['app'].SESSIONS", kind: "module-global" });
    expect(top.byHolder.map(({ holder }) => holder.path)).toContain('thread "worker-1" in work() local batch');
    expect(top.byType.map(({ name }) => name)).toContain("app.Shop.Session");
    expect([top.python, top.exactness, top.pid]).toEqual(["3.12.4", null, null]);
  });

  it("names attributes that the object itself refers to, and the class", async () => {
    const why = queryWhy(await shop(), "0x1700");
    if (!why.ok) throw new Error(why.error.sentence);
    expect(why.value.subjects[0]?.paths[0]?.steps.slice(-3).map(({ edge }) => edge)).toEqual([
      "global SESSIONS",
      "[<str>]",
      ".left",
    ]);
  });

  it("gives no values away unless they were asked for", async () => {
    const texts = async (values: boolean): Promise<string> => new TextDecoder().decode((await shop(values)).texts.utf8);
    expect(await texts(false)).not.toContain("alice");
    expect(await texts(true)).toContain("alice@example.org");
  });

  it("calls nothing garbage, since it has no reference counts", async () => {
    const { garbage, native } = queryTop(await shop());
    // The two lists that hold each other: one of them stands for both.
    expect([garbage.count, native.objects]).toEqual([0, 1]);
  });

  it("of a later version is refused", async () => {
    const bytes = pyheapBytes(SHOP);
    bytes.writeUInt32BE(2, 8);
    expect(await open(bytes)).toContain("has snapshot format 2; this version of deadweight knows formats up to 1");
  });

  it("that is cut anywhere ends in a sentence", async () => {
    const bytes = pyheapBytes(SHOP);
    for (let length = 12; length < bytes.length; length += 37)
      expect(await open(bytes.subarray(0, length))).toMatch(/^\/shop\.pyheap is (?:incomplete|damaged): .*\.$/);
  });

  it("with any byte changed is read or refused in a sentence", async () => {
    const bytes = pyheapBytes(SHOP);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const spoiled = Buffer.from(bytes);
        spoiled[at]! ^= change;
        const read = await open(spoiled);
        if (typeof read === "string") expect(read).toMatch(/^\/shop\.pyheap (?:is|has|cannot) /);
      }),
      { numRuns: 60 },
    );
  });
});
