// What a person pressed, from what terminals send.

import { expect, it } from "vitest";
import { readKeys } from "../../../src/cli/terminal/read-keys.ts";

it("knows the keys that a terminal in raw mode does not act upon itself", () => {
  expect(readKeys("\u0003\u001a\u000c")).toEqual([
    { kind: "named", name: "interrupt" },
    { kind: "named", name: "suspend" },
    { kind: "named", name: "redraw" },
  ]);
});

it("skips control characters and sequences that are no key: a filter gets letters only", () => {
  const sent = "r\u0001e\u0000g\u001b[200~\u009b\u001bOP\u001b[15;2~é日😀";
  const texts = readKeys(sent).map((key) => (key.kind === "text" ? key.text : key.name));
  expect(texts.join("")).toBe("regé日😀");
});
