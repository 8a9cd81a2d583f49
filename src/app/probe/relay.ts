// A second tool asks through the one that owns the socket: `deadweight gc PID` beside `deadweight run`. It opens the same socket,
// greets as a tool, and names the process with every request. docs/probe-protocol.md describes the lines.

import type { Socket } from "node:net";
import { LineReader } from "./line-reader.ts";
import type { ProbeConnection } from "./probe-connection.ts";
import { LONGEST_ANSWER_BYTES, parseRelayed, type ProbeVerb, type RelayedRequest } from "./probe-protocol.ts";

const SLOWEST_MS = 120_000;

/** Serves one tool until it goes, beginning with the lines that came with its greeting; what it had switched on is switched off then, however it went. */
export function serveRelay(
  socket: Socket,
  first: readonly string[],
  connections: () => readonly ProbeConnection[],
): void {
  const lines = new LineReader(LONGEST_ANSWER_BYTES);
  const switchedOn = new SwitchedOn();
  socket.on("data", (chunk: Buffer) => take(lines.read(chunk)));
  socket.once("close", () => switchedOn.undo());
  send({ relay: 1 });
  take(first);

  /** Null: a line without end. */
  function take(received: readonly string[] | null): void {
    for (const asked of received?.map(parseRelayed) ?? [null]) {
      if (asked === null) socket.destroy();
      else void answer(asked);
    }
  }

  async function answer(asked: RelayedRequest): Promise<void> {
    const { id, pid, verb, given } = asked;
    if (verb === "processes") return send({ id, ok: connections().map(({ hello }) => hello) });
    const connection = connections().find(({ hello }) => hello.pid === pid);
    if (connection === undefined) return send({ id, error: `process ${pid} is not connected to this run` });
    switchedOn.note(verb, connection);
    const outcome = await connection.request(verb, given, SLOWEST_MS);
    send(outcome.ok ? { id, ok: outcome.value } : { id, error: outcome.error });
  }

  function send(message: unknown): void {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  }
}

/** What a tool has switched on, by process. */
class SwitchedOn {
  readonly #collections = new Set<ProbeConnection>();
  readonly #windows = new Set<ProbeConnection>();

  note(verb: ProbeVerb, connection: ProbeConnection): void {
    if (verb === "gc-events") this.#collections.add(connection);
    else if (verb === "gc-stop") this.#collections.delete(connection);
    else if (verb === "trace-start") this.#windows.add(connection);
    else if (verb === "trace-stop") this.#windows.delete(connection);
  }

  undo(): void {
    for (const connection of this.#collections) void connection.request("gc-stop");
    for (const connection of this.#windows) void connection.request("trace-stop");
  }
}
