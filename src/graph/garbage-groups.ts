// Sorts unreachable nodes into groups that a person can make sense of: a knot of cycles with what only it keeps alive.

import { OVERSIZE } from "../base/uint32.ts";
import { positionsOf, stronglyConnected, type Components } from "./strongly-connected.ts";
import type { RefGraph } from "./ref-graph.ts";

/** Groups in the order of their first member. */
export interface GarbageGroups {
  /** Group of each member, by its position in `members`. */
  readonly groupOf: Uint32Array;
  /** A node of the component at the top of each group. */
  readonly top: Uint32Array;
  /** Objects in each group. */
  readonly counts: Uint32Array;
  readonly bytes: Float64Array;
  /** Components of each group that are cycles: several nodes, or one that refers to itself. */
  readonly cycles: Uint32Array;
}

const NO_OWNER = 0xffffffff;

/**
 * A group is a strongly connected component that no other member refers to, with all that only it reaches. What several
 * groups reach is a group of its own: it goes only when all of them have gone. `members` are distinct nodes, usually
 * those with `parent[v] === NO_NODE`. O(members + their edges) time, about 40 bytes per member.
 */
export function garbageGroups(
  graph: RefGraph,
  members: Uint32Array,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
): GarbageGroups {
  const components = stronglyConnected(graph, members);
  const position = positionsOf(graph, members);
  const order = byComponent(components);
  const isCycle = Uint8Array.from(components.sizes, (size) => (size > 1 ? 1 : 0));
  const owner = findOwners(graph, members, components.component, order, position, isCycle);
  return summarise(members, components.component, owner, isCycle, sizes, oversize);
}

/** Positions of the members, from the last component to the first: a component comes before those it refers to. */
function byComponent({ component, sizes }: Components): Uint32Array {
  const next = new Uint32Array(sizes.length);
  let sum = 0;
  for (let id = sizes.length - 1; id >= 0; id--) {
    next[id] = sum;
    sum += sizes[id]!;
  }
  const order = new Uint32Array(component.length);
  for (let member = 0; member < component.length; member++) order[next[component[member]!]!++] = member;
  return order;
}

/** For each component, the component at the top of its group. Marks single nodes that refer to themselves as cycles. */
function findOwners(
  graph: RefGraph,
  members: Uint32Array,
  component: Uint32Array,
  order: Uint32Array,
  position: Uint32Array,
  isCycle: Uint8Array,
): Uint32Array {
  const owner = new Uint32Array(isCycle.length).fill(NO_OWNER);
  for (const member of order) {
    const own = component[member]!;
    if (owner[own] === NO_OWNER) owner[own] = own;
    const node = members[member]!;
    for (let edge = graph.edgeStart[node]!; edge < graph.edgeStart[node + 1]!; edge++) {
      const target = position[graph.edgeTarget[edge]!]! - 1;
      if (target < 0) continue;
      const other = component[target]!;
      if (target === member) isCycle[own] = 1;
      if (other === own) continue;
      if (owner[other] === NO_OWNER) owner[other] = owner[own]!;
      else if (owner[other] !== owner[own]) owner[other] = other;
    }
  }
  return owner;
}

function summarise(
  members: Uint32Array,
  component: Uint32Array,
  owner: Uint32Array,
  isCycle: Uint8Array,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
): GarbageGroups {
  const { groupOf, top } = numberGroups(members, component, owner);
  const counts = new Uint32Array(top.length);
  const bytes = new Float64Array(top.length);
  const cycles = new Uint32Array(top.length);
  for (let member = 0; member < members.length; member++) {
    const group = groupOf[member]!;
    const size = sizes[members[member]!]!;
    counts[group]!++;
    bytes[group]! += size === OVERSIZE ? (oversize.get(members[member]!) ?? OVERSIZE) : size;
    const own = component[member]!;
    cycles[group]! += isCycle[own]!;
    isCycle[own] = 0;
  }
  return { groupOf, top, counts, bytes, cycles };
}

/** Numbers the groups by first member; the first member of the owning component is the top. */
function numberGroups(
  members: Uint32Array,
  component: Uint32Array,
  owner: Uint32Array,
): { groupOf: Uint32Array; top: Uint32Array } {
  const groupOfOwner = new Uint32Array(owner.length).fill(NO_OWNER);
  const groupOf = new Uint32Array(members.length);
  let groups = 0;
  for (let member = 0; member < members.length; member++) {
    const owning = owner[component[member]!]!;
    if (groupOfOwner[owning] === NO_OWNER) groupOfOwner[owning] = groups++;
    groupOf[member] = groupOfOwner[owning]!;
  }
  const top = new Uint32Array(groups);
  for (let member = members.length - 1; member >= 0; member--) {
    if (owner[component[member]!] === component[member]) top[groupOf[member]!] = members[member]!;
  }
  return { groupOf, top };
}
