// Names of files that are the same on every machine: fingerprints are made of them.

import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isProjectTop } from "./module-names.ts";

/**
 * The name of a file for fingerprints. What lies below the folder where the scan began is named in reports as it lies there; what
 * lies elsewhere (absolute) is named from the top of its project, else from the argument that led to it.
 */
export type StablePath = (file: string) => string;

/** `named` are the paths on the command line. Looks at each folder once. */
export function stablePaths(folder: string, named: readonly string[]): StablePath {
  const tops = new Map<string, string | null>();
  const topOf = (path: string): string | null => {
    const known = tops.get(path);
    if (known !== undefined) return known;
    const top = isProjectTop(path) ? path : dirname(path) === path ? null : topOf(dirname(path));
    tops.set(path, top);
    return top;
  };
  return (file) => {
    if (!isAbsolute(file)) return file;
    const start = topOf(dirname(file)) ?? argumentAround(file, folder, named);
    return start === null ? basename(file) : relative(start, file).split(sep).join("/");
  };
}

/** The folder that was named and has the file in it; null when the file itself was named. */
function argumentAround(file: string, folder: string, named: readonly string[]): string | null {
  const paths = named.map((each) => resolve(folder, each));
  return paths.find((each) => file.startsWith(each.endsWith(sep) ? each : each + sep)) ?? null;
}
