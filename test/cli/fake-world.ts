// A world without a process: what was written is kept, the actions answer with the example reports.

import { fail, ok } from "../../src/base/result.ts";
import type { Actions, Asked, Problem, ReadingOptions } from "../../src/cli/actions.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { attachOfWorker, detachOfWorker, traceOfShop } from "../report/example-attaches.ts";
import { Interruptions } from "../../src/cli/interruptions.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { TextSink, World } from "../../src/cli/world.ts";
import { collectionsOfPreloaded } from "../report/example-collections.ts";
import { diffOfTwo } from "../report/example-diffs.ts";
import { explainOfAll, explainOfCycles } from "../report/example-explanations.ts";
import { linesOfReport } from "../report/example-lines.ts";
import { doctorOfReadable } from "../report/example-doctors.ts";
import { ANSWER, CARDS } from "../report/example-scans.ts";
import { sessionOfShop } from "./session-of-shop.ts";
import {
  clearOfPrices,
  dryRunOfPrices,
  historyOfShop,
  resizeOfQuote,
  undoOfPrices,
} from "../report/example-cache-commands.ts";
import { adviceOfShop } from "../report/example-advice.ts";
import { cachesOfShop } from "../report/example-caches.ts";
import { diagnosisOfShop } from "../report/example-diagnoses.ts";
import { verificationOfVisits } from "../report/example-verifications.ts";
import { runOfServer } from "../report/example-runs.ts";
import { dictsOfShop } from "../report/example-queries.ts";
import { exportOfShop } from "../report/example-exports.ts";
import { snapshotOfShop, topOfShop, whyOneSession } from "../report/example-reports.ts";

export interface Call {
  readonly action: keyof Actions | "top" | "why";
  readonly given: readonly unknown[];
}

