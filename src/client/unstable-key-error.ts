// What is thrown for an argument that has no stable key. It is thrown, not returned: the caller's program is wrong.

/** An argument has no key that would be the same in another process. */
export class UnstableKeyError extends TypeError {
  override readonly name = "UnstableKeyError";
  /** The argument, and the place inside it: `.owner[2]`. */
  readonly argument: string;
  readonly path: string;

  constructor(argument: string, refusal: Refusal) {
    const { path, what, fix } = refusal;
    const where = path === "" ? `argument '${argument}'` : `${path} of argument '${argument}'`;
    super(`${where} ${what}, so it has no stable key; ${fix}.`);
    this.argument = argument;
    this.path = path;
  }
}

/** Thrown inside the encoder, where the name of the argument is not known; containers put their labels before `path`. */
export class Refusal extends Error {
  readonly what: string;
  readonly fix: string;
  path = "";

  constructor(what: string, fix: string) {
    super(what);
    this.what = what;
    this.fix = fix;
  }
}

const LEAVE_OUT = "leave it out of the key";

/** Why a value of no known type is refused, and what to pass instead. */
export function refusalOf(value: unknown): Refusal {
  switch (typeof value) {
    case "undefined":
      return new Refusal("is undefined, which Python has not", "pass null, or leave the name out");
    case "function":
      return new Refusal("is a function, and two functions cannot be compared by content", "pass its name");
    case "symbol":
      return new Refusal("is a symbol, known by its identity alone", "pass a text");
    default:
      return refusalOfObject(value);
  }
}

function refusalOfObject(value: unknown): Refusal {
  const name = (value as { readonly constructor?: { readonly name?: string } }).constructor?.name ?? "object";
  if (value instanceof Promise) return new Refusal("is still to be awaited", "await it before the call");
  if (value instanceof RegExp) {
    return new Refusal("is a RegExp, which means other things in Python", "pass its source, or pattern(...)");
  }
  if (typeof value === "object" && value !== null && "next" in value) {
    return new Refusal("can be read only once, as all iterators", "pass an array of its items");
  }
  if (/(?:Session|Connection|Client|Pool|Socket|Redis|Stream)$/.test(name)) {
    return new Refusal(`is a live connection (${name}), not a value`, LEAVE_OUT);
  }
  return new Refusal(
    `is an instance of ${name}, whose content is not known`,
    "pass record(...) or keyed(...) of it, or a plain object with what the result depends on",
  );
}
