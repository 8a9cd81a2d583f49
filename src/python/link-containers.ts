// Brings every site to the container it is about, over file borders. Sites whose container nobody defines are dropped:
// most of them are attributes that hold something else.

import type { ContainerDefinition, ContainerSite } from "./definitions.ts";
import type { ContainerFact, ModuleFacts, SiteAction, SiteFact } from "./facts.ts";
import type { ProjectNames } from "./link-names.ts";

export interface ProjectContainers {
  readonly containers: readonly ContainerDefinition[];
  readonly containerByName: ReadonlyMap<string, ContainerDefinition>;
}

interface GrowingContainer extends ContainerDefinition {
  readonly sites: ContainerSite[];
}

/** Linear in the number of sites. */
export function linkContainers(files: readonly ModuleFacts[], names: ProjectNames): ProjectContainers {
  const containers: GrowingContainer[] = [];
  const byName = new Map<string, GrowingContainer>();
  const byFile = new Map<ModuleFacts, Map<string, GrowingContainer>>();
  for (const module of files) {
    const own = new Map<string, GrowingContainer>();
    byFile.set(module, own);
    for (const fact of module.containers) {
      const container = { module, fact, name: `${module.module}.${fact.path}`, sites: [] };
      containers.push(container);
      own.set(container.name, container);
      if (names.modules.get(module.module) === module) byName.set(container.name, container);
    }
  }
  const inherited = containersByAttribute(containers, names);
  const namesakes = containersByWord(containers);
  for (const module of files) {
    const own = byFile.get(module);
    const first = names.firstFunction.get(module) ?? 0;
    for (const fact of module.sites) {
      const site = { module, fact, function: names.functions[first + fact.inside] ?? null };
      const place = fact.inside < 0 ? { ...site, function: null } : site;
      for (const container of targetsOf(fact, module, { own, byName, inherited, namesakes }, names)) {
        const action = actionOn(container.fact, fact);
        container.sites.push(action === fact.action ? place : { ...place, fact: { ...fact, action } });
      }
    }
  }
  return { containers, containerByName: byName };
}

/** What a site does depends on the container: lists do not grow by `x[i] = y`, and a queue's `get` takes out. */
function actionOn({ family }: ContainerFact, { action, how }: SiteFact): SiteAction {
  if (how === "get") return family === "queue" ? "remove" : "read";
  const isItem = how === "[]=" || how === "[]+=" || how === "[][]=" || how === "[.][]=";
  return family === "sequence" && isItem && action === "grow" ? "set" : action;
}

interface ContainerTables {
  readonly own: ReadonlyMap<string, GrowingContainer> | undefined;
  readonly byName: ReadonlyMap<string, GrowingContainer>;
  readonly inherited: ReadonlyMap<string, readonly GrowingContainer[]>;
  /** By the attribute alone, with the dot. */
  readonly namesakes: ReadonlyMap<string, readonly GrowingContainer[]>;
}

function targetsOf(
  { on }: SiteFact,
  module: ModuleFacts,
  { own, byName, inherited, namesakes }: ContainerTables,
  names: ProjectNames,
): readonly GrowingContainer[] {
  // Of an unknown object: what is in the same file, or the only one that is called so.
  if (on.startsWith(".")) {
    const found = namesakes.get(on) ?? [];
    return found.length === 1 ? found : found.filter((each) => each.module === module);
  }
  const direct = own?.get(on) ?? byName.get(names.settle(on));
  if (direct !== undefined) return [direct];
  // A base class that uses what only its subclasses define.
  return inherited.get(on) ?? [];
}

function containersByWord(containers: readonly GrowingContainer[]): ReadonlyMap<string, readonly GrowingContainer[]> {
  const found = new Map<string, GrowingContainer[]>();
  for (const container of containers) {
    const { holder } = container.fact;
    if (holder !== "class-attribute" && holder !== "instance-attribute") continue;
    const word = container.name.slice(container.name.lastIndexOf("."));
    const known = found.get(word);
    if (known === undefined) found.set(word, [container]);
    else known.push(container);
  }
  return found;
}

/** Containers of subclasses under the name that a base class would use: `Base.items` for `Child.items`. */
function containersByAttribute(
  containers: readonly GrowingContainer[],
  names: ProjectNames,
): ReadonlyMap<string, readonly GrowingContainer[]> {
  const found = new Map<string, GrowingContainer[]>();
  for (const container of containers) {
    if (container.fact.holder !== "class-attribute" && container.fact.holder !== "instance-attribute") continue;
    const dot = container.name.lastIndexOf(".");
    const attribute = container.name.slice(dot);
    for (const base of names.ancestry(container.name.slice(0, dot)).slice(1)) {
      const known = found.get(base + attribute);
      if (known === undefined) found.set(base + attribute, [container]);
      else known.push(container);
    }
  }
  return found;
}
