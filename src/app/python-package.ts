// The Python package that is packed with the tool.

import { fileURLToPath } from "node:url";

/** Path of a file or folder of the package, wherever the tool is installed. */
export function pythonPackagePath(name: string): string {
  return fileURLToPath(new URL(`../../python/src/deadweight/${name}`, import.meta.url));
}
