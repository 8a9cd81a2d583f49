// How a report names a file.

import { relative, sep } from "node:path";

/** Relative to `folder` if it lies below, else absolute; with "/" everywhere. Both are absolute. */
export function shownPath(path: string, folder: string): string {
  const below = relative(folder, path);
  const shown = below === "" ? "." : below === ".." || below.startsWith(`..${sep}`) ? path : below;
  return sep === "/" ? shown : shown.split(sep).join("/");
}
