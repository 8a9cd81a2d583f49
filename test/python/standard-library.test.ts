// The index of a whole real library: every fact leads somewhere, and known facts of CPython are found.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readPythonFile } from "../../src/parsers/read-python-file.ts";
import { sitesThat } from "../../src/python/definitions.ts";
import { extractFacts } from "../../src/python/extract-facts.ts";
import type { ModuleFacts } from "../../src/python/facts.ts";
import { domainOf } from "../../src/python/key-domain.ts";
import { linkProject, type Project } from "../../src/python/project.ts";
import { moduleName } from "../support/python-project.ts";
import { standardLibrary, standardLibrarySources } from "../support/standard-library.ts";

let library: Project;
let factBytes = 0;
let sourceBytes = 0;

beforeAll(() => {
  const root = standardLibrary();
  const paths = standardLibrarySources().filter((path) => !/\/(?:tests?|idle_test)\//.test(path));
  library = linkProject(paths.map((path) => readFacts(root, path)));
}, 120_000);

function readFacts(root: string, path: string): ModuleFacts {
  const bytes = readFileSync(path);
  const name = relative(root, path);
  const { view } = readPythonFile({ path: name, ...moduleName(name), isTest: false }, bytes);
  const text = JSON.stringify(extractFacts(view));
  factBytes += text.length;
  sourceBytes += bytes.length;
  return JSON.parse(text) as ModuleFacts;
}

describe("the index of the standard library", () => {
  it("has facts smaller than the sources", () => {
    expect(library.files.length).toBeGreaterThan(400);
    expect(factBytes).toBeLessThan(sourceBytes);
  });

  it("names every definition so that its name leads back to it", () => {
    const lost = library.functions.filter(({ name, fact }) => {
      const found = library.functionOf(name);
      // Of several definitions of one name the last one counts; lambdas are named by their place.
      return found === null || (fact.name !== "<lambda>" && found.fact.path !== fact.path);
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
    expect(library.containers.filter(({ name }) => library.containerOf(name) === null)).toEqual([]);
  });

  it("gives every site a function and a container of its file or another", () => {
    const sites = library.containers.flatMap((container) => container.sites);
    expect(sites.length).toBeGreaterThan(1000);
    for (const { module, fact, function: around } of sites) {
      expect(fact.inside < 0 ? null : module.functions[fact.inside]).toBe(around?.fact ?? null);
      expect(fact.at[2]).toBeGreaterThanOrEqual(fact.at[0]);
    }
  });

  it("gives every function a context, with a chain unless nobody is known to call it", () => {
    for (const definition of library.functions) {
      for (const { kind, chain } of library.contextsOf(definition))
        expect(chain.length > 0).toBe(kind !== "unknown" && kind !== "import");
    }
  });

  it("finds the containers of modules that only grow, and few of them", () => {
    const growing = library.containers.filter(
      (container) =>
        container.fact.holder === "module-global" &&
        container.fact.family !== "weak" &&
        sitesThat(container, "grow").some((site) => !library.isImportTimeOnly(site.function)) &&
        sitesThat(container, "remove", "rebind").length === 0,
    );
    const names = growing.map(({ name }) => name);
    expect(names.length).toBeLessThan(100);
    // An unbounded cache, confirmed upstream: python/cpython#146054.
    expect(names).toContain("encodings._cache");
    expect(names).not.toContain("re._cache");
  });

  it("sees that encodings._cache is filled with what callers name", () => {
    const container = library.containerOf("encodings._cache");
    const [write] = container === null ? [] : sitesThat(container, "grow");
    expect(write?.fact.value ?? write?.fact.key).toBeDefined();
    expect(domainOf(library, write?.function ?? null, write?.fact.key).domain).toBe("open");
  });

  it("follows imports, bases and re-exports through the library", () => {
    expect(library.resolve("os.path.join")).toMatch(/^(?:posix|nt)path\.join$|^os\.path\.join$/);
    expect(library.functionOf("asyncio.create_task")?.name).toBe("asyncio.tasks.create_task");
    expect(library.isSubclass("queue.LifoQueue", "queue.Queue")).toBe(true);
    expect(library.ancestry("socketserver.ThreadingTCPServer")).toContain("socketserver.BaseServer");
  });
});
