// `watch --metrics ADDRESS`: the latest report as OpenMetrics text, for whoever fetches it.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fail, ok, type Result } from "../../../base/result.ts";
import type { WatchReport } from "../../../model/watch-report.ts";
import { type FilledFamily, metricFamilies } from "../../../report/metric-families.ts";
import { OPEN_METRICS_TYPE, openMetricsText } from "../../../report/open-metrics.ts";
import type { Outlet } from "../outlets.ts";
import type { WatchProblem } from "../watch-session.ts";
import { createHolderChoice } from "./choose-holders.ts";

const MOST_HOLDERS = 100;

/** "9464" means 127.0.0.1: what a process holds is nobody else's business unless an address is given. */
export async function openMetricsServer(address: string): Promise<Result<Outlet, WatchProblem>> {
  const [, host = "127.0.0.1", port] = /^(?:(\[[0-9a-f:]+\]|[^:]+):)?(\d{1,5})$/i.exec(address) ?? [];
  if (port === undefined || Number(port) > 65_535)
    return fail({
      code: "usage",
      message: `--metrics needs an address and a port, as 127.0.0.1:9464, not '${address}'`,
    });
  let families: readonly FilledFamily[] = [];
  const choose = createHolderChoice(MOST_HOLDERS);
  const server = createServer((request, response) => answer(request, response, () => openMetricsText(families)));
  const problem = await listen(server, host.replaceAll(/[[\]]/g, ""), Number(port));
  if (problem !== null)
    return fail({ code: "not-served", message: `No metrics can be served at ${address}: ${problem}.` });
  return ok({
    take: async (report: WatchReport) => {
      families = metricFamilies(report, choose(report));
      return [];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, text: () => string): void {
  const path = (url ?? "").split("?")[0];
  if (method !== "GET" && method !== "HEAD") return refuse(response, 405, "only GET");
  if (path !== "/metrics" && path !== "/") return refuse(response, 404, "metrics are at /metrics");
  response.writeHead(200, { "content-type": OPEN_METRICS_TYPE });
  response.end(method === "HEAD" ? "" : text());
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${why}\n`);
}

/** The reason when it cannot. */
function listen(server: Server, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.listen(port, host, () => {
      // Nobody waits for it, and a client that misbehaves is no reason to end.
      server.on("error", () => undefined);
      server.unref();
      resolve(null);
    });
  });
}
