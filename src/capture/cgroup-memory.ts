// How much memory our own control group still allows. In a container this is the real limit, and passing it means being killed,
// perhaps inside a pause.

import type { ProcFs } from "./proc-fs.ts";
import { findControlGroup, readControlGroup } from "./process-signals/control-group.ts";

/** The tightest headroom on the way up, version 1 or 2, in bytes; null when there is no limit or no control group file system. */
export function readCgroupHeadroomBytes(proc: ProcFs, root: ProcFs): number | null {
  const group = findControlGroup(proc, root, "self");
  const sample = group === null ? null : readControlGroup(proc, root, group);
  if (sample === null || sample.limitBytes === null) return null;
  return Math.max(0, sample.limitBytes - sample.usageBytes + sample.inactiveFileBytes);
}
