import { describe, expect, test } from "vitest";

import { excerpt, fillOutput } from "../../tools/update-readme.ts";

describe("the output in the README", () => {
  test("is what the demo printed from the question to the end of the answer", () => {
    const output =
      "== A service\n\nnoise\n\n== Is it a leak?\n\n$ deadweight diff\nREGISTRY\n\nDone in 9 s; all gone.\n";
    expect(excerpt(output)).toBe("== Is it a leak?\n\n$ deadweight diff\nREGISTRY");
  });

  test("is not taken from a demo that stopped half way", () => {
    expect(excerpt("== A service\n")).toBeNull();
    expect(excerpt("== Is it a leak?\ndemo: no")).toBeNull();
  });

  test("goes between its markers", () => {
    const readme = "a\n<!-- output: demo -->\nold\n<!-- end of output -->\nb\n";
    expect(fillOutput(readme, "new")).toBe(
      "a\n<!-- output: demo -->\n```console\nnew\n```\n<!-- end of output -->\nb\n",
    );
    expect(fillOutput("no markers", "new")).toBeNull();
  });
});
