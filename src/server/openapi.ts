// The OpenAPI description, made of the routes.

import type { JsonSchema } from "../report/schema/schema-language.ts";
import type { Parameter, Route } from "./route.ts";

/** OpenAPI 3.1: its schemas are JSON Schema 2020-12, as ours are. */
export function openApi(routes: readonly Route[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Deadweight",
      version,
      description:
        "What the page asks, for programs: send the token that `deadweight serve` prints as `Authorization: Bearer TOKEN`. Failures are documents with `code` and `message`.",
    },
    paths,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{ token: [] }],
  };
}

function operation(route: Route): JsonSchema {
  const { summary, parameters, body, answer, path } = route;
  return {
    summary,
    parameters: parameters.map((parameter) => parameterOf(parameter, path)),
    ...(body === null ? {} : { requestBody: { required: true, content: bodyOf(body) } }),
    responses: {
      [answer.kind === "json" ? "2XX" : "200"]: answerOf(answer),
      default: { description: "It could not be done.", content: { "application/json": { schema: PROBLEM } } },
    },
  };
}

const PROBLEM: JsonSchema = {
  type: "object",
  required: ["code", "message"],
  properties: { code: { type: "string" }, message: { type: "string" } },
};

function parameterOf({ name, is, type, most, default: byDefault }: Parameter, path: string): JsonSchema {
  const isInPath = path.split("/").includes(`:${name}`);
  const number = { type: "integer", minimum: 0, ...(most === undefined ? {} : { maximum: most }) };
  return {
    name,
    in: isInPath ? "path" : "query",
    required: isInPath || byDefault === undefined,
    description: is,
    schema: {
      ...(type === "count" ? number : { type: "string" }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    },
  };
}

function bodyOf(body: NonNullable<Route["body"]>): JsonSchema {
  return body.kind === "json"
    ? { "application/json": { schema: body.schema } }
    : { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
}

function answerOf(answer: Route["answer"]): JsonSchema {
  return answer.kind === "json"
    ? { description: "Done.", content: { "application/json": { schema: embedded(answer.schema) } } }
    : { description: answer.is, content: { "text/event-stream": { schema: { type: "string" } } } };
}

/** References inside a schema start at its own root; with an `$id` of its own they still do within another document. */
function embedded(schema: JsonSchema): JsonSchema {
  const { title } = schema;
  return typeof title === "string" ? { ...schema, $id: `urn:deadweight:${title.replaceAll(/\W+/g, "-")}` } : schema;
}