export interface FakeWorld {
  readonly world: World;
  readonly calls: readonly Call[];
  readonly interruptions: Interruptions;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export interface FakeOptions {
  readonly actions?: Partial<Actions>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Columns of a terminal; no terminal without. */
  readonly terminal?: number;
  readonly existing?: readonly string[];
  readonly nowMs?: () => number;
}

export const NO_SUCH_PROCESS: Problem = {
  code: "no-such-process",
  message: "There is no process 4711. It may have ended or restarted; look it up again with: pgrep -af python",
};
/** For any action that is to fail. */
export const failing = async (): Promise<ReturnType<typeof fail<Problem>>> => fail(NO_SUCH_PROCESS);

export function fakeWorld(options: FakeOptions = {}): FakeWorld {
  const calls: Call[] = [];
  const out = keptSink(options.terminal);
  const err = keptSink(options.terminal);
  const interruptions = new Interruptions();
  const world: World = {
    out: out.sink,
    err: err.sink,
    terminal: null,
    environment: options.environment ?? {},
    version: "1.2.3",
    nowMs: options.nowMs ?? (() => new Date(2026, 10, 21, 1, 30, 5).getTime()),
    fileExists: (path) => options.existing?.includes(path) ?? false,
    whenInterrupted: interruptions.register,
    askFirst: interruptions.askFirst,
    actions: { ...recordingActions(calls), ...options.actions },
  };
  return { world, calls, interruptions, stdout: out.text, stderr: err.text };
}

/** Runs a command line written as words. */
export async function run(
  argv: readonly string[],
  options: FakeOptions = {},
): Promise<FakeWorld & { readonly code: number }> {
  const fake = fakeWorld(options);
  return { ...fake, code: await runCli(argv, COMMANDS, fake.world) };
}

function keptSink(columns: number | undefined): { readonly sink: TextSink; readonly text: () => string } {
  const written: string[] = [];
  const sink: TextSink = {
    isTerminal: columns !== undefined,
    columns: columns ?? null,
    write: async (text) => {
      written.push(text);
    },
  };
  return { sink, text: () => written.join("") };
}

function recordingActions(calls: Call[]): Actions {
  const options = ({ maxPauseMs, values, executable, sysroot }: ReadingOptions): Omit<ReadingOptions, "progress"> => ({
    maxPauseMs,
    values,
    ...(executable === undefined ? {} : { executable }),
    ...(sysroot === undefined ? {} : { sysroot }),
  });
  return {
    examineTarget: async (pid) => {
      calls.push({ action: "examineTarget", given: [pid] });
      return { ...doctorOfReadable, pid };
    },
    takeSnapshot: async (target, file, reading) => {
      calls.push({ action: "takeSnapshot", given: [target, file, options(reading)] });
      return ok({ ...snapshotOfShop, file });
    },
    openHeap: async (source, reading) => {
      calls.push({ action: "openHeap", given: [source, options(reading)] });
      return ok({
        top: (limits) => {
          calls.push({ action: "top", given: [limits] });
          return topOfShop;
        },
        why: (asked: Asked, limits) => {
          calls.push({ action: "why", given: [asked, limits] });
          return ok(whyOneSession);
        },
      });
    },
    query: async (source, text, reading) => {
      calls.push({ action: "query", given: [source, text, options(reading)] });
      return ok(dictsOfShop);
    },
    exportHeap: async (asked, reading) => {
      calls.push({ action: "exportHeap", given: [asked, options(reading)] });
      return ok(exportOfShop);
    },
    listCaches: async ({ progress: _progress, signal: _signal, ...asked }) => {
      calls.push({ action: "listCaches", given: [asked] });
      return ok(cachesOfShop);
    },
    adviseCaches: async ({ progress: _progress, signal: _signal, ...asked }) => {
      calls.push({ action: "adviseCaches", given: [asked] });
      return ok(adviceOfShop);
    },
    clearCaches: async ({ environment: _environment, ...asked }) => {
      calls.push({ action: "clearCaches", given: [asked] });
      return ok(asked.isDryRun ? dryRunOfPrices : clearOfPrices);
    },
    clearFunction: async ({ environment: _environment, signal: _signal, ...asked }) => {
      calls.push({ action: "clearFunction", given: [asked] });
      return ok(clearOfPrices);
    },
    changeSettings: async ({ environment: _environment, ...asked }) => {
      calls.push({ action: "changeSettings", given: [asked] });
      return ok(resizeOfQuote);
    },
    undoClear: async ({ environment: _environment, ...asked }) => {
      calls.push({ action: "undoClear", given: [asked] });
      return ok(undoOfPrices);
    },
    cacheHistory: async ({ environment: _environment, ...asked }) => {
      calls.push({ action: "cacheHistory", given: [asked] });
      return ok(historyOfShop);
    },
    diagnose: async ({ progress: _progress, signal: _signal, ...asked }) => {
      calls.push({ action: "diagnose", given: [asked] });
      return ok(diagnosisOfShop);
    },
    diagnoseRecording: async ({ progress: _progress, ...asked }) => {
      calls.push({ action: "diagnoseRecording", given: [asked] });
      return ok(diagnosisOfShop);
    },
    watch: async (asked) => {
      calls.push({ action: "watch", given: [asked] });
      return ok(sessionOfShop());
    },
    replay: async (asked) => {
      calls.push({ action: "replay", given: [asked] });
      return ok(sessionOfShop());
    },
    verify: async ({ progress: _progress, signal: _signal, ...asked }) => {
      calls.push({ action: "verify", given: [asked] });
      return ok(verificationOfVisits);
    },
    attach: async ({ say: _say, signal: _signal, ...asked }) => {
      calls.push({ action: "attach", given: [asked] });
      return ok(attachOfWorker);
    },
    detach: async ({ say: _say, signal: _signal, ...asked }) => {
      calls.push({ action: "detach", given: [asked] });
      return ok(detachOfWorker);
    },
    trace: async ({ say: _say, signal: _signal, progress: _progress, ...asked }) => {
      calls.push({ action: "trace", given: [asked] });
      return ok({ report: traceOfShop, stacks: [{ frames: [{ file: "/srv/a.py", line: 3 }], blocks: 2, bytes: 64 }] });
    },
    allocationFile: async () => ok(null),
    processLines: async ({ say: _say, signal: _signal, progress: _progress, ...asked }) => {
      calls.push({ action: "processLines", given: [asked] });
      return ok(linesOfReport);
    },
    runProgram: async ({ say: _say, ...asked }) => {
      calls.push({ action: "runProgram", given: [asked] });
      return ok(runOfServer);
    },
    watchCollections: async ({ signal: _signal, ...asked }) => {
      calls.push({ action: "watchCollections", given: [asked] });
      return ok(collectionsOfPreloaded);
    },
    scan: async (asked) => {
      calls.push({ action: "scan", given: [asked] });
      return ok(ANSWER);
    },
    scanRules: async () => ({
      cards: CARDS,
      pageOf: (code) => (code === "DW101" ? "# DW101 unbounded-cache\n" : null),
    }),
    lines: async (asked) => {
      calls.push({ action: "lines", given: [asked] });
      return ok(linesOfReport);
    },
    explain: async (topic) => {
      calls.push({ action: "explain", given: [topic] });
      return ok(topic === null ? explainOfAll : explainOfCycles);
    },
    writeReport: async (file, text) => {
      calls.push({ action: "writeReport", given: [file, text] });
      return ok(null);
    },
    serveMcp: async (options) => {
      calls.push({ action: "serveMcp", given: [options] });
    },
    serve: async () => fail({ code: "no-port", message: "Port 7787 of 127.0.0.1 cannot be had." }),
    serveEditor: async (toolVersion) => {
      calls.push({ action: "serveEditor", given: [toolVersion] });
    },
    diff: async (sources, reading, limits) => {
      calls.push({ action: "diff", given: [sources, options(reading), limits] });
      return ok(diffOfTwo);
    },
  };
}
