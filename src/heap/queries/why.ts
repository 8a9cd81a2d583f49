// `why`: what keeps an object alive. For one object every path that differs; for a type the places where all of its
// instances are kept, and the largest of them as examples.

import type { NodeIx, TypeIx } from "../../base/brand.ts";
import { formatCount } from "../../base/format-count.ts";
import { printable } from "../../base/format-printable.ts";
import { ok, type Result } from "../../base/result.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import { reverse } from "../../graph/reverse.ts";
import { PathCosts, shortestPathsTo } from "../../graph/shortest-paths.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import type { PathGroup, RetainingPath, WhyReport, WhySubject } from "../../model/heap-reports.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { bestEdge, qualifiedName, roleOf, shallowBytesOf, typeNameOf, typeRowOf } from "../analysis/edges.ts";
import { excessOf } from "../analysis/roots.ts";
import { canonicalTypes } from "../analysis/type-totals.ts";
import { isGarbage, parentOf, type HeapAnalysis } from "../analyse.ts";
import { describeHolder } from "../holders/holder-of.ts";
import { ownedBy } from "../holders/owned-by.ts";
import { isStructure } from "../holders/accumulation.ts";
import { settleOwners, sharedBytesOf, type OwnedHeap } from "../holders/ownership.ts";
import { pathAlong, shorten, sizeOfContainer } from "../paths/path-of.ts";
import { INTERPRETER_TEXT, NATIVE_TEXT } from "../paths/roots.ts";
import { PatternIndex } from "../paths/patterns.ts";
import { chainTo, followEdge, trailOf, trailsAlong, type Waypoint } from "../paths/trails.ts";
import { select, type Selection, type Selector, type SelectorError } from "./selector.ts";

export interface WhyOptions {
  /** Paths per object; default 3. */
  readonly paths?: number;
  /** Objects shown; default 3 for types, 10 otherwise. */
  readonly subjects?: number;
}

const DEFAULT_PATHS = 3;
const MOST_HOLDS = 10;
const MOST_GROUPS = 20;
const MOST_NAMES = 5;
/** Beyond this many instances every n-th is looked at. */
const MOST_INSTANCES = 200_000;

export function whyOf(
  analysis: HeapAnalysis,
  selector: Selector,
  options: WhyOptions = {},
): Result<WhyReport, SelectorError> {
  const heap = settleOwners(analysis);
  const selection = select(heap, selector);
  if (!selection.ok) return selection;
  const { value } = selection;
  const instances = value.kind === "types" ? instancesOf(analysis, value.types) : Uint32Array.from(value.nodes);
  const shown = options.subjects ?? (value.kind === "types" ? 3 : 10);
  const sample = sampled(instances);
  const subjects = selector.kind === "largest" ? [...instances] : largest(heap, instances, shown);
  return ok({
    schema: "deadweight/why@1",
    selector: selectorText(selector),
    matched: instances.length,
    groups: instances.length > 1 ? groupsOf(heap, sample, instances.length) : [],
    subjects: describeSubjects(heap, subjects as NodeIx[], options.paths ?? DEFAULT_PATHS),
    warnings: [
      ...analysis.snapshot.meta.warnings,
      ...sameNameWarning(analysis, value),
      ...togetherWarning(selector, instances.length),
      ...sampleWarning(sample, instances),
    ],
  });
}

/** A module that was loaded again and a class made in a loop give several classes of one name. */
function sameNameWarning({ snapshot }: HeapAnalysis, selection: Selection): string[] {
  if (selection.kind === "nodes" || selection.types.length < 2) return [];
  const names = [...new Set(selection.types.map((type) => printable(qualifiedName(snapshot.types[type]!))))];
  const called = names.length === 1 ? `are called ${names[0]}` : `bear this name (${listed(names)})`;
  return [`${formatCount(selection.types.length)} different classes ${called}; their objects are counted together.`];
}

function listed(names: readonly string[]): string {
  return names.length <= MOST_NAMES ? names.join(", ") : `${names.slice(0, MOST_NAMES).join(", ")}, …`;
}

