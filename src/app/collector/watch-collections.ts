// `deadweight gc PID`: collections of a process and its workers as they happen, and what they cost in shared memory.

import { setTimeout as sleep } from "node:timers/promises";
import { redactCommand } from "../../base/secrets.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { descendantsOf, listProcesses } from "../../capture/list-processes.ts";
import { readMemorySharing } from "../../capture/process-signals/memory-sharing.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import type { CollectedProcess, CollectorReport, MemorySharing } from "../../model/collector-report.ts";
import type { ProbeHello } from "../probe/probe-protocol.ts";
import { openRelayedProbes, type RelayedProbes } from "../probe/relayed-probes.ts";
import { adviceFor } from "./advise-collector.ts";
import { CollectionTally } from "./collection-tally.ts";
import { type CollectorState, parseCollectorState } from "./collector-state.ts";

export interface CollectionsAsked {
  readonly pid: number;
  readonly forSeconds: number;
  /** Ask each process for a full collection, to see what it un-shares. */
  readonly force: boolean;
  /** Ends the watch early; what was seen until then is reported. */
  readonly signal: AbortSignal;
}

export interface CollectionsProblem {
  readonly code: "no-probe" | "lost";
  readonly message: string;
}

/** The probe keeps the last 1024 collections: asked more often, even a busy program loses none. */
const LOOK_EVERY_MS = 250;
const MOST_PROCESSES = 64;

interface Followed {
  readonly hello: ProbeHello;
  readonly before: MemorySharing | null;
  readonly tally: CollectionTally;
  lost: string | null;
}

/** Fails when the process has no probe, or none that answers. */
export async function watchCollections(
  asked: CollectionsAsked,
  proc: ProcFs = openProcFs(),
): Promise<Result<CollectorReport, CollectionsProblem>> {
  const opened = await openRelayedProbes(asked.pid, proc);
  if (!opened.ok) return fail({ code: "no-probe", message: opened.error });
  using probes = opened.value;
  const hellos = await membersOf(probes, asked.pid, proc);
  if (hellos.length === 0)
    return fail({ code: "no-probe", message: `no probe is connected in process ${asked.pid} or below it` });
  const startedMs = Date.now();
  const followed = hellos.map((hello): Followed => follow(hello, proc));
  await lookAt(probes, followed);
  if (asked.force) for (const each of followed) await probes.ask(each.hello.pid, "gc-collect");
  while (Date.now() - startedMs < asked.forSeconds * 1000 && !asked.signal.aborted) {
    await sleep(LOOK_EVERY_MS, null, { signal: asked.signal }).catch(() => undefined);
    await lookAt(probes, followed);
    if (followed.every(({ lost }) => lost !== null)) break;
  }
  // Forced collections may have taken all the time there was.
  await lookAt(probes, followed);
  const seconds = (Date.now() - startedMs) / 1000;
  const processes = await Promise.all(followed.map((each) => finished(each, probes, proc, hellos)));
  return ok({
    schema: "deadweight/gc@1",
    pid: asked.pid,
    seconds,
    isForced: asked.force,
    processes,
    advice: adviceFor(processes, seconds, asked.force),
  });
}

function follow(hello: ProbeHello, proc: ProcFs): Followed {
  return { hello, before: readMemorySharing(proc, hello.pid), tally: new CollectionTally(), lost: null };
}

/** The process itself and what descends from it, as far as they have probes, in order of pid. */
async function membersOf(probes: RelayedProbes, pid: number, proc: ProcFs): Promise<readonly ProbeHello[]> {
  const below = new Set(descendantsOf(listProcesses(proc), pid).map((each) => each.pid));
  const hellos = (await probes.processes()).filter((each) => below.has(each.pid));
  return [...hellos].sort((a, b) => a.pid - b.pid).slice(0, MOST_PROCESSES);
}

async function lookAt(probes: RelayedProbes, followed: readonly Followed[]): Promise<void> {
  await Promise.all(
    followed.map(async (each) => {
      if (each.lost !== null) return;
      const answer = await probes.ask(each.hello.pid, "gc-events");
      if (answer.ok) each.tally.add(answer.value);
      else each.lost = answer.error;
    }),
  );
}

const UNKNOWN: CollectorState = { enabled: true, thresholds: [], frozen: 0, garbage: 0 };

async function finished(
  { hello, before, tally, lost }: Followed,
  probes: RelayedProbes,
  proc: ProcFs,
  group: readonly ProbeHello[],
): Promise<CollectedProcess> {
  const after = lost === null ? readMemorySharing(proc, hello.pid) : null;
  const answer = lost === null ? await probes.ask(hello.pid, "stats") : fail(lost);
  await probes.ask(hello.pid, "gc-stop");
  return {
    pid: hello.pid,
    parentPid: hello.parentPid,
    python: hello.python,
    command: redactCommand(hello.command),
    ...((answer.ok ? parseCollectorState(answer.value) : null) ?? UNKNOWN),
    generations: tally.generations(),
    dropped: tally.dropped,
    before,
    after,
    unsharedBytes: isForkOf(hello, group) ? unshared(before, after) : null,
    lost: answer.ok ? null : answer.error,
  };
}

/** Same interpreter, same command line as its parent: what a fork keeps until it replaces itself. */
function isForkOf({ parentPid, executable, command }: ProbeHello, group: readonly ProbeHello[]): boolean {
  const parent = group.find(({ pid }) => pid === parentPid);
  return parent !== undefined && parent.executable === executable && sameWords(parent.command, command);
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

/** What was shared and is private now: the smaller of both changes, so that memory that is merely new does not count. */
function unshared(before: MemorySharing | null, after: MemorySharing | null): number | null {
  if (before === null || after === null) return null;
  const lost = before.sharedBytes - after.sharedBytes;
  return Math.max(0, Math.min(lost, after.privateDirtyBytes - before.privateDirtyBytes));
}
