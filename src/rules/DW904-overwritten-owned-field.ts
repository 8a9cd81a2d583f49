// Page: docs/rules/DW904-overwritten-owned-field.md

import type { CFieldStore } from "../csource/c-file-facts.ts";
import type { RelatedLocation } from "../model/finding.ts";
import { defineCRule } from "./c-evidence.ts";
import type { CProject, FindingDraft, Rule } from "./rule.ts";

export const overwrittenOwnedField: Rule = defineCRule({
  code: "DW904",
  name: "overwritten-owned-field",
  cause: "L16",
  summary: "A field that owns its object gets another one, and the reference to the old one is lost.",
  twins: [],
  bestConfidence: "likely",
  judgeC: (project) => judge(project),
});

function judge(project: CProject): FindingDraft[] {
  const owned = ownedFields(project);
  const objects = new Set(
    project.files.flatMap(({ structs }) => structs.flatMap(({ names, isObject }) => (isObject ? names : []))),
  );
  const makers = new Set(project.files.flatMap(({ types }) => types.flatMap(({ slots }) => slots["tp_new"] ?? [])));
  const makersOfState = new Set(
    project.files.flatMap(({ types }) => types.flatMap(({ slots }) => slots["tp_init"] ?? [])),
  );
  return project.files.flatMap(({ fieldStores }) =>
    fieldStores
      .filter(
        (store) => store.isBlind && store.storesOwned && objects.has(store.struct) && !makers.has(store.inFunction),
      )
      .flatMap((store) => {
        const release = owned.get(`${store.struct}.${store.field}`);
        if (release === undefined || MAKES.test(store.inFunction)) return [];
        return [
          draftOf(
            store,
            release,
            !store.isCalledByPython || makersOfState.has(store.inFunction) || INITS.test(store.inFunction),
          ),
        ];
      }),
  );
}

/** They fill an object that is new. */
const MAKES = /new|create|alloc|copy|make|clone|build|construct/i;
const INITS = /init|set_?up|start|open|prepare|exec|connect|load|reset/i;

/** Struct.field, with the function that releases it. */
function ownedFields({ files }: CProject): Map<string, string> {
  const owned = new Map<string, string>();
  for (const { fieldReleases } of files) {
    for (const { struct, field, how, inFunction } of fieldReleases) {
      if (how === "release") owned.set(`${struct}.${field}`, inFunction);
    }
  }
  return owned;
}

function draftOf(store: CFieldStore, release: string, isInit: boolean): FindingDraft {
  const when = isInit ? "if it runs a second time on the same object, as `__init__` may," : "each call after the first";
  const related: RelatedLocation[] = [];
  return {
    at: store.at,
    message: `\`${store.inFunction}\` overwrites \`${store.field}\` of \`${store.struct}\`, which \`${release}\` releases, without releasing what was there: ${when} loses one object.`,
    holder: null,
    confidence: isInit ? "possible" : "likely",
    bound: "one object per call",
    related,
    fix: { text: `Write \`Py_XSETREF(self->${store.field}, value)\`.`, safety: "none", edits: [] },
  };
}
