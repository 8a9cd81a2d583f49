// The Python client of stable keys in every version that there is: the same golden vectors, an oracle, refusals, packages.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeInterpreter, interpretersByMinor } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { runPython } from "../python-package/package-under-test.ts";
import { readVectors, VECTORS_FILE } from "./key-notation.ts";

const PACKAGES = ["numpy", "pandas", "attrs", "pydantic", "tzdata"];
const interpreters = interpretersByMinor().map((python) => ({ name: describeInterpreter(python), python }));
/** Old and new releases of the packages differ most. */
const outermost = interpreters.filter((_, at) => at === 0 || at === interpreters.length - 1);

/** What a script of this folder prints. Throws with its errors when it fails. */
function outputOf(
  program: string,
  script: string,
  words: readonly string[] = [],
  flags: readonly string[] = [],
): string {
  const { code, stdout, stderr } = runPython(program, [...flags, join(import.meta.dirname, script), ...words], "/");
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

describe.each(interpreters)("keys in $name", ({ python }) => {
  it("are those of the golden vectors", () => {
    const outcome = JSON.parse(outputOf(python.path, "cache_key_vectors.py", ["check", VECTORS_FILE])) as {
      readonly checked: number;
      readonly wrong: readonly unknown[];
    };
    expect(outcome.wrong).toEqual([]);
    const all = readVectors();
    const ofNumpy = all.values.filter(({ value }) => JSON.stringify(value).includes("ndarray")).length;
    expect(outcome.checked).toBeGreaterThanOrEqual(all.values.length + all.calls.length - ofNumpy);
  });

  it("meet exactly where the oracle says so, under any hash seed", () => {
    const { pairs, equal, hash } = JSON.parse(outputOf(python.path, "cache_key_properties.py")) as {
      readonly [name: string]: number | string;
    };
    expect(pairs).toBe(124_750);
    expect(equal).toBeGreaterThan(500);
    expect(hash).toBe("81235218e970c0072fbeb4e348fa1da083cb64d6f06603232628d4ad1cedd2cf");
  });

  it("are refused with the function, the argument, the place, and what to write instead", () => {
    const lines = outputOf(python.path, "cache_key_refusals.py", [], ["-W", "ignore"]).trimEnd().split("\n");
    expect(lines.at(-1)).toBe("classes let go");
    const sentences = lines.slice(0, -1);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^shop\.find: .*argument 'filter' .*, so it has no stable key; .+\.$/);
      // Never what repr would say: it has an address.
      expect(sentence).not.toMatch(/0x[0-9a-f]{6}/);
    }
    const places = sentences
      .map((each) => /^shop\.find: (.*?) ?(?:of )?argument/.exec(each)?.[1])
      .filter((each) => each !== "");
    expect(places).toEqual(["['by'][0].by.right", "value 0[1]", "key 0[0]", "member", "['rows'][1]", "[0]"]);
    expect(sentences.join("\n")).toContain(
      "['rows'][1] of argument 'filter' leads back to the value 2 levels above it",
    );
  });
});

describe.each(outermost)("keys of packages in $name", ({ python }) => {
  it("are by content: views and copies, either byte order, frames, attrs and pydantic", { timeout: 240_000 }, ({
    skip,
  }) => {
    const venv = packageVenv(python, PACKAGES);
    if ("reason" in venv) return skip(venv.reason);
    const outcome = JSON.parse(outputOf(venv.program, "cache_key_packages.py", [], ["-W", "ignore"])) as {
      readonly groups: number;
      readonly stable: readonly string[];
    };
    expect(outcome.groups).toBeGreaterThanOrEqual(50);
    // Releases that are years apart agree on arrays.
    expect(outcome.stable[0]).toBe("ded882114f7d5d6540704d758d5fb475");
    expect(outcome.stable[12]).toBe("fc8cf7a7ebee255d4f717c852d34b95d");
    const vectors = JSON.parse(outputOf(venv.program, "cache_key_vectors.py", ["check", VECTORS_FILE])) as {
      readonly wrong: readonly unknown[];
    };
    expect(vectors.wrong).toEqual([]);
  });
});
