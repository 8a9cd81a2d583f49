// The retaining path of one object: the text a person would write, and the steps one below the other.

import type { NodeIx } from "../../base/brand.ts";
import { formatCount } from "../../base/format-count.ts";
import { printable } from "../../base/format-printable.ts";
import type { PathStep } from "../../model/holder.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { entriesOf, shallowBytesOf, typeNameOf } from "../analysis/edges.ts";
import { dominatorOf, type HeapAnalysis } from "../analyse.ts";
import { chainTo, trailsAlong, type Waypoint } from "./trails.ts";
import type { Trail } from "./trail.ts";

export interface NamedPath {
  readonly text: string;
  readonly steps: readonly PathStep[];
  /** The name at the end, with its kind, module and place in the source. */
  readonly trail: Trail;
}

const MOST_STEPS = 40;
const LONGEST_TEXT = 400;

/** Where nothing is said of ownership, a step holds what it retains. */
type Weighed = HeapAnalysis & { readonly heldBytes?: Float64Array };

/** How `node` is held by the shortest path from a root. */
export function pathOf(analysis: Weighed, node: NodeIx): NamedPath {
  return pathAlong(analysis, chainTo(analysis, node));
}

/** The same for a given chain of nodes that begins at a root. */
export function pathAlong(analysis: Weighed, chain: readonly NodeIx[]): NamedPath {
  const waypoints = trailsAlong(analysis, chain);
  const trail = waypoints.at(-1)!.trail;
  return { text: shorten(trail.text), steps: shortenSteps(shownSteps(analysis, waypoints)), trail };
}

/** Steps with words; a `__dict__` is left out, the contents of a cell stand in place of the cell. */
function shownSteps(analysis: Weighed, waypoints: readonly Waypoint[]): PathStep[] {
  const steps: PathStep[] = [];
  for (const [at, { node, trail }] of waypoints.entries()) {
    if (trail.edge === null) continue;
    if (trail.replaces) steps.pop();
    steps.push(stepTo(analysis, node, trail.edge, namespaceBytes(analysis, waypoints.slice(at, at + 2))));
  }
  return steps;
}

/** A module stands for its namespace, too, which its functions refer to and which it therefore does not retain. */
function namespaceBytes(analysis: HeapAnalysis, [module, namespace]: readonly Waypoint[]): number {
  if (module === undefined || namespace?.trail.place !== "module-namespace") return 0;
  return dominatorOf(analysis, namespace.node) === module.node ? 0 : analysis.retainedBytes[namespace.node]!;
}

function stepTo(analysis: Weighed, node: NodeIx, edge: string, namespace: number): PathStep {
  const retainedBytes = analysis.retainedBytes[node]!;
  return {
    edge,
    type: printable(typeNameOf(analysis.snapshot, node)),
    address: formatAddress(addressOf(analysis.snapshot.nodes, node)),
    shallowBytes: shallowBytesOf(analysis.snapshot, node),
    retainedBytes: retainedBytes + namespace,
    heldBytes: (analysis.heldBytes?.[node] ?? retainedBytes) + namespace,
    entries: sizeOfContainer(analysis, node),
  };
}

/** Elements of a container; entries of a cache. */
export function sizeOfContainer(analysis: HeapAnalysis, node: NodeIx): number | null {
  return analysis.lruOf.get(node)?.entries ?? entriesOf(analysis.snapshot, node);
}

/** Long linked lists: repeated steps are counted, the middle of what is still too long is left out. */
export function shorten(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const counted = text.replaceAll(/((?:\.\w{1,40}|\[[^[\]]{1,40}\]){1,4}?)\1{3,}/g, (run: string, unit: string) => {
    return `${unit}{${run.length / unit.length} times}`;
  });
  if (counted.length <= LONGEST_TEXT) return counted;
  return `${counted.slice(0, LONGEST_TEXT / 2)} … ${counted.slice(-LONGEST_TEXT / 2)}`;
}

/** What is too long: steps that repeat are counted, then the middle is left out. */
function shortenSteps(given: readonly PathStep[]): readonly PathStep[] {
  if (given.length <= MOST_STEPS) return given;
  const steps = foldRepeats(given);
  if (steps.length <= MOST_STEPS) return steps;
  const half = MOST_STEPS / 2;
  const skipped: PathStep = {
    edge: `… ${steps.length - MOST_STEPS} more steps …`,
    type: "",
    address: null,
    shallowBytes: 0,
    retainedBytes: 0,
    heldBytes: 0,
    entries: null,
  };
  return [...steps.slice(0, half), skipped, ...steps.slice(-half)];
}

/** `closure variable send, 1,100 times`: of steps with one edge to one type the last stays, with their number. */
function foldRepeats(steps: readonly PathStep[]): readonly PathStep[] {
  const folded: PathStep[] = [];
  for (let at = 0; at < steps.length; ) {
    const { edge, type } = steps[at]!;
    let end = at + 1;
    while (end < steps.length && steps[end]!.edge === edge && steps[end]!.type === type) end += 1;
    const last = steps[end - 1]!;
    folded.push(end - at === 1 ? last : { ...last, edge: `${edge}, ${formatCount(end - at)} times` });
    at = end;
  }
  return folded;
}
