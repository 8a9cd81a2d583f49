// A holder: the named place that keeps objects alive. The JSON contract of design.md, section 1.

export type HolderKind =
  | "module-global"
  | "class-attribute"
  | "instance-attribute"
  | "closure-cell"
  | "function-default"
  | "cache"
  | "thread-local"
  | "context-variable"
  | "frame-local"
  | "task"
  | "queue"
  | "callback-list"
  | "exception"
  | "logger"
  /** A table of the interpreter itself: interned strings, codecs. */
  | "interpreter"
  | "garbage-cycle"
  | "native";

export interface Holder {
  /** As a person would write it: `sys.modules['app.sessions'].REGISTRY`. */
  readonly path: string;
  readonly kind: HolderKind;
  /** Module that owns the name, null for frames, garbage and native holders. */
  readonly module: string | null;
  readonly name: string | null;
  readonly type: string;
  /** Known for closures, caches, frames; the module's file otherwise. */
  readonly file: string | null;
  /** Null until the source index has been asked. */
  readonly line: number | null;
}

/** One step of a retaining path, root first. */
export interface PathStep {
  /** `global REGISTRY`, `['k17']`, `.user`, `local rows`. */
  readonly edge: string;
  readonly type: string;
  /** "0x7f12...": usable as a selector. */
  readonly address: string | null;
  readonly shallowBytes: number;
  /** Bytes that would be freed with it. */
  readonly retainedBytes: number;
  /** As for holders: these, and those of shared objects that this step reaches first. What people are shown. */
  readonly heldBytes: number;
  /** Elements held, for containers. */
  readonly entries: number | null;
}
