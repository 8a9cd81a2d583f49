// The guard of a canary, as it is given.

import { expect, it } from "vitest";
import { parseGuard } from "../../src/model/canary-guard.ts";

it("is a list of limits", () => {
  expect(parseGuard("hits>=80%,load<=200ms,errors<=1%")).toEqual({
    ok: true,
    value: { hits: 0.8, loadMs: 200, errors: 0.01 },
  });
  expect(parseGuard("load<=1.5s")).toEqual({ ok: true, value: { hits: null, loadMs: 1500, errors: null } });
  expect(parseGuard("hits>=0.8")).toMatchObject({ ok: true, value: { hits: 0.8 } });
});

it.each(["", "fast", "hits<=80%", "hits>=120%", "hits>=80", "load<=200", "errors<=1%,", "load<=5%"])(
  "is not %j, and the sentence says how it is written",
  (text) => expect(parseGuard(text)).toEqual({ ok: false, error: expect.stringContaining("hits>=80%,load<=200ms") }),
);
