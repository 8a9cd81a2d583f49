// From a holder found in a heap to the lines of the source that made it and that fill and empty it.

import type { Holder } from "../model/holder.ts";
import type { SourceRange } from "../model/finding.ts";
import { rangeOf, sitesThat, type ContainerDefinition } from "./definitions.ts";
import { rangeAt } from "./facts.ts";
import type { Project } from "./project.ts";

export interface SourcePlace {
  /** Absolute name of the container, function or class. */
  readonly name: string;
  readonly defined: SourceRange;
  /** Where elements are put in and taken out. Empty for what is no container. */
  readonly writes: readonly SourceRange[];
  readonly removals: readonly SourceRange[];
}

/**
 * The source of a holder; null if the project does not define it. The holder's name may go on into the data
 * (`REGISTRY['k'].rows`): the longest beginning that is defined counts.
 */
export function locate(
  project: Project,
  { module, name, path }: Pick<Holder, "module" | "name" | "path">,
): SourcePlace | null {
  if (module === null || name === null) return null;
  return inFunction(project, module, path) ?? byName(project, module, name);
}

function byName(project: Project, module: string, name: string): SourcePlace | null {
  // `store['a'].items[3]` is about `store`: what follows a subscript is data.
  let path = (/^[^[<{(]*/.exec(name)?.[0] ?? "").replace(/\.$/, "");
  while (path !== "") {
    const found = placeOf(project, `${module}.${path}`);
    if (found !== null) return found;
    path = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  }
  return null;
}

/** `<closure make_handler at app.py:31>.rows` and `<default of handle(seen) at app.py:31>`. */
function inFunction(project: Project, module: string, path: string): SourcePlace | null {
  const closure = /^<closure (\S+) at [^>]*>\.([^.[<{(]+)/.exec(path);
  if (closure !== null) return placeOf(project, `${module}.${closure[1] ?? ""}.<locals>.${closure[2] ?? ""}`);
  const fallback = /^<default of ([^(]+)\(([^)]*)\) at /.exec(path);
  if (fallback === null) return null;
  const ending = `${fallback[1] ?? ""}.<defaults>.${fallback[2] ?? ""}`;
  const file = project.moduleOf(module);
  const fact = file?.containers.find((container) => container.path === ending || container.path.endsWith(`.${ending}`));
  return fact === undefined ? null : placeOf(project, `${module}.${fact.path}`);
}

function placeOf(project: Project, name: string): SourcePlace | null {
  const container = project.containerOf(name);
  if (container !== null) return containerPlace(container);
  const definition = project.functionOf(name) ?? project.classOf(name);
  if (definition === null) return null;
  return {
    name: definition.name,
    defined: rangeAt(definition.module.path, definition.fact.at),
    writes: [],
    removals: [],
  };
}

function containerPlace(container: ContainerDefinition): SourcePlace {
  const ranges = (...actions: Parameters<typeof sitesThat>[1][]) => sitesThat(container, ...actions).map(rangeOf);
  return {
    name: container.name,
    defined: rangeOf(container),
    writes: ranges("grow", "set"),
    removals: ranges("remove", "rebind"),
  };
}
