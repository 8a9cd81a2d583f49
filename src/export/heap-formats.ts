// All formats a heap can be exported to: a new one is its file and a line here.

import type { HeapFormatName } from "../model/export-report.ts";
import { collapsed } from "./collapsed.ts";
import { csv } from "./csv.ts";
import { dot } from "./dot.ts";
import type { HeapFormat } from "./heap-format.ts";
import { heapsnapshot } from "./heapsnapshot/heapsnapshot.ts";
import { htmlFormat } from "./html.ts";
import { pprof } from "./pprof.ts";
import { speedscope } from "./speedscope.ts";

export const HEAP_FORMATS: Readonly<Record<HeapFormatName, HeapFormat>> = {
  heapsnapshot,
  pprof,
  speedscope,
  collapsed,
  dot,
  csv,
  html: htmlFormat,
};
