// Faults between hosts: of the server, of the network, and of workers that use the shared tier.

import { setTimeout as delay } from "node:timers/promises";
import type { ServerProgram } from "../../test/redis/server-programs.ts";
import type { FoundProgram, TestServer } from "../../test/redis/start-server.ts";
import { type Around, came, type CaseResult, type FaultCase, type Row } from "./drive.ts";
import { type Mode, SERVER_MODES } from "./fleet.ts";
import { forking, isStopped, jumping, KILL_WORKER, makeStop, send, someWorker, STOP_WORKER } from "./fleet-cases.ts";
import { type NetworkHosts, openNetworkHosts, whyNoNetworkHosts } from "./network-hosts.ts";
import { type PausingProxy, startPausingProxy } from "./pausing-proxy.ts";
import { gunicornCommand, supervising } from "./place-cases.ts";
import { BEYOND_LEASE_MS, driveTier, type TierCase } from "./tier-drive.ts";

interface Written extends Omit<FaultCase, "run" | "modes"> {
  readonly modes?: readonly Mode[];
  readonly tier?: TierCase;
  readonly run?: (program: FoundProgram, row: Row, mode: Mode) => Promise<CaseResult>;
}

/** With one kind of server; each is left out with the reason where that is not here. */
export function tierCases(program: ServerProgram): readonly FaultCase[] {
  return CASES.map(({ tier, run, modes = ["tier"], name, ...written }) => ({
    ...written,
    name: `${program.kind}: ${name}`,
    modes,
    impossible: () => ("path" in program ? (written.impossible?.() ?? null) : program.reason),
    run: async (row, mode) => {
      if (!("path" in program)) throw new Error(program.reason);
      return run === undefined ? await driveTier(program, row, mode, tier ?? STEADY) : await run(program, row, mode);
    },
  }));
}

const STEADY: TierCase = { around: () => ({}) };

/** At every so manieth clear; `act` says whether it came. */
function every(fault: string, rounds: number, act: (server: TestServer) => Promise<boolean>): TierCase["around"] {
  return (server) => ({
    faults: [fault],
    before: async (state, round) => {
      if (round % rounds === 1 && (await act(server))) came(state, fault);
    },
  });
}

/** Over a clear: `begin` before it, `end` after it, which says whether it came. */
function over(
  fault: string,
  rounds: number,
  begin: (...given: Parameters<NonNullable<Around["before"]>>) => void,
  end: () => boolean,
): Around {
  return {
    faults: [fault],
    before: (state, round) => {
      if (round % rounds === 1) begin(state, round);
    },
    after: (state, round) => {
      if (round % rounds === 1 && end()) came(state, fault);
    },
  };
}

/** The number that the server replies with; 0 for none. */
async function countOf(server: TestServer, ...words: readonly string[]): Promise<number> {
  return Number(/^:(\d+)/.exec(await server.ask(...words))?.[1] ?? 0);
}

const OLD_FILE = "start from an old file";
/** What the server forgets, at which of four clears. */
const FORGOTTEN = {
  FLUSHALL: { at: 1, act: async (server: TestServer) => (await server.ask("FLUSHALL")).startsWith("+OK") },
  "evicted token": {
    at: 2,
    act: async (server: TestServer) =>
      (await countOf(server, "DEL", "faults:gen:ns:prices", "faults:gen:fn:price")) > 0,
  },
  "stream cut off": {
    at: 3,
    act: async (server: TestServer) => (await countOf(server, "XTRIM", "{faults}:inv", "MAXLEN", "0")) > 0,
  },
} as const;

