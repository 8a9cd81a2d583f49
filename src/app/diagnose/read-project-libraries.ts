// Which files of libraries a diagnosis needs: those of the packages that hold what grows, and those that fill what belongs to another
// package, as many put sources into `linecache.cache` or handlers into `logging`.

import { readFileSync } from "node:fs";
import type { SourcesConcerned } from "../../diagnose/sources-concerned.ts";
import type { TargetFiles } from "./read-project-files.ts";
import type { ModuleFile } from "./read-project-modules.ts";
import { isInstalled, packageOf } from "./read-project-owners.ts";

/** Files whose text is searched, and the largest of them. */
const MOST_SEARCHED = 5000;
const LARGEST_BYTES = 1024 * 1024;
/** Packages that fill what belongs to another are read whole, as long as they are small together. */
const MOST_FILLING_FILES = 400;

/** The packages concerned first. O(text of the libraries) when there is something to search for. */
export function librariesConcerned(
  libraries: readonly ModuleFile[],
  { modules, files: codeFiles, spellings }: SourcesConcerned,
  files: TargetFiles,
): readonly ModuleFile[] {
  const packages = new Set(modules.map(packageOf));
  const codes = new Set(codeFiles.map(files.absolute));
  for (const { module, file } of libraries) if (codes.has(file)) packages.add(packageOf(module));
  const isConcerned = ({ module }: ModuleFile): boolean => packages.has(packageOf(module));
  const concerned = libraries.filter(isConcerned);
  const others = libraries.filter((each) => !isConcerned(each) && isInstalled(each.file));
  const filling = spellings.length === 0 ? [] : filesThatSay(spellings, others.slice(0, MOST_SEARCHED), files);
  const fillers = new Set(filling.map(({ module }) => packageOf(module)));
  const whole = others.filter(({ module }) => fillers.has(packageOf(module)));
  return [...concerned, ...(whole.length <= MOST_FILLING_FILES ? whole : filling.slice(0, MOST_FILLING_FILES))];
}

/** On an indented line: what a module does once, when it is imported, fills nothing. */
function filesThatSay(
  spellings: readonly string[],
  modules: readonly ModuleFile[],
  files: TargetFiles,
): readonly ModuleFile[] {
  const words = spellings.map((word) => word.replaceAll(/[^\w]/g, "\\$&")).join("|");
  const inside = new RegExp(`^[ \\t]+[^\\n]*\\b(?:${words})`, "m");
  return modules.filter(({ file }) => {
    const stat = files.stat(file);
    if (stat === null || stat.bytes > LARGEST_BYTES) return false;
    try {
      return inside.test(readFileSync(files.readable(file), "latin1"));
    } catch {
      // It was there a moment ago; one file less to look at.
      return false;
    }
  });
}
