// Names of a module that are reached as texts: `globals()["CACHE"]`, `setattr(state, "CACHE", {})`. `sys.modules[...]` is a
// name like others (names-in-file.ts).

import { containerMethod } from "./container-methods.ts";
import type { SiteAction } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { absoluteName } from "./names-in-file.ts";
import type { Call, Expression, Subscript } from "./tree.ts";

export interface ReflectiveUse {
  /** Absolute. */
  readonly name: string;
  readonly action: SiteAction;
  readonly how: string;
}

/** What a call does to a name that it is given as a constant; null for other calls. O(1). */
export function reflectiveUse(file: FileView, call: Call): ReflectiveUse | null {
  if (call.callee.kind !== "name") return null;
  switch (absoluteName(file, call.callee)) {
    case "setattr":
    case "delattr":
      return ofAttribute(file, call);
    case "globals":
    case "vars":
      return ofNamespace(file, call);
    default:
      return null;
  }
}

function ofAttribute(file: FileView, { arguments: [owner, word] }: Call): ReflectiveUse | null {
  const place = owner === undefined ? null : absoluteName(file, owner.value);
  const name = textOf(word?.value);
  return place === null || name === null ? null : { name: `${place}.${name}`, action: "rebind", how: "setattr" };
}

function ofNamespace(file: FileView, call: Call): ReflectiveUse | null {
  const { parent } = call;
  if (parent?.kind !== "subscript" || parent.object !== call) return null;
  const owner = call.arguments[0];
  const place = owner === undefined ? file.module : absoluteName(file, owner.value);
  const name = textOf(parent.index);
  return place === null || name === null
    ? null
    : { name: `${place}.${name}`, how: "globals", action: actionOn(parent) };
}

function actionOn(item: Subscript): SiteAction {
  const { parent } = item;
  if (parent?.kind === "delete" || (parent?.kind === "assign" && parent.value !== item)) return "rebind";
  if (parent?.kind === "attribute") return containerMethod(parent.name, false)?.action ?? "read";
  if (parent?.kind === "subscript") return parent.parent?.kind === "delete" ? "remove" : "escape";
  return "escape";
}

function textOf(value: Expression | undefined): string | null {
  return value?.kind === "constant" && value.type === "str" ? value.text : null;
}
