// The pytest plugin, in real pytest runs: what leaks fails and is named, what fills or warms up does not.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeInterpreter, interpretersByMinor } from "../support/interpreters.ts";
import { type Ended, programWithPackages, PythonFiles, runPython } from "./package-under-test.ts";

const STORE = `
import functools
REGISTRY = {}
class Session:
    def __init__(self, user): self.user = user
class App:
    def __init__(self): self.handlers = []
app = App()
@functools.lru_cache(maxsize=1000)
def bounded(key): return [key]
@functools.lru_cache(maxsize=None)
def unbounded(key): return [key]
`;

const TESTS = `
import itertools, logging, unittest, warnings
import pytest
import store

keys = itertools.count()

@pytest.mark.no_leak
def test_registry_grows():
    key = next(keys)
    store.REGISTRY[key] = store.Session(key)

@pytest.mark.no_leak
def test_unbounded_cache(): store.unbounded(next(keys))

@pytest.mark.no_leak
def test_bounded_cache_fills(): store.bounded(next(keys))

@pytest.mark.no_leak
def test_pytest_keeps_things(tmp_path, caplog, capsys):
    warnings.warn("again")
    logging.warning("again")
    print("again")
    (tmp_path / "file").write_text("again")

class Suite(unittest.TestCase):
    def setUp(self): self.rows = []
    @pytest.mark.no_leak
    def test_handlers_grow(self): store.app.handlers.append([])
    @pytest.mark.no_leak
    def test_own_rows(self): self.rows.append(1)

@pytest.fixture(scope="session")
def service(): return store.App()

@pytest.mark.no_leak(calls=4, warmup=2, rounds=6)
def test_service_grows(service): service.handlers.append(object())

def test_function_is_steady(leakcheck): leakcheck(lambda: [1], calls=4, rounds=4)

def test_function_leaks(leakcheck): leakcheck(store.app.handlers.append, None, calls=4, rounds=5)

def test_unmarked(): store.REGISTRY[next(keys)] = 1

@pytest.mark.no_leak
def test_cannot_repeat():
    assert next(keys) < 0
`;

const FILES = { "store.py": STORE, "test_shop.py": TESTS };
const PYTHONS = interpretersByMinor();

describe.each(PYTHONS.map((python) => ({ name: describeInterpreter(python), python })))(
  "the leak guard on $name",
  ({ python }) => {
    const program = programWithPackages(python);

    it("fails what leaves something behind and names the holder", { timeout: 120_000 }, () => {
      using files = new PythonFiles(FILES);
      const { stdout } = pytest(program, ["test_shop.py"], files);
      expect(failuresOf(stdout)).toEqual([
        "Suite::test_handlers_grow",
        "test_cannot_repeat",
        "test_function_leaks",
        "test_registry_grows",
        "test_service_grows",
        "test_unbounded_cache",
      ]);
      expect(stdout).toMatch(/\+1\.00 per call +\d+ -> [\d,]+ +dict entries +store\.REGISTRY/);
      expect(stdout).toMatch(/\+1\.00 per call +\d+ -> [\d,]+ +objects +store\.Session/);
      expect(stdout).toMatch(/held by store\.REGISTRY\[\d+\]/);
      expect(stdout).toMatch(/lru_cache_wrapper entries +store\.unbounded/);
      expect(stdout).toMatch(/list entries +<fixture service>\.handlers/);
      expect(stdout).toMatch(/\+1\.00 per call +[\d,]+ -> [\d,]+ +list entries +store\.app\.handlers/);
    });
  },
);

describe("the leak guard", () => {
  const program = programWithPackages(PYTHONS[PYTHONS.length - 1]!);
  const LEAK = { ...FILES, "test_shop.py": `${TESTS.split("@pytest.mark.no_leak\ndef test_unb")[0]}` };

  it("guards every test with --deadweight, and writes what it saw into the JUnit file", { timeout: 120_000 }, () => {
    const unmarked = "import store\ndef test_grows(): store.app.handlers.append([])\ndef test_steady(): pass\n";
    using files = new PythonFiles({ "store.py": STORE, "test_plain.py": unmarked });
    expect(pytest(program, ["test_plain.py"], files).code).toBe(0);
    const guarded = pytest(program, ["--deadweight", "--junitxml=report.xml", "test_plain.py"], files);
    expect(failuresOf(guarded.stdout)).toEqual(["test_grows"]);
    expect(guarded.stdout).toContain("1 leak, 1 steady");
    const xml = readFileSync(files.path("report.xml"), "utf8");
    expect(xml).toContain('<property name="deadweight" value="leak" />');
    expect(xml).toContain('<property name="deadweight-holder" value="store.app.handlers" />');
    expect(xml).toMatch(/<property name="deadweight" value="steady after \d+ calls" \/>/);
  });

  it("bears with a known leak until its date has passed", { timeout: 120_000 }, () => {
    using files = new PythonFiles(LEAK);
    const baseline = ["--deadweight-baseline=known.json", "test_shop.py"];
    expect(pytest(program, ["--deadweight-update-baseline", ...baseline], files).code).toBe(0);
    const text = readFileSync(files.path("known.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({
      schema: "deadweight/guard-baseline@1",
      known: [{ test: "test_shop.py::test_registry_grows", holder: "store.REGISTRY" }],
    });
    expect(pytest(program, baseline, files).code).toBe(0);
    using later = new PythonFiles({ ...LEAK, "known.json": text.replace(/"\d{4}-\d\d-\d\d"/, '"2020-01-31"') });
    const ended = pytest(program, baseline, later);
    expect(failuresOf(ended.stdout)).toEqual(["test_registry_grows"]);
    expect(ended.stdout).toContain("bore with it until 2020-01-31");
  });

  it("refuses a baseline that it cannot read", () => {
    using files = new PythonFiles({ ...LEAK, "known.json": "{}" });
    const ended = pytest(program, ["--deadweight-baseline=known.json", "test_shop.py"], files);
    expect(ended.code).toBe(4);
    expect(ended.stderr + ended.stdout).toContain("the baseline known.json cannot be read");
  });

  it("works in the workers of xdist, and the baseline is written once", { timeout: 120_000 }, () => {
    using files = new PythonFiles(LEAK);
    const words = ["-n", "2", "--deadweight-baseline=known.json", "test_shop.py"];
    const ended = pytest(program, words, files);
    expect(failuresOf(ended.stdout)).toEqual(["test_registry_grows"]);
    expect(pytest(program, ["--deadweight-update-baseline", ...words], files).code).toBe(0);
    expect(readFileSync(files.path("known.json"), "utf8")).toContain("store.REGISTRY");
  });
});

function pytest(program: string, words: readonly string[], files: PythonFiles): Ended {
  const plugin = ["-m", "pytest", "-p", "deadweight._pytest_plugin", "-p", "no:cacheprovider", "-rf"];
  const short = ["calls=4", "warmup=4", "rounds=6"].flatMap((each) => ["-o", `deadweight_${each}`]);
  return runPython(program, [...plugin, ...short, ...words], files.folder);
}

/** Tests of the short summary, sorted. */
function failuresOf(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^FAILED \S+?\.py::(\S+)/gm)].map((match) => match[1] ?? "").sort();
}
