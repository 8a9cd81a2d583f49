// `deadweight serve`: from options to a server that listens.

import { readFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";
import { type ServerType, serve as listen } from "@hono/node-server";
import { fail, ok, type Result } from "../base/result.ts";
import { type DeskOptions, openDesk } from "./desk.ts";
import { ownHosts } from "./guard/same-site.ts";
import { createSessions, LEAST_METRICS_TOKEN } from "./guard/sessions.ts";
import { createHttpApp } from "./http-app.ts";
import { readPageFiles } from "./page-files.ts";
import type { Problem } from "./route.ts";
import { ALL_ROUTES } from "./routes/all-routes.ts";

export interface ServeOptions extends DeskOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  /** Beyond this machine the connection is encrypted, or somebody has said that it need not be. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  readonly isInsecureMeant: boolean;
  /** Further names under which it may be asked, when others than this machine ask. */
  readonly names: readonly string[];
}

export interface RunningServer extends AsyncDisposable {
  /** "http://127.0.0.1:7777/" */
  readonly address: string;
  /** For the first visit: with the token behind the #. */
  readonly visit: string;
  readonly token: string;
}

/** Environment variable with the token of a monitoring system. */
const METRICS_TOKEN = "DEADWEIGHT_METRICS_TOKEN";
const PAGE_FOLDER = fileURLToPath(new URL("../web", import.meta.url));
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|::1)$/;

/** Listens when it returns. */
export async function serve(options: ServeOptions): Promise<Result<RunningServer, Problem>> {
  const { host, tls } = options;
  if (!LOOPBACK.test(host) && tls === null && !options.isInsecureMeant)
    return fail({
      code: "usage",
      message: `On ${host} others can listen in: give --tls-cert and --tls-key, or say --insecure when something in front of it encrypts.`,
    });
  const metricsToken = options.environment[METRICS_TOKEN] ?? null;
  if (metricsToken !== null && metricsToken.length < LEAST_METRICS_TOKEN)
    return fail({
      code: "usage",
      message: `${METRICS_TOKEN} has fewer than ${LEAST_METRICS_TOKEN} characters, so that it could be guessed; make one with \`openssl rand -hex 16\`.`,
    });
  const keys = readKeys(tls);
  if (!keys.ok) return keys;
  const listening = await bind(options, keys.value);
  if (!listening.ok) return listening;
  const { server, port, attach } = listening.value;
  const desk = openDesk(options);
  const sessions = createSessions(metricsToken);
  const hosts = ownHosts(LOOPBACK.test(host) ? [host] : [...ownNames(), host, ...options.names], port);
  attach(
    createHttpApp({
      routes: ALL_ROUTES,
      desk,
      sessions,
      page: readPageFiles(PAGE_FOLDER),
      hosts,
      port,
      isSecure: tls !== null,
    }),
  );
  const address = `${tls === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
  return ok({
    address,
    visit: `${address}#token=${sessions.token}`,
    token: sessions.token,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((settle) => server.close(() => settle()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await Promise.all([closed, desk[Symbol.asyncDispose]()]);
    },
  });
}

/** Of this machine in its networks. */
function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [hostname(), ...addresses.map(({ address }) => address)];
}

interface Keys {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function readKeys(tls: ServeOptions["tls"]): Result<Keys | null, Problem> {
  if (tls === null) return ok(null);
  try {
    return ok({ cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) });
  } catch (error) {
    return fail({ code: "not-readable", message: `The certificate or its key cannot be read: ${String(error)}.` });
  }
}

interface Listening {
  readonly server: ServerType;
  readonly port: number;
  /** Answers from now on. */
  readonly attach: (app: ReturnType<typeof createHttpApp>) => void;
}

/** The port is known only when it listens, and the guard needs it: until the application is there, requests wait. */
async function bind({ host, port }: ServeOptions, keys: Keys | null): Promise<Result<Listening, Problem>> {
  let attach: Listening["attach"] = () => {};
  const app = new Promise<ReturnType<typeof createHttpApp>>((settle) => (attach = settle));
  const fetch = async (request: Request, bindings: unknown): Promise<Response> =>
    await (await app).fetch(request, bindings);
  const secure = keys === null ? {} : { createServer: createSecureServer, serverOptions: keys };
  return await new Promise((settle) => {
    const server = listen({ fetch, hostname: host, port, ...secure }, (info: AddressInfo) =>
      settle(ok({ server, port: info.port, attach })),
    );
    (server as Server).on("error", (error) =>
      settle(
        fail({
          code: "no-port",
          message: `Port ${port} of ${host} cannot be had: ${error.message}. Give another with --port.`,
        }),
      ),
    );
  });
}
