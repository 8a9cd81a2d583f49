// Arguments and options that several commands share: what to read, and how.

import type { ReadingOptions } from "./actions.ts";
import { ProgressLine } from "./progress-line.ts";
import type { World } from "./world.ts";

export const SOURCE_SUMMARY =
  "snapshot file, process id, or core file; a file named by digits is given as ./1234" as const;

export const VALUES_OPTION = {
  kind: "flag",
  summary: "also keep string values and keys; without it only structure and names are kept",
} as const;

export const MAX_PAUSE_OPTION = {
  kind: "seconds",
  placeholder: "SECONDS",
  default: 5,
  summary: "never stop the process for longer; give up instead",
} as const;

export const EXECUTABLE_OPTION = {
  kind: "file",
  placeholder: "FILE",
  summary: "for a core file: the python executable that wrote it, when it is not where it was",
} as const;

export const SYSROOT_OPTION = {
  kind: "file",
  placeholder: "FOLDER",
  summary: "for a core file: folder with the files of the machine that wrote it, as under its /",
} as const;

/** All of them, for a command that reads one source. */
export const READING_OPTIONS: {
  readonly values: typeof VALUES_OPTION;
  readonly "max-pause": typeof MAX_PAUSE_OPTION;
  readonly executable: typeof EXECUTABLE_OPTION;
  readonly sysroot: typeof SYSROOT_OPTION;
} = {
  values: VALUES_OPTION,
  "max-pause": MAX_PAUSE_OPTION,
  executable: EXECUTABLE_OPTION,
  sysroot: SYSROOT_OPTION,
};

interface GivenReading {
  readonly values: boolean;
  readonly "max-pause": number;
  readonly executable: string | null;
  readonly sysroot: string | null;
}

/** Runs `work` with a progress line that is gone, on every path out, when it ends. */
export async function withReading<T>(
  given: GivenReading,
  world: World,
  work: (options: ReadingOptions) => Promise<T>,
): Promise<T> {
  using line = new ProgressLine(world);
  return await work({
    maxPauseMs: given["max-pause"] * 1000,
    values: given.values,
    progress: line.show,
    ...(given.executable === null ? {} : { executable: given.executable }),
    ...(given.sysroot === null ? {} : { sysroot: given.sysroot }),
  });
}