/** A name that no single object has. */
function togetherWarning(selector: Selector, count: number): string[] {
  if (selector.kind !== "name" || count < 2) return [];
  if (selector.text !== INTERPRETER_TEXT && !selector.text.startsWith(NATIVE_TEXT.slice(0, -1))) return [];
  return [
    `${printable(selector.text)} stands for ${formatCount(count)} objects that have no other name: the row of \`deadweight top\` adds up what each of them holds, and the objects here are the largest of them.`,
  ];
}

function selectorText(selector: Selector): string {
  switch (selector.kind) {
    case "address":
      return formatAddress(selector.address);
    case "largest":
      return `--largest ${selector.count}`;
    case "name":
      return selector.text;
  }
}

function instancesOf({ snapshot }: HeapAnalysis, types: readonly TypeIx[]): Uint32Array {
  const wanted = new Uint8Array(snapshot.types.length);
  for (const type of types) wanted[type] = 1;
  const typeOf = canonicalTypes(snapshot);
  let count = 0;
  for (let node = 1; node < typeOf.length; node++) count += wanted[typeOf[node]!]!;
  const found = new Uint32Array(count);
  for (let node = 1, at = 0; node < typeOf.length; node++) if (wanted[typeOf[node]!] === 1) found[at++] = node;
  return found;
}

function largest(heap: OwnedHeap, nodes: Uint32Array, count: number): number[] {
  const values = Float64Array.from(
    nodes,
    (node) => heap.heldBytes[node] || shallowBytesOf(heap.snapshot, node as NodeIx),
  );
  return [...topByValue(values, count)].map((at) => nodes[at]!);
}

// Groups of paths.

function sampled(nodes: Uint32Array): Uint32Array {
  if (nodes.length <= MOST_INSTANCES) return nodes;
  const stride = nodes.length / MOST_INSTANCES;
  return Uint32Array.from({ length: MOST_INSTANCES }, (_, at) => nodes[Math.floor(at * stride)]!);
}

function sampleWarning(sample: Uint32Array, all: Uint32Array): string[] {
  if (sample.length === all.length) return [];
  return [
    `The places are an estimate from ${formatCount(sample.length)} of ${formatCount(all.length)} objects, evenly spread over memory.`,
  ];
}

function groupsOf(analysis: OwnedHeap, nodes: Uint32Array, total: number): PathGroup[] {
  analysis.late.patterns ??= new PatternIndex(analysis);
  const index = analysis.late.patterns;
  const groups = new Map<number, { count: number; shallowBytes: number; first: NodeIx }>();
  for (const node of nodes) {
    const pattern = index.patternOf(node as NodeIx);
    const group = groups.get(pattern) ?? { count: 0, shallowBytes: 0, first: node as NodeIx };
    group.count++;
    group.shallowBytes += shallowBytesOf(analysis.snapshot, node as NodeIx);
    groups.set(pattern, group);
  }
  const scale = total / nodes.length;
  return [...groups]
    .map(([pattern, group]) => ({ text: index.trails[pattern]!.text, ...group }))
    .sort((a, b) => b.count - a.count || a.text.localeCompare(b.text))
    .slice(0, MOST_GROUPS)
    .map(({ text, count, shallowBytes, first }) => ({
      pattern: shorten(text),
      holder: isGarbage(analysis, first) ? null : holderOnPath(analysis, chainTo(analysis, first)),
      count: Math.round(count * scale),
      shallowBytes: Math.round(shallowBytes * scale),
    }));
}

// Single objects.

function describeSubjects(analysis: OwnedHeap, nodes: readonly NodeIx[], k: number): WhySubject[] {
  const referrers = nodes.some((node) => !isGarbage(analysis, node)) ? tellingReferrers(analysis) : null;
  return nodes.map((node) => describeSubject(analysis, node, referrers, k));
}

/**
 * Referrers of everything but modules, their namespaces and classes: whoever imports a module or has a function or an
 * instance of it also "holds" its globals, and such paths say nothing new. The best path still runs through them.
 */
