// What a file says of clients of cache servers: who makes them, who passes them on, and what is done with them.

import type { SourceRange } from "../../model/finding.ts";
import type { FileView } from "../../python/file-view.ts";
import { absoluteName, classOfObject, namedPlace, pathOfScope } from "../../python/names-in-file.ts";
import type { Call, Expression, Node } from "../../python/tree.ts";
import { enclosingFunction } from "../../python/walk.ts";
import type { Visitors } from "../rule.ts";
import { clientKindOf, mayBeClientName, type ClientKind } from "./client-kinds.ts";
import { keyShape, type KeyShape } from "./key-shape.ts";

/** `place` holds a client; the result of a function is `app.db.get_redis()`. */
interface ClientMaking {
  readonly kind: "client";
  readonly of: ClientKind;
  readonly place: string;
}

/** `place` holds what `source` does. */
interface ClientAlias {
  readonly kind: "alias";
  readonly place: string;
  readonly source: string;
}

export interface ClientUse {
  readonly kind: "use";
  /** Null when only the whole project can tell by `place`. */
  readonly of: ClientKind | null;
  readonly place: string | null;
  readonly method: string;
  readonly key: KeyShape | null;
  /** The key as it is written. */
  readonly keyText: string;
  readonly arguments: number;
  readonly argumentNames: readonly string[];
  /** Absolute name of the function around, the module's outside of functions. */
  readonly function: string;
  readonly module: string;
  /** As it is written: `self.redis`. */
  readonly client: string;
  readonly at: SourceRange;
  /** Offsets of the call, and whether it is awaited: for edits. */
  readonly span: readonly [start: number, end: number];
  readonly isAwaited: boolean;
}

export type ClientEvidence = ClientMaking | ClientAlias | ClientUse;

type Found = (evidence: ClientEvidence) => void;

/** Visitors for rules about cache servers; only calls of `methods` are kept. */
export function clientVisitors(methods: ReadonlySet<string>): Visitors<ClientEvidence> {
  return {
    assign: ({ targets, value }, file, found) => {
      if (value !== null) for (const target of targets) bind(target, value, file, found);
    },
    "with-item": ({ target, context }, file, found) => {
      if (target !== null) bind(target, context, file, found);
    },
    return: (node, file, found) => {
      if (node.value === null) return;
      const made = kindOf(file, node.value);
      const around = made === null && !isPlace(withoutAwait(node.value)) ? null : enclosingFunction(node);
      if (around === null || (made === null && !mayBeClientName(`${around.kind === "function" ? around.name : ""}()`)))
        return;
      record(`${pathOfScope(file, file.scopes.openedBy(around))}()`, made, node.value, file, found);
    },
    call: (node, file, found) => {
      const use = methods.has(methodOf(node)) && !file.isTest ? clientUse(node, file) : null;
      if (use !== null) found(use);
    },
  };
}

function methodOf({ callee }: Call): string {
  return callee.kind === "attribute" ? callee.name : "";
}

function bind(target: Expression, value: Expression, file: FileView, found: Found): void {
  if (target.kind !== "name" && target.kind !== "attribute") return;
  const written = withoutAwait(value);
  // Most assignments are settled by their text.
  if (!isPlace(written)) return;
  const made = kindOf(file, written);
  // Before the whole name is worked out, which takes longer.
  if (made === null && !mayBeClientName(target.kind === "name" ? target.id : target.name) && !isClassOf(target)) return;
  const place = placeOfTarget(target, file);
  if (place !== null) record(place, made, value, file, found);
}

/** The name of `client.__class__` ends with that of its class. */
function isClassOf(target: Expression): boolean {
  return target.kind === "attribute" && target.name === "__class__";
}

/** What may have a name that `placeOf` says. */
function isPlace({ kind }: Expression): boolean {
  return kind === "call" || kind === "name" || kind === "attribute";
}

function placeOfTarget(target: Expression, file: FileView): string | null {
  if (target.kind === "name") {
    const scope = file.scopes.scopeOf(target);
    const owner = scope.globals.has(target.id) ? file.scopes.module : scope;
    return localName(pathOfScope(file, owner), owner.kind, target.id);
  }
  return namedPlace(file, target)?.name ?? null;
}

function localName(path: string, kind: string, id: string): string {
  return kind === "function" ? `${path}.<locals>.${id}` : `${path}.${id}`;
}

function record(place: string, of: ClientKind | null, value: Expression, file: FileView, found: Found): void {
  if (of !== null) found({ kind: "client", of, place });
  else {
    const source = mayBeClientName(place) ? placeOf(file, withoutAwait(value)) : null;
    if (source !== null && source !== place && mayBeClientName(source)) found({ kind: "alias", place, source });
  }
}

/** By what makes it or how it is annotated, as far as the file tells. */
function kindOf(file: FileView, value: Expression): ClientKind | null {
  const written = withoutAwait(value);
  if (written.kind === "call") return clientKindOf(absoluteName(file, written.callee) ?? "");
  if (written.kind === "subscript") return clientKindOf(absoluteName(file, written.object) ?? "");
  if (written.kind !== "name" && written.kind !== "attribute") return null;
  return clientKindOf(classOfObject(file, written) ?? "") ?? clientKindOf(absoluteName(file, written) ?? "");
}

function withoutAwait(value: Expression): Expression {
  return value.kind === "await" ? value.value : value;
}

/** The absolute name of what may hold a client. */
function placeOf(file: FileView, value: Expression): string | null {
  if (value.kind === "call") {
    const callee = absoluteName(file, value.callee);
    return callee === null ? null : `${callee}()`;
  }
  if (value.kind !== "name" && value.kind !== "attribute") return null;
  return namedPlace(file, value)?.name ?? (value.kind === "name" ? placeOfTarget(value, file) : null);
}

function clientUse(node: Call, file: FileView): ClientUse | null {
  if (node.callee.kind !== "attribute") return null;
  const { object, name: method } = node.callee;
  const written = withoutAwait(object);
  const of = lastWordMayBeClient(written) ? kindOf(file, written) : null;
  const place = of === null && lastWordMayBeClient(written) ? placeOf(file, written) : null;
  if (of === null && place === null) return null;
  const key = node.arguments.find(
    ({ name }, at) => name === "name" || name === "key" || (name === null && at === 0),
  )?.value;
  return {
    kind: "use",
    of,
    place,
    method,
    key: key === undefined ? null : keyShape(file, key),
    keyText: key === undefined ? "" : file.text.slice(key.start, key.end).slice(0, 80),
    arguments: node.arguments.length,
    argumentNames: node.arguments.flatMap(({ name, star }) => (star === "" ? (name ?? []) : [star])),
    function: functionAround(node, file),
    module: file.module,
    client: file.text.slice(object.start, object.end).slice(0, 60),
    at: file.rangeOf(node),
    span: [node.start, node.end],
    isAwaited: node.parent?.kind === "await",
  };
}

function functionAround(node: Node, file: FileView): string {
  const around = enclosingFunction(node);
  return around === null ? file.module : pathOfScope(file, file.scopes.openedBy(around));
}

function lastWordMayBeClient(object: Expression): boolean {
  switch (object.kind) {
    case "name":
      return mayBeClientName(object.id);
    case "attribute":
      return mayBeClientName(object.name);
    case "call":
      return (
        lastWordMayBeClient(object.callee) || (object.callee.kind === "attribute" && object.callee.name === "from_url")
      );
    case "subscript":
      return lastWordMayBeClient(object.object);
    default:
      return false;
  }
}
