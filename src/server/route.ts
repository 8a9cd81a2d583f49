// One route of the HTTP API. The table of routes gives the server, and docs/openapi.json.

import type { JsonSchema } from "../report/schema/schema-language.ts";
import type { Desk } from "./desk.ts";

/** What a route takes from the path or behind the question mark. */
export interface Parameter {
  readonly name: string;
  readonly is: string;
  readonly type: "text" | "count";
  /** Needed unless there is a default. */
  readonly default?: string | number;
  /** For counts. */
  readonly most?: number;
}

/** A part of the path, `:name`, is a parameter like those behind the question mark. */
export interface Asked {
  /** Of a parameter of type text. */
  text(name: string): string;
  /** Of a parameter of type count. */
  count(name: string): number;
  /** Of a route that takes JSON; checked against its schema's fields by the route. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Of a route that takes a file. */
  readonly bytes: AsyncIterable<Uint8Array> | null;
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
}

export type Answer =
  | { readonly kind: "json"; readonly body: unknown; readonly status?: 200 | 201 | 202 }
  | { readonly kind: "problem"; readonly problem: Problem; readonly status: 400 | 404 | 409 | 413 | 422 | 503 }
  /** Server-sent events, until they end or the other side goes. */
  | { readonly kind: "events"; readonly events: AsyncIterable<ServerEvent> };

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** "/api/snapshots/:id/top" */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Null: takes no body. */
  readonly body: { readonly kind: "json"; readonly schema: JsonSchema } | { readonly kind: "file" } | null;
  readonly answer:
    | { readonly kind: "json"; readonly schema: JsonSchema }
    | { readonly kind: "events"; readonly is: string };
  readonly run: (asked: Asked, desk: Desk) => Promise<Answer>;
}

export function json(body: unknown, status: 200 | 201 | 202 = 200): Answer {
  return { kind: "json", body, status };
}

/** What cannot be found is 404; what the other side can put right 422. */
export function problem(code: string, message: string, status: 400 | 404 | 409 | 413 | 422 | 503 = 422): Answer {
  return { kind: "problem", problem: { code, message }, status };
}
