// What the files of a project define, as the linked project hands it out.

import type { SourceRange } from "../model/finding.ts";
import {
  rangeAt,
  type ClassFact,
  type ContainerFact,
  type FunctionFact,
  type ModuleFacts,
  type Place,
  type SiteAction,
  type SiteFact,
} from "./facts.ts";

export interface FunctionDefinition {
  /** Row in `Project.functions`. */
  readonly id: number;
  readonly module: ModuleFacts;
  /** Row in `module.functions`. */
  readonly index: number;
  readonly fact: FunctionFact;
  /** Absolute. */
  readonly name: string;
}

export interface ClassDefinition {
  readonly module: ModuleFacts;
  readonly fact: ClassFact;
  readonly name: string;
}

export interface ContainerDefinition {
  readonly module: ModuleFacts;
  readonly fact: ContainerFact;
  readonly name: string;
  /** Over the whole project, in order of files. */
  readonly sites: readonly ContainerSite[];
}

export interface ContainerSite {
  readonly module: ModuleFacts;
  readonly fact: SiteFact;
  /** Null for the body of the module. */
  readonly function: FunctionDefinition | null;
}

/** Sites of a container that do one of `actions`. */
export function sitesThat(container: ContainerDefinition, ...actions: readonly SiteAction[]): readonly ContainerSite[] {
  return container.sites.filter((site) => actions.includes(site.fact.action));
}

/** The source range of a fact of `definition`'s file. */
export function rangeOf(definition: {
  readonly module: ModuleFacts;
  readonly fact: { readonly at: Place };
}): SourceRange {
  return rangeAt(definition.module.path, definition.fact.at);
}
