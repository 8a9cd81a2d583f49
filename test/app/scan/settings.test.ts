import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findSettings } from "../../../src/app/scan/find-settings.ts";
import { parseSettings } from "../../../src/app/scan/parse-settings.ts";
import { isSelected, selectRules } from "../../../src/app/scan/rule-selection.ts";
import { defaultSettings } from "../../../src/model/scan-settings.ts";
import { projectFolder } from "./project-folder.ts";

const parsePyproject = (text: string): unknown => parseSettings(text, "/work/pyproject.toml", "pyproject.toml");

describe("settings", () => {
  it("are read from [tool.deadweight]", () => {
    const text = `[tool.other]\nselect = 3\n[tool.deadweight]
select = ["DW1"]
extend-select = ["DW201"]
ignore = ["DW105"]
exclude = ["vendor"]
extend-exclude = ["gen"]
target-version = "py311"
confidence = "possible"
baseline = "dw.json"
[tool.deadweight.per-file-ignores]
"tests/**" = ["DW1"]
`;
    expect(parsePyproject(text)).toEqual({
      ok: true,
      value: {
        root: "/work",
        select: ["DW1", "DW201"],
        ignore: ["DW105"],
        perFileIgnores: [{ pattern: "tests/**", codes: ["DW1"] }],
        exclude: ["vendor"],
        extendExclude: ["gen"],
        targetVersion: "3.11",
        confidence: "possible",
        baseline: "/work/dw.json",
      },
    });
  });
  it("are the whole file in deadweight.toml", () => {
    expect(parseSettings('ignore = ["DW2"]\n', "/work/deadweight.toml", "deadweight.toml")).toMatchObject({
      ok: true,
      value: { ignore: ["DW2"] },
    });
  });
  it.each([
    ['[tool.deadweight]\n\nselct = ["DW1"]', /^pyproject\.toml:3: there is no setting 'selct'; there are select, /],
    ['[tool.deadweight]\nselect = "DW1"', /^pyproject\.toml:2: 'select' must be a list of codes, each in quotes$/],
    ['[tool.deadweight]\nignore = ["B019"]', /^pyproject\.toml:2: 'ignore' has 'B019', which is neither a code/],
    ['[tool.deadweight]\nconfidence = "sure"', /:2: 'confidence' must be one of possible, likely, certain$/],
    ["[tool.deadweight]\ntarget-version = 3.11", /:2: 'target-version' must be a version such as "3\.11"$/],
    ["[tool.deadweight]\nbaseline = 1", /:2: 'baseline' must be the path of a file$/],
    ['[tool.deadweight.per-file-ignores]\n"a" = "DW1"', /:1: 'per-file-ignores' for 'a' must be a list of codes/],
    ["[tool.deadweight]\nper-file-ignores = 1", /:2: 'per-file-ignores' must be a table/],
    ["[tool.deadweight]\nselect = [", /^pyproject\.toml:2: this is not valid TOML \(/],
  ])("%j is refused in one sentence", (text, sentence) => {
    expect(parsePyproject(text)).toEqual({ ok: false, error: expect.stringMatching(sentence) });
  });
  it("are those of the nearest file that has some", () => {
    using folder = projectFolder({
      "deadweight.toml": 'ignore = ["DW3"]',
      "app/pyproject.toml": "[project]\nname = 'app'",
    });
    mkdirSync(join(folder.path, "app/sub"));
    expect(findSettings(join(folder.path, "app/sub"), null)).toMatchObject({
      ok: true,
      value: { root: folder.path, ignore: ["DW3"] },
    });
  });
  it("of --config must be there", () => {
    using folder = projectFolder({ "pyproject.toml": "" });
    expect(findSettings(folder.path, "pyproject.toml")).toMatchObject({ ok: false, error: /no table/ });
    expect(findSettings(folder.path, "gone.toml")).toMatchObject({ ok: false, error: /cannot be read/ });
  });
});

describe("a rule is on", () => {
  it.each([
    [null, [], true],
    [["DW1"], [], true],
    [["DW2"], [], false],
    [null, ["DW1"], false],
    [["DW101"], ["DW1"], true],
    [["DW1"], ["DW101"], false],
    [["DW101"], ["DW101"], false],
    [["ALL"], ["DW2"], true],
    [[], [], false],
  ])("select %j, ignore %j: %j", (select, ignored, on) => expect(isSelected("DW101", select, ignored)).toBe(on));

  it("but not in files where it is ignored", () => {
    const settings = { ...defaultSettings("/work"), perFileIgnores: [{ pattern: "tests/", codes: ["DW1"] }] };
    const selection = selectRules(settings, "/work/app");
    expect(selection("DW101", "tests/a.py")).toBe(false);
    expect(selection("DW201", "tests/a.py")).toBe(true);
    expect(selection("DW101", "src/a.py")).toBe(true);
    expect(selectRules({ ...settings, root: "/work/app/tests" }, "/work/app")("DW101", "src/a.py")).toBe(true);
  });
});
