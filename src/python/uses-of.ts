// Where a variable is used.

import type { FileView } from "./file-view.ts";
import { remembered } from "./remembered.ts";
import type { Variable } from "./scope.ts";
import { lookUp } from "./scopes.ts";
import type { Name, ScopeNode } from "./tree.ts";
import { walk } from "./walk.ts";

/** Every name that means `variable`, bindings too, in source order. O(nodes of the variable's scope), once for all its variables. */
export function usesOf(file: FileView, variable: Variable): readonly Name[] {
  return remembered(file, findUses, variable);
}

function findUses({ name, scope }: Variable, file: FileView): readonly Name[] {
  const named = remembered(file, namesWithin, scope.node).get(name) ?? [];
  return named.filter((each) => lookUp(file.scopes.scopeOf(each), name)?.scope === scope);
}

/** Names in a scope and in those inside it. */
function namesWithin(around: ScopeNode): ReadonlyMap<string, readonly Name[]> {
  const found = new Map<string, Name[]>();
  walk(around, (node) => {
    if (node.kind !== "name") return;
    const same = found.get(node.id);
    if (same === undefined) found.set(node.id, [node]);
    else same.push(node);
  });
  return found;
}
