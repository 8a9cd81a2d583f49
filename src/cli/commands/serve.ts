// `deadweight serve [FILES|PID...]`

import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Problem, ServeAsked } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";
import type { World } from "../world.ts";
import type { ServingReport } from "../../model/serving-report.ts";

const DEFAULT_PORT = 7787;
const MOST_PORTS = 65_535;

export const serve: Command = defineCommand({
  name: "serve",
  summary: "a page in the browser: processes, heaps, caches, findings",
  description: [
    "Serves a page and an HTTP API on this machine alone. The address on the first line holds a token behind the #: whoever has it may look at every process that you may look at, so keep it to yourself. Programs send it as `Authorization: Bearer TOKEN`; GET /api/openapi.json describes the rest.",
    "Values are never shown unless --values says so. What changes a cache asks twice and stands in the audit log.",
  ],
  arguments: {
    files: {
      placeholder: "FILE|PID",
      takes: "source",
      count: "many",
      least: 0,
      summary: "snapshots and core files to look at, or a process to begin with",
    },
  },
  options: {
    port: {
      kind: "count",
      placeholder: "N",
      least: 0,
      default: DEFAULT_PORT,
      summary: "where it listens; 0: any free port",
    },
    "no-open": { kind: "flag", summary: "do not open the browser" },
    values: { kind: "flag", summary: "show the texts of strings and keys, too" },
    folder: {
      kind: "file",
      placeholder: "FOLDER",
      summary: "where snapshots are kept (default: deadweight-snapshots)",
    },
    sources: { kind: "file", placeholder: "FOLDER", summary: "the sources that are scanned (default: this folder)" },
    listen: {
      kind: "text",
      placeholder: "HOST",
      summary: "another address than 127.0.0.1; needs a certificate, or --insecure",
    },
    name: { kind: "list", placeholder: "NAMES", summary: "with --listen: further names under which it is asked" },
    "tls-cert": { kind: "file", placeholder: "FILE", summary: "certificate (PEM) for --listen" },
    "tls-key": { kind: "file", placeholder: "FILE", summary: "its key (PEM)" },
    insecure: { kind: "flag", summary: "listen beyond this machine without encryption" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight serve", why: "the page; choose a process there" },
    { command: "deadweight serve before.dwsnap after.dwsnap", why: "walk in two heaps and compare them" },
    { command: "deadweight serve 4711", why: "begin with this process" },
    { command: "deadweight serve --no-open --json | jq -r .visit", why: "for a script: where it is" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was told to end" },
    { code: EXIT.couldNot, when: "the port cannot be had, or the command line is wrong" },
  ],
  async run(given, world) {
    const { json } = given.options;
    const asked = askedOf(given.arguments.files, given.options, world);
    if (!asked.ok) return await printProblem(asked.error, json, world);
    // Ctrl-C ends it in order: what is stopped goes on, and what is half written is not left.
    using ending = world.askFirst();
    const serving = await world.actions.serve(asked.value.server);
    if (!serving.ok) return await printProblem(serving.error, json, world);
    await using server = serving.value;
    const visit = visitOf(server.visit, asked.value.pid);
    const report: ServingReport = {
      schema: "deadweight/serving@1",
      address: server.address,
      visit,
      token: server.token,
    };
    await printReport(report, json, servingText, world);
    if (!given.options["no-open"] && !json && world.out.isTerminal) openBrowser(visit);
    if (!ending.signal.aborted) await once(ending.signal, "abort");
    return EXIT.clean;
  },
});

interface ServeOptions {
  readonly port: number;
  readonly values: boolean;
  readonly folder: string | null;
  readonly sources: string | null;
  readonly listen: string | null;
  readonly name: readonly string[] | null;
  readonly "tls-cert": string | null;
  readonly "tls-key": string | null;
  readonly insecure: boolean;
  readonly "max-pause": number;
}

interface Asked {
  readonly server: ServeAsked;
  /** The process to begin with. */
  readonly pid: number | null;
}

function askedOf(sources: readonly string[], options: ServeOptions, world: World): Result<Asked, Problem> {
  const usage = (message: string): Result<never, Problem> => fail({ code: "usage", message });
  const { "tls-cert": certificateFile, "tls-key": keyFile } = options;
  if ((certificateFile === null) !== (keyFile === null)) return usage("--tls-cert and --tls-key belong together");
  if (options.port > MOST_PORTS) return usage(`--port may be ${MOST_PORTS} at most, not ${options.port}`);
  const pids = sources.filter((source) => /^\d+$/.test(source) && !world.fileExists(source));
  if (pids.length > 1) return usage("one process to begin with is enough; the page lists the others");
  const files = sources.filter((source) => !pids.includes(source));
  const missing = files.find((file) => !world.fileExists(file));
  if (missing !== undefined) return usage(`there is no file ${missing}, and it is no process id`);
  return ok({
    pid: pids[0] === undefined ? null : Number(pids[0]),
    server: {
      files: files.map((file) => resolve(file)),
      folder: resolve(options.folder ?? "deadweight-snapshots"),
      sources: resolve(options.sources ?? "."),
      hasValues: options.values,
      maxPauseMs: options["max-pause"] * 1000,
      toolVersion: world.version,
      environment: world.environment,
      port: options.port,
      host: options.listen ?? "127.0.0.1",
      tls: certificateFile === null || keyFile === null ? null : { certificateFile, keyFile },
      isInsecureMeant: options.insecure,
      names: options.name ?? [],
    },
  });
}

function visitOf(visit: string, pid: number | null): string {
  if (pid === null) return visit;
  const url = new URL(visit);
  url.pathname = `/processes/${pid}`;
  return url.href;
}

function servingText({ visit }: ServingReport): string {
  return `${visit}\nOpen this address in a browser; Ctrl-C ends the server.\n`;
}

/** A desktop has it; elsewhere the address is printed, and that is enough. */
function openBrowser(address: string): void {
  const opener = spawn("xdg-open", [address], { stdio: "ignore", detached: true });
  opener.on("error", () => {});
  opener.unref();
}
