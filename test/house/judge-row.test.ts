// When a row of tools/cache-faults may end, and what it may say then.

import { describe, expect, it } from "vitest";
import { type Enough, isGood, isOver, judgeRow, type Shown, type Subject } from "../../tools/cache-faults/judge-row.ts";

const ENOUGH: Enough = { seconds: 20, limitSeconds: 240, clears: 10, times: 3, calls: 10_000 };
const SHOWN: Shown = {
  seconds: 21,
  clears: 12,
  calls: 50_000,
  late: 40,
  came: { "kill -9 of a worker": 3, SIGSTOP: 4 },
  violations: 0,
  broken: [],
};

const judged = (shown: Partial<Shown>, subject: Subject = "ours"): string => {
  const { verdict, because } = judgeRow({ ...SHOWN, ...shown }, ENOUGH, subject);
  return [verdict, ...because].join(": ");
};

describe("a row of ours", () => {
  it("holds when everything came and nothing was violated", () => {
    expect(judged({})).toBe("holds");
  });

  it.each([
    [{ came: { "kill -9 of a worker": 0, SIGSTOP: 4 } }, "TOO LITTLE: kill -9 of a worker: 0 of 3"],
    [{ came: { "kill -9 of a worker": 2, SIGSTOP: 1 } }, "TOO LITTLE: kill -9 of a worker: 2 of 3: SIGSTOP: 1 of 3"],
    [{ clears: 2 }, "TOO LITTLE: clears: 2 of 10"],
    [{ calls: 900 }, "TOO LITTLE: calls: 900 of 10000"],
    [{ late: 0 }, "TOO LITTLE: loads that ended after the truth had changed: 0 of 3"],
  ])("proves nothing where something is wanting: %o", (shown, sentence) => {
    expect(judged(shown)).toBe(sentence);
  });

  it("has failed by one old answer, whatever else is wanting", () => {
    expect(judged({ violations: 1, clears: 0 })).toBe("VIOLATED: 1 answers from before a clear");
  });

  it("has failed when something else was not as promised", () => {
    expect(judged({ broken: ["no reason", "no reason"] })).toBe("BROKEN: 2 times: no reason");
  });
});

describe("a row of a cache that must be caught", () => {
  it("is caught by old answers", () => {
    expect(judged({ violations: 3 }, "contrast")).toBe("caught");
  });

  it("is blind without any", () => {
    expect(judged({}, "contrast")).toBe("BLIND: old answers of a cache that must give some: 0 of 3");
  });

  it("is too little with one or two, or where a fault never came", () => {
    expect(judged({ violations: 2 }, "contrast")).toMatch(/^TOO LITTLE/);
    expect(judged({ violations: 9, came: { SIGSTOP: 0 } }, "contrast")).toBe("TOO LITTLE: SIGSTOP: 0 of 3");
  });
});

describe("the end of a row", () => {
  const over = (shown: Partial<Shown>, subject: Subject = "ours"): boolean =>
    isOver({ ...SHOWN, ...shown }, ENOUGH, subject);

  it("comes when its time is over and nothing is wanting", () => {
    expect([over({}), over({ seconds: 5 }), over({ clears: 2 }), over({ came: { SIGSTOP: 2 } })]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("comes at the limit in any case, and at once where a peer has shown what it must", () => {
    expect([over({ seconds: 240, clears: 0 }), over({ seconds: 1, violations: 3 }, "contrast")]).toEqual([true, true]);
  });

  it("is good for two verdicts only", () => {
    const good = (["holds", "caught", "VIOLATED", "BROKEN", "BLIND", "TOO LITTLE"] as const).filter((verdict) =>
      isGood({ verdict, because: [] }),
    );
    expect(good).toEqual(["holds", "caught"]);
  });
});
