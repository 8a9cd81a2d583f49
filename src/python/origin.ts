// Where the value of an expression comes from, followed through the local assignments of its function. What other
// functions do is not looked at: `domainOf` (key-domain.ts) asks the project about parameters and calls.

export type Origin =
  /** A constant or a display of constants. */
  | { readonly from: "literal"; readonly text: string }
  /** One of few by its nature: `type(x)`, a class, a function, a module, `__name__`, a member of an Enum, a bool, a remainder. */
  | { readonly from: "finite"; readonly what: FiniteKind; readonly name?: string }
  /** Parameter of the function; `self` and `cls` too. */
  | { readonly from: "parameter"; readonly name: string }
  /** Never the same twice. */
  | { readonly from: "fresh"; readonly what: FreshKind; readonly of?: Origin }
  /** f-string, `%`, `+`, `.format()`, str(), tuple, or a choice: made of parts. */
  | {
      readonly from: "parts";
      readonly how: "text" | "tuple" | "choice" | "arithmetic";
      readonly parts: readonly Origin[];
    }
  | { readonly from: "attribute"; readonly of: Origin; readonly name: string }
  /** `of[key]`; the name is that of a constant key: `record["id"]`. */
  | { readonly from: "item"; readonly of: Origin; readonly name?: string }
  /** Callee absolute or `.name`; `of` is the object of a method or the first argument. */
  | { readonly from: "call"; readonly callee: string; readonly of?: Origin }
  /** Bound by a loop or a comprehension over something. */
  | { readonly from: "each"; readonly of: Origin }
  /** A name of a module or class, absolute. */
  | { readonly from: "global"; readonly name: string }
  /** Made here: list, dict, set display or comprehension, lambda. */
  | { readonly from: "made"; readonly what: "list" | "dict" | "set" | "generator" | "lambda" }
  /** What a call has waited for: an item of a queue, a line of a stream, a message. */
  | { readonly from: "input"; readonly by: string }
  /** The exception of an `except ... as e`. */
  | { readonly from: "exception" }
  | { readonly from: "unknown" };

export type FiniteKind = "bool" | "type" | "class" | "function" | "module" | "name" | "enum" | "remainder";

export type FreshKind = "time" | "uuid" | "random" | "id" | "repr" | "object" | "counter" | "process";

export const UNKNOWN: Origin = { from: "unknown" };

/** One letter for each kind, for the arguments of calls. `x` is a fresh value, `?` unknown. */
export const ORIGIN_LETTERS: Readonly<Record<Origin["from"], string>> = {
  literal: "l",
  finite: "f",
  parameter: "p",
  fresh: "x",
  parts: "t",
  attribute: "a",
  item: "i",
  call: "c",
  each: "e",
  global: "g",
  made: "m",
  input: "w",
  exception: "n",
  unknown: "?",
};

/** Every origin inside, itself first; linear in their number. */
export function originsWithin(origin: Origin): readonly Origin[] {
  switch (origin.from) {
    case "parts":
      return [origin, ...origin.parts.flatMap(originsWithin)];
    case "attribute":
    case "item":
    case "each":
      return [origin, ...originsWithin(origin.of)];
    case "call":
    case "fresh":
      return origin.of === undefined ? [origin] : [origin, ...originsWithin(origin.of)];
    default:
      return [origin];
  }
}
