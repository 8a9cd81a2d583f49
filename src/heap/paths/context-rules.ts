// Names for the values of context variables: the tree that a context keeps them in has no names of its own.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { parentOf } from "../analyse.ts";
import { fieldTarget, roleOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { Snapshot } from "../snapshot.ts";
import type { NamingRule } from "./naming-rules.ts";
import { anchored, silent } from "./trail.ts";

/** The name that a variable was made with, or null when it was not kept. */
function contextVariableName(snapshot: Snapshot, variable: NodeIx): string | null {
  const name = fieldTarget(snapshot, variable, "name");
  return name === null ? null : textOf(snapshot.texts, name);
}

/**
 * `contextvar "request"`: the value in a context, by the variable alone. Contexts come and go, and hang on threads, tasks and timers
 * in turn; the module is that of the variable.
 */
const contextValue: NamingRule = (analysis, trail, { from, place, folded }) => {
  const { snapshot } = analysis;
  if (roleOf(snapshot, from) !== "context-values" || place.kind !== "value") return null;
  const name = printable(contextVariableName(snapshot, place.key) ?? "?");
  // Of variables that are made again and again, the numbers differ.
  const words = `contextvar "${folded ? name.replaceAll(/\d+/g, "*") : name}"`;
  const namespace = parentOf(analysis, place.key);
  const module = namespace === null ? null : (analysis.modules.byNamespace.get(namespace)?.name ?? null);
  return anchored(trail, "", words, words, { kind: "context-variable", module, file: null, line: null });
};

/** The tree and its inner nodes go unsaid. */
const contextTree: NamingRule = ({ snapshot }, trail, { from, to, place }) =>
  place.kind !== "value" && isTreeEdge(snapshot, from, to) ? silent(trail, "plain") : null;

export const contextRules: readonly NamingRule[] = [contextValue, contextTree];

function isTreeEdge(snapshot: Snapshot, from: NodeIx, to: NodeIx): boolean {
  const role = roleOf(snapshot, from);
  return (role === "context" || role === "context-values") && roleOf(snapshot, to) === "context-values";
}
