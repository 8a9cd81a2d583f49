// From the way through the heap to names that a source index can be asked for: `global store`, `.items` becomes
// `app.web.store` and `app.store.Store.items`, since an attribute belongs to the class of the object it hangs on.

import type { Holder, PathStep } from "../model/holder.ts";

/** A place on the path that has a name in the source. */
export interface NamedPlace {
  /** Absolute names that may mean it, the surest first; empty for variables of functions. */
  readonly names: readonly string[];
  /** The last word: how a line of source spells it. */
  readonly word: string;
  /** Row of `steps`. */
  readonly step: number;
  /** Subscripts between it and the next named place or the end. */
  readonly nested: number;
  readonly kind: "attribute" | "closure" | "default" | "local" | "cached" | "context";
}

const VARIABLE = /^(?:.* )?(closure variable|default|local) (\S+)$/;
const KINDS = { "closure variable": "closure", default: "default", local: "local" } as const;

/** Outermost first. `moduleInProject` as in ProcessSource. */
export function placesOnPath(
  steps: readonly PathStep[],
  moduleInProject: (module: string) => string,
): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  // Names of the object that the step before has reached, and the class of it.
  let names: readonly string[] = [];
  let type = "";
  for (const [at, { edge, type: reached }] of steps.entries()) {
    const found = placeAt(edge, at, names, type, moduleInProject);
    if (found === "inside") {
      const last = places.at(-1);
      if (last !== undefined) places[places.length - 1] = { ...last, nested: last.nested + 1 };
      names = [];
    } else if (typeof found === "string") names = [found];
    else {
      places.push(found);
      ({ names } = found);
    }
    type = projectType(reached, moduleInProject);
  }
  return places;
}

/** A place, the name of a module, or a step into a collection. */
function placeAt(
  edge: string,
  step: number,
  names: readonly string[],
  type: string,
  moduleInProject: (module: string) => string,
): NamedPlace | string {
  if (edge.startsWith("module ")) return moduleInProject(edge.slice("module ".length));
  const variable = VARIABLE.exec(edge);
  if (variable !== null) {
    const kind = KINDS[variable[1] as keyof typeof KINDS];
    return { names: [], word: variable[2] ?? "", step, nested: 0, kind };
  }
  const context = /^contextvar "(.*)"$/.exec(edge)?.[1];
  if (context !== undefined) return { names: [], word: context, step, nested: 0, kind: "context" };
  if (edge === "cached results") return { names: [], word: "", step, nested: 0, kind: "cached" };
  const spelled = /^(?:global |\.)([^\W\d]\w*)$/u.exec(edge)?.[1];
  if (spelled === undefined) return "inside";
  const word = edge.startsWith(".") ? unmangled(spelled) : spelled;
  const owners = edge.startsWith(".") && isProgramType(type) ? [type, ...names] : names;
  return { names: owners.map((owner) => `${owner}.${word}`), word, step, nested: 0, kind: "attribute" };
}

/** `_Cache__rows` is what the class `Cache` spells `__rows` (Python reference, 6.2.1). */
function unmangled(name: string): string {
  return /^_[^\W_]\w*?(__\w+)$/u.exec(name)?.[1] ?? name;
}

/** `app.models.User`; the types of builtins have no module in reports. */
function isProgramType(type: string): boolean {
  return type.includes(".") && type !== "type";
}

/** The name of a type as the project has it. */
export function projectType(type: string, moduleInProject: (module: string) => string): string {
  return type.startsWith("__main__.") ? `${moduleInProject("__main__")}${type.slice("__main__".length)}` : type;
}

/** The function named in a holder's path: `handle` in `thread "w" in handle() local rows`. */
export function functionInPath({ path }: Holder): string | null {
  const suspended = /<(?:coroutine|generator|closure) (\S+) at [^<>]*>/.exec(path)?.[1];
  if (suspended !== undefined) return suspended;
  return [...path.matchAll(/ in ([^\s()]+)\(\)/g)].at(-1)?.[1] ?? null;
}
