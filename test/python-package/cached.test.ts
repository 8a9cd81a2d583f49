// `deadweight.cached`, on every version of CPython found: its Python tests, each module in an interpreter of its own.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeInterpreter, interpretersByMinor } from "../support/interpreters.ts";
import { startPython } from "./package-under-test.ts";

const FOLDER = join(import.meta.dirname, "cached");

// They mostly wait.
describe.concurrent.each(interpretersByMinor().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    it.each(["test_calls", "test_clears", "test_curve"])("%s", async (module) => {
      const { code, stderr } = await startPython(
        python.path,
        ["-W", "error", "-W", "ignore::DeprecationWarning", "-m", "unittest", module],
        FOLDER,
      );
      expect(stderr).toMatch(/^Ran \d\d+ tests/m);
      expect([code, stderr.includes("skipped")], stderr).toEqual([0, false]);
    });
  },
);
