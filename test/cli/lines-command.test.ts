// `deadweight lines`: what the command line becomes.

import { describe, expect, it } from "vitest";
import { run } from "./fake-world.ts";

describe("lines", () => {
  it("hands the script its words, also those with dashes", async () => {
    const { code, calls, stdout } = await run([
      "lines",
      "-f",
      "load,Cart.*",
      "-f",
      "save",
      "app.py",
      "x",
      "--",
      "--port",
      "80",
    ]);
    expect(code).toBe(0);
    expect(calls).toEqual([
      {
        action: "lines",
        given: [
          {
            script: "app.py",
            words: ["x", "--port", "80"],
            functions: ["load", "Cart.*", "save"],
            modules: [],
            python: null,
          },
        ],
      },
    ]);
    expect(stdout()).toContain("Line Contents");
  });
});
