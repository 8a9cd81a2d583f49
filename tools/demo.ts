// `npm run demo`: starts the example service, sends it traffic, takes two snapshots while it serves, and asks the built
// tool what grew, why, and since which line. Everything it prints below a `$` line is what the tool said. Ends by itself, leaves nothing.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runTool } from "./demo/built-tool.ts";
import { type LeakyService, startLeakyService } from "./demo/leaky-service.ts";
import { keepVisiting, sendVisits } from "./demo/traffic.ts";

const ROOT = join(import.meta.dirname, "..");
const SWITCHES = ["--sessions", "--cache", "--closure", "--cycles"];
/** For tests: they run dist/ and must not see it being rewritten. */
const ALREADY_BUILT = "--built";
const LIMIT_MS = 58_000;
const VISITS_BEFORE = 1500;
const VISITS_BETWEEN = 3000;
/** Long enough for a verdict; the demo is to end within a minute. */
const WATCHED = "15s";

/** What the demo's parts need: where to write, when to stop. */
interface Stage {
  readonly folder: string;
  readonly signal: AbortSignal;
}

interface Grown {
  readonly holders: readonly { readonly holder: { readonly path: string; readonly kind: string } }[];
}

function say(text: string): void {
  console.log(text);
}

function headline(text: string): void {
  say(`\n== ${text}\n`);
}

/** Runs a command, shows it as a person would have typed it, and what it answered. Exit code 1 means findings. */
async function show(stage: Stage, ...args: string[]): Promise<void> {
  say(`$ deadweight ${args.map((word) => (/^[\w./-]+$/.test(word) ? word : `"${word}"`)).join(" ")}`);
  const { code, stdout, stderr } = await runTool(args, stage.folder, stage.signal);
  say(stdout.trimEnd());
  if (code > 1) throw new Error(`deadweight ${args[0]} ended with code ${code}:\n${stderr.trim()}`);
}

/** The path of the holder that grew most, from the same answer as JSON; null when garbage grew most: nothing holds it. */
async function growingHolder(stage: Stage): Promise<string | null> {
  const { stdout } = await runTool(["diff", "a.dwsnap", "b.dwsnap", "--json"], stage.folder, stage.signal);
  const { holders } = JSON.parse(stdout) as Grown;
  const most = holders[0]?.holder;
  return most === undefined || most.kind === "garbage-cycle" ? null : most.path;
}

async function tellStory(stage: Stage, service: LeakyService, switches: readonly string[]): Promise<void> {
  const pid = String(service.pid);
  headline("A service nobody prepared");
  say(`python3 service.py ${switches.join(" ")}   (pid ${pid}, ${service.address})`);
  if (service.permissionGiven) {
    say("This kernel lets only ancestors read a process (ptrace_scope 1); the demo's service allows it for itself.");
    say("For a process of your own, ask: deadweight doctor PID");
  }
  const answered = await sendVisits(service.address, VISITS_BEFORE, stage.signal);
  say(`${answered.toLocaleString("en")} visits answered.`);

  headline("A first snapshot, while it serves");
  const busy = sendVisits(service.address, VISITS_BETWEEN, stage.signal);
  await Promise.all([busy, show(stage, "snapshot", pid, "-o", "a.dwsnap")]);

  headline("A second one, after more visits");
  const still = sendVisits(service.address, VISITS_BETWEEN, stage.signal);
  await Promise.all([still, show(stage, "snapshot", pid, "-o", "b.dwsnap")]);

  headline("What grew?");
  await show(stage, "diff", "a.dwsnap", "b.dwsnap", "--limit", "4");

  headline("Why is it still there?");
  const holder = await growingHolder(stage);
  if (holder === null) await show(stage, "top", "b.dwsnap", "--limit", "4");
  else await show(stage, "why", "b.dwsnap", holder, "--limit", "1", "--paths", "1");

  headline("Is it a leak, whose, and since which line?");
  using _traffic = keepVisiting(service.address, stage.signal);
  await show(stage, "diagnose", pid, "--for", WATCHED);
}

function interruptible(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  }
  return AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT_MS)]);
}

function build(): void {
  const run = (tool: string, ...words: string[]): void => {
    execFileSync(join(ROOT, "node_modules/.bin", tool), words, { cwd: ROOT, stdio: "inherit" });
  };
  run("tsc", "-p", "tsconfig.build.json");
  run("tsx", "tools/bundle-tool.ts");
}

async function main(): Promise<void> {
  const started = Date.now();
  const words = process.argv.slice(2);
  const chosen = words.filter((word) => word !== ALREADY_BUILT);
  const unknown = chosen.filter((word) => !SWITCHES.includes(word));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(" ")}; the demo takes ${SWITCHES.join(" ")}`);
  const switches = chosen.length > 0 ? chosen : SWITCHES;
  const signal = interruptible();
  if (!words.includes(ALREADY_BUILT)) build();
  const folder = mkdtempSync(join(tmpdir(), "deadweight-demo-"));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", forget);
  using service = await startLeakyService(switches, signal);
  await tellStory({ folder, signal }, service, switches);
  say(
    `\nDone in ${((Date.now() - started) / 1000).toFixed(0)} s; the service is stopped and the snapshots are deleted.`,
  );
}

await main().catch((error: unknown) => {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  console.error(`demo: ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
});
