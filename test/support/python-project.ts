// Small projects written as text: `project({ "app/a.py": "..." })`.

import { readPythonFile } from "../../src/parsers/read-python-file.ts";
import { extractFacts } from "../../src/python/extract-facts.ts";
import type { ModuleFacts } from "../../src/python/facts.ts";
import type { FileView } from "../../src/python/file-view.ts";
import { linkProject, type Project } from "../../src/python/project.ts";

export type Sources = Readonly<Record<string, string>>;

export function fileViews(sources: Sources): readonly FileView[] {
  return Object.entries(sources).map(([path, text]) => {
    const name = moduleName(path);
    const isTest = /(?:^|\/)(?:tests?\/|test_|conftest)/.test(path);
    return readPythonFile({ path, ...name, isTest }, new TextEncoder().encode(text)).view;
  });
}

/** As discovery names files below the top of a project. */
export function moduleName(path: string): { readonly module: string; readonly isPackage: boolean } {
  const module = path
    .replace(/^src\//, "")
    .replace(/(?:\/__init__)?\.pyi?$/, "")
    .replaceAll("/", ".");
  return { module, isPackage: /(?:^|\/)__init__\.pyi?$/.test(path) };
}

export function factsOf(sources: Sources): readonly ModuleFacts[] {
  // Facts cross threads and are cached: what does not survive JSON must not be relied on.
  return fileViews(sources).map((view) => JSON.parse(JSON.stringify(extractFacts(view))) as ModuleFacts);
}

export function project(sources: Sources): Project {
  return linkProject(factsOf(sources));
}
