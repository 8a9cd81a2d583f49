// What the object pane shows beside sizes: source lines and values, of a real program; and what it shows to nobody.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAnalysed } from "../../src/app/open-analysed.ts";
import { sourceExcerpt } from "../../src/app/source-excerpt.ts";
import type { HeapAnalysis } from "../../src/heap/analyse.ts";
import type { Holder } from "../../src/model/holder.ts";
import type { WhyReport } from "../../src/model/heap-reports.ts";
import type { SnapshotList, SourceExcerpt, ValueReport } from "../../src/model/page-reports.ts";
import { PAGE_SCHEMAS } from "../../src/report/schema/page-schemas.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { strictReader } from "../report/strict-schema.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Serving, startServing } from "./start-serving.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");
const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `"""A shop."""
import time

PASSWORD = "postgres://shop:hunter2secret@db/shop"

# Sessions stay here.
SESSIONS = {}

class Session:
    def __init__(self, number):
        self.user = "private-%d" % number

for number in range(500):
    SESSIONS["s%d" % number] = Session(number)
print("ready", flush=True)
time.sleep(600)
`;

const folder = temporaryFolder();
let shop: ChildProcess;
let open: Serving;
let closed: Serving;
beforeAll(async () => {
  writeFileSync(join(folder.path, "shop.py"), SHOP);
  shop = spawn(PYTHON, [join(folder.path, "shop.py")], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(shop, "ready");
  const file = join(folder.path, "shop.dwsnap");
  execFileSync(process.execPath, [TOOL, "snapshot", String(shop.pid), "--values", "-o", file]);
  copyFileSync(file, join(folder.path, "other.dwsnap"));
  open = await startServing([file, "--values"], { folder: folder.path });
  closed = await startServing([join(folder.path, "other.dwsnap")], { folder: folder.path });
});
afterAll(async () => {
  await open?.[Symbol.asyncDispose]();
  await closed?.[Symbol.asyncDispose]();
  if (shop !== undefined) await endProcess(shop);
  folder[Symbol.dispose]();
});

/** The heap of a server, and the address of what `selector` names in it. */
async function at(server: Serving, selector: string): Promise<{ readonly id: string; readonly address: string }> {
  const { snapshots } = (await server.ask("/api/snapshots")).json<SnapshotList>();
  const id = snapshots[0]?.id ?? "";
  const why = (await server.ask(`/api/snapshots/${id}/why?selector=${selector}`)).json<WhyReport>();
  return { id, address: why.subjects[0]?.address ?? "" };
}

async function ask<T>(server: Serving, what: "source" | "value", selector: string): Promise<T> {
  const { id, address } = await at(server, selector);
  const reply = await server.ask(`/api/snapshots/${id}/${what}?address=${address}`);
  expect([reply.status, strictReader(PAGE_SCHEMAS[what])(reply.json())]).toEqual([200, []]);
  return reply.json();
}

describe("source", () => {
  it("is shown around the line that gives the holder its value, without secrets", async () => {
    const { file, line, lines, remark } = await ask<SourceExcerpt>(open, "source", "__main__.SESSIONS");
    expect([file, line, remark]).toEqual([join(folder.path, "shop.py"), 7, null]);
    expect(lines.find((each) => each.line === 7)?.text).toBe("SESSIONS = {}");
    expect(lines.map(({ text }) => text)).toContain("class Session:");
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });

  it.each(["../../../etc/passwd", "/etc/passwd", "0x1", "app.py", "0x7f/../x", ""])(
    "is not found by %j: an object is named, never a file",
    async (address) => {
      const { id } = await at(open, "__main__.SESSIONS");
      const reply = await open.ask(`/api/snapshots/${id}/source?address=${encodeURIComponent(address)}`);
      expect([400, 422]).toContain(reply.status);
      expect(reply.text).not.toContain("root:");
    },
  );
});

describe("source of a file that the program did not load", () => {
  let heap: HeapAnalysis;
  beforeAll(async () => {
    const opened = await openAnalysed(
      { source: join(folder.path, "shop.dwsnap"), maxPauseMs: 1000, hasValues: true },
      () => {},
    );
    if (!opened.ok) throw new Error(opened.error.message);
    heap = opened.value;
  });
  const holder = (file: string): Holder => ({
    path: "x",
    kind: "module-global",
    module: "x",
    name: "root",
    type: "dict",
    file,
    line: 1,
  });

  it.each(["/etc/passwd", "/etc/shadow", `${join(folder.path, "shop.py")}/../secret.py`, "shop.py", "/nowhere.py"])(
    "%s is not read",
    (file) => {
      expect(sourceExcerpt(heap, holder(file)).lines).toEqual([]);
    },
  );
});

describe("values", () => {
  it("are shown where the heap has them and the server may", async () => {
    const { isRedacted, entries, hidden } = await ask<ValueReport>(open, "value", "__main__.SESSIONS");
    expect([isRedacted, entries[0]?.edge, entries[0]?.type, entries.length + hidden]).toEqual([
      false,
      "['s0']",
      "__main__.Session",
      500,
    ]);
    const { entries: attributes } = await ask<ValueReport>(open, "value", "__main__.Session");
    expect(attributes.map(({ edge, text }) => [edge, /^private-\d+$/.test(text ?? "")])).toContainEqual([
      ".user",
      true,
    ]);
  });

  it("are held back otherwise, though the file has them", async () => {
    const report = await ask<ValueReport>(closed, "value", "__main__.Session");
    expect(report.isRedacted).toBe(true);
    expect(JSON.stringify(report)).not.toContain("private-");
  });
});
