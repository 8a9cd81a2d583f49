// C code that a process has loaded for Python: the extension modules, and the libraries that came with a package.

import type { ProcFs } from "./proc-fs.ts";
import { readMappings } from "./proc-maps.ts";

export interface LoadedExtension {
  /** As a person would name it: `lxml.etree`, `numpy (libopenblas)`. */
  readonly name: string;
  readonly file: string;
  readonly mappedBytes: number;
}

/** Files whose name says that Python loads them, and whatever lies in site-packages; the standard library's are left out. */
export function loadedExtensions(proc: ProcFs, pid: number): readonly LoadedExtension[] {
  const mappings = readMappings(proc, pid);
  if (!mappings.ok) return [];
  const sizes = new Map<string, number>();
  for (const { path, start, end } of mappings.value) {
    if (isExtension(path)) sizes.set(path, (sizes.get(path) ?? 0) + end - start);
  }
  return [...sizes]
    .map(([file, mappedBytes]) => ({ name: nameOf(file), file, mappedBytes }))
    .toSorted((a, b) => b.mappedBytes - a.mappedBytes || (a.file < b.file ? -1 : 1));
}

const INSTALLED = /\/(?:site|dist)-packages\//;

function isExtension(path: string): boolean {
  if (!/\.so(?:\.[\d.]+)?$/.test(path) || path.includes("/lib-dynload/")) return false;
  return INSTALLED.test(path) || /\.(?:cpython-3\d+[^/]*|abi3)\.so$/.test(path);
}

function nameOf(file: string): string {
  const parts = (file.split(INSTALLED).at(-1) ?? file).split("/");
  const last = (parts.pop() ?? "").replace(/\.(?:cpython-[^/]*|abi3\.)?so(?:\.[\d.]+)?$/, "").replace(/\.$/, "");
  const folder = parts[0]?.replace(/\.libs$/, "");
  if (folder === undefined || file.split(INSTALLED).length === 1) return last;
  return last.startsWith("lib") ? `${folder} (${last})` : [...parts, last].join(".");
}
