// Which calls may be calls of a cached function, as far as one file knows. Most are not, and evidence about them would
// only fill the cache of facts.

import type { FileView } from "../../python/file-view.ts";
import { absoluteName } from "../../python/names-in-file.ts";
import type { Binding } from "../../python/scope.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Expression, Name } from "../../python/tree.ts";

/** Packages whose functions are no caches, unless they are what is scanned. */
const NEVER =
  /^(?:abc|argparse|array|ast|asyncio|base64|bisect|codecs|collections|concurrent|contextlib|copy|csv|ctypes|dataclasses|datetime|decimal|django|email|enum|fractions|functools|glob|hashlib|heapq|hmac|html|http|importlib|inspect|io|itertools|json|jax|keras|logging|math|matplotlib|multiprocessing|numbers|numpy|operator|os|pandas|pathlib|pickle|pprint|pytest|queue|random|re|requests|scipy|shutil|signal|six|sklearn|socket|sqlalchemy|sqlite3|ssl|statistics|string|struct|subprocess|sys|tempfile|tensorflow|textwrap|threading|time|tkinter|torch|traceback|types|typing|unittest|urllib|uuid|warnings|weakref|xml|zlib)(?:\.|$)/;

/** The absolute name of a callee that may be cached; null for what cannot be. O(depth of scopes). */
export function cacheableCallee(file: FileView, callee: Expression): string | null {
  if (callee.kind !== "name" && callee.kind !== "attribute") return null;
  if (callee.kind === "name" && !mayBeCachedHere(file, callee)) return null;
  const name = absoluteName(file, callee);
  if (name === null || !name.includes(".") || isClassName(name)) return null;
  return NEVER.test(name) && rootOf(name) !== rootOf(file.module) ? null : name;
}

/** A function with a decorator, or something imported or assigned. */
function mayBeCachedHere(file: FileView, name: Name): boolean {
  const first = lookUp(file.scopes.scopeOf(name), name.id)?.bindings[0];
  return first !== undefined && (first.how === "import" || first.how === "assignment" || isDecorated(first));
}

function isDecorated({ node }: Binding): boolean {
  return node.kind === "function" && node.decorators.length > 0;
}

function isClassName(name: string): boolean {
  return /(?:^|\.)_*[A-Z]\w*[a-z]\w*$/.test(name);
}

function rootOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}