function tellingReferrers(heap: OwnedHeap): RefGraph {
  heap.late.tellingReferrers ??= findTellingReferrers(heap);
  return heap.late.tellingReferrers;
}

function findTellingReferrers({ snapshot, modules }: HeapAnalysis): RefGraph {
  const isProgram = Uint8Array.from(snapshot.types, ({ role }) => (role === "module" || role === "type" ? 1 : 0));
  const isWanted = new Uint8Array(snapshot.nodes.count);
  for (let node = 1; node < isWanted.length; node++) isWanted[node] = 1 - isProgram[snapshot.nodes.type[node]!]!;
  for (const namespace of modules.byNamespace.keys()) isWanted[namespace] = 0;
  return reverse(snapshot.refs, isWanted);
}

function describeSubject(analysis: OwnedHeap, node: NodeIx, referrers: RefGraph | null, k: number): WhySubject {
  const { snapshot } = analysis;
  const garbage = isGarbage(analysis, node);
  const shallowBytes = shallowBytesOf(snapshot, node);
  return {
    type: printable(typeNameOf(snapshot, node)),
    address: formatAddress(addressOf(snapshot.nodes, node)),
    shallowBytes,
    retainedBytes: garbage ? shallowBytes : analysis.retainedBytes[node]!,
    sharedBytes: garbage ? 0 : sharedBytesOf(analysis, node),
    heldBytes: garbage ? shallowBytes : analysis.heldBytes[node]!,
    entries: sizeOfContainer(analysis, node),
    nativeReferences: Math.max(0, excessOf(snapshot.excess, node)),
    paths: garbage || referrers === null ? [] : retainingPaths(analysis, node, referrers, k),
    holds: heldBy(analysis, node),
    garbage,
  };
}

/** The k best paths. A root that also hangs elsewhere has its own reason as one more. */
function retainingPaths(analysis: OwnedHeap, node: NodeIx, referrers: RefGraph, k: number): RetainingPath[] {
  const found = { parent: analysis.rooted.parent, reachedPerTier: [] };
  analysis.late.pathCosts ??= new PathCosts(found, referrers.nodeCount);
  const chains = shortestPathsTo(referrers, found, node, k, analysis.late.pathCosts).map(
    (path) => [...path] as NodeIx[],
  );
  if (k > 1 && analysis.rooted.originOf.has(node) && parentOf(analysis, node) !== null) chains.splice(k - 1, 1, [node]);
  return chains.map((chain) => {
    const { text, steps } = pathAlong(analysis, chain);
    return { path: text, holder: holderOnPath(analysis, chain), steps };
  });
}

/** Who keeps an object, by the shortest path to it; null for garbage. */
export function keeperOf(analysis: HeapAnalysis, node: NodeIx): RetainingPath["holder"] {
  return isGarbage(analysis, node) ? null : holderOnPath(analysis, chainTo(analysis, node));
}

/** The holder of a path is its last named place: an element or an entry is what is held, not who holds it. */
function holderOnPath(analysis: HeapAnalysis, chain: readonly NodeIx[]): RetainingPath["holder"] {
  let place: Waypoint | null = null;
  for (const waypoint of trailsAlong(analysis, chain)) {
    const { kind, edge } = waypoint.trail;
    if (kind === null || edge === null) continue;
    if (place !== null && ELEMENT.test(edge)) break;
    place = waypoint;
  }
  return place === null ? null : describeHolder(analysis, place.node, place.trail);
}

