// Dumps that midden itself writes, against what we read of the same process; and lines that are none of midden.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { queryDiff, queryTop } from "../../../src/app/heap-queries.ts";
import { explainHeapError, openHeap } from "../../../src/app/open-heap.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const python = findInterpreters().findLast(({ minor }) => minor >= 10 && minor <= 13) ?? findInterpreters().at(-1)!;
const venv = packageVenv(python, ["midden"]);

const SHOP = `
import sys
from midden.dump.dump_heap import dump_heap
class Session:
    def __init__(self, user):
        self.user = user
        self.basket = [bytes(400)]
SESSIONS = {}
def fill(start, end):
    for n in range(start, end):
        SESSIONS["user%d@example.org" % n] = Session(n)
fill(0, 1000)
dump_heap(sys.argv[1])
fill(1000, 3000)
dump_heap(sys.argv[2])
`;

async function open(file: string): Promise<Snapshot> {
  const opened = await openHeap(file, { maxPauseMs: 1, values: false, progress: () => {} });
  if (!opened.ok) throw new Error(explainHeapError(opened.error));
  return opened.value.snapshot;
}

describe(`midden on ${describeInterpreter(python)}${"reason" in venv ? ` SKIPPED: ${venv.reason}` : ""}`, () => {
  it.skipIf("reason" in venv)("writes heaps whose holders and growth are found", { timeout: 60_000 }, async () => {
    using folder = temporaryFolder();
    const files = ["before.jsonl", "after.jsonl"].map((name) => join(folder.path, name));
    execFileSync("program" in venv ? venv.program : "", ["-c", SHOP, ...files], { stdio: ["ignore", "pipe", "pipe"] });
    const [before, after] = [await open(files[0]!), await open(files[1]!)];
    const top = queryTop(before);
    expect(top.byHolder[0]).toMatchObject({ holder: { path: "sys.modules['__main__'].SESSIONS" }, entries: 1000 });
    expect(top.byType.find(({ name }) => name === "__main__.Session")?.count).toBe(1000);
    expect([top.python, top.exactness, top.garbage.count]).toEqual([python.version, null, 0]);
    // 1000 sessions, each with a list of a bytes object of 433 bytes.
    expect(top.byHolder[0]?.heldBytes).toBeGreaterThan(1000 * (433 + 64));
    expect(new TextDecoder().decode(before.texts.utf8)).not.toContain("@example");
    const grown = queryDiff([
      { file: "before", snapshot: before },
      { file: "after", snapshot: after },
    ]).report.holders[0];
    expect(grown?.holder.path).toBe("sys.modules['__main__'].SESSIONS");
  });
});

const LINE = '{"id": 4096, "type": "builtins.list", "references": [8192], "size": 88}\n';

describe("lines of a dump", () => {
  it.each([
    [LINE + LINE.slice(0, 30), "is incomplete: it ends after 102 bytes, inside a line"],
    [`${LINE}no line\n`, "is damaged: line 2 is no object of midden"],
    [`${LINE}{"id": 1.5, "type": "a.B", "references": [], "size": 1}\n`, "line 2 is no object of midden"],
    [`${LINE}{"id": 16, "type": "a.B", "references": ["x"], "size": 1}\n`, "line 2 is no object of midden"],
    [`${LINE}{"id": 16, "type": "a.B", "references": [-4], "size": 1}\n`, "line 2 is no object of midden"],
  ])("%#", async (text, expected) => {
    using folder = temporaryFolder();
    const file = join(folder.path, "heap.jsonl");
    writeFileSync(file, text);
    await expect(open(file)).rejects.toThrow(expected);
  });

  it("may refer to what is not there, which is counted", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "heap.jsonl");
    writeFileSync(file, LINE + LINE);
    const { meta, nodes } = await open(file);
    expect([nodes.count, meta.unreadableReferences]).toEqual([2, 1]);
  });
});
