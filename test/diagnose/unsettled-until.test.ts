// When a process is taken to be importing still: code of files that comes tells of it, code that the program makes itself does not.

import { expect, it } from "vitest";
import { unsettledUntil } from "../../src/diagnose/unsettled-until.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { heap } from "../support/snapshot-language.ts";

/** One snapshot per number, each with so many functions of a file. */
function untilWith(counts: readonly number[], fileOf: (at: number) => string): number {
  const texts = counts.map((count) =>
    Array.from({ length: count }, (_, at) => `modules['app'].f${at}: def 'f${at}' at '${fileOf(at)}':1 {}`).join("\n"),
  );
  return unsettledUntil(
    texts.map((text, at) => ({ atMs: at * 1000, file: `snapshot ${at + 1}`, analysis: analyse(heap(`${text}\n`)) })),
  );
}

it("imports last until the last snapshot that has more code of files", () => {
  expect(untilWith([10, 80, 80], (at) => `/srv/app/${at}.py`)).toBe(1000);
});

it("classes that are made per request bring code for ever: that is no import", () => {
  expect(untilWith([10, 80, 150], (at) => `<attrs generated init app.Row-${at}>`)).toBe(0);
});
