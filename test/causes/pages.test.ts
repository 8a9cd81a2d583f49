// Every page of docs/causes is run: a claim that an interpreter does not share fails here. One process per version and
// page, each piece in a module of its own.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { CAUSE_PAGES } from "../../src/app/explain/cause-pages.ts";
import { CAUSE_NAMES } from "../../src/model/cause-names.ts";
import { causePageFiles, snippetsOf } from "../support/cause-pages.ts";
import { describeInterpreter, interpretersByMinor } from "../support/interpreters.ts";

const PAGES = causePageFiles();
const WANTED_HEADINGS = ["What it is", "What is wrongly believed", "Confirm", "Fix", "What the fix costs"];
const VERDICT_HEADINGS = ["What it is", "Fragmentation", "Filling", "Load", "Warm-up", "Native"];
/** Runs each piece of a page in a fresh namespace and names the line of the page that failed. */
const RUNNER = `
import gc, json, sys, traceback, warnings
for snippet in json.load(open(sys.argv[1])):
    warnings.resetwarnings()
    try:
        exec(compile(snippet["code"], "line %d" % snippet["line"], "exec"), {"__name__": "snippet"})
    except BaseException:
        traceback.print_exc()
        print("the piece at line %d does not hold" % snippet["line"])
    gc.enable()
    gc.collect()
`;
const FOLDER = mkdtempSync(join(tmpdir(), "dw-causes-"));
writeFileSync(join(FOLDER, "runner.py"), RUNNER);
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

it("every cause has a page, and every page a cause", () => {
  expect(CAUSE_PAGES.map((each) => each.file)).toEqual(PAGES.map((page) => page.file));
  expect(CAUSE_PAGES.map((each) => each.cause)).toEqual(Object.keys(CAUSE_NAMES));
});

it.each(PAGES.map((page) => [page.file, page] as const))("%s has the usual form", (file, page) => {
  const cause = `L${Number(file.slice(1, 3))}`;
  const headings = Array.from(page.text.matchAll(/^## (.*)$/gm), (match) => match[1]);
  expect(headings).toEqual(cause === "L18" ? VERDICT_HEADINGS : WANTED_HEADINGS);
  expect(page.text.split("\n")[0]).toBe(`# ${cause} ${CAUSE_NAMES[cause as keyof typeof CAUSE_NAMES]}`);
  expect(page.snippets.length, "pieces of Python").toBeGreaterThanOrEqual(4);
});

it("a piece says which versions it holds for", () => {
  const [snippet] = snippetsOf("```python\n# Python >= 3.9, < 3.12\n```");
  expect([8, 9, 11, 12].map((minor) => snippet?.holdsFor(minor))).toEqual([false, true, true, false]);
});

describe.concurrent.each(interpretersByMinor().map((python) => [describeInterpreter(python), python] as const))(
  "Python %s",
  (_, python) => {
    it.each(PAGES.map((page) => [page.file, page] as const))("shares the claims of %s", async (file, { snippets }) => {
      const kept = snippets.filter((each) => each.holdsFor(python.minor));
      const path = join(FOLDER, `${file}-${python.version}-${python.shared}.json`);
      writeFileSync(path, JSON.stringify(kept));
      const { stdout, stderr } = await promisify(execFile)(python.path, ["-I", join(FOLDER, "runner.py"), path]);
      expect(kept.length).toBeGreaterThan(0);
      expect(stdout + stderr).toBe("");
    });
  },
);
