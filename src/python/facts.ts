// What one file says, as compact plain data: it crosses threads and is cached. Nothing here was looked up in other files;
// `linkProject` does that. Names are absolute and dotted: `app.sessions.REGISTRY`, `app.sessions.Store.items` (an
// attribute of the class or of its instances), `app.cache.memoize.<locals>.seen` (a variable of a function),
// `app.cache.load.<defaults>.seen` (a default value).

import type { SourceRange } from "../model/finding.ts";
import type { LengthLimit } from "./length-limit.ts";
import type { Origin } from "./origin.ts";

/** Line, column, end line, end column and cell of a notebook, as in SourceRange. */
export type Place = readonly [line: number, column: number, endLine: number, endColumn: number, cell?: number];

/** Row of `functions`; -1 is the module's body, class bodies in it included. */
export type FunctionIndex = number;

export interface ModuleFacts {
  readonly path: string;
  readonly module: string;
  readonly isPackage: boolean;
  readonly isStub: boolean;
  readonly isTest: boolean;
  /** Every import, also those inside functions. */
  readonly imports: readonly ImportFact[];
  /** Names of the module's scope that stand for something else: imports and `X = other.Y`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** What was called to make a name: `store` -> `app.sessions.Store`; attributes as `Server.store`. */
  readonly instances: Readonly<Record<string, string>>;
  /** Modules of `from m import *`. */
  readonly stars: readonly string[];
  readonly all: readonly string[] | null;
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly containers: readonly ContainerFact[];
  readonly sites: readonly SiteFact[];
  /** Names of `calls`; those of the module itself begin with "~" in place of its name: see `calleeIn`. */
  readonly callees: readonly string[];
  readonly calls: readonly CallRow[];
  readonly callbacks: readonly CallbackFact[];
}

export interface ImportFact {
  /** The local name, "*" for a star import. */
  readonly name: string;
  readonly target: string;
  readonly line: number;
  readonly inside: FunctionIndex;
}

export interface FunctionFact {
  /** "<lambda>" for lambdas. */
  readonly name: string;
  /** Inside the module, as `__qualname__` has it: `Store.get`, `outer.<locals>.inner`. */
  readonly path: string;
  /** Path of the class for methods. */
  readonly owner?: string;
  /** The function around; absent if there is none. */
  readonly outer?: FunctionIndex;
  readonly params: readonly ParameterFact[];
  readonly decorators: readonly DecoratorFact[];
  /** The name, not the body. */
  readonly at: Place;
  readonly endLine: number;
  // What does not hold is left out: most functions are none of these.
  readonly isAsync?: true;
  readonly isGenerator?: true;
  /** Used other than by calling it in the file: returned, stored, passed. */
  readonly escapes?: true;
  /** Has a `while True` (or like it) that waits for work or never ends. */
  readonly isEndless?: true;
}

export interface ParameterFact {
  readonly name: string;
  /** Absent for those that may be given by position. */
  readonly kind?: "keyword" | "*" | "**";
  /** Names in it are absolute, builtins plain: `typing.Optional[int]`. */
  readonly annotation?: string;
  /** Absent without a default. */
  readonly fallback?: "none" | "bool" | "literal" | "container" | "other";
}

export interface DecoratorFact {
  /** Absolute; `.route` when only the last name is known; "" when nothing is. */
  readonly name: string;
  /** Null without parentheses. */
  readonly args: readonly ArgumentFact[] | null;
  readonly at: Place;
}

export interface ArgumentFact {
  readonly name: string | null;
  /** The text of constants (strings in quotes), the absolute name of names, `callee()`, `{}`, "?" for anything else. */
  readonly value: string;
}

export interface ClassFact {
  readonly name: string;
  readonly path: string;
  readonly inside: FunctionIndex;
  /** Absolute. */
  readonly bases: readonly string[];
  readonly metaclass: string | null;
  readonly decorators: readonly DecoratorFact[];
  /** Names bound in the body, methods left out. */
  readonly attributes: readonly string[];
  /** Names bound through `self`. */
  readonly instanceAttributes: readonly string[];
  readonly at: Place;
  readonly endLine: number;
}

export type ContainerHolder =
  | "module-global"
  | "class-attribute"
  | "instance-attribute"
  | "closure-cell"
  | "function-default";

export type ContainerFamily = "mapping" | "sequence" | "set" | "queue" | "cache" | "weak" | "unknown";

