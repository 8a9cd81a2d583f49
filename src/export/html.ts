// A heap as one HTML file, for people: pictures, tables and the paths of the largest holders.

import { ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { retentionTree } from "../heap/queries/retention-tree.ts";
import { parseSelector } from "../heap/queries/selector.ts";
import { topOf } from "../heap/queries/top.ts";
import { whyOf } from "../heap/queries/why.ts";
import type { TopReport, WhyReport } from "../model/heap-reports.ts";
import { heapHtml } from "../report/html/heap-html.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { ExportOptions, HeapFormat } from "./heap-format.ts";

/** Rows of each table: a page is read, a spreadsheet is searched. */
const MOST_ROWS = 40;
const MOST_PATHS = 8;

export const htmlFormat: HeapFormat = {
  name: "html",
  gzip: false,
  opensIn: "any browser, without a network",
  write: (heap, options) => ok(page(heap, options)),
};

function* page(heap: HeapAnalysis, { name, toolVersion }: ExportOptions): Generator<Uint8Array, void, undefined> {
  const top = topOf(heap, { limit: MOST_ROWS });
  const out = new BytePieces();
  out.text(heapHtml({ name, toolVersion, top, root: retentionTree(heap), whys: whysOf(heap, top) }));
  yield* out.finish();
}

function whysOf(heap: HeapAnalysis, { byHolder }: TopReport): readonly WhyReport[] {
  return byHolder.slice(0, MOST_PATHS).flatMap(({ holder }) => {
    const selector = parseSelector(holder.path);
    const why = selector.ok ? whyOf(heap, selector.value, { subjects: 1, paths: 1 }) : selector;
    return why.ok ? [why.value] : [];
  });
}
