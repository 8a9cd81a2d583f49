// Faults between hosts: of the server, of the network, and of workers that use the shared tier.

import { setTimeout as delay } from "node:timers/promises";
import type { ServerProgram } from "../../test/redis/server-programs.ts";
import type { FoundProgram, TestServer } from "../../test/redis/start-server.ts";
import type { Around, CaseResult, FaultCase, Place } from "./drive.ts";
import { type Mode, SERVER_MODES } from "./fleet.ts";
import { send, someWorker } from "./fleet-cases.ts";
import { openNetworkHosts, whyNoNetworkHosts } from "./network-hosts.ts";
import { type PausingProxy, startPausingProxy } from "./pausing-proxy.ts";
import { gunicornCommand, SUPERVISOR_SIGNALS } from "./place-cases.ts";
import { BEYOND_LEASE_MS, driveTier, type TierCase } from "./tier-drive.ts";

interface Written extends Omit<FaultCase, "run" | "modes"> {
  readonly modes?: readonly Mode[];
  readonly tier?: TierCase;
  readonly run?: (program: FoundProgram, place: Place, mode: Mode) => Promise<CaseResult>;
}

/** With one kind of server; each is left out with the reason where that is not here. */
export function tierCases(program: ServerProgram): readonly FaultCase[] {
  return CASES.map(({ tier, run, modes = ["tier"], name, ...written }) => ({
    ...written,
    name: `${program.kind}: ${name}`,
    modes,
    impossible: () => ("path" in program ? (written.impossible?.() ?? null) : program.reason),
    run: async (place, mode) => {
      if (!("path" in program)) throw new Error(program.reason);
      return run === undefined
        ? await driveTier(program, place, mode, tier ?? STEADY)
        : await run(program, place, mode);
    },
  }));
}

const STEADY: TierCase = { around: () => ({}) };

/** Every so many clears. */
function every(rounds: number, act: (server: TestServer) => Promise<unknown>): (server: TestServer) => Around {
  return (server) => ({
    before: async (_, round) => {
      if (round % rounds === 1) await act(server);
    },
  });
}

/** Over a clear: `begin` before it, `end` after it. */
function over(
  rounds: number,
  begin: (...given: Parameters<NonNullable<Around["before"]>>) => void,
  end: (...given: Parameters<NonNullable<Around["before"]>>) => Promise<void> | void,
): Around {
  return {
    rounds: 2,
    before: (state, round) => {
      if (round % rounds === 1) begin(state, round);
    },
    after: async (state, round) => {
      if (round % rounds === 1) await end(state, round);
    },
  };
}

