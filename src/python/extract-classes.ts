// Classes, their bases and the names they bind.

import { decoratorFact } from "./extract-functions.ts";
import type { FactDraft } from "./fact-draft.ts";
import type { ClassFact } from "./facts.ts";
import { absoluteName, qualnameOf } from "./names-in-file.ts";
import type { ClassDef, Expression } from "./tree.ts";

export function extractClasses(draft: FactDraft): readonly ClassFact[] {
  const ofInstances = instanceAttributes(draft);
  return draft.classes.map((node) => {
    const { file } = draft;
    const scope = file.scopes.openedBy(node);
    const path = qualnameOf(scope);
    const metaclass = node.arguments.find(({ name }) => name === "metaclass");
    return {
      name: node.name,
      path,
      inside: draft.indexOf(draft.circumstancesOf(node).function),
      bases: basesOf(draft, node),
      metaclass: metaclass === undefined ? null : absoluteName(file, metaclass.value),
      decorators: node.decorators.map((decorator) => decoratorFact(draft, decorator)),
      attributes: [...scope.variables.values()]
        .filter(({ bindings }) => bindings.some(({ how }) => how !== "function"))
        .map(({ name }) => name),
      instanceAttributes: [...(ofInstances.get(`${file.module}.${path}`) ?? [])],
      at: draft.placeOf({ start: node.nameStart, end: node.nameStart + node.name.length }),
      endLine: draft.placeOf(node)[2],
    };
  });
}

function basesOf({ file }: FactDraft, node: ClassDef): readonly string[] {
  return node.arguments.flatMap(({ name, star, value }) => {
    if (name !== null || star !== "") return [];
    return absoluteName(file, withoutParameters(value)) ?? [];
  });
}

/** `Generic[T]` is `Generic`. */
function withoutParameters(base: Expression): Expression {
  return base.kind === "subscript" ? base.object : base;
}

/** Names bound through `self`, by absolute name of the class. */
function instanceAttributes({ file, assigns }: FactDraft): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { targets } of assigns) {
    for (const target of targets) {
      if (target.kind !== "attribute" || target.object.kind !== "name" || target.object.id !== "self") continue;
      const name = absoluteName(file, target);
      if (name === null) continue;
      const owner = name.slice(0, name.lastIndexOf("."));
      const known = found.get(owner);
      if (known === undefined) found.set(owner, new Set([target.name]));
      else known.add(target.name);
    }
  }
  return found;
}
