import { expect, it } from "vitest";
import { assignedValues } from "../../src/python/origins.ts";
import { lookUp } from "../../src/python/scopes.ts";
import { usesOf } from "../../src/python/uses-of.ts";
import { fileViews } from "../support/python-project.ts";

it("finds the uses and the values of a variable, and not those of others of its name", () => {
  const source = "x = 1\ndef f():\n    global x\n    x = 2\n    return x\ndef g(x):\n    return x\nx += 1\n";
  const [view] = fileViews({ "a.py": source });
  const variable = lookUp(view!.scopes.module, "x");
  expect(usesOf(view!, variable!).map(({ start }) => view!.rangeOf({ start, end: start }).line)).toEqual([1, 4, 5, 8]);
  expect(assignedValues(variable!).map((value) => source.slice(value.start, value.end))).toEqual(["1", "2"]);
});
