// The tool's end of one probe: requests with numbers, answers matched to them. A process that is stopped, busy or broken costs
// the caller a time-out and nothing else.

import type { Socket } from "node:net";
import { fail, type Result } from "../../base/result.ts";
import { LineReader } from "./line-reader.ts";
import {
  LONGEST_ANSWER_BYTES,
  parseAnswer,
  type ProbeArguments,
  type ProbeHello,
  type ProbeVerb,
} from "./probe-protocol.ts";

/** Enough for a walk over a large heap; most answers take a millisecond. */
const ANSWER_WITHIN_MS = 10_000;
/** A process that does not read must not fill our memory. */
const MOST_WAITING = 64;
/** Lines that are no answers; then the other end is no probe. */
const MOST_FAULTS = 16;

interface Waiting {
  readonly settle: (outcome: Result<unknown, string>) => void;
  readonly timer: NodeJS.Timeout;
}

export class ProbeConnection {
  readonly hello: ProbeHello;
  /** Resolves when the process has closed it, ended, or was sent away. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #lines = new LineReader(LONGEST_ANSWER_BYTES);
  #lastId = 0;
  #faults = 0;
  #unanswered = 0;

  /** `socket` has been read up to the end of the greeting. */
  constructor(socket: Socket, hello: ProbeHello) {
    this.#socket = socket;
    this.hello = hello;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#failAll(`process ${hello.pid} has closed the connection`);
        resolve();
      });
    });
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readable;
  }

  get requests(): number {
    return this.#lastId;
  }

  /** Requests that got no answer in time or none at all. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** The answer's value, unchecked; fails with a sentence. */
  async request(
    verb: ProbeVerb,
    given: ProbeArguments = {},
    withinMs: number = ANSWER_WITHIN_MS,
  ): Promise<Result<unknown, string>> {
    const { pid } = this.hello;
    if (!this.isOpen) return fail(`process ${pid} is not connected any more`);
    if (this.#waiting.size >= MOST_WAITING)
      return fail(`process ${pid} has not answered ${MOST_WAITING} earlier requests; it may be stopped`);
    this.#lastId += 1;
    const id = this.#lastId;
    return await new Promise((settle) => {
      const timer = setTimeout(() => this.#giveUp(id, withinMs), withinMs);
      this.#waiting.set(id, { settle, timer });
      this.#socket.write(`${JSON.stringify({ ...given, id, do: verb })}\n`);
    });
  }

  /** Ends the connection; with a reason the probe does not come back. */
  close(reason: string | null = null): void {
    if (reason === null) this.#socket.destroy();
    else this.#socket.end(`${JSON.stringify({ bye: reason })}\n`, () => this.#socket.destroy());
  }

  #receive(chunk: Buffer): void {
    const lines = this.#lines.read(chunk);
    if (lines === null) return this.close();
    for (const line of lines) {
      const answer = parseAnswer(line);
      // An answer that is late has nobody waiting any more, and that is no fault.
      if (answer === null || answer.id === null) this.#faults += 1;
      else this.#settle(answer.id, answer.outcome);
    }
    if (this.#faults > MOST_FAULTS) this.close();
  }

  #settle(id: number, outcome: Result<unknown, string>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  #giveUp(id: number, withinMs: number): void {
    this.#unanswered += 1;
    this.#settle(id, fail(slowSentence(this.hello.pid, withinMs)));
  }

  #failAll(sentence: string): void {
    this.#unanswered += this.#waiting.size;
    for (const id of this.#waiting.keys()) this.#settle(id, fail(sentence));
  }
}

function slowSentence(pid: number, withinMs: number): string {
  return `process ${pid} did not answer within ${withinMs / 1000} s; it may be stopped, or busy in code that keeps the GIL`;
}
