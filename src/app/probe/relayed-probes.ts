// Probes that another tool keeps connected, asked through it.

import { connect, type Socket } from "node:net";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { readStat } from "../../capture/proc-stat.ts";
import { LineReader } from "./line-reader.ts";
import {
  LONGEST_ANSWER_BYTES,
  parseAnswer,
  parseHellos,
  type ProbeArguments,
  type ProbeHello,
  type ProbeVerb,
} from "./probe-protocol.ts";

export interface RelayedProbes extends Disposable {
  /** False when the other tool has ended. */
  readonly isOpen: () => boolean;
  /** Processes that are connected now. */
  readonly processes: () => Promise<readonly ProbeHello[]>;
  /** The answer's value, unchecked; fails with a sentence. */
  readonly ask: (pid: number, verb: ProbeVerb, given?: ProbeArguments) => Promise<Result<unknown, string>>;
}

const MOST_ANCESTORS = 16;
const CONNECT_WITHIN_MS = 5000;
const ANSWER_WITHIN_MS = 130_000;

/** Opens the way to the probe of process `pid`. Fails with a sentence when it has none, or its tool is gone. */
export async function openRelayedProbes(
  pid: number,
  proc: ProcFs = openProcFs(),
): Promise<Result<RelayedProbes, string>> {
  const path = socketPathOf(proc, pid);
  if (!path.ok) return path;
  const opened = await openRelayAt(path.value);
  if (opened.ok) return opened;
  return fail(`process ${pid} was started with the probe, but the \`deadweight run\` that started it has ended`);
}

/** Asks the tool whose socket this is. Fails with a sentence when nobody serves it. */
export async function openRelayAt(path: string): Promise<Result<RelayedProbes, string>> {
  const socket = await connected(path);
  return socket === null ? fail(`no tool serves ${path} any more`) : ok(new Asker(socket));
}

/** From its environment, or an ancestor's: a server that shows a title of its own has written over its environment. */
function socketPathOf(proc: ProcFs, pid: number): Result<string, string> {
  let here = pid;
  for (let steps = 0; steps < MOST_ANCESTORS && here > 1; steps++) {
    const environment = proc.readText(`${here}/environ`);
    if (!environment.ok && here === pid) return fail(unreadable(pid, environment.error));
    const found = environment.ok ? /(?:^|\0)DEADWEIGHT_PROBE=([^\0]+)/.exec(environment.value)?.[1] : undefined;
    if (found !== undefined) return ok(found);
    const stat = readStat(proc, here);
    if (!stat.ok) break;
    here = stat.value.parentPid;
  }
  return fail(
    `process ${pid} was not started with the probe, which alone can see collections as they happen. Start it with: deadweight run -- COMMAND`,
  );
}

function unreadable(pid: number, why: string): string {
  if (why === "absent") return `there is no process ${pid}`;
  return `the environment of process ${pid} cannot be read: it belongs to another user`;
}

async function connected(path: string): Promise<Socket | null> {
  const socket = connect(path);
  socket.on("error", () => undefined);
  const isServed = await new Promise<boolean>((settle) => {
    const timer = setTimeout(() => settle(false), CONNECT_WITHIN_MS);
    socket.once("close", () => (clearTimeout(timer), settle(false)));
    // Its own greeting; a tool that knows no relays says goodbye instead.
    socket.once("data", (chunk: Buffer) => (clearTimeout(timer), settle(chunk.includes('"relay"'))));
    socket.once("connect", () => socket.write('{"relay":1}\n'));
  });
  if (!isServed) socket.destroy();
  return isServed ? socket : null;
}

class Asker implements RelayedProbes {
  readonly #socket: Socket;
  readonly #lines = new LineReader(LONGEST_ANSWER_BYTES);
  readonly #waiting = new Map<number, (outcome: Result<unknown, string>) => void>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.once("close", () =>
      this.#waiting.forEach((settle) => settle(fail("the tool that keeps the probe has ended"))),
    );
  }

  readonly isOpen = (): boolean => !this.#socket.destroyed;

  readonly processes = async (): Promise<readonly ProbeHello[]> => {
    const answer = await this.#send({ do: "processes" });
    return answer.ok ? parseHellos(answer.value) : [];
  };

  readonly ask = async (pid: number, verb: ProbeVerb, given: ProbeArguments = {}): Promise<Result<unknown, string>> =>
    await this.#send({ ...given, pid, do: verb });

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #send(message: Readonly<Record<string, string | number>>): Promise<Result<unknown, string>> {
    if (this.#socket.destroyed) return fail("the tool that keeps the probe has ended");
    this.#lastId += 1;
    const id = this.#lastId;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => settle(fail("the tool that keeps the probe did not answer")), ANSWER_WITHIN_MS);
      const settle = (outcome: Result<unknown, string>): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(outcome);
      };
      this.#waiting.set(id, settle);
      this.#socket.write(`${JSON.stringify({ ...message, id })}\n`);
    });
  }

  #receive(chunk: Buffer): void {
    const lines = this.#lines.read(chunk);
    if (lines === null) return void this.#socket.destroy();
    for (const line of lines) {
      const answer = parseAnswer(line);
      if (answer !== null && answer.id !== null) this.#waiting.get(answer.id)?.(answer.outcome);
    }
  }
}
