// Page: docs/rules/DW203-growing-closure-container.md

import type { RelatedLocation } from "../model/finding.ts";
import type { ContainerDefinition, ContainerSite, FunctionDefinition } from "../python/definitions.ts";
import { rangeAt, type CallbackFact, type ModuleFacts } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { keptCall } from "./decorators/kept-calls.ts";
import { growthFinding } from "./growing-containers/growth-finding.ts";
import { growthOf } from "./growing-containers/growth.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const growingClosureContainer: Rule = defineRule<never>({
  code: "DW203",
  name: "growing-closure-container",
  cause: "L8",
  summary: "A container of a function that an inner function fills lives as long as the inner function does.",
  twins: [],
  bestConfidence: "certain",
  judge: (_, project) => {
    const waysOut = waysOutOf(project);
    return project.containers.flatMap((container) =>
      // Lists of calls that decorators keep are DW302.
      container.fact.holder === "closure-cell" && keptCall(container, project) === null
        ? (judged(project, container, waysOut) ?? [])
        : [],
    );
  },
});

function judged(project: Project, container: ContainerDefinition, waysOut: WaysOut): FindingDraft | null {
  const owner = project.functionAt(container.module, container.fact.inside);
  if (owner === null) return null;
  const growth = growthOf(project, container, (site) => waysOut(site).length > 0);
  const [out] = growth === null ? [] : waysOut(growth.writes[0].site);
  const life = growth === null ? "short" : lifeOf(project, owner, growth.writes[0].function);
  if (growth === null || out === undefined || life === "short") return null;
  const words = container.fact.path.split(".<locals>.");
  return growthFinding(project, growth, {
    subject: `\`${words.at(-1) ?? ""}\` of \`${owner.name}\`, which \`${growth.writes[0].function.fact.name}\` keeps,`,
    related: [wayOut(growth.writes[0].site, out)],
    ...(life === "unknown" ? { atMost: "possible" } : {}),
  });
}

/** How the inner function that writes gets out of the function that owns the container. */
type WaysOut = (site: ContainerSite) => readonly CallbackFact[];

/** Linear in the functions that are handed over. */
function waysOutOf(project: Project): WaysOut {
  const byModule = new Map(project.files.map((file) => [file, keptCallbacks(file)]));
  return ({ module, function: inner }) => (inner === null ? [] : (byModule.get(module)?.get(inner.name) ?? []));
}

function keptCallbacks({ callbacks }: ModuleFacts): ReadonlyMap<string, readonly CallbackFact[]> {
  const found = new Map<string, CallbackFact[]>();
  for (const each of callbacks) {
    if (!isKept(each)) continue;
    const same = found.get(each.function);
    if (same === undefined) found.set(each.function, [each]);
    else same.push(each);
  }
  return found;
}

const KEEPERS =
  /(?:^|\.|_)(?:update_wrapper|wraps|connect|subscribe|register|add_\w+|on|listen|bind|attach|observe|set_\w*callback|set_\w*hook|signal)$/i;

/** Returned, or given to somebody who keeps it. What is given to a call that uses it at once is not. */
function isKept({ as, to }: CallbackFact): boolean {
  return as === "return" || (to !== "" && KEEPERS.test(to));
}

function wayOut({ module }: ContainerSite, { as, to, at }: CallbackFact): RelatedLocation {
  const message = as === "return" ? "the inner function is returned here" : `the inner function is given to ${to} here`;
  return { ...rangeAt(module.path, at), message };
}

/**
 * How long the inner function lives. long: made while modules are imported, as by a decorator. short: made anew for every
 * request or task, and gone with it.
 */
function lifeOf(project: Project, owner: FunctionDefinition, inner: FunctionDefinition): "long" | "short" | "unknown" {
  const wrapped = project.callersOf(inner).filter(({ edge }) => edge.how === "wraps");
  // An inner function that is decorated takes the wrapper along when it goes.
  if (wrapped.some(({ caller }) => caller?.fact.outer === undefined)) return "long";
  if (wrapped.length > 0) return "short";
  const calls = project.callersOf(owner).filter(({ module }) => !module.isTest);
  if (calls.some(({ caller }) => project.isImportTimeOnly(caller))) return "long";
  // One that nobody in sight calls may be for others to decorate with, or for nobody.
  return calls.length > 0 && calls.every(({ edge }) => edge.how === "call") ? "short" : "unknown";
}
