// What a person sees, byte for byte.

import { describe, it } from "vitest";
import { cacheCommandText, cacheHistoryText } from "../../src/report/cache-command-text.ts";
import { cacheAdviceText } from "../../src/report/cache-advice-text.ts";
import { cachesText, cacheText } from "../../src/report/caches-text.ts";
import { attachText, detachText } from "../../src/report/attach-text.ts";
import { collectorText } from "../../src/report/collector-text.ts";
import { diagnosisText } from "../../src/report/diagnosis-text.ts";
import { diffText } from "../../src/report/diff-text.ts";
import { doctorText } from "../../src/report/doctor-text.ts";
import { allocationLinesText } from "../../src/report/allocation-lines-text.ts";
import { linesText } from "../../src/report/lines-text.ts";
import { queryText } from "../../src/report/query-text.ts";
import { runText } from "../../src/report/run-text.ts";
import { snapshotText } from "../../src/report/snapshot-text.ts";
import type { TextStyle } from "../../src/report/text-style.ts";
import { traceText } from "../../src/report/trace-text.ts";
import { topText } from "../../src/report/top-text.ts";
import { verificationText } from "../../src/report/verification-text.ts";
import { whyText } from "../../src/report/why-text.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import * as commands from "./example-cache-commands.ts";
import * as advice from "./example-advice.ts";
import * as caches from "./example-caches.ts";
import * as attaches from "./example-attaches.ts";
import * as collections from "./example-collections.ts";
import * as diagnoses from "./example-diagnoses.ts";
import * as diffs from "./example-diffs.ts";
import * as doctors from "./example-doctors.ts";
import * as verifications from "./example-verifications.ts";
import { allocationsOfShop, allocationsOfStats } from "./example-allocations.ts";
import { linesOfReport } from "./example-lines.ts";
import * as queries from "./example-queries.ts";
import * as runs from "./example-runs.ts";
import * as examples from "./example-reports.ts";

