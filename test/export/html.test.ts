// A heap as one page: the picture, the tables and the paths, for people without our tools.

import { describe, expect, it } from "vitest";
import { expectInertHtml } from "../support/inert-html.ts";
import { heap } from "../support/snapshot-language.ts";
import { exportedText } from "./export-text.ts";

const SHOP = `
  modules['app'].REGISTRY: dict(1000) { 'a': s@Session { rows: list(500) [ 3 * str(100) ] }, 'b': Session {} }
  modules['app'].LAST: list [ @s ]
`;

describe("the page of a heap", () => {
  const page = exportedText(heap(SHOP), "html");

  it("runs nothing and asks nobody", () => expectInertHtml(page));

  it("draws what would be freed with what, and says it in a table", () => {
    expect(page).toMatch(/<svg [^>]*role="img"[^]*<title>global REGISTRY: [\d.]+ KiB, [\d.]+ %<\/title><rect /);
    expect(page).toContain("<code>sys.modules[&#39;app&#39;].REGISTRY</code>".replaceAll("&#39;", "'"));
  });

  it("has the path of the largest holder", () => {
    expect(page).toMatch(/What holds <code>sys\.modules\['app'\]\.REGISTRY<\/code><\/h3><ol class="path">/);
  });

  it("keeps hostile names text", () => {
    const snapshot = heap(SHOP);
    const types = snapshot.types.map((type) =>
      type.name === "Session" ? { ...type, name: "<script>alert(1)</script>" } : type,
    );
    const text = exportedText({ ...snapshot, types }, "html");
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expectInertHtml(text);
  });

  it("stays small, however large the heap is", () => {
    const many = Array.from({ length: 3000 }, (_, at) => `modules['m${at}'].DATA: list(9000) [ str(100) ]`).join("\n");
    expect(exportedText(heap(many), "html").length).toBeLessThan(2 ** 20);
  });
});
