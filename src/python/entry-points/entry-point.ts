// How frameworks say which functions they will call. One file per framework; `all-frameworks.ts` lists them.

import type { FunctionDefinition } from "../definitions.ts";
import type { ProjectNames } from "../link-names.ts";

/** When a function runs, strongest evidence for growth first. */
export type ContextKind =
  /** Once per request, message or connection. */
  | "request"
  /** Once per job of a task queue or an event loop. */
  | "task"
  /** In a loop that does not end. */
  | "loop"
  /** In a thread or a pool. */
  | "thread"
  /** When an event happens: signals, `atexit`, listeners. */
  | "event"
  /** Once per command of a short-lived process. */
  | "command"
  /** From `if __name__ == "__main__"`. */
  | "main"
  | "test"
  /** While modules are imported, and never after. */
  | "import"
  /** Nobody in the project calls it: users of a library may. */
  | "unknown";

export type EntryRule =
  | {
      readonly by: "decorator";
      /** Absolute, or `.route`: the last name of a decorator that is not the project's own. */
      readonly names: readonly string[];
      /** Only when the first argument is a text that begins with this. */
      readonly firstArgument?: string;
      readonly kind: ContextKind;
      readonly why: string;
    }
  | {
      readonly by: "base";
      readonly bases: readonly string[];
      /** Names of methods; "public" for all without an underscore. */
      readonly methods: readonly string[] | "public";
      readonly kind: ContextKind;
      readonly why: string;
    }
  | {
      readonly by: "handed";
      /** Callees: absolute, or `.connect`. */
      readonly to: readonly string[];
      /** Positions and keywords that take the function. */
      readonly as: readonly string[];
      readonly kind: ContextKind;
      readonly why: string;
    }
  | {
      readonly by: "shape";
      readonly matches: (definition: FunctionDefinition, names: ProjectNames) => boolean;
      readonly kind: ContextKind;
      readonly why: string;
    };

export interface Framework {
  readonly name: string;
  readonly rules: readonly EntryRule[];
}
