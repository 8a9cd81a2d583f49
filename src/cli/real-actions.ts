// The use cases of src/app, wired for the commands: failures become sentences.

import { examineTarget } from "../app/examine-target.ts";
import { exportHeap } from "../app/export/export-heap.ts";
import { queryDiff, queryTop, queryWhy, readQuery } from "../app/heap-queries.ts";
import { explainHeapError, type HeapError, type OpenHeap, openHeap } from "../app/open-heap.ts";
import { codeOfHelpedError, explainHelpedError } from "../app/snapshot/snapshot-way.ts";
import { takeSnapshot } from "../app/take-snapshot.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { WhyReport } from "../model/heap-reports.ts";
import { cachesActions } from "./caches-actions.ts";
import { diagnoseActions } from "./diagnose-actions.ts";
import { watchActions } from "./watch-actions.ts";
import { attachActions } from "./attach-actions.ts";
import { probeActions } from "./probe-actions.ts";
import { linesActions } from "./lines-actions.ts";
import { serveActions } from "./serve-actions.ts";
import { scanActions } from "./scan-actions.ts";
import type { Actions, Asked, Problem } from "./actions.ts";

export const realActions: Actions = {
  ...scanActions,
  ...diagnoseActions,
  ...cachesActions,
  ...watchActions,
  ...linesActions,
  ...probeActions,
  ...attachActions,
  ...serveActions,
  examineTarget: async (pid) => examineTarget(pid),
  takeSnapshot: async (target, file, options) => {
    const taken = await takeSnapshot(target, file, options);
    if (taken.ok) return taken;
    return fail({ code: codeOfHelpedError(taken.error), message: explainHelpedError(taken.error) });
  },
  openHeap: async (source, options) => {
    const opened = inWords(await openHeap(source, options));
    if (!opened.ok) return opened;
    const heap = opened.value;
    return ok({
      top: (limits) => queryTop(heap.snapshot, limits, heap.analysis),
      why: (asked, limits) => why(heap, asked, limits),
    });
  },
  query: async (source, text, options) => {
    const query = readQuery(text);
    if (!query.ok) return fail({ code: query.error.code, message: query.error.sentence });
    const opened = inWords(await openHeap(source, options));
    return opened.ok ? ok(query.value(opened.value.snapshot, opened.value.analysis)) : opened;
  },
  exportHeap: async (asked, reading) => {
    const opened = inWords(await openHeap(asked.source, reading));
    if (!opened.ok) return opened;
    const exported = await exportHeap(opened.value, asked, reading.progress);
    return exported.ok ? exported : fail({ code: exported.error.code, message: exported.error.sentence });
  },
  diff: async (sources, options, limits) => {
    const heaps: { readonly file: string; readonly snapshot: OpenHeap["snapshot"] }[] = [];
    for (const source of sources) {
      const opened = inWords(await openHeap(source, options));
      if (!opened.ok) return opened;
      heaps.push({ file: source, snapshot: opened.value.snapshot });
    }
    return ok(queryDiff(heaps, limits).report);
  },
};

function why(
  heap: OpenHeap,
  asked: Asked,
  limits: { readonly limit: number; readonly paths: number },
): Result<WhyReport, Problem> {
  const text = asked.kind === "text" ? asked.text : `--largest ${asked.count}`;
  const subjects = asked.kind === "largest" ? asked.count : limits.limit;
  const report = queryWhy(heap.snapshot, text, { paths: limits.paths, subjects }, heap.analysis);
  return report.ok ? report : fail({ code: report.error.code, message: report.error.sentence });
}

function inWords<T>(result: Result<T, HeapError>): Result<T, Problem> {
  return result.ok ? result : fail({ code: result.error.code, message: explainHeapError(result.error) });
}
