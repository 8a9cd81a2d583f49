// What the Python package and the command must agree on, word for word.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { rankOf, slotOf } from "../../../src/app/caches/slot-of.ts";
import { SLICES } from "../../../src/govern/selector.ts";
import {
  FIGURES_AT,
  MEMBERS_AT,
  SETTINGS_AT,
  TABLE,
  TOTAL_BYTES,
  workerRank,
} from "../../../src/govern/table-layout.ts";
import { tablePath } from "../../../src/app/caches/shared-table.ts";
import { runPython } from "../../python-package/package-under-test.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";

const SCOPES = ["fn:a", "ns:users", "tag:user:42", "slice:prices:255", "tag:日本語", "tag:😀", ""];

const SCRIPT = `
import json
from deadweight._cache import layout, policy
from deadweight._cache.host import folder_of
from deadweight._cache.slots import slot_of
print(json.dumps({
    "slots": [slot_of(scope) for scope in ${JSON.stringify(SCOPES)}],
    "slices": policy.SLICES,
    "layout": [str(layout.MAGIC), layout.VERSION, layout.HEAD_WORDS, layout.SLOT_WORDS, layout.MEMBER_ROWS, layout.MEMBER_WORDS,
               layout.SETTING_ROWS, layout.SETTING_WORDS, layout.MEMBERS_AT, layout.SETTINGS_AT, layout.FIGURE_ROWS, layout.FIGURE_WORDS, layout.FIGURES_AT, layout.TOTAL_BYTES],
    "ranks": [layout.worker_rank(4711, 987654321), layout.worker_rank(1, 0)],
    "path": folder_of("shop") + "/table",
}))
`;

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("puts scopes into the same words of the same table at the same place", () => {
    const folder = mkdtempSync(`${tmpdir()}/dw-same-`);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { stdout, stderr, code } = runPython(python.path, ["-c", SCRIPT], folder);
    expect([code, stderr]).toEqual([0, ""]);
    const { magic, version, headWords, slotWords, memberRows, memberWords, settingRows, settingWords } = TABLE;
    expect(JSON.parse(stdout)).toEqual({
      slots: SCOPES.map(slotOf),
      slices: SLICES,
      layout: [
        String(magic),
        Number(version),
        headWords,
        slotWords,
        memberRows,
        memberWords,
        settingRows,
        settingWords,
        MEMBERS_AT,
        SETTINGS_AT,
        TABLE.figureRows,
        TABLE.figureWords,
        FIGURES_AT,
        TOTAL_BYTES,
      ],
      ranks: [workerRank({ ownPid: 4711, startTicks: 987_654_321 }), workerRank({ ownPid: 1, startTicks: 0 })].map(
        Number,
      ),
      path: tablePath("shop", process.env),
    });
    expect(rankOf("a")).not.toBe(rankOf("b"));
  });
});
