// A place in the code that runs when its function runs.

import type { RelatedLocation, SourceRange } from "../../model/finding.ts";
import { circumstancesOf } from "../../python/circumstances.ts";
import type { FileView } from "../../python/file-view.ts";
import { pathOfScope } from "../../python/names-in-file.ts";
import type { FunctionDef, Lambda, Node } from "../../python/tree.ts";

/** Plain data: it goes into evidence. */
export interface CodeSite {
  readonly at: SourceRange;
  /** Absolute name of the function that runs it; null for the module's body. */
  readonly function: string | null;
  /** Bits of SITE. */
  readonly flags: number;
  readonly isTest: boolean;
}

/** The site of a node. O(depth). */
export function siteOf(file: FileView, node: Node): CodeSite {
  const { function: around, flags } = circumstancesOf(file, node);
  return {
    at: file.rangeOf(node),
    function: around === null ? null : functionName(file, around),
    flags,
    isTest: file.isTest,
  };
}

/** Absolute name of a function or lambda. */
export function functionName(file: FileView, node: FunctionDef | Lambda): string {
  return pathOfScope(file, file.scopes.openedBy(node));
}

/** A link of a chain of evidence. */
export function relatedTo(at: SourceRange, message: string): RelatedLocation {
  return { ...at, message };
}
