// A name under construction: what a person would write for the objects passed so far, and what the next edge may mean.

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import type { EdgePlace } from "../analysis/edges.ts";
import type { HolderKind } from "../../model/holder.ts";

/** What the object just reached is for the next step. */
export type TrailPlace =
  | "plain"
  /** The dict sys.modules: its values are modules. */
  | "modules"
  /** A `__dict__`, whose entries are written as attributes of its owner. */
  | "module-namespace"
  | "class-namespace"
  | "namespace"
  /** `__closure__`, whose elements are cells with names. */
  | "closure"
  | "cell"
  | "defaults"
  | "keyword-defaults"
  | "cached"
  /** A dict of local variables. */
  | "locals"
  /** The dicts behind `threading.local`. */
  | "thread-locals"
  | "thread-local";

export interface Trail {
  readonly text: string;
  /** Length of the part of `text` that says where the name lives: `sys.modules['app'].` */
  readonly anchor: number;
  readonly place: TrailPlace;
  readonly kind: HolderKind | null;
  readonly module: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** False once a step had no name that tells it from its neighbours, such as a key that is no text. */
  readonly named: boolean;
  /** Words for the last edge, null when the step is not worth showing (`__dict__`, cells). */
  readonly edge: string | null;
  /** True when the object stands in place of the one before it (contents of a cell). */
  readonly replaces: boolean;
}

/** One edge on the way from a root to a node. */
export interface Hop {
  /** The node before `from`; null when `from` is a root. */
  readonly before: NodeIx | null;
  readonly from: NodeIx;
  readonly edge: EdgeIx;
  readonly to: NodeIx;
  readonly place: EdgePlace;
  /** True when positions and keys are folded to [*], so that many paths read the same. */
  readonly folded: boolean;
}

export const EMPTY_TRAIL: Trail = {
  text: "",
  anchor: 0,
  place: "plain",
  kind: null,
  module: null,
  file: null,
  line: null,
  named: true,
  edge: null,
  replaces: false,
};

/** The trail after a step that adds `segment` to the text. */
export function step(trail: Trail, segment: string, edge: string, change: Partial<Trail> = {}): Trail {
  return { ...trail, text: trail.text + segment, place: "plain", edge, replaces: false, ...change };
}

/** The trail after a step that a person would not write. */
export function silent(trail: Trail, place: TrailPlace, change: Partial<Trail> = {}): Trail {
  return { ...trail, place, edge: null, replaces: false, ...change };
}

/** Starts the text afresh: what is named by its code needs no way to it. */
export function anchored(trail: Trail, start: string, name: string, edge: string, change: Partial<Trail>): Trail {
  return {
    ...trail,
    text: start + name,
    anchor: start.length,
    place: "plain",
    edge,
    replaces: false,
    named: true,
    ...change,
  };
}

/** The part of the text that names the holder inside its module or function: `app.sessions.store`, `handle(seen)`. */
export function holderName(trail: Trail): string | null {
  const name = trail.text
    .slice(trail.anchor)
    .replace(/\.<lru_cache>.*$/, "")
    // `<default of handle(seen) at app.py:31>`: where it is stands in the holder itself.
    .replace(/^([^<>]*\([^()<>]*\)) at [^<>]*>/, "$1");
  return name === "" ? null : name;
}

const SPECIFIC = new Set<HolderKind>(["module-global", "class-attribute", "instance-attribute"]);

/** A plain attribute says less than what is already known ("a queue", "a closure cell") and does not replace it. */
export function attributeKind(trail: Trail): HolderKind | null {
  return trail.kind === null || SPECIFIC.has(trail.kind) ? "instance-attribute" : trail.kind;
}
