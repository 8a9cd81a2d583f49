// The files of a process as the process sees them: in a container, paths mean what they mean there.

import { readFileSync, readlinkSync, statSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";

export interface FileStat {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Tells a file of one container from that of another under the same path. */
  readonly device: number;
}

export interface TargetFiles {
  /** A path of the process as an absolute one; null parts are not resolved. */
  readonly absolute: (path: string) => string;
  /** Where we read what the process calls `path`. */
  readonly readable: (path: string) => string;
  /** Null: not there, no file, or not to be read. */
  readonly stat: (path: string) => FileStat | null;
  /** When the process began; null when not known. */
  readonly startedMs: number | null;
}

/** Kernel ticks per second in /proc; see sysconf(_SC_CLK_TCK), which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** `pid` null: of a process that is gone; its paths are taken as ours. */
export function openTargetFiles(pid: number | null, startTicks: number | null): TargetFiles {
  const isElsewhere = pid !== null && namespaceOf(pid) !== namespaceOf("self") && namespaceOf(pid) !== null;
  const root = isElsewhere || (pid !== null && (linkOf(`/proc/${pid}/root`) ?? "/") !== "/") ? `/proc/${pid}/root` : "";
  const folder = pid === null ? null : linkOf(`/proc/${pid}/cwd`);
  const readable = (path: string): string => root + path;
  return {
    absolute: (path) => normalize(isAbsolute(path) || folder === null ? path : join(folder, path)),
    readable,
    stat: (path) => statOf(readable(path)),
    startedMs: startTicks === null ? null : startOf(startTicks),
  };
}

function statOf(path: string): FileStat | null {
  try {
    const stat = statSync(path);
    return stat.isFile() ? { bytes: stat.size, modifiedMs: stat.mtimeMs, device: stat.dev } : null;
  } catch {
    return null;
  }
}

function namespaceOf(pid: number | "self"): string | null {
  return linkOf(`/proc/${pid}/ns/mnt`);
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function startOf(ticks: number): number | null {
  try {
    const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
    return boot === undefined ? null : (Number(boot) + ticks / TICKS_PER_SECOND) * 1000;
  } catch {
    return null;
  }
}
