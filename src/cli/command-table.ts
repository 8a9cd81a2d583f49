// All commands, in the order a person needs them. Parsing, help, docs and completion come from here.

import type { Command } from "./command.ts";
import { caches, cachesShow } from "./commands/caches.ts";
import { cachesAdvise } from "./commands/caches-advise.ts";
import { cachesClear, cachesHistory, cachesUndo, cachesVerify } from "./commands/caches-clear.ts";
import { attach } from "./commands/attach.ts";
import { cachesFreeze, cachesResize, cachesThaw, cachesTtl } from "./commands/caches-settings.ts";
import { completionOf } from "./commands/completion.ts";
import { detach } from "./commands/detach.ts";
import { diagnose } from "./commands/diagnose.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { explain } from "./commands/explain.ts";
import { gc } from "./commands/gc.ts";
import { lines } from "./commands/lines.ts";
import { lsp } from "./commands/lsp.ts";
import { mcp } from "./commands/mcp.ts";
import { query } from "./commands/query.ts";
import { run } from "./commands/run.ts";
import { scan } from "./commands/scan.ts";
import { serve } from "./commands/serve.ts";
import { snapshot } from "./commands/snapshot.ts";
import { top } from "./commands/top.ts";
import { trace } from "./commands/trace.ts";
import { verify } from "./commands/verify.ts";
import { watch } from "./commands/watch.ts";
import { why } from "./commands/why.ts";

export const COMMANDS: readonly Command[] = [
  doctor,
  snapshot,
  top,
  why,
  query,
  diff,
  exportCommand,
  diagnose,
  watch,
  verify,
  serve,
  caches,
  cachesShow,
  cachesAdvise,
  cachesClear,
  cachesUndo,
  cachesResize,
  cachesTtl,
  cachesFreeze,
  cachesThaw,
  cachesHistory,
  cachesVerify,
  lines,
  run,
  attach,
  detach,
  trace,
  gc,
  scan,
  explain,
  lsp,
  mcp,
  completionOf(() => COMMANDS),
];