const CASES: readonly Written[] = [
  { name: "loads under way, nothing else", numbers: [1, 2, 3, 7], modes: SERVER_MODES, tier: STEADY },
  {
    name: "CLIENT KILL of all connections at every 3rd clear",
    numbers: [8],
    modes: ["tier", "pub/sub"],
    tier: { around: every(3, async (server) => await server.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")) },
  },
  {
    name: "kill -9 of the server at every 4th clear; it starts empty",
    numbers: [13, 16],
    tier: { around: every(4, async (server) => await server.restart()) },
  },
  {
    name: "kill -9 of the server after every 4th clear; it starts from a file of before it",
    numbers: [13],
    modes: ["tier", "cache-aside"],
    tier: {
      around: (server) => ({
        before: async (_, round) => {
          if (round % 4 === 1) await server.ask("SAVE");
        },
        after: async (_, round) => {
          if (round % 4 === 1) await server.restart();
        },
      }),
    },
  },
  {
    name: "SIGSTOP of the server beyond the lease before every 4th clear",
    numbers: [10],
    tier: {
      around: every(4, async (server) => {
        process.kill(server.pid, "SIGSTOP");
        await delay(BEYOND_LEASE_MS);
        process.kill(server.pid, "SIGCONT");
      }),
    },
  },
  {
    name: "FLUSHALL, an evicted token, a stream that is cut off, by turns",
    numbers: [9, 16],
    tier: {
      around: (server) => ({
        before: async (_, round) => {
          if (round % 6 === 1) await server.ask("FLUSHALL");
          if (round % 6 === 3) await server.ask("DEL", "faults:gen:ns:prices", "faults:gen:fn:price");
          if (round % 6 === 5) await server.ask("XTRIM", "{faults}:inv", "MAXLEN", "0");
        },
      }),
    },
  },
  {
    name: "SIGSTOP of a worker over every 4th clear, beyond its lease",
    numbers: [10],
    tier: {
      around: () => {
        let pid: number | null = null;
        return over(
          4,
          (state, round) => {
            pid = someWorker(state, round);
            send(pid, "SIGSTOP");
          },
          () => send(pid, "SIGCONT"),
        );
      },
    },
  },
  {
    name: "kill -9 of a worker at every 4th clear",
    numbers: [8, 20],
    tier: {
      around: () =>
        over(
          4,
          (state, round) => send(someWorker(state, round), "SIGKILL"),
          () => undefined,
        ),
    },
  },
  {
    name: "one reader for all workers of a host; kill -9 and SIGSTOP of any, by turns",
    numbers: [8, 10],
    tier: {
      isJoined: true,
      around: () => {
        let pid: number | null = null;
        return over(
          2,
          (state, round) => {
            pid = someWorker(state, round);
            send(pid, round % 4 === 1 ? "SIGKILL" : "SIGSTOP");
          },
          () => send(pid, "SIGCONT"),
        );
      },
    },
  },
  {
    name: "workers that fork in the middle of loads, all the time",
    numbers: [18],
    tier: { around: () => ({ before: ({ fleet }) => fleet.words.order("forks", 1) }) },
  },
  {
    name: "wall clocks of all workers jump by an hour at each clear",
    numbers: [17],
    tier: { around: () => ({ before: ({ fleet }, round) => fleet.words.order("skew", round % 3) }) },
  },
  {
    name: "gunicorn --preload, HUP, TTIN and TTOU during clears",
    numbers: [19],
    run: async (program, place, mode) =>
      await driveTier(program, place, mode, {
        around: () => ({
          rounds: 8,
          before: ({ fleet }, round) => {
            const signal = SUPERVISOR_SIGNALS[Math.floor(round / 4) % SUPERVISOR_SIGNALS.length];
            if (round % 4 === 3 && signal !== undefined) process.kill(fleet.pid, signal);
          },
        }),
        more: { command: () => gunicornCommand(place) },
      }),
  },
  {
    name: "a network that loses everything between all workers and the server, over every 3rd clear",
    numbers: [10],
    run: async (program, place, mode) => {
      const proxies: PausingProxy[] = [];
      try {
        return await driveTier(program, place, mode, {
          around: () =>
            over(
              3,
              () => proxies[0]?.cut(),
              () => proxies[0]?.mend(),
            ),
          url: async (server) => {
            const proxy = await startPausingProxy(server.port);
            proxies.push(proxy);
            return `redis://127.0.0.1:${proxy.port}`;
          },
        });
      } finally {
        for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
      }
    },
  },
  {
    name: "two hosts of their own; the cable of one is out over every 3rd clear",
    numbers: [10],
    impossible: whyNoNetworkHosts,
    run: async (program, place, mode) => {
      using hosts = openNetworkHosts();
      return await driveTier(program, place, mode, {
        around: () =>
          over(
            3,
            () => hosts.unplug(),
            () => hosts.plug(),
          ),
        url: (server) => `redis://${hosts.address}:${server.port}`,
        wish: { words: ["--bind", "127.0.0.1", hosts.address, "--protected-mode", "no"] },
        more: { command: (words) => hosts.command(place.python, words) },
        isJoined: true,
      });
    },
  },
];
