// Paths that are wider than their column: every name stays whole as long as it can.

import { expect, it } from "vitest";
import { span } from "../../src/report/text-style.ts";
import { pathLines } from "../../src/report/wrap-path.ts";

const cases: readonly (readonly [what: string, path: string, width: number, lines: readonly string[]])[] = [
  ["a path that fits", "app.cache['k17'].user", 30, ["app.cache['k17'].user"]],
  ["before a dot", "sys.modules['shop.sessions'].REGISTRY", 30, ["sys.modules['shop.sessions']", ".REGISTRY"]],
  ["before a word", 'thread "worker-1" in handle() local rows', 30, ['thread "worker-1" in handle()', "local rows"]],
  ["before a bracket only where it must", "sys.modules['shop.i18n'].X", 18, ["sys.modules", "['shop.i18n'].X"]],
  ["a dot in a key is no place to break", "app.cache['a.very.long.key'].x", 22, ["app.cache", "['a.very.long.key'].x"]],
  ["a name that is wider than the line", "app.averyveryverylongname", 12, ["app", ".aver…ngname"]],
  [
    "more than four lines: both ends",
    "a.bbbbbb.cccccc.dddddd.eeeeee.ffffff",
    8,
    ["a.bbbbbb", "…", ".eeeeee", ".ffffff"],
  ],
];

it.each(cases)("%s", (_, path, width, lines) => {
  expect(pathLines(span(path), width).map((line) => line.text)).toEqual(lines);
});

it("loses nothing of a path that fits into four lines", () => {
  const path = "sys.modules['shop.i18n'].MESSAGES['it\\'s [here]']{key} local rows[17][<str>].x";
  expect(
    pathLines(span(path), 24)
      .map((line) => line.text)
      .join("")
      .replaceAll(" ", ""),
  ).toBe(path.replaceAll(" ", ""));
});
