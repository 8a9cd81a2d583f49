// Steady traffic over loopback: requests at a given rate over a few kept connections, until told to stop.

import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Traffic } from "./cases.ts";

const TICK_MS = 20;

export interface RunningTraffic {
  /** Requests answered so far. */
  answered(): number;
  /** Why requests failed, once for each reason. */
  failures(): readonly string[];
  /** From now on this many more requests. */
  limit(requests: number): void;
  /** Stops sending and waits for what is under way. */
  stop(): Promise<void>;
}

/** Sends one request and resolves to the answer's text. */
interface Line extends Disposable {
  ask(words: string): Promise<string>;
}

/** Starts sending to a port of this machine: `atMost` requests, or until it is stopped. */
export function sendTraffic(port: number, traffic: Traffic, atMost: number = Number.POSITIVE_INFINITY): RunningTraffic {
  const lines = Array.from({ length: traffic.connections }, () => openLine(traffic.protocol, port));
  const free = [...lines];
  const failures = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const beganMs = performance.now();
  let sent = 0;
  let answered = 0;
  let most = atMost;
  const send = (line: Line): void => {
    const asked = line
      .ask(String(sent++))
      .then(() => void answered++)
      .catch((error: unknown) => void failures.add(String(error)))
      .finally(() => {
        underWay.delete(asked);
        free.push(line);
      });
    underWay.add(asked);
  };
  const timer = setInterval(() => {
    const due = Math.min(requestsDue(traffic, (performance.now() - beganMs) / 1000), most);
    while (sent < due) {
      const line = free.shift();
      if (line === undefined) break;
      send(line);
    }
  }, TICK_MS);
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.allSettled(underWay);
    for (const line of lines) line[Symbol.dispose]();
  };
  const limit = (requests: number): void => void (most = sent + requests);
  return { answered: () => answered, failures: () => [...failures], limit, stop };
}

/** How many requests should have been sent `seconds` after the start. */
export function requestsDue({ perSecond, steps }: Traffic, seconds: number): number {
  let due = 0;
  let since = 0;
  let rate = perSecond;
  for (const step of [...steps, { atSeconds: Infinity, perSecond: 0 }]) {
    due += rate * (Math.min(seconds, step.atSeconds) - since);
    if (seconds <= step.atSeconds) break;
    since = step.atSeconds;
    rate = step.perSecond;
  }
  return due;
}

/** What the service says is the size of what is said to grow. */
export async function askSize(port: number, protocol: Traffic["protocol"]): Promise<number> {
  using line = openLine(protocol, port);
  return Number(await line.ask(protocol === "http" ? "-/size" : "size"));
}

function openLine(protocol: Traffic["protocol"], port: number): Line {
  return protocol === "http" ? httpLine(port) : textLine(port);
}

function httpLine(port: number): Line {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (words: string): Promise<string> =>
    new Promise((settle, reject) => {
      const path = /^\d+$/.test(words) ? `/visit/${words}` : `/${words}`;
      const request = get({ host: "127.0.0.1", port, path, agent, timeout: 10_000 }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => settle(text));
        response.on("error", reject);
      });
      request.on("timeout", () => request.destroy(new Error("no answer in 10 s")));
      request.on("error", reject);
    });
  return { ask, [Symbol.dispose]: () => agent.destroy() };
}

function textLine(port: number): Line {
  const socket: Socket = connect(port, "127.0.0.1");
  const waiting: { settle: (text: string) => void; reject: (error: Error) => void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the service closed the connection")));
  createInterface({ input: socket }).on("line", (text) => waiting.shift()?.settle(text));
  const ask = (words: string): Promise<string> =>
    new Promise((settle, reject) => {
      // Nobody would ever answer.
      if (ended !== undefined) return reject(ended);
      waiting.push({ settle, reject });
      socket.write(`${words}\n`);
    });
  return { ask, [Symbol.dispose]: () => void socket.destroy() };
}
