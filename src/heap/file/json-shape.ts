// Checks that decoded JSON has the shape it must have, and builds the row from the fields that are known. Fields that a
// newer writer added are dropped here.

/** The value as a T, or undefined when it is not one. */
export type Parse<T> = (value: unknown) => T | undefined;

export const aString: Parse<string> = (value) => (typeof value === "string" ? value : undefined);
export const aBoolean: Parse<boolean> = (value) => (typeof value === "boolean" ? value : undefined);
export const aNumber: Parse<number> = (value) => (typeof value === "number" ? value : undefined);
export const anInteger: Parse<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : undefined);

/** A row number of some table; whether the row exists is checked by `snapshotFault`, when all tables are there. */
export function anIndex<Index extends number = number>(value: unknown): Index | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff
    ? (value as Index)
    : undefined;
}

export function orNull<T>(parse: Parse<T>): Parse<T | null> {
  return (value) => (value === null ? null : parse(value));
}

/** For members that older writers did not know. */
export function orMissing<T>(parse: Parse<T>, value: T): Parse<T> {
  return (given) => (given === undefined ? value : parse(given));
}

export function oneOf<const T extends string>(allowed: readonly T[]): Parse<T> {
  return (value) => allowed.find((candidate) => candidate === value);
}

export function listOf<T>(item: Parse<T>): Parse<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items: T[] = [];
    for (const element of value) {
      const parsed = item(element);
      if (parsed === undefined) return undefined;
      items.push(parsed);
    }
    return items;
  };
}

/** A two-element list as a key and its value. */
export function pairOf<A, B>(first: Parse<A>, second: Parse<B>): Parse<readonly [A, B]> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const a = first(value[0]);
    const b = second(value[1]);
    return a === undefined || b === undefined ? undefined : [a, b];
  };
}

export function objectOf<T extends object>(fields: { readonly [Name in keyof T]-?: Parse<T[Name]> }): Parse<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value) => {
    if (typeof value !== "object" || value === null) return undefined;
    const row: Partial<T> = {};
    for (const name of names) {
      const parsed = fields[name]((value as Readonly<Record<string, unknown>>)[name]);
      if (parsed === undefined) return undefined;
      row[name] = parsed;
    }
    return row as T;
  };
}
