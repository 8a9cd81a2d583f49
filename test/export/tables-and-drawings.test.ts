// CSV for spreadsheets, DOT for Graphviz: hostile names stay text.

import { describe, expect, it } from "vitest";
import { analyse } from "../../src/heap/analyse.ts";
import { HEAP_FORMATS } from "../../src/export/heap-formats.ts";
import { heap } from "../support/snapshot-language.ts";
import { exportedText, OPTIONS } from "./export-text.ts";

const SHOP = `
  modules['app'].REGISTRY: dict(1000) { 'a': s@Session { rows: list(500) [ 3 * str(100) ] }, 'b': Session {} }
  modules['app'].LAST: list [ @s ]
`;

describe("csv", () => {
  it("has one table, whole numbers, and no grouping", () => {
    const [head, first] = exportedText(heap(SHOP), "csv").split("\r\n");
    expect(head).toBe("holder,kind,type,file,line,objects,shallow_bytes,retained_bytes,held_bytes");
    expect(first).toMatch(/^sys\.modules\['app'\]\.REGISTRY,module-global,dict,,,\d+,1000,\d+,\d+$/);
  });

  it("has the table that is asked for", () => {
    expect(exportedText(heap(SHOP), "csv", { table: "types" })).toContain("\r\napp.Session,2,");
    expect(exportedText(heap(SHOP), "csv", { table: "modules" })).toContain("\r\napp,");
  });

  it("quotes commas and quotes, and lets no name be a formula", () => {
    const snapshot = heap(SHOP);
    const called = (name: string): string => {
      const types = snapshot.types.map((type) => (type.name === "Session" ? { ...type, module: "", name } : type));
      return exportedText({ ...snapshot, types }, "csv", { table: "types" });
    };
    expect(called('a,"b"')).toContain('\r\n"a,""b""",2,');
    expect(called("=cmd|' /C calc'!A0")).toContain("\r\n'=cmd|' /C calc'!A0,2,");
  });
});

describe("dot", () => {
  const drawing = (around: string | null, limit = 60): string => exportedText(heap(SHOP), "dot", { around, limit });

  it("draws the path from the root, what is held, and who else refers to it", () => {
    const text = drawing("app.REGISTRY['a']");
    expect(text).toMatch(/^digraph heap \{[^]*\}\n$/);
    expect(text).toContain(`sys.modules['app'].REGISTRY['a']\\napp.Session`);
    expect(text).toContain(`label="['a']", color=black, penwidth=2`);
    expect(text).toContain('label=".rows"');
    expect(text).toMatch(/-> n\d+ \[label="\[0\]"\]/);
  });

  it("says what it leaves out", () => {
    expect(drawing("app.REGISTRY", 5)).toContain("more objects it refers to");
  });

  it("draws the largest objects when nothing is asked for", () => {
    expect(drawing(null)).toContain("REGISTRY");
  });

  it("keeps quotes and backslashes of names inside the label", () => {
    const text = exportedText(heap(`modules['app'].A: dict { 'x"]; evil [y\\\\': str(9) }`), "dot", {
      around: "app.A",
    });
    expect(text).toContain('\\"]; evil [y');
    for (const line of text.split("\n")) expect((line.match(/(?<!\\)(?:\\\\)*"/g) ?? []).length % 2, line).toBe(0);
  });

  it("refuses what is not there, with what to do", () => {
    const refused = HEAP_FORMATS.dot.write(analyse(heap(SHOP)), { ...OPTIONS, around: "app.REGISTRI" });
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining("Did you mean") });
  });
});
