// The routes, the page and the guard as one application: what comes in from the network goes through here.

import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { streamSSE } from "hono/streaming";
import { askedOf } from "./ask-route.ts";
import type { Desk } from "./desk.ts";
import { PAGE_HEADERS } from "./guard/page-headers.ts";
import { refusalOf } from "./guard/same-site.ts";
import type { Sessions } from "./guard/sessions.ts";
import { openApi } from "./openapi.ts";
import type { PageFile } from "./page-files.ts";
import { scrape } from "./scrape.ts";
import type { Answer, Problem, Route, ServerEvent } from "./route.ts";

export interface HttpAppParts {
  readonly routes: readonly Route[];
  readonly desk: Desk;
  readonly sessions: Sessions;
  readonly page: ReadonlyMap<string, PageFile>;
  /** Names under which it may be asked. */
  readonly hosts: ReadonlySet<string>;
  readonly port: number;
  readonly isSecure: boolean;
}

const SESSION_PATH = "/api/session";
const HEARTBEAT_MS = 15_000;

export function createHttpApp(parts: HttpAppParts): Hono {
  const { routes, desk } = parts;
  const app = new Hono({ strict: true });
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) context.header(name, value);
    const refusal = refusalOf(factsOf(context, parts), parts.hosts);
    if (refusal !== null) return context.json({ code: "refused", message: refusal }, 403);
    return await next();
  });
  app.use("/api/*", async (context, next) => {
    context.header("Cache-Control", "no-store");
    if (context.req.path !== SESSION_PATH && !mayAsk(context, parts)) return unknownVisitor(context);
    return await next();
  });
  app.post(SESSION_PATH, async (context) => await openSession(context, parts));
  const description = openApi(routes, desk.options.toolVersion);
  app.get("/api/openapi.json", (context) => context.json(description));
  for (const route of routes)
    app.on(route.method, route.path, async (context) => await answerRoute(route, context, desk));
  app.all("/api/*", (context) =>
    context.json({ code: "no-such-route", message: "GET /api/openapi.json lists the routes." }, 404),
  );
  app.get("/metrics", async (context) => {
    context.header("Cache-Control", "no-store");
    return mayScrape(context, parts) ? await scrape(context, desk.scraped) : unknownVisitor(context);
  });
  app.get("*", (context) => pageFile(context, parts.page));
  app.onError((error, context) => context.json({ code: "internal-error", message: ourFault(error) }, 500));
  return app;
}

function factsOf(context: Context, parts: HttpAppParts): Parameters<typeof refusalOf>[0] {
  const header = (name: string): string | null => context.req.header(name) ?? null;
  return {
    method: context.req.method,
    host: header("host"),
    origin: header("origin"),
    fetchSite: header("sec-fetch-site"),
    hasToken: hasToken(context, parts),
  };
}

function hasToken(context: Context, { sessions }: HttpAppParts): boolean {
  const bearer = bearerOf(context);
  return bearer !== null && sessions.isToken(bearer);
}

function bearerOf(context: Context): string | null {
  return /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "")?.[1] ?? null;
}

function mayScrape(context: Context, parts: HttpAppParts): boolean {
  const bearer = bearerOf(context);
  return mayAsk(context, parts) || (bearer !== null && parts.sessions.isMetricsToken(bearer));
}

function mayAsk(context: Context, parts: HttpAppParts): boolean {
  const cookie = getCookie(context, cookieName(parts));
  return (cookie !== undefined && parts.sessions.isOpen(cookie)) || hasToken(context, parts);
}

/** Cookies know no ports: two servers on one machine must not overwrite each other's. */
function cookieName({ port }: HttpAppParts): string {
  return `deadweight-${port}`;
}

function unknownVisitor(context: Context): Response {
  const message =
    "Open the address that `deadweight serve` printed, with all that stands behind the #; programs send the token as `Authorization: Bearer TOKEN`.";
  return context.json({ code: "no-session", message }, 401);
}

async function openSession(context: Context, parts: HttpAppParts): Promise<Response> {
  const given: unknown = await context.req.json().catch(() => null);
  const token = typeof given === "object" && given !== null && "token" in given ? given.token : null;
  const cookie = typeof token === "string" ? parts.sessions.open(token) : null;
  if (cookie === null) return unknownVisitor(context);
  setCookie(context, cookieName(parts), cookie, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: parts.isSecure,
  });
  return context.json({ ok: true });
}

async function answerRoute(route: Route, context: Context, desk: Desk): Promise<Response> {
  const asked = await askedOf(route, context.req, context.req.raw.signal);
  const answer = asked.ok ? await route.run(asked.value, desk) : asked.error;
  return respond(context, answer);
}

function respond(context: Context, answer: Answer): Response {
  switch (answer.kind) {
    case "json":
      return context.json(answer.body, answer.status);
    case "problem":
      return context.json(answer.problem satisfies Problem, answer.status);
    case "events":
      return sendEvents(context, answer.events);
  }
}

function sendEvents(context: Context, events: AsyncIterable<ServerEvent>): Response {
  return streamSSE(context, async (stream) => {
    // Keeps what stands between from closing a quiet connection.
    const heartbeat = setInterval(() => void stream.write(": still here\n\n"), HEARTBEAT_MS);
    try {
      for await (const { event, data } of events) {
        if (stream.aborted) return;
        await stream.writeSSE({ event, data: JSON.stringify(data) });
      }
    } finally {
      clearInterval(heartbeat);
    }
  });
}

/** A path of the page itself is the page: it finds the rest in the address. */
function pageFile(context: Context, page: ReadonlyMap<string, PageFile>): Response {
  const { path } = context.req;
  const file = page.get(path) ?? (/\.\w+$/.test(path) ? undefined : page.get("/"));
  if (file === undefined) {
    const message =
      page.size === 0
        ? "The page was not built: run `npm run build`. The API works without it."
        : "There is no such file.";
    return context.text(message, 404);
  }
  context.header("Content-Type", file.type);
  context.header("Cache-Control", file.isHashed ? "public, max-age=31536000, immutable" : "no-cache");
  return context.body(file.bytes);
}

function ourFault(error: Error): string {
  return `This is an error of ours, not yours: ${error.message}. Nothing was changed in the process that you look at.`;
}
