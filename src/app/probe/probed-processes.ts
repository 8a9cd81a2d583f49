// What is known of every process that the probe was loaded into, while they live and afterwards.

import { redactCommand } from "../../base/secrets.ts";
import type { ProbedProcess, ProbeStatistics } from "../../model/run-report.ts";
import type { ProbeConnection } from "./probe-connection.ts";
import { parseStatistics, type ProbeHello } from "./probe-protocol.ts";

/** A program that forks for every request must not fill our memory: of more processes only the number is kept. */
const MOST_KEPT = 10_000;
const ASK_WITHIN_MS = 2000;

interface Known {
  readonly connection: ProbeConnection;
  readonly connectedAfterMs: number;
  endedAfterMs: number | null;
  last: ProbeStatistics | null;
}

export class ProbedProcesses {
  readonly #startedMs = Date.now();
  readonly #known: Known[] = [];

  /** Asks it at once: a process that lives for a moment has said something then. */
  add(connection: ProbeConnection): void {
    if (this.#known.length >= MOST_KEPT) return;
    const known: Known = { connection, connectedAfterMs: this.#sinceStart(), endedAfterMs: null, last: null };
    this.#known.push(known);
    connection.closed.then(
      () => (known.endedAfterMs = this.#sinceStart()),
      () => undefined,
    );
    void this.#ask(known);
  }

  /** Asks everyone who is connected for counters; a process that does not answer keeps its last ones. */
  async askAll(): Promise<void> {
    await Promise.all(this.#known.filter(({ connection }) => connection.isOpen).map((known) => this.#ask(known)));
  }

  report(): readonly ProbedProcess[] {
    return this.#known.map(({ connection, connectedAfterMs, endedAfterMs, last }) => ({
      pid: connection.hello.pid,
      parentPid: connection.hello.parentPid,
      python: connection.hello.python,
      command: redactCommand(connection.hello.command),
      role: this.roleOf(connection.hello),
      connectedAfterMs,
      endedAfterMs,
      requests: connection.requests,
      unanswered: connection.unanswered,
      last,
    }));
  }

  /** What the fork server forks does the program's work, and has the command line of the server. */
  roleOf(hello: ProbeHello): ProbedProcess["role"] {
    if (isStartedBy(TRACKER, hello)) return "helper";
    if (!isStartedBy(FORK_SERVER, hello)) return "program";
    const parent = this.#known.find(({ connection }) => connection.hello.pid === hello.parentPid);
    return parent !== undefined && isStartedBy(FORK_SERVER, parent.connection.hello) ? "program" : "helper";
  }

  async #ask(known: Known): Promise<void> {
    const answer = await known.connection.request("stats", {}, ASK_WITHIN_MS);
    if (answer.ok) known.last = parseStatistics(answer.value) ?? known.last;
  }

  #sinceStart(): number {
    return Date.now() - this.#startedMs;
  }
}

/** multiprocessing starts processes for itself: the tracker of shared resources, and the server that forks. */
const TRACKER = /^from multiprocessing\.(resource_tracker|semaphore_tracker) /;
const FORK_SERVER = /^from multiprocessing\.forkserver /;

function isStartedBy(helper: RegExp, { command }: ProbeHello): boolean {
  return command.some((word) => helper.test(word));
}
