// What the sources of a running process say: the project that `scan` would see, with the names that the process uses.

import type { Finding, TextEdit } from "../model/finding.ts";
import type { LeakSite } from "../model/diagnosis.ts";
import type { InstalledVersions } from "./known-leaks.ts";
import type { Project } from "../python/project.ts";

export interface ProcessSource {
  readonly project: Project;
  /** Of the rules, for the files that were read. */
  readonly findings: readonly Finding[];
  /** The name of a module of the process in the project: `__main__` may be `app.worker` there. */
  readonly moduleInProject: (module: string) => string;
  /** Absolute, as the process sees it; the project names files like this. */
  readonly absolutePath: (file: string) => string;
  /** The program's own, and no installed package. */
  readonly isOwn: (file: string) => boolean;
  /** Lines of a file without their ends; empty when it cannot be read. */
  readonly linesOf: (file: string) => readonly string[];
  /** Unified diff; null when the edits do not fit. */
  readonly patchOf: (edits: readonly TextEdit[]) => string | null;
  /** Of a package in the process. */
  readonly installed: InstalledVersions;
  /** Sentences: files that are missing, or that were changed after the process had started. */
  readonly warnings: readonly string[];
}

/** A line of the sources as it is shown. */
export function siteAt(source: ProcessSource, file: string, line: number): LeakSite {
  return { file, line, code: (source.linesOf(file)[line - 1] ?? "").trim(), how: "source" };
}
