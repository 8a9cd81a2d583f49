// The names that a pattern of `match` binds, in source order. The tree keeps no more of patterns.

import type { ParseNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import { NODE } from "./pyright-node-kinds.ts";

export function namesBoundBy(pattern: ParseNode): string[] {
  const names: string[] = [];
  collect(pattern, names);
  return names;
}

function collect(pattern: ParseNode, names: string[]): void {
  switch (pattern.nodeType) {
    case NODE.PatternCapture:
      if (!pattern.d.isWildcard) names.push(pattern.d.target.d.value);
      return;
    case NODE.PatternAs:
      for (const either of pattern.d.orPatterns) collect(either, names);
      if (pattern.d.target !== undefined) names.push(pattern.d.target.d.value);
      return;
    case NODE.PatternSequence:
    case NODE.PatternMapping:
      for (const entry of pattern.d.entries) collect(entry, names);
      return;
    case NODE.PatternMappingKeyEntry:
      collect(pattern.d.valuePattern, names);
      return;
    case NODE.PatternMappingExpandEntry:
      names.push(pattern.d.target.d.value);
      return;
    case NODE.PatternClass:
      for (const argument of pattern.d.args) collect(argument.d.pattern, names);
      return;
    default:
  }
}
