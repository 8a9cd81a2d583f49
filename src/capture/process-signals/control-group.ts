// The control group that limits a process's memory, version 1 or 2, seen from the host or from inside a container.

import type { ControlGroupSample } from "../../model/sample.ts";
import type { ProcFs } from "../proc-fs.ts";

/** Where a group's files are. Found once: processes rarely change groups. */
export interface ControlGroup {
  readonly version: 1 | 2;
  /** Folders relative to "/", the group's own first, then those around it, up to the top of the mount. */
  readonly folders: readonly string[];
  /** Its `memory.pressure`: always of version 2, which a host may have beside the memory controller of version 1. Null when there is none. */
  readonly pressureFile: string | null;
}

/** A hierarchy that is mounted. */
interface Mount {
  readonly version: 1 | 2;
  /** The group that the mount point shows: "/" on a host, the container's own in a container without a namespace. */
  readonly root: string;
  readonly point: string;
}

/** Version 1 writes "no limit" as the largest multiple of the page size (include/linux/page_counter.h). */
const NO_LIMIT = 2 ** 62;

/** The group of a process; null when none has a memory controller that we can see. `root` reads from "/". */
export function findControlGroup(proc: ProcFs, root: ProcFs, pid: number | "self"): ControlGroup | null {
  const groups = proc.readText(`${pid}/cgroup`);
  const mounts = proc.readText("self/mountinfo");
  if (!groups.ok || !mounts.ok) return null;
  for (const mount of memoryMounts(mounts.value)) {
    const path = pathInHierarchy(groups.value, mount.version);
    if (path === null) continue;
    const folders = foldersOf(mount, path).filter(
      (folder) => root.readText(`${folder}/${usageFile(mount.version)}`).ok,
    );
    if (folders.length > 0)
      return { version: mount.version, folders, pressureFile: pressureFileOf(root, groups.value, mounts.value) };
  }
  return null;
}

function pressureFileOf(root: ProcFs, groups: string, mounts: string): string | null {
  const path = pathInHierarchy(groups, 2);
  const mount = memoryMounts(mounts).find(({ version }) => version === 2);
  if (path === null || mount === undefined) return null;
  const file = `${foldersOf(mount, path)[0] ?? ""}/memory.pressure`;
  return root.readText(file).ok ? file : null;
}

/** Version 1 first: where both are mounted, the memory controller is in one, and a hierarchy without it has no usage file. */
function memoryMounts(text: string): Mount[] {
  const mounts = text.split("\n").flatMap((line): Mount[] => {
    // 36 35 98:0 /root /point rw,noatime shared:1 - cgroup cgroup rw,memory
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "", point = ""] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    if (type === "cgroup2") return [{ version: 2, root, point }];
    return type === "cgroup" && options.split(",").includes("memory") ? [{ version: 1, root, point }] : [];
  });
  return mounts.sort((a, b) => a.version - b.version);
}

function pathInHierarchy(text: string, version: 1 | 2): string | null {
  const line = version === 2 ? /^0::(\/.*)$/m : /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m;
  return line.exec(text)?.[1] ?? null;
}

/** From the group's own folder up to the mount point. A path outside of what is mounted here leaves the mount point alone. */
function foldersOf({ root, point }: Mount, path: string): string[] {
  const isInside = path === root || path.startsWith(root === "/" ? "/" : `${root}/`);
  const inside = isInside && !path.startsWith("/..") ? path.slice(root === "/" ? 1 : root.length + 1) : "";
  const parts = inside.split("/").filter((part) => part !== "");
  const base = point.replace(/^\//, "");
  return Array.from({ length: parts.length + 1 }, (_, up) => [base, ...parts.slice(0, parts.length - up)].join("/"));
}

function usageFile(version: 1 | 2): string {
  return version === 2 ? "memory.current" : "memory.usage_in_bytes";
}

/** Of the group with the least room left, on the way from the process's own up; of its own when nothing limits it. */
export function readControlGroup(proc: ProcFs, root: ProcFs, group: ControlGroup): ControlGroupSample | null {
  const sizes = group.folders.flatMap((folder) => readSizes(root, folder, group.version));
  const [own] = sizes;
  if (own === undefined) return null;
  const tightest = sizes.reduce((least, each) => (roomIn(each) < roomIn(least) ? each : least), own);
  return {
    usageBytes: tightest.usageBytes,
    limitBytes: tightest.limitBytes,
    inactiveFileBytes: tightest.inactiveFileBytes,
    // What all tasks of the machine wait for says less: it is the last resort.
    pressureSome10: readPressure(root, group) ?? pressureIn(textOf(proc, "pressure/memory")),
    oomKills: readOomKills(root, group),
  };
}

type Sizes = Pick<ControlGroupSample, "usageBytes" | "limitBytes" | "inactiveFileBytes">;

/** What the page cache takes is given back before anything is killed. */
function roomIn({ usageBytes, limitBytes, inactiveFileBytes }: Sizes): number {
  return limitBytes === null ? Number.POSITIVE_INFINITY : limitBytes - usageBytes + inactiveFileBytes;
}

function readSizes(root: ProcFs, folder: string, version: 1 | 2): Sizes[] {
  const usage = textOf(root, `${folder}/${usageFile(version)}`);
  if (usage === "") return [];
  const limit = textOf(root, `${folder}/${version === 2 ? "memory.max" : "memory.limit_in_bytes"}`).trim();
  const isLimited = limit !== "" && limit !== "max" && Number(limit) < NO_LIMIT;
  const stat = textOf(root, `${folder}/memory.stat`);
  // Version 1 has the group alone and, as `total_`, with those below it.
  const inactive = /^total_inactive_file (\d+)$/m.exec(stat) ?? /^inactive_file (\d+)$/m.exec(stat);
  return [
    {
      usageBytes: Number(usage),
      limitBytes: isLimited ? Number(limit) : null,
      inactiveFileBytes: Number(inactive?.[1] ?? 0),
    },
  ];
}

function readPressure(root: ProcFs, { pressureFile }: ControlGroup): number | null {
  return pressureFile === null ? null : pressureIn(textOf(root, pressureFile));
}

/** "some avg10=0.12 avg60=..." */
function pressureIn(text: string): number | null {
  const found = /^some avg10=([\d.]+)/m.exec(text);
  return found === null ? null : Number(found[1]);
}

function readOomKills(root: ProcFs, { version, folders }: ControlGroup): number | null {
  const text = textOf(root, `${folders[0]}/${version === 2 ? "memory.events" : "memory.oom_control"}`);
  const found = /^oom_kill (\d+)$/m.exec(text);
  return found === null ? null : Number(found[1]);
}

function textOf(files: ProcFs, path: string): string {
  const text = files.readText(path);
  return text.ok ? text.value : "";
}
