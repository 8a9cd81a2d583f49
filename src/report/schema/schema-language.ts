// A small language for JSON Schemas that the compiler checks against our TypeScript contracts: a schema of T names every
// field of T and no other, so a report cannot get a field that docs/schema does not know.

/** A JSON Schema as a plain object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of values of exactly type T. */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Named parts that `json` refers to. */
  readonly parts: Readonly<Record<string, JsonSchema>>;
  /** Never there: makes Schema<T> invariant, so that "a" | "b" is not taken for "a" | "b" | "c". */
  readonly exactly?: (value: T) => T;
}

/** A field and what it means. */
export interface Field<T> {
  readonly description: string;
  readonly schema: Schema<T>;
  readonly isOptional?: true;
}
type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

export function field<T>(description: string, schema: Schema<T>): Field<T> {
  return { description, schema };
}

/** A field that may be absent. */
export function optional<T>(description: string, schema: Schema<T>): Field<T | undefined> {
  return { description, schema: { json: schema.json, parts: schema.parts }, isOptional: true };
}

export function text(): Schema<string> {
  return plain({ type: "string" });
}
export function truth(): Schema<boolean> {
  return plain({ type: "boolean" });
}
/** A whole number, 0 or more. */
export function count(): Schema<number> {
  return plain({ type: "integer", minimum: 0 });
}
/** A whole number that may be negative. */
export function change(): Schema<number> {
  return plain({ type: "integer" });
}
/** Any number, 0 or more. */
export function amount(): Schema<number> {
  return plain({ type: "number", minimum: 0 });
}
/** Any number. */
export function number(): Schema<number> {
  return plain({ type: "number" });
}
/** 0 to 1. */
export function share(): Schema<number> {
  return plain({ type: "number", minimum: 0, maximum: 1 });
}
export function addressText(): Schema<string> {
  return plain({ type: "string", pattern: "^0x[0-9a-f]+$" });
}
/** Text of one form; T is the type that says the same. */
export function pattern<T extends string>(expression: string): Schema<T> {
  return plain({ type: "string", pattern: expression });
}
export function word<const Word extends string>(only: Word): Schema<Word> {
  return plain({ const: only });
}
export function oneOf<const Word extends string>(words: readonly Word[]): Schema<Word> {
  return plain({ enum: words });
}

export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return { json: { anyOf: [schema.json, { type: "null" }] }, parts: schema.parts };
}

export function list<T>(items: Schema<T>): Schema<readonly T[]> {
  return { json: { type: "array", items: items.json }, parts: items.parts };
}

export function record<T extends object>(fields: Fields<T>): Schema<T> {
  const entries = Object.entries<Field<unknown>>(fields as Readonly<Record<string, Field<unknown>>>);
  const properties = entries.map(([name, { description, schema }]) => [name, { description, ...schema.json }] as const);
  const required = entries.flatMap(([name, { isOptional }]) => (isOptional === true ? [] : [name]));
  return {
    json: { type: "object", required, properties: Object.fromEntries(properties) },
    parts: Object.assign({}, ...entries.map(([, { schema }]) => schema.parts)) as Readonly<Record<string, JsonSchema>>,
  };
}

/** A part that is written once and referred to by name. */
export function part<T>(name: string, schema: Schema<T>): Schema<T> {
  return { json: { $ref: `#/$defs/${name}` }, parts: { ...schema.parts, [name]: schema.json } };
}

/** The whole document that goes to docs/schema. Readers must ignore fields they do not know: more may be added. */
export function schemaDocument<T extends { readonly schema: string }>(
  name: string,
  description: string,
  schema: Schema<T>,
): JsonSchema {
  const parts = Object.keys(schema.parts).length === 0 ? {} : { $defs: schema.parts };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `deadweight ${name} --json`,
    description: `${description} Fields may be added; none is renamed or removed within one version of the schema.`,
    ...schema.json,
    ...parts,
  };
}

function plain<T>(json: JsonSchema): Schema<T> {
  return { json, parts: {} };
}
