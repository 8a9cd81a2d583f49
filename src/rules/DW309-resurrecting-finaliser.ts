// Page: docs/rules/DW309-resurrecting-finaliser.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import type { Project } from "../python/project.ts";
import type { FunctionDef, Name } from "../python/tree.ts";
import { walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";
import { fatesOf, type StoredPlace } from "./value-fates/fate.ts";
import { keepingOf } from "./value-fates/long-lived-place.ts";

/** A `__del__` that stores its object. */
interface Resurrection {
  readonly site: CodeSite;
  readonly className: string;
  readonly place: StoredPlace;
}

export const resurrectingFinaliser: Rule = defineRule<Resurrection>({
  code: "DW309",
  name: "resurrecting-finaliser",
  cause: "L7",
  summary:
    "A finaliser that stores its own object brings it back, with all it holds, after everybody has let go of it.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    function: (node, file, found) => {
      if (node.name !== "__del__" || node.parent?.kind !== "class" || file.isTest) return;
      for (const each of resurrectionsIn(node, node.parent.name, file)) found(each);
    },
  },
  judge: (found, project) => found.map((each) => draftOf(each, project)),
});

function resurrectionsIn(finaliser: FunctionDef, className: string, file: FileView): readonly Resurrection[] {
  const self = finaliser.parameters[0]?.name;
  const uses: Name[] = [];
  walk(finaliser, (node) => {
    if (node.kind === "name" && node.id === self && node.parent?.kind !== "attribute") uses.push(node);
  });
  return uses.flatMap((use) =>
    fatesOf(file, use).flatMap((fate) => {
      if (fate.how !== "stored" || fate.place.holder === "local") return [];
      return [{ site: siteOf(file, fate.node), className: `${file.module}.${className}`, place: fate.place }];
    }),
  );
}

function draftOf({ site, className, place }: Resurrection, project: Project): FindingDraft {
  return {
    at: site.at,
    message: `\`__del__\` of \`${className}\` puts the object into \`${place.name}\`: it comes back with all it holds, and its finaliser does not run a second time.`,
    holder: place.name,
    confidence: confidenceOf(place, project),
    bound: place.isElement ? `every ${className} that was let go of` : `one ${className}`,
    related: [],
    fix: {
      text: "Give objects back to a pool in a method that their user calls, or in a `with`, not in `__del__`.",
      safety: "none",
      edits: [],
    },
  };
}

/** What a module or class holds lives on for certain; another object may be going as well. */
function confidenceOf(place: StoredPlace, project: Project): Confidence {
  // A list that somebody empties is how `subprocess` waits for children whose object is gone.
  if (keepingOf(project, place).how === "let-go") return "possible";
  return place.holder === "module" || place.holder === "class" ? "certain" : "likely";
}
