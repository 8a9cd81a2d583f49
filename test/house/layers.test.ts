import { describe, expect, test } from "vitest";

import { importsOf } from "../../tools/check-layers.ts";
import { fillGenerated, layerTable } from "../../tools/gen.ts";
import { LAYERS } from "../../tools/layers.ts";

describe("importsOf", () => {
  test.each([
    ['import { a } from "./a.ts";', ["./a.ts"]],
    ['import type { A } from "../base/a.ts";', ["../base/a.ts"]],
    ['import {\n  a,\n  b,\n} from "./a.ts";', ["./a.ts"]],
    ['export * from "./a.ts";', ["./a.ts"]],
    ['import "./a.ts";', ["./a.ts"]],
    ['const a = await import("./a.ts");', ["./a.ts"]],
    ['new Worker(new URL("../workers/a.ts", import.meta.url))', ["../workers/a.ts"]],
    ['const text = "from here";', []],
  ])("%s", (source, expected) => {
    expect(importsOf(source)).toEqual(expected);
  });
});

describe("layer table", () => {
  test("every layer is one row", () => {
    expect(layerTable().split("\n")).toHaveLength(LAYERS.length + 2);
  });

  test("is put between its markers and nowhere else", () => {
    const document = "before\n<!-- generated: layers -->\nold\n<!-- end of generated -->\nafter\n";
    expect(fillGenerated(document, "new")).toBe(document.replace("old", "new"));
    expect(fillGenerated("no markers", "new")).toBeNull();
  });
});
