// The use cases as commands see them: failures in words, sources opened in order and only as far as needed.

import { describe, expect, it } from "vitest";
import { fail, ok } from "../../src/base/result.ts";
import type { ReadingOptions } from "../../src/cli/actions.ts";
import { type UseCases, wireActions } from "../../src/cli/wire-actions.ts";
import { diffOfTwo } from "../report/example-diffs.ts";
import { doctorOfMachine } from "../report/example-doctors.ts";
import { snapshotOfShop, topOfShop, whyOneSession } from "../report/example-reports.ts";

type Failure = { readonly code: "missing"; readonly what: string };
type Cases = UseCases<string, Failure, string, Failure, Failure>;
const OPTIONS: ReadingOptions = { maxPauseMs: 1, values: false, progress: () => undefined };

function cases(opened: string[], change: Partial<Cases> = {}): Cases {
  return {
    examineTarget: () => doctorOfMachine,
    takeSnapshot: async () => ok(snapshotOfShop),
    openHeap: async (source) => {
      opened.push(source);
      return source.startsWith("no-") ? fail({ code: "missing", what: source }) : ok(`heap of ${source}`);
    },
    topOf: () => topOfShop,
    whyOf: (heap, selector) =>
      selector === "nothing" ? fail({ code: "missing", what: `${selector} in ${heap}` }) : ok(whyOneSession),
    diffOf: (heaps) => (heaps.length === 2 ? ok(diffOfTwo) : fail({ code: "missing", what: heaps.join("+") })),
    selectorOf: (asked) => (asked.kind === "largest" ? fail({ code: "missing", what: "largest" }) : ok(asked.text)),
    explainHeapError: ({ what }) => `no heap: ${what}`,
    explainSelectorError: ({ what }) => `no match: ${what}`,
    explainDiffError: ({ what }) => `no diff: ${what}`,
    ...change,
  };
}

describe("wired actions", () => {
  it("explain why a heap did not open", async () => {
    expect(await wireActions(cases([])).openHeap("no-file", OPTIONS)).toEqual(
      fail({ code: "missing", message: "no heap: no-file" }),
    );
  });
  it("explain why a snapshot was not taken", async () => {
    const actions = wireActions(cases([], { takeSnapshot: async () => fail({ code: "missing", what: "pid 1" }) }));
    expect(await actions.takeSnapshot("1", "a", OPTIONS)).toEqual(fail({ code: "missing", message: "no heap: pid 1" }));
  });
  it("ask the opened heap", async () => {
    const heap = await wireActions(cases([])).openHeap("a", OPTIONS);
    if (!heap.ok) throw new Error("not opened");
    const limits = { limit: 1, paths: 1 };
    expect(heap.value.top(limits)).toBe(topOfShop);
    expect(heap.value.why({ kind: "text", text: "Session" }, limits)).toEqual(ok(whyOneSession));
    expect(heap.value.why({ kind: "text", text: "nothing" }, limits)).toEqual(
      fail({ code: "missing", message: "no match: nothing in heap of a" }),
    );
    expect(heap.value.why({ kind: "largest", count: 1 }, limits)).toEqual(
      fail({ code: "missing", message: "no match: largest" }),
    );
  });
  it("compare heaps in the order given", async () => {
    const opened: string[] = [];
    expect(await wireActions(cases(opened)).diff(["b", "a"], OPTIONS, { limit: 1 })).toEqual(ok(diffOfTwo));
    expect(opened).toEqual(["b", "a"]);
  });
  it("open no further heap after one that failed", async () => {
    const opened: string[] = [];
    expect(await wireActions(cases(opened)).diff(["a", "no-b", "c"], OPTIONS, { limit: 1 })).toEqual(
      fail({ code: "missing", message: "no heap: no-b" }),
    );
    expect(opened).toEqual(["a", "no-b"]);
  });
  it("explain why heaps cannot be compared", async () => {
    expect(await wireActions(cases([])).diff(["a", "b", "c"], OPTIONS, { limit: 1 })).toEqual(
      fail({ code: "missing", message: "no diff: heap of a+heap of b+heap of c" }),
    );
  });
});
