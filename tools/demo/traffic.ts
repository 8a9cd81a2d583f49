// Bounded traffic against the example service, over loopback only.

import { Agent, get } from "node:http";
import { setTimeout } from "node:timers/promises";

const CONNECTIONS = 4;
/** On a busy machine fewer visits must do. */
const LONGEST_MS = 6000;

/** Sends up to `visits` requests over a few kept connections; returns how many were answered. */
export async function sendVisits(address: string, visits: number, signal: AbortSignal): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const deadline = Date.now() + LONGEST_MS;
  let left = visits;
  const visitor = async (): Promise<void> => {
    while (left > 0 && Date.now() < deadline) {
      const number = left--;
      await visit(`${address}/visit?user=user-${number}`, agent, signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, visitor));
    return visits - left;
  } finally {
    agent.destroy();
  }
}

function visit(url: string, agent: Agent, signal: AbortSignal): Promise<void> {
  return new Promise((answered, reject) => {
    const request = get(url, { agent, signal }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.on("error", reject);
      response.on("end", answered);
      response.resume();
    });
    request.on("error", reject);
  });
}

const BATCH = 20;
const PAUSE_MS = 200;

/** Steady visits, about 100 a second, until it is disposed of or `signal` fires; a failed visit ends them. */
export function keepVisiting(address: string, signal: AbortSignal): Disposable {
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const visiting = async (): Promise<void> => {
    while (!ending.aborted) {
      await sendVisits(address, BATCH, ending);
      await setTimeout(PAUSE_MS, undefined, { signal: ending });
    }
  };
  // What fails here has been stopped, or the service is gone, which the command that watches it says better.
  visiting().catch(() => undefined);
  return { [Symbol.dispose]: () => stop.abort() };
}