export interface ContainerFact {
  /** Inside the module: `REGISTRY`, `Store.items`, `memoize.<locals>.seen`, `load.<defaults>.seen`. */
  readonly path: string;
  readonly holder: ContainerHolder;
  /** `dict`, `collections.deque`, `queue.Queue`, or what was called. */
  readonly type: string;
  readonly family: ContainerFamily;
  /** Most elements it can have; "some" when bounded by an expression; null when nothing bounds it. */
  readonly bound: number | "some" | null;
  /** Made with elements in it: a table of the program. */
  readonly isFilled?: true;
  /** Made behind a test that it is not there yet. */
  readonly isLazy?: true;
  readonly at: Place;
  /** Where the first binding is. */
  readonly inside: FunctionIndex;
}

/**
 * grow: one more element is possible. set: an element is replaced (`list[i] = x`). remove: elements go. rebind: the name
 * gets another value at run time. escape: somebody else gets the container and may do anything with it.
 */
export type SiteAction = "grow" | "set" | "remove" | "rebind" | "read" | "escape";

export interface SiteFact {
  /** Absolute name as far as the file knows it; `linkProject` finds the container. */
  readonly on: string;
  readonly action: SiteAction;
  /** `append`, `[]=`, `+=`, `del`, `=`, `in`, `for`, `return`, the callee of an escape. */
  readonly how: string;
  readonly inside: FunctionIndex;
  readonly at: Place;
  /** Key or index, absent if there is none. */
  readonly key?: Origin;
  /** Element put in. */
  readonly value?: Origin;
  /** Of what grows: the most elements there are afterwards, by a test of the container's length; absent without one. */
  readonly limit?: LengthLimit;
  /** Bits of SITE; absent for none. */
  readonly flags?: number;
}

/** Circumstances of a site or a call. */
export const SITE = {
  /** In a loop of the same function, or a comprehension. */
  loop: 1,
  /** In a loop that ends only when told to. */
  endless: 2,
  /** Under or after a comparison of `len` of the same container. */
  lengthGuard: 4,
  /** Under `k in x` / `k not in x` / after `x.get(k)` of the same container. */
  memberGuard: 8,
  /** `with lock:`. */
  lock: 16,
  finally: 32,
  except: 64,
  /** `x.discard` handed over instead of called. */
  asValue: 128,
  /** Through a local name. */
  alias: 256,
  /** Under `if __name__ == "__main__"`. */
  main: 512,
  /** Under `x is None` / `not x` of the same container, or behind `if self.done: return` of its object: filled once. */
  once: 1024,
  /** After a test by whose words it asks whether there is room. */
  roomGuard: 2048,
  /** Its key was found in another container. */
  tableGuard: 4096,
  /** Its key was found among constants that are written out. */
  listed: 8192,
  /** Under `if not done:` that also sets `done`: the first time only, as long as the object is the same. */
  firstTime: 16384,
  /** Of a container, and of a call that clears a cache: in a branch of an `if` of the same function. */
  conditional: 32768,
} as const;

export type SiteFlag = keyof typeof SITE;

/** Whether a site or a call happens under `flag`. */
export function isUnder(site: { readonly flags?: number }, flag: SiteFlag): boolean {
  return ((site.flags ?? 0) & SITE[flag]) !== 0;
}

/**
 * Caller, row of `callees`, line, column, bits of SITE, arguments. A callee is absolute, or `.name` when the object is
 * unknown. Arguments are one letter each (ORIGIN_LETTERS), keywords as `name:letter`, separated by commas.
 */
export type CallRow = readonly [
  inside: FunctionIndex,
  callee: number,
  line: number,
  column: number,
  flags: number,
  args: string,
];

/** The callee of a row of `calls`, in full. */
export function calleeIn(file: ModuleFacts, row: number): string {
  const name = file.callees[row] ?? "";
  return name.startsWith("~") ? file.module + name.slice(1) : name;
}

/** A function handed over as a value. */
export interface CallbackFact {
  /** Absolute name of the function. */
  readonly function: string;
  /** Callee that gets it (as in `calls`); "" if it is stored or returned. */
  readonly to: string;
  /** Position or keyword; `=` for an assignment, `return`, `element` of a display. */
  readonly as: string;
  readonly inside: FunctionIndex;
  readonly at: Place;
}

/** The range of a place in a file. */
export function rangeAt(path: string, at: Place): SourceRange {
  const [line, column, endLine, endColumn, cell] = at;
  return { file: path, line, column, endLine, endColumn, ...(cell === undefined ? {} : { cell }) };
}

/** The place of a range. */
export function placeOf({ line, column, endLine, endColumn, cell }: SourceRange): Place {
  return cell === undefined ? [line, column, endLine, endColumn] : [line, column, endLine, endColumn, cell];
}
