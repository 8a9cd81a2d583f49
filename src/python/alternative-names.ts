// Names under which imports may mean a file, beside the one it has.

import type { ModuleFacts } from "./facts.ts";

/** Folders that hold roots and are no packages themselves. */
const ROOTS: ReadonlySet<string> = new Set(["src", "lib", "Lib", "python", "site-packages", "dist-packages"]);

/**
 * With more folders before it, as namespace packages have them; without leading folders that are no regular package, as in
 * trees with several roots. `packages` are the names of the regular ones. O(length of the path).
 */
export function alternativeNames(
  { path, module, isPackage }: Pick<ModuleFacts, "path" | "module" | "isPackage">,
  packages: ReadonlySet<string>,
): readonly string[] {
  const names: string[] = [];
  const parts = module.split(".");
  for (let dropped = 1; dropped < parts.length; dropped++) {
    if (packages.has(parts.slice(0, dropped).join("."))) break;
    names.push(parts.slice(dropped).join("."));
  }
  const folders = path.split("/").slice(0, -1);
  let longer = module;
  for (let at = folders.length - 1 - (parts.length - (isPackage ? 0 : 1)); at >= 0; at--) {
    const folder = folders[at] ?? "";
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(folder) || ROOTS.has(folder)) break;
    longer = `${folder}.${longer}`;
    names.push(longer);
  }
  return names;
}
