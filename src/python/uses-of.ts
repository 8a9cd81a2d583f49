// Where a variable is used.

import type { FileView } from "./file-view.ts";
import type { Variable } from "./scope.ts";
import { lookUp } from "./scopes.ts";
import type { Name } from "./tree.ts";
import { walk } from "./walk.ts";

/** Every name that means `variable`, bindings too, in source order. O(nodes of the variable's scope). */
export function usesOf(file: FileView, variable: Variable): readonly Name[] {
  const found: Name[] = [];
  walk(variable.scope.node, (node) => {
    if (node.kind !== "name" || node.id !== variable.name) return;
    if (lookUp(file.scopes.scopeOf(node), node.id) === variable) found.push(node);
  });
  return found;
}
