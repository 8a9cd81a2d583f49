// Page: docs/rules/DW301-escaping-closure-holds-large.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { lookUp } from "../python/scopes.ts";
import type { Project } from "../python/project.ts";
import type { FunctionDef, Lambda } from "../python/tree.ts";
import { variablesNamed } from "./callbacks/handed-over.ts";
import { registrationOf } from "./callbacks/registrations.ts";
import { largeVariable } from "./large-values/large-value.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { repetitionOf } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";
import { fatesOf, fatesOfVariable, type Fate, type StoredPlace } from "./value-fates/fate.ts";
import { keepingOf } from "./value-fates/long-lived-place.ts";

/** An inner function that is stored and names a variable with a lot in it. */
interface LargeClosure {
  readonly site: CodeSite;
  readonly variable: string;
  /** "all rows of a query". */
  readonly large: string;
  readonly place: StoredPlace;
}

export const escapingClosureHoldsLarge: Rule = defineRule<LargeClosure>({
  code: "DW301",
  name: "escaping-closure-holds-large",
  cause: "L8",
  summary:
    "An inner function that outlives its call keeps every variable it names, also when one holds a whole file or table.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    lambda: (node, file, found) => {
      for (const each of largeClosures(node, fatesOf(file, node), file)) found(each);
    },
    function: (node, file, found) => {
      const around = file.scopes.scopeOf(node);
      const variable = around.kind === "function" ? around.variables.get(node.name) : undefined;
      if (variable === undefined || largeNames(node, file).length === 0) return;
      for (const each of largeClosures(node, fatesOfVariable(file, variable), file)) found(each);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function largeClosures(inner: FunctionDef | Lambda, fates: readonly Fate[], file: FileView): readonly LargeClosure[] {
  const [first] = file.isTest ? [] : largeNames(inner, file);
  if (first === undefined) return [];
  const [variable, large] = first;
  return fates.flatMap((fate) => {
    const place = keptAt(fate, file);
    return place === null ? [] : [{ site: siteOf(file, fate.node), variable, large, place }];
  });
}

/** Cells of the closure whose variables hold a lot, and what. */
function largeNames(inner: FunctionDef | Lambda, file: FileView): readonly (readonly [string, string])[] {
  const scope = file.scopes.openedBy(inner).parent;
  if (scope === null) return [];
  return variablesNamed(file, inner).flatMap((name) => {
    const variable = lookUp(scope, name);
    const large = variable === null ? null : largeVariable(file, variable);
    return large === null ? [] : [[name, large] as const];
  });
}

function keptAt(fate: Fate, file: FileView): StoredPlace | null {
  if (fate.how === "stored") return fate.place.holder === "local" || fate.place.holder === "object" ? null : fate.place;
  if (fate.how !== "given" || fate.node.kind !== "call") return null;
  const registration = registrationOf(file, fate.node);
  return registration === null ? null : { holder: "module", name: registration.registry, isElement: true };
}

function draftOf({ site, variable, large, place }: LargeClosure, project: Project): readonly FindingDraft[] {
  const keeping = keepingOf(project, place);
  if (keeping.how === "let-go" || repetitionOf(project, site).how === "once") return [];
  const isGrowing = keeping.how === "growing";
  const confidence: Confidence = isGrowing && keeping.isProcessLong ? "likely" : "possible";
  return [
    {
      at: site.at,
      message: `The inner function that \`${place.name}\` keeps names \`${variable}\`, ${large}: that stays as long as the function does${isGrowing ? ", for every one that is put there" : ""}.`,
      holder: place.name,
      confidence,
      bound: isGrowing ? `one ${variable} for every inner function` : `one ${variable}`,
      related: [],
      fix: {
        text: `Compute what the inner function needs before, and let it name that instead of \`${variable}\`.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}
