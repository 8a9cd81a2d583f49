// Which modules are the program's own, which are of the standard library or of an installed package.

import { dirname } from "node:path";
import { type ModuleFile, rootOfModule } from "./read-project-modules.ts";

export interface SortedModules {
  readonly own: readonly ModuleFile[];
  readonly libraries: readonly ModuleFile[];
}

/** Modules that every Python loads, by which the folder of the standard library is known. */
const STANDARD = ["os", "abc", "codecs", "threading", "re", "collections", "functools", "enum", "types"] as const;
const INSTALLED = /\/(?:site-packages|dist-packages)\/|\/lib(?:64)?\/python3(?:\.\d+)?\/|\.egg\//;

/** By where their files lie. */
export function sortModules(modules: readonly ModuleFile[]): SortedModules {
  const standard = new Set<string>();
  for (const each of modules) {
    if (!(STANDARD as readonly string[]).includes(each.module)) continue;
    standard.add(rootOfModule(each) ?? dirname(each.file));
  }
  const isLibrary = ({ file }: ModuleFile): boolean =>
    INSTALLED.test(file) || [...standard].some((folder) => file.startsWith(`${folder}/`));
  return { own: modules.filter((each) => !isLibrary(each)), libraries: modules.filter(isLibrary) };
}

/** Of an installed package, and not of the standard library. */
export function isInstalled(file: string): boolean {
  return /\/(?:site-packages|dist-packages)\/|\.egg\//.test(file);
}

/** What is installed together: `prometheus_client` of `prometheus_client.metrics`. */
export function packageOf(module: string): string {
  return module.split(".")[0] ?? module;
}