type Print = (style: TextStyle) => string;
const PRINTED: Readonly<Record<string, Readonly<Record<string, Print>>>> = {
  doctor: {
    "a process that can be read": (style) => doctorText(doctors.doctorOfReadable, style),
    "a process that cannot": (style) => doctorText(doctors.doctorOfRefused, style),
    "the machine": (style) => doctorText(doctors.doctorOfMachine, style),
  },
  lines: {
    "a loop": (style) => linesText(linesOfReport, style),
    "a dump of tracemalloc": (style) => allocationLinesText(allocationsOfShop, style),
    "statistics of memray": (style) => allocationLinesText(allocationsOfStats, style),
  },
  run: {
    "a server with workers": (style) => runText(runs.runOfServer, style),
    "nothing connected": (style) => runText(runs.runOfNothing, style),
  },
  attach: {
    "a process that forked": (style) => attachText(attaches.attachOfWorker, style),
    "it ended": (style) => attachText(attaches.attachOfEnded, style),
    "taken out": (style) => detachText(attaches.detachOfWorker, style),
  },
  trace: {
    "a place that grows": (style) => traceText(attaches.traceOfShop, style),
    "nothing, too many traces": (style) => traceText(attaches.traceOfNothing, style),
  },
  gc: {
    "preloaded workers": (style) => collectorText(collections.collectionsOfPreloaded, style),
    "garbage that stays, a collector that is off": (style) => collectorText(collections.collectionsOfTroubled, style),
  },
  snapshot: {
    "a live process": (style) => snapshotText(examples.snapshotOfShop, style),
    "a core file, a collection running": (style) => snapshotText(examples.snapshotOfCore, style),
  },
  top: {
    "a live process": (style) => topText(examples.topOfShop, style, "4711"),
    "a file with garbage, the collector off": (style) => topText(examples.topOfWorker, style, "worker.dwsnap"),
  },
  why: {
    "one object": (style) => whyText(examples.whyOneSession, style),
    "one that shares what it holds": (style) => whyText(examples.whySharedJobs, style),
    "a type": (style) => whyText(examples.whyAllSessions, style),
    "the end of a linked list": (style) => whyText(examples.whyLongPath, style),
  },
  query: {
    rows: (style) => queryText(queries.dictsOfShop, style),
    groups: (style) => queryText(queries.textsOfShop, style),
    nothing: (style) => queryText(queries.nothingOfShop, style),
  },
  diff: {
    "two snapshots": (style) => diffText(diffs.diffOfTwo, style),
    "eight snapshots": (style) => diffText(diffs.diffOfEight, style),
    "nothing grew, different processes": (style) => diffText(diffs.diffOfNothing, style),
  },
  diagnose: {
    "a leak that is proved": (style) => diagnosisText(diagnoses.diagnosisOfShop, style),
    nothing: (style) => diagnosisText(diagnoses.diagnosisOfNothing, style),
    "two suspects": (style) => diagnosisText(diagnoses.diagnosisOfSuspects, style),
    "after a fix": (style) => diagnosisText(diagnoses.diagnosisOfFixed, style),
    "native memory": (style) => diagnosisText(diagnoses.diagnosisOfNative, style),
  },
  caches: {
    "two workers": (style) => cachesText(caches.cachesOfShop, style, { limit: 20, isAll: false, source: "4711" }),
    "all of them": (style) => cachesText(caches.cachesOfShop, style, { limit: 2, isAll: true, source: "4711" }),
    "a file": (style) => cachesText(caches.cachesOfFile, style, { limit: 20, isAll: false, source: "a.dwsnap" }),
    "no cache": (style) => cachesText(caches.cachesOfNothing, style, { limit: 20, isAll: false, source: "a.dwsnap" }),
    "one in full": (style) =>
      cacheText(
        { ...caches.cachesOfShop, caches: [...caches.cachesOfShop.caches.slice(0, 1), caches.GOVERNED] },
        style,
        "4711",
      ),
  },
  "caches-advise": {
    "on a terminal": (style) =>
      cacheAdviceText(advice.adviceOfShop, style, { isPicture: true, limit: 5, source: "4711" }),
    "in a pipe": (style) => cacheAdviceText(advice.adviceOfShop, style, { isPicture: false, limit: 1, source: "4711" }),
    "no calls": (style) =>
      cacheAdviceText(advice.adviceOfNothing, style, { isPicture: true, limit: 5, source: "4711" }),
  },
  "caches-clear": {
    everywhere: (style) => cacheCommandText(commands.clearOfPrices, style),
    "a process is missing": (style) => cacheCommandText(commands.partialClear, style),
    "a dry run": (style) => cacheCommandText(commands.dryRunOfPrices, style),
    "a canary that was taken back": (style) => cacheCommandText(commands.guardedClear, style),
    "a canary in a part of the processes": (style) => cacheCommandText(commands.canaryResize, style),
    "an undo": (style) => cacheCommandText(commands.undoOfPrices, style),
    "another bound": (style) => cacheCommandText(commands.resizeOfQuote, style),
  },
  "caches-history": {
    "three commands": (style) => cacheHistoryText(commands.historyOfShop, style),
    "a line that was changed": (style) => cacheHistoryText(commands.brokenHistory, style),
    nothing: (style) => cacheHistoryText(commands.historyOfNothing, style),
  },
  verify: {
    "a leak at every call": (style) => verificationText(verifications.verificationOfVisits, style),
    "nothing left behind": (style) => verificationText(verifications.verificationOfNothing, style),
  },
};

const STYLES: Readonly<Record<string, TextStyle>> = {
  "60": { width: 60, colours: false },
  "80": { width: 80, colours: false },
  "80-colour": { width: 80, colours: true },
  "120": { width: 120, colours: false },
  "120-colour": { width: 120, colours: true },
};

describe.each(Object.entries(PRINTED))("%s", (command, cases) => {
  it.each(Object.entries(STYLES))("at %s", (name, style) => {
    const parts = Object.entries(cases).map(([title, print]) => `${ruler(title)}\n${print(style)}`);
    expectGolden(`report/${command}-${name}.txt`, parts.join("\n"));
  });
});

function ruler(title: string): string {
  return `──── ${title} ${"─".repeat(60 - title.length)}`;
}
