// What has to be written to a stopped interpreter so that it runs a line of Python, or why nothing may be.

import type { Addr } from "../base/brand.ts";
import type { Interpreter } from "./interpreter.ts";

export interface MemoryWrite {
  readonly address: Addr;
  readonly bytes: Uint8Array;
}

/** Which thread runs it. `any` is served sooner; before 3.12, and from 3.14 on, it is the main one all the same. */
export type CallingThread = "any" | "main";

/** What the plan is made from, besides memory. */
export interface CallWanted {
  readonly interpreter: Interpreter;
  readonly thread: CallingThread;
  /** Whether an address lies in a mapping that holds code. */
  readonly isCode: (address: number) => boolean;
}

/**
 * `write`: in this order, all of them. `busy`: not at this moment, try again. `refused`: memory does not look as this
 * version's does. `forbidden`: the interpreter itself was told to refuse.
 */
export type CallPlan =
  | { readonly kind: "write"; readonly writes: readonly MemoryWrite[] }
  | { readonly kind: "busy"; readonly seen: string }
  | { readonly kind: "refused"; readonly seen: string }
  | { readonly kind: "forbidden" };
