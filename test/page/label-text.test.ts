// As much of a name as a box has room for.

import { expect, it } from "vitest";
import { labelText } from "../../web/views/retention/label-text.ts";

it.each([
  ["module shop.sessions", 300, "81.4 KiB", "module shop.sessions  81.4 KiB"],
  ["module shop.sessions", 150, "81.4 KiB", "module shop.sessions"],
  ["module shop.sessions", 100, "81.4 KiB", "shop.sessions"],
  ["module shop.sessions", 60, "81.4 KiB", "sessions"],
  ["module shop.sessions", 43, "81.4 KiB", "sessi…"],
  ["module shop.sessions", 30, "81.4 KiB", ""],
  ["", 120, "", "the whole heap"],
  ["", 60, "", "heap"],
  ["global SESSIONS", 70, "", "SESSIONS"],
])("%s in %d pixels", (label, pixels, more, expected) => {
  expect(labelText(label, pixels, more)).toBe(expected);
});
