// Names that do not begin at a module: locals of threads, closure variables, defaults, caches, suspended code. The naming
// rules write them; here they are written for all candidates of the wanted kind and compared.

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { fieldTarget, roleOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { ALL_EXIT_CALLBACKS, GARBAGE_TEXT, NATIVE_TEXT, rootTrail } from "../paths/roots.ts";
import { EMPTY_TRAIL, type Trail } from "../paths/trail.ts";
import { THREAD_REGISTRY } from "../paths/thread-rules.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import { follow, followEdge } from "../paths/trails.ts";
import { isGarbage } from "../analyse.ts";
import type { TypeRole } from "../snapshot.ts";

export interface Anchor {
  readonly text: string;
  readonly node: NodeIx;
}

/** Candidates for the beginning of `text`; empty when it looks like a dotted name. */
export function* codeAnchors(analysis: HeapAnalysis, text: string): Generator<Anchor> {
  if (ROOTS.test(text)) yield* rootAnchors(analysis, analysis.rooted.originOf.keys());
  if (text.startsWith("atexit callbacks[")) yield* exitCallbacks(analysis);
  if (text.startsWith("thread ")) yield* threadObjects(analysis);
  if (text.startsWith("<exception ") || text.startsWith(NATIVE_TEXT))
    yield* rootAnchors(analysis, analysis.rooted.nativeRoots);
  if (text.startsWith("<closure ")) yield* partsOfFunctions(analysis, "__closure__");
  if (text.startsWith("<default ")) {
    yield* partsOfFunctions(analysis, "__defaults__");
    yield* partsOfFunctions(analysis, "__kwdefaults__");
  }
  if (text.startsWith("<generator ")) yield* localsOf(analysis, "generator");
  if (text.startsWith("<coroutine ")) yield* localsOf(analysis, "coroutine");
  if (text.startsWith('contextvar "')) yield* contextValues(analysis);
  if (text.includes("<lru_cache>")) yield* caches(analysis);
  if (text.startsWith(GARBAGE_TEXT)) yield* garbageKnots(analysis);
}

const ROOTS = /^(?:thread |<(?:exception|interpreter|type) )/;

function* rootAnchors(analysis: HeapAnalysis, roots: Iterable<number>): Generator<Anchor> {
  for (const root of roots) {
    const node = root as NodeIx;
    yield { text: rootTrail(analysis, node).text, node };
  }
}

/** Each by its number, and all functions together. */
function* exitCallbacks(analysis: HeapAnalysis): Generator<Anchor> {
  for (const [root, origin] of analysis.rooted.originOf) {
    if (origin.kind !== "exit-callback") continue;
    const node = root as NodeIx;
    yield { text: rootTrail(analysis, node).text, node };
    if (origin.part === "function") yield { text: ALL_EXIT_CALLBACKS, node };
  }
}

/** `thread "worker-1"` is the Thread object, too. */
function* threadObjects(analysis: HeapAnalysis): Generator<Anchor> {
  const threading = analysis.modules.byName.get("threading");
  if (threading === undefined) return;
  for (const { key, value } of mappingEntries(analysis.snapshot, threading.namespace)) {
    if (textOf(analysis.snapshot.texts, key) !== "_active") continue;
    const trail: Trail = { ...EMPTY_TRAIL, text: THREAD_REGISTRY };
    for (const anchor of edgesOf(analysis, trail, threading.namespace, value)) {
      if (anchor.text.startsWith("thread ")) yield anchor;
    }
  }
}

function* partsOfFunctions(analysis: HeapAnalysis, field: string): Generator<Anchor> {
  const { snapshot } = analysis;
  for (const node of nodesOfRole(analysis, "function")) {
    const parts = fieldTarget(snapshot, node, field);
    if (parts === null) continue;
    const trail = follow(analysis, EMPTY_TRAIL, null, node, parts);
    for (let edge = snapshot.refs.edgeStart[parts]!; edge < snapshot.refs.edgeStart[parts + 1]!; edge++) {
      const part = snapshot.refs.edgeTarget[edge]! as NodeIx;
      const text = followEdge(analysis, trail, node, parts, edge as EdgeIx, false).text;
      yield {
        text,
        node: roleOf(snapshot, part) === "cell" ? (fieldTarget(snapshot, part, "cell_contents") ?? part) : part,
      };
    }
  }
}

function* localsOf(analysis: HeapAnalysis, role: TypeRole): Generator<Anchor> {
  for (const node of nodesOfRole(analysis, role)) {
    yield* edgesOf(analysis, EMPTY_TRAIL, null, node);
    // Up to 3.10 they are in a frame object of their own.
    const frame = fieldTarget(analysis.snapshot, node, role === "generator" ? "gi_frame" : "cr_frame");
    if (frame !== null) yield* edgesOf(analysis, follow(analysis, EMPTY_TRAIL, null, node, frame), node, frame);
  }
}

function* edgesOf(analysis: HeapAnalysis, trail: Trail, before: NodeIx | null, from: NodeIx): Generator<Anchor> {
  const { refs } = analysis.snapshot;
  for (let edge = refs.edgeStart[from]!; edge < refs.edgeStart[from + 1]!; edge++) {
    const { text } = followEdge(analysis, trail, before, from, edge as EdgeIx, false);
    yield { text, node: refs.edgeTarget[edge]! as NodeIx };
  }
}

function* contextValues(analysis: HeapAnalysis): Generator<Anchor> {
  for (const node of nodesOfRole(analysis, "context-values")) yield* edgesOf(analysis, EMPTY_TRAIL, null, node);
}

/** The wrapper stands for its cache. */
function* caches(analysis: HeapAnalysis): Generator<Anchor> {
  for (const { node } of analysis.snapshot.lruCaches) {
    const entries = fieldTarget(analysis.snapshot, node, "cache");
    if (entries !== null) yield { text: follow(analysis, EMPTY_TRAIL, null, node, entries).text, node };
  }
}

function* garbageKnots(analysis: HeapAnalysis): Generator<Anchor> {
  for (const { example } of analysis.garbage.groups)
    if (isGarbage(analysis, example)) yield { text: GARBAGE_TEXT, node: example };
}

function* nodesOfRole({ snapshot }: HeapAnalysis, role: TypeRole): Generator<NodeIx> {
  const isWanted = Uint8Array.from(snapshot.types, (type) => (type.role === role ? 1 : 0));
  for (let node = 1; node < snapshot.nodes.count; node++)
    if (isWanted[snapshot.nodes.type[node]!] === 1) yield node as NodeIx;
}
