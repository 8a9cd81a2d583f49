// Puts the probe into a process that was started without it, and has it connect to a socket of ours.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { ProbeConnection } from "../probe/probe-connection.ts";
import { openProbeHub } from "../probe/probe-hub.ts";
import { callWithGdb } from "./call-with-gdb.ts";
import { loadProbeSource, type ProbeExtra } from "./probe-bundle.ts";
import { runInTarget, type RunInTargetOptions } from "./run-in-target.ts";
import { writeJournal } from "./attach-journal.ts";

export interface AttachOptions {
  /** How long the process may take to run Python; then the call is withdrawn. */
  readonly waitSeconds: number;
  /** Have gdb make the call when the main thread waits in the kernel. */
  readonly gdb: boolean;
  /** What is loaded beside the probe; null for nothing. */
  readonly extra?: ProbeExtra | null;
  /** What happens, a sentence at a time. */
  readonly say: (sentence: string) => void;
  /** Withdraws the call while nobody has taken it. */
  readonly signal?: AbortSignal;
  /** Each process that connects, forked children included; the first one is the process itself. */
  readonly connected?: (connection: ProbeConnection) => void;
  /** Someone was turned away; a sentence. */
  readonly refused?: (why: string) => void;
}

/** Disposal sends all probes away: each leaves its process as it found it. */
export interface AttachedProbe extends AsyncDisposable {
  readonly connection: ProbeConnection;
  /** How long the process stood still. */
  readonly pauseMs: number;
}

/** The probe compiles itself in the process, beside what else runs there. */
const CONNECTS_WITHIN_MS = 15_000;
/** Another tool's probe that is on its way out needs a few turns of the process's threads. */
const LEAVES_WITHIN_MS = 100;
const MOST_TRIES = 20;

/** Fails before anything is written wherever that can be known; see `runInTarget`. */
export async function attachProbe(pid: number, options: AttachOptions): Promise<Result<AttachedProbe, AttachError>> {
  let isConnected: (connection: ProbeConnection) => void = () => {};
  const own = new Promise<ProbeConnection>((resolve) => (isConnected = resolve));
  const turnedAway: string[] = [];
  const opened = await openProbeHub({
    connected: (connection) => {
      if (connection.hello.pid === pid) isConnected(connection);
      options.connected?.(connection);
    },
    refused: (why) => {
      turnedAway.push(why);
      options.refused?.(why);
    },
  });
  if (!opened.ok) return fail({ code: "attach-no-folder", detail: opened.error });
  const hub = opened.value;
  const loaded = await loadAndConnect(pid, hub.socketPath, own, options);
  const attached = loaded.ok ? loaded : fail(withReason(loaded.error, turnedAway));
  if (!writeJournal({ did: "attach", pid, outcome: attached.ok ? "ok" : attached.error.code }))
    options.say("the journal of attached processes could not be written");
  if (attached.ok) return ok({ ...attached.value, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() });
  await hub[Symbol.asyncDispose]();
  return attached;
}

async function loadAndConnect(
  pid: number,
  socketPath: string,
  connection: Promise<ProbeConnection>,
  options: AttachOptions,
): Promise<Result<Omit<AttachedProbe, typeof Symbol.asyncDispose>, AttachError>> {
  const source = loadProbeSource(socketPath, options.extra ?? null);
  let ran = await runInTarget(pid, source, callOptions(pid, options));
  for (let tries = 1; ran.ok && ran.value.answer === "leaving" && tries < MOST_TRIES; tries++) {
    await sleep(LEAVES_WITHIN_MS);
    ran = await runInTarget(pid, source, callOptions(pid, options));
  }
  if (!ran.ok) return ran;
  if (ran.value.answer !== "loading") return fail({ code: "already-attached", pid });
  const connected = await Promise.race([connection, sleep(CONNECTS_WITHIN_MS, null, { ref: false })]);
  if (connected === null) return fail({ code: "attach-no-connection", pid, detail: failureIn(socketPath) });
  return ok({ connection: connected, pauseMs: ran.value.pauseMs });
}

/** A connection that was turned away is why none was made. */
function withReason(error: AttachError, turnedAway: readonly string[]): AttachError {
  const detail = turnedAway.at(-1);
  return error.code === "attach-no-connection" && detail !== undefined ? { ...error, detail } : error;
}

/** How a call is waited for. */
export function callOptions(
  pid: number,
  { waitSeconds, gdb, say, signal }: Pick<AttachOptions, "waitSeconds" | "gdb" | "say" | "signal">,
): RunInTargetOptions {
  return {
    beginWithinMs: waitSeconds * 1000,
    onArmed: (waitsIn) =>
      say(
        `armed: the call will be taken when the main thread of process ${pid} next runs Python${waitsIn === null ? "" : ` (it waits in ${waitsIn})`}`,
      ),
    ...(signal === undefined ? {} : { signal }),
    ...(gdb ? { byForce: (left, exchange) => callWithGdb(pid, left, exchange) } : {}),
  };
}

/** What the probe left when it could not be loaded. */
function failureIn(socketPath: string): string {
  try {
    return readFileSync(join(dirname(socketPath), "failure"), "utf8");
  } catch {
    return `nobody came within ${CONNECTS_WITHIN_MS / 1000} s`;
  }
}
