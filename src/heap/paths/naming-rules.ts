// How each kind of reference is written. The first rule that has an answer wins; the order of the table is part of the
// meaning: special places first, then attributes, then positions.

import { printable } from "../../base/format-printable.ts";
import { qualifiedName, roleOf, typeRowOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { attributeRules } from "./attribute-rules.ts";
import { contextRules } from "./context-rules.ts";
import { functionRules } from "./function-rules.ts";
import { threadRules } from "./thread-rules.ts";
import { silent, step, type Hop, type Trail } from "./trail.ts";
import { keyWords, quoted } from "./words.ts";
import { textOf } from "../analysis/texts.ts";

/** Answers for the edges it knows, null for all others. */
export type NamingRule = (analysis: HeapAnalysis, trail: Trail, hop: Hop) => Trail | null;

/** `sys.modules['app']`. */
const moduleByName: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "modules" || hop.place.kind !== "value") return null;
  const name = textOf(snapshot.texts, hop.place.key);
  const words = name === null ? keyWords(snapshot, hop.place.key) : quoted(name);
  const text = `${trail.text}[${words}]`;
  // `pack.REGISTRY`: the dot belongs to the prefix, not to the holder's name.
  return step(trail, `[${words}]`, `module ${name === null ? words : printable(name)}`, {
    module: name,
    anchor: text.length + 1,
  });
};

/** `__dict__` of modules, classes and instances goes unsaid. */
const namespace: NamingRule = ({ snapshot }, trail, hop) => {
  if (hop.place.kind !== "field" || hop.place.name !== "__dict__") return null;
  const role = roleOf(snapshot, hop.from);
  if (role === "module") return silent(trail, "module-namespace");
  return silent(trail, role === "type" ? "class-namespace" : "namespace");
};

/** `{member}` of a set. */
const setMember: NamingRule = (_analysis, trail, hop) =>
  hop.place.kind === "member" ? step(trail, "{member}", "{member}", { named: false }) : null;

/** `[3]`. */
const element: NamingRule = (_analysis, trail, hop) => {
  if (hop.place.kind !== "element") return null;
  const segment = hop.folded ? "[*]" : `[${hop.place.index}]`;
  return step(trail, segment, segment);
};

/** `['k17']`, `[17]`, `[<tuple>]`. */
const mappingValue: NamingRule = ({ snapshot }, trail, hop) => {
  if (hop.place.kind !== "value") return null;
  const words = keyWords(snapshot, hop.place.key);
  const segment = hop.folded ? "[*]" : `[${words}]`;
  return step(trail, segment, segment, { named: trail.named && !words.startsWith("<") });
};

/** `{key}`: the object is itself a key. */
const mappingKey: NamingRule = (_analysis, trail, hop) =>
  hop.place.kind === "key" ? step(trail, "{key}", "{key}", { named: false }) : null;

/** A place inside a C object that has no name. */
const unnamed: NamingRule = ({ snapshot }, trail, hop) => {
  const words = `<inside ${printable(qualifiedName(typeRowOf(snapshot, hop.from)))}>`;
  return step(trail, `.${words}`, words, { named: false });
};

export const NAMING_RULES: readonly NamingRule[] = [
  moduleByName,
  ...functionRules,
  ...threadRules,
  ...contextRules,
  namespace,
  ...attributeRules,
  setMember,
  element,
  mappingValue,
  mappingKey,
  unnamed,
];
