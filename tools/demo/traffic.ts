// Bounded traffic against the example service, over loopback only.

import { Agent, get } from "node:http";

const CONNECTIONS = 4;

/** Sends `visits` requests over a few kept connections; ends when all are answered or `signal` fires. */
export async function sendVisits(address: string, visits: number, signal: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = visits;
  const visitor = async (): Promise<void> => {
    while (left > 0) {
      const number = left--;
      await visit(`${address}/visit?user=user-${number}`, agent, signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, visitor));
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
