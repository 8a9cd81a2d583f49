// From a request to what a route is asked: parameters and bodies are checked here, once for all routes.

import type { HonoRequest } from "hono";
import { fail, ok, type Result } from "../base/result.ts";
import { type Answer, type Asked, type Parameter, problem, type Route } from "./route.ts";

/** A document of words and numbers is never longer. */
const MOST_BODY_BYTES = 64 * 1024;

/** Fails with the answer to give. */
export async function askedOf(route: Route, request: HonoRequest, signal: AbortSignal): Promise<Result<Asked, Answer>> {
  const values = new Map<string, string | number>();
  for (const parameter of route.parameters) {
    const value = valueOf(parameter, request.param(parameter.name) ?? request.query(parameter.name));
    if (!value.ok) return fail(problem("usage", value.error, 400));
    values.set(parameter.name, value.value);
  }
  const body = route.body?.kind === "json" ? await readBody(request) : ok({});
  if (!body.ok) return body;
  return ok({
    text: (name) => String(values.get(name)),
    count: (name) => Number(values.get(name)),
    body: body.value,
    // A web stream can be gone through in Node.
    bytes: route.body?.kind === "file" ? (request.raw.body as AsyncIterable<Uint8Array> | null) : null,
    signal,
  });
}

function valueOf(parameter: Parameter, given: string | undefined): Result<string | number, string> {
  const { name, is, type, most = Number.MAX_SAFE_INTEGER, default: byDefault } = parameter;
  if (given === undefined) return byDefault === undefined ? fail(`\`${name}\` is missing: ${is}.`) : ok(byDefault);
  if (type === "text") return ok(given);
  if (!/^\d{1,15}$/.test(given)) return fail(`\`${name}\` must be a whole number: ${is}.`);
  return Number(given) > most ? fail(`\`${name}\` may be ${most} at most: ${is}.`) : ok(Number(given));
}

async function readBody(request: HonoRequest): Promise<Result<Asked["body"], Answer>> {
  // Pages of other sites cannot send this type without asking first.
  if (!/^application\/json\b/.test(request.header("content-type") ?? ""))
    return fail(problem("usage", "Send the body as application/json.", 400));
  const text = await boundedText(request.raw.body);
  if (text === null) return fail(problem("too-large", `The body may be ${MOST_BODY_BYTES} bytes at most.`, 413));
  try {
    const parsed: unknown = JSON.parse(text === "" ? "{}" : text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return ok({ ...parsed });
  } catch {
    // The sentence is the same for both.
  }
  return fail(problem("usage", "The body is no JSON object.", 400));
}

async function boundedText(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MOST_BODY_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