const ELEMENT = /^(?:\[|\{|entry |result |key |queued item )/;

function heldBy(analysis: OwnedHeap, node: NodeIx): WhySubject["holds"] {
  if (isGarbage(analysis, node)) return [];
  const parts = alikeTogether(analysis, ownedThroughFrames(analysis, node));
  const held = Float64Array.from(parts, (part) => part.heldBytes);
  return [...topByValue(held, MOST_HOLDS)].map((at) => {
    const { nodes, owner } = parts[at]!;
    const child = nodes[0]!;
    return {
      edge: edgeWords(analysis, node, owner, child, nodes.length > 1),
      type: printable(typeNameOf(analysis.snapshot, child)),
      count: nodes.length,
      retainedBytes: nodes.reduce((sum, part) => sum + analysis.retainedBytes[part]!, 0),
      heldBytes: held[at]!,
    };
  });
}

/** One line of what an object holds: one part, or the elements of one type. */
interface HeldParts {
  readonly owner: NodeIx;
  readonly nodes: readonly NodeIx[];
  readonly heldBytes: number;
}

/** Types are rows of a 16-bit column. */
const MOST_TYPES = 65_536;

/** Elements of one type are one line, unless one of them is most of it: then it has a line of its own. */
function alikeTogether(heap: OwnedHeap, parts: readonly NodeIx[]): HeldParts[] {
  // By owner and type of elements; of a part that stands alone, by itself below zero: a text for each would cost more than the rest.
  const groups = new Map<number, { owner: NodeIx; nodes: NodeIx[] }>();
  const isContainer = containersAmong(heap);
  for (const part of parts) {
    const owner = parentOf(heap, part)!;
    const key = isContainer(owner) ? owner * MOST_TYPES + typeRowOf(heap.snapshot, part).canonical : -Number(part);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { owner, nodes: [part] });
    else group.nodes.push(part);
  }
  return [...groups.values()].flatMap((group) => largestApart(heap, group.owner, group.nodes));
}

/** Whether what an owner holds are elements. The same owner is asked about once for each of them. */
function containersAmong(heap: OwnedHeap): (owner: NodeIx) => boolean {
  const known = new Map<NodeIx, boolean>();
  return (owner) => {
    const before = known.get(owner);
    if (before !== undefined) return before;
    const isContainer = typeRowOf(heap.snapshot, owner).shape !== "fields" && !isStructure(heap, owner);
    known.set(owner, isContainer);
    return isContainer;
  };
}

function largestApart(heap: OwnedHeap, owner: NodeIx, nodes: readonly NodeIx[]): HeldParts[] {
  const bytesOf = (node: NodeIx): number => heap.heldBytes[node]!;
  const total = nodes.reduce((sum, node) => sum + bytesOf(node), 0);
  const largest = nodes.reduce((best, node) => (bytesOf(node) > bytesOf(best) ? node : best));
  if (nodes.length > 1 && bytesOf(largest) <= total / 2) return [{ owner, nodes, heldBytes: total }];
  const others = nodes.filter((node) => node !== largest);
  const first = { owner, nodes: [largest], heldBytes: bytesOf(largest) };
  return others.length === 0 ? [first] : [first, { owner, nodes: others, heldBytes: total - first.heldBytes }];
}

/** Of a traceback its frames, of a frame its locals: what an exception keeps is what those hold. */
function ownedThroughFrames(heap: OwnedHeap, node: NodeIx): readonly NodeIx[] {
  const found: NodeIx[] = [];
  const frames: NodeIx[] = [node];
  for (let at = frames.pop(); at !== undefined; at = frames.pop()) {
    for (const child of ownedBy(heap, at)) (isPartOfStack(heap, child) ? frames : found).push(child);
  }
  return found;
}

function isPartOfStack({ snapshot }: HeapAnalysis, node: NodeIx): boolean {
  const role = roleOf(snapshot, node);
  return role === "traceback" || role === "frame";
}

/** The words for the last edge; where frames lie between, for the whole way. */
function edgeWords(heap: OwnedHeap, node: NodeIx, owner: NodeIx, child: NodeIx, folded: boolean): string {
  const above = trailOf(heap, owner);
  const edge = bestEdge(heap.snapshot, owner, child)!;
  const trail = followEdge(heap, above, parentOf(heap, owner), owner, edge, folded);
  if (!isPartOfStack(heap, owner)) return trail.edge ?? "__dict__";
  const start = trailOf(heap, node).text;
  return shorten((trail.text.startsWith(start) ? trail.text.slice(start.length) : trail.text).trimStart());
}
