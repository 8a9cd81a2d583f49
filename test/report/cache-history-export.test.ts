// What was done to caches, for other programs.

import { describe, expect, it } from "vitest";
import type { CacheHistoryEntry } from "../../src/model/cache-command.ts";
import { cacheHistoryExport } from "../../src/report/cache-history-export.ts";
import { historyOfShop } from "./example-cache-commands.ts";

const [first] = historyOfShop.commands as readonly [CacheHistoryEntry];
const ofUser: CacheHistoryEntry = { ...first, selector: "tag:user:42", reason: '=1+1, "at once"\nplease' };

describe("an export", () => {
  it("has a line of JSON for each command", () => {
    const lines = cacheHistoryExport(historyOfShop.commands, "jsonl", false).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as CacheHistoryEntry).op)).toEqual(
      historyOfShop.commands.map(({ op }) => op),
    );
  });
  it("leaves out what stands behind the name of a tag, unless it is asked for", () => {
    const selectors = (selector: string, hasValues: boolean): unknown =>
      (JSON.parse(cacheHistoryExport([{ ...first, selector }], "jsonl", hasValues)) as CacheHistoryEntry).selector;
    expect(selectors("tag:user:42", false)).toBe("tag:user:…");
    expect(selectors("tag:42", false)).toBe("tag:…");
    expect(selectors("ns:prices:v2", false)).toBe("ns:prices:v2");
    expect(selectors("tag:user:42", true)).toBe("tag:user:42");
  });
  it("is CSV that a spreadsheet takes for text", () => {
    const text = cacheHistoryExport([ofUser], "csv", true);
    expect(text.split("\r\n")[0]).toBe(
      "op,at,action,selector,share,setting,reason,by,outcome,applied,missing,tookMs,hitsBefore,hitsBeforeCalls,hitsBeforeSeconds,hitsAfter,hitsAfterCalls,hitsAfterSeconds",
    );
    expect(text).toContain(",9.1,0.980816,98000,3605,0.8,1000,30\r\n");
    expect(text).toContain(`,tag:user:42,1,,"'=1+1, ""at once""\nplease",`);
  });
});
