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

/** What switches something on for as long as somebody asks for it, and what switches it off. */
const SWITCHES: Readonly<Partial<Record<ProbeVerb, ProbeVerb>>> = {
  "gc-events": "gc-stop",
  "trace-start": "trace-stop",
  "lines-start": "lines-stop",
};

/** What a tool has switched on, by what switches it off. */
class SwitchedOn {
  readonly #open = new Map<ProbeVerb, Set<ProbeConnection>>();

  note(verb: ProbeVerb, connection: ProbeConnection): void {
    this.#open.get(verb)?.delete(connection);
    const off = SWITCHES[verb];
    if (off === undefined) return;
    const connections = this.#open.get(off) ?? new Set();
    this.#open.set(off, connections.add(connection));
  }

  undo(): void {
    for (const [off, connections] of this.#open) for (const connection of connections) void connection.request(off);
  }
}
