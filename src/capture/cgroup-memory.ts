// How much memory our own control group still allows (version 2). In a container this is the real limit, and passing it
// means being killed, perhaps inside a pause.

import type { ProcFs } from "./proc-fs.ts";

/** The tightest headroom on the way up to the root; null when there is no limit or no control group file system. */
export function readCgroupHeadroomBytes(proc: ProcFs, cgroups: ProcFs): number | null {
  const text = proc.readText("self/cgroup");
  const path = text.ok ? /^0::(\/.*)$/m.exec(text.value)?.[1] : undefined;
  if (path === undefined) return null;
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  const headrooms = parts.map((_, index) => groupHeadroomBytes(cgroups, parts.slice(0, index + 1).join("/")));
  // Inside a cgroup namespace our own group is the root of the mount.
  headrooms.push(groupHeadroomBytes(cgroups, "."));
  const known = headrooms.filter((headroom) => headroom !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function groupHeadroomBytes(cgroups: ProcFs, group: string): number | null {
  const limit = cgroups.readText(`${group}/memory.max`);
  const current = cgroups.readText(`${group}/memory.current`);
  if (!limit.ok || !current.ok || limit.value.startsWith("max")) return null;
  const stat = cgroups.readText(`${group}/memory.stat`);
  const reclaimable = stat.ok ? /^inactive_file (\d+)$/m.exec(stat.value)?.[1] : undefined;
  return Number(limit.value) - Number(current.value) + Number(reclaimable ?? 0);
}
