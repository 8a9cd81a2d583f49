// The facts of one file. Nodes are gathered in the walk that rules share; facts are made at its end.

import { extractCalls } from "./extract-calls.ts";
import { extractClasses } from "./extract-classes.ts";
import { extractContainers } from "./extract-containers.ts";
import { extractFunctions } from "./extract-functions.ts";
import { extractImports } from "./extract-imports.ts";
import { extractSites } from "./extract-sites.ts";
import { gather, startDraft } from "./fact-draft.ts";
import type { ModuleFacts } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import type { Node } from "./tree.ts";
import { walk } from "./walk.ts";

export interface FactCollector {
  /** To be called for every node of the file, parents first. */
  readonly enter: (node: Node) => void;
  readonly finish: () => ModuleFacts;
}

export function collectFacts(file: FileView): FactCollector {
  const draft = startDraft(file);
  return {
    enter: (node) => gather(draft, node),
    finish: () => {
      const { path, module, isPackage, isStub, isTest } = file;
      const bound = extractContainers(draft);
      const { containers, sites } = extractSites(draft, bound);
      return {
        path,
        module,
        isPackage,
        isStub,
        isTest,
        ...extractImports(draft),
        instances: bound.instances,
        functions: extractFunctions(draft),
        classes: extractClasses(draft),
        containers,
        sites,
        ...extractCalls(draft),
      };
    },
  };
}

/** The facts of a file, with a walk of its own. O(nodes). */
export function extractFacts(file: FileView): ModuleFacts {
  const collector = collectFacts(file);
  walk(file.tree, collector.enter);
  return collector.finish();
}