const CASES: readonly Written[] = [
  { name: "loads under way, nothing else", numbers: [1, 2, 3, 7], modes: SERVER_MODES, tier: STEADY },
  {
    name: "CLIENT KILL of all connections at every 3rd clear",
    numbers: [8],
    modes: ["tier", "pub/sub"],
    tier: {
      around: every(
        "CLIENT KILL",
        3,
        async (server) =>
          (await countOf(server, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")) +
            (await countOf(server, "CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes")) >
          0,
      ),
    },
  },
  {
    name: "kill -9 of the server at every 4th clear; it starts empty",
    numbers: [13, 16],
    tier: {
      around: every("kill -9 of the server", 4, async (server) => {
        const had = await countOf(server, "DBSIZE");
        await server.restart();
        return had > 0;
      }),
    },
  },
  {
    name: "kill -9 of the server after every 4th clear; it starts from a file of before it",
    numbers: [13],
    modes: ["tier", "cache-aside"],
    tier: {
      around: (server) => ({
        faults: [OLD_FILE],
        before: async (_, round) => {
          if (round % 4 === 1) await server.ask("SAVE");
        },
        after: async (state, round) => {
          if (round % 4 !== 1) return;
          await server.restart();
          const loaded = /rdb_last_load_keys_loaded:(\d+)/.exec(await server.ask("INFO", "persistence"))?.[1];
          if (Number(loaded ?? 0) > 0) came(state, OLD_FILE);
        },
      }),
    },
  },
  {
    name: "SIGSTOP of the server beyond the lease before every 4th clear",
    numbers: [10],
    tier: {
      around: every("SIGSTOP of the server", 4, async (server) => {
        process.kill(server.pid, "SIGSTOP");
        await delay(BEYOND_LEASE_MS);
        const wasStopped = isStopped(server.pid);
        process.kill(server.pid, "SIGCONT");
        return wasStopped;
      }),
    },
  },
  {
    name: "FLUSHALL, an evicted token, a stream that is cut off, by turns",
    numbers: [9, 16],
    tier: {
      around: (server) => ({
        faults: Object.keys(FORGOTTEN),
        before: async (state, round) => {
          for (const [fault, { at, act }] of Object.entries(FORGOTTEN))
            if (round % 4 === at && (await act(server))) came(state, fault);
        },
      }),
    },
  },
  {
    name: "SIGSTOP of a worker over every 4th clear, beyond its lease",
    numbers: [10],
    tier: {
      around: () => {
        const { stop, resume } = makeStop();
        return over(STOP_WORKER, 4, stop, resume);
      },
    },
  },
  {
    name: "kill -9 of a worker at every 4th clear",
    numbers: [8, 20],
    tier: {
      around: () => {
        let isKilled = false;
        return over(
          KILL_WORKER,
          4,
          (state, round) => {
            isKilled = send(someWorker(state, round), "SIGKILL");
          },
          () => isKilled,
        );
      },
    },
  },
  {
    name: "one reader for all workers of a host; kill -9 and SIGSTOP of any, by turns",
    numbers: [8, 10],
    tier: { isJoined: true, around: killingAndStopping },
  },
  {
    name: "workers that fork in the middle of loads, all the time",
    numbers: [18],
    tier: { around: forking },
  },
  {
    name: "wall clocks of all workers jump by an hour at each clear",
    numbers: [17],
    tier: { around: jumping },
  },
  {
    name: "gunicorn --preload, HUP, TTIN and TTOU during clears",
    numbers: [19],
    run: async (program, row, mode) =>
      await driveTier(program, row, mode, {
        around: () => supervising(4),
        more: { command: () => gunicornCommand(row) },
      }),
  },
  {
    name: "a network that loses everything between all workers and the server, over every 3rd clear",
    numbers: [10],
    run: async (program, row, mode) => {
      const proxies: PausingProxy[] = [];
      try {
        return await driveTier(program, row, mode, {
          around: () => cutting(proxies),
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
    run: async (program, row, mode) => {
      using hosts = openNetworkHosts();
      return await driveTier(program, row, mode, {
        around: () => unplugging(hosts),
        url: (server) => `redis://${hosts.address}:${server.port}`,
        wish: { words: ["--bind", "127.0.0.1", hosts.address, "--protected-mode", "no"] },
        more: { command: (words) => hosts.command(row.python, words) },
        isJoined: true,
      });
    },
  },
];

function killingAndStopping(): Around {
  const { stop, resume } = makeStop();
  return {
    faults: [KILL_WORKER, STOP_WORKER],
    before: (state, round) => {
      if (round % 4 === 1 && send(someWorker(state, round), "SIGKILL")) came(state, KILL_WORKER);
      if (round % 4 === 3) stop(state, round);
    },
    after: (state) => {
      if (resume()) came(state, STOP_WORKER);
    },
  };
}

/** Not before something was lost, so that it was cut for those who ask. */
function cutting(proxies: readonly PausingProxy[]): Around {
  let lostBefore = 0;
  return over(
    "network cut",
    3,
    () => {
      lostBefore = proxies[0]?.lostBytes() ?? 0;
      proxies[0]?.cut();
    },
    () => {
      proxies[0]?.mend();
      return (proxies[0]?.lostBytes() ?? 0) > lostBefore;
    },
  );
}

function unplugging(hosts: NetworkHosts): Around {
  return over(
    "cable out",
    3,
    () => hosts.unplug(),
    () => {
      const wasOut = hosts.isUnplugged();
      hosts.plug();
      return wasOut;
    },
  );
}
