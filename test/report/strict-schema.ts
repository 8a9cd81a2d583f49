// The strict reading of docs/schema: nothing but the documented fields. For hand-made and for real reports alike.

import { type ErrorObject, Ajv2020 } from "ajv/dist/2020.js";
import type { JsonSchema } from "../../src/report/schema/schema-language.ts";
import { SCHEMAS } from "../../src/report/schema/all-schemas.ts";

/** Says what is wrong with a `--json` document of a command: nothing, when nothing is. */
export function strictValidator(command: string): (document: unknown) => readonly ErrorObject[] {
  const schema = SCHEMAS[command];
  if (schema === undefined) throw new Error(`no schema for ${command}`);
  return strictReader(schema);
}

/** The same for a schema that no command has. */
export function strictReader(schema: JsonSchema): (document: unknown) => readonly ErrorObject[] {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(closed(schema) as object);
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return members["type"] === "object" && "properties" in members
    ? { ...members, additionalProperties: false }
    : members;
}
