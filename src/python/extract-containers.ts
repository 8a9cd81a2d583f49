// Names that are bound to containers, and to objects of known classes.

import type { Circumstances } from "./circumstances.ts";
import { containerValue, type ContainerValue } from "./container-values.ts";
import type { FactDraft } from "./fact-draft.ts";
import { SITE, type ContainerFact, type ContainerHolder } from "./facts.ts";
import { classOfObject, namedPlace, qualnameOf } from "./names-in-file.ts";
import type { Assign, Expression } from "./tree.ts";

export interface BoundNames {
  /** By absolute name; variables of functions too, whether inner functions use them or not. */
  readonly containers: ReadonlyMap<string, ContainerFact>;
  /** Targets whose binding makes the container, not a later one. */
  readonly definitions: ReadonlySet<Expression>;
  readonly instances: Readonly<Record<string, string>>;
}

interface Found {
  readonly containers: Map<string, ContainerFact>;
  readonly definitions: Set<Expression>;
  readonly instances: Record<string, string>;
}

export function extractContainers(draft: FactDraft): BoundNames {
  const found: Found = { containers: new Map(), definitions: new Set(), instances: {} };
  for (const assign of draft.assigns) addAssigned(draft, assign, found);
  addDefaults(draft, found);
  return found;
}

function addAssigned(draft: FactDraft, assign: Assign, found: Found): void {
  if (assign.value === null) return;
  const made = containerValue(draft.file, assign.value);
  for (const target of assign.targets) {
    if (target.kind !== "name" && target.kind !== "attribute") continue;
    if (made !== null) addContainer(draft, target, made, found);
    else if (assign.value.kind === "call" || target.kind === "attribute")
      addInstance(draft, target, assign.value, found);
  }
}

function addContainer(draft: FactDraft, target: Expression, made: ContainerValue, found: Found): void {
  const place = namedPlace(draft.file, target);
  const prefix = `${draft.file.module}.`;
  if (place === null || place.isAlias || !place.name.startsWith(prefix)) return;
  const holder = holderOf(draft, target);
  if (holder === null) return;
  const circumstances = draft.circumstancesOf(target);
  const { function: around } = circumstances;
  const known = found.containers.get(place.name);
  const isInit = around?.kind === "function" && around.name === "__init__";
  if (known !== undefined && !shadows(known, holder, isInit)) return;
  found.definitions.add(target);
  found.containers.set(place.name, {
    path: place.name.slice(prefix.length),
    holder,
    ...made,
    ...(around !== null && isMadeOnce(draft, circumstances, target) ? { isLazy: true } : {}),
    at: draft.placeOf(target),
    inside: draft.indexOf(around),
  });
}

/** `if X is None: X = {}`, `if not hasattr(self, "x"):`, `except AttributeError:`. */
function isMadeOnce({ file }: FactDraft, { tests, flags }: Circumstances, target: Expression): boolean {
  if ((flags & SITE.except) !== 0) return true;
  const word = target.kind === "attribute" ? target.name : target.kind === "name" ? target.id : "";
  const isNamed = new RegExp(`(?<![\\w])${word}(?![\\w])`);
  return tests.some(({ start, end }) => isNamed.test(file.text.slice(start, end)));
}

/** `self.x = {}` in `__init__` counts for more than an earlier binding: each instance has its own then. */
function shadows(known: ContainerFact, holder: ContainerHolder, isInit: boolean): boolean {
  return isInit && holder === "instance-attribute" && known.holder === "class-attribute";
}

function holderOf({ file }: FactDraft, target: Expression): ContainerHolder | null {
  if (target.kind === "attribute")
    return classOfObject(file, target.object) === null ? "class-attribute" : "instance-attribute";
  if (target.kind !== "name") return null;
  const scope = file.scopes.scopeOf(target);
  if (scope.kind === "module" || scope.globals.has(target.id)) return "module-global";
  if (scope.kind !== "class") return "closure-cell";
  return isPerInstance(target) ? "instance-attribute" : "class-attribute";
}

/** `x: list = field(default_factory=list)` makes one per instance. */
function isPerInstance({ parent }: Expression): boolean {
  return (
    parent?.kind === "assign" &&
    parent.value?.kind === "call" &&
    parent.value.arguments.some(({ name }) => name === "default_factory" || name === "factory")
  );
}

function addInstance(draft: FactDraft, target: Expression, value: Expression, found: Found): void {
  const made = classOfObject(draft.file, value);
  const place = made === null ? null : namedPlace(draft.file, target);
  const prefix = `${draft.file.module}.`;
  if (made === null || place === null || place.isAlias || !place.name.startsWith(prefix)) return;
  const path = place.name.slice(prefix.length);
  if (path.includes("<locals>") || Object.hasOwn(found.instances, path)) return;
  found.instances[path] = made;
}

function addDefaults(draft: FactDraft, found: Found): void {
  for (const node of draft.functions) {
    for (const parameter of node.parameters) {
      const made = parameter.defaultValue === null ? null : containerValue(draft.file, parameter.defaultValue);
      if (made === null || made.family === "weak") continue;
      const path = `${qualnameOf(draft.file.scopes.openedBy(node))}.<defaults>.${parameter.name}`;
      found.containers.set(`${draft.file.module}.${path}`, {
        path,
        holder: "function-default",
        ...made,
        at: draft.placeOf(parameter),
        inside: draft.indexOf(draft.circumstancesOf(node).function),
      });
    }
  }
}
