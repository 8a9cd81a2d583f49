// Names for attributes, wherever the interpreter keeps them: in a `__dict__`, beside the object, in a slot or a C field.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { hasBase, roleOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { futureField } from "./future-fields.ts";
import type { NamingRule } from "./naming-rules.ts";
import { attributeKind, step, type Hop, type Trail } from "./trail.ts";
import { attributeSegment, isIdentifier, keyWords } from "./words.ts";

/** An attribute of `owner`. */
interface Attribute {
  readonly owner: NodeIx;
  readonly name: string;
}

/** `sys.modules['app'].CACHE`. */
const moduleGlobal: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "module-namespace") return null;
  const name = entryName(snapshot, hop);
  if (name === null) return null;
  return step(trail, attributeSegment(name), `global ${printable(name)}`, { kind: "module-global" });
};

/** `.registry` of a class. */
const classAttribute: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "class-namespace") return null;
  const name = entryName(snapshot, hop);
  return name === null
    ? null
    : step(trail, attributeSegment(name), attributeSegment(name), { kind: "class-attribute" });
};

/** `.<queue>`: the items behind queue.Queue, asyncio.Queue and queue.SimpleQueue. */
const queueItems: NamingRule = (analysis, trail, hop) => {
  const attribute = attributeOf(analysis, trail, hop);
  if (attribute !== null && !["queue", "_queue"].includes(attribute.name)) return null;
  const owner = attribute?.owner ?? hop.from;
  // Up to 3.12 a SimpleQueue keeps its items in a list, in a field without a name.
  const isItems = attribute !== null || (hop.place.kind === "unnamed" && roleOf(analysis.snapshot, hop.to) === "list");
  if (!isQueue(analysis, owner) || (!isItems && hop.place.kind !== "element")) return null;
  if (isItems) return step(trail, ".<queue>", "queued items", { kind: "queue" });
  const index = hop.place.kind === "element" && !hop.folded ? hop.place.index : "*";
  return step(trail, `.<queue>[${index}]`, `queued item ${index}`, { kind: "queue" });
};

/** `.handlers` of a logger, `.loggerDict` of the manager, `.buffer` of a memory handler. */
const loggerAttribute: NamingRule = (analysis, trail, hop) => {
  const attribute = attributeOf(analysis, trail, hop);
  if (attribute === null || !LOGGER_ATTRIBUTES.has(attribute.name)) return null;
  if (!isLoggingObject(analysis, attribute.owner)) return null;
  return step(trail, `.${attribute.name}`, `.${attribute.name}`, { kind: "logger" });
};

/** What an exception keeps: its traceback, its cause, its arguments. */
const exceptionAttribute: NamingRule = (analysis, trail, hop) => {
  if (roleOf(analysis.snapshot, hop.from) !== "exception") return null;
  const attribute = attributeOf(analysis, trail, hop);
  if (attribute === null) return null;
  return step(trail, attributeSegment(attribute.name), attributeSegment(attribute.name), { kind: "exception" });
};

/** `._exception` of a finished task. */
const fieldOfFuture: NamingRule = ({ snapshot }, trail, hop) => {
  const name = hop.place.kind === "unnamed" ? futureField(snapshot, hop.from, hop.to) : null;
  return name === null ? null : step(trail, `.${name}`, `.${name}`, { kind: attributeKind(trail) });
};

/** `.name`. */
const plainAttribute: NamingRule = (analysis, trail, hop) => {
  const attribute = attributeOf(analysis, trail, hop);
  if (attribute === null) return null;
  const segment = attributeSegment(attribute.name);
  return step(trail, segment, segment, { kind: attributeKind(trail) });
};

export const attributeRules: readonly NamingRule[] = [
  moduleGlobal,
  classAttribute,
  queueItems,
  loggerAttribute,
  exceptionAttribute,
  fieldOfFuture,
  plainAttribute,
];

/** The attribute behind an edge: a named field, or an entry of a `__dict__` with its owner one step back. */
export function attributeOf({ snapshot }: HeapAnalysis, trail: Trail, hop: Hop): Attribute | null {
  const inNamespace = trail.place === "namespace";
  if (hop.place.kind === "field")
    return { owner: inNamespace ? (hop.before ?? hop.from) : hop.from, name: hop.place.name };
  if (!inNamespace) return null;
  const name = entryName(snapshot, hop);
  return name === null ? null : { owner: hop.before ?? hop.from, name };
}

/** Key of an entry in a `__dict__`; shared keys are labelled as attributes. */
function entryName(snapshot: HeapAnalysis["snapshot"], hop: Hop): string | null {
  if (hop.place.kind === "field") return hop.place.name;
  if (hop.place.kind !== "value") return null;
  const text = textOf(snapshot.texts, hop.place.key);
  return text !== null && isIdentifier(text) ? text : `<${keyWords(snapshot, hop.place.key).replaceAll(/[<>]/g, "")}>`;
}

const LOGGER_ATTRIBUTES = new Set(["handlers", "loggerDict", "filters", "buffer", "_cache", "manager", "records"]);

function isLoggingObject({ snapshot }: HeapAnalysis, node: NodeIx): boolean {
  return hasBase(snapshot, node, (name) => name.startsWith("logging."));
}

function isQueue({ snapshot }: HeapAnalysis, node: NodeIx): boolean {
  return hasBase(snapshot, node, (name) => /(?:^|\.)(?:[A-Z][a-z]*)?Queue$/.test(name));
}
