// Sentences about a leak that several reports share.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import type { Leak, LeakConfidence, LeakSite, ProcessVerdict } from "../model/diagnosis.ts";

export interface DiagnosisAnswer {
  readonly words: string;
  readonly tone: "good" | "warning" | "bad";
}

/** After "Process 4711". */
export const DIAGNOSIS_ANSWERS: Readonly<Record<ProcessVerdict, DiagnosisAnswer>> = {
  leak: { words: "leaks memory", tone: "bad" },
  suspect: { words: "probably leaks memory; it is not proved", tone: "warning" },
  growing: { words: "grows, and nobody can be named for it yet", tone: "warning" },
  filling: { words: "does not leak: a bounded cache is still filling", tone: "good" },
  fragmentation: { words: "does not leak objects: freed memory stays with the allocator", tone: "warning" },
  load: { words: "does not leak: it grew because it had more to do", tone: "good" },
  "warm-up": { words: "does not leak: it grew while it warmed up", tone: "good" },
  native: { words: "grows outside the Python heap", tone: "warning" },
  steady: { words: "does not grow", tone: "good" },
};

const SURENESS: Readonly<Record<LeakConfidence, string>> = {
  proved: "leaks",
  likely: "probably leaks",
  possible: "may leak",
};

/** `shop.sessions.REGISTRY leaks: 83,114 Session hold 432 MiB, 6.0 MiB more each minute.` */
export function leakSentence({ holder, confidence, leaked }: Leak): string {
  const { type, count, heldBytes, bytesPerMinute } = leaked;
  const growth = bytesPerMinute > 0 ? `, ${formatBytes(bytesPerMinute)} more each minute` : "";
  return `${holder.path} ${SURENESS[confidence]}: ${formatCount(count)} ${type} hold ${formatBytes(heldBytes)}${growth}.`;
}

/** `/srv/shop/sessions.py:31`: where it is put in, or where the holder stands; null when no line is known. */
export function leakPlace({ sites: [site], holder }: Leak): string | null {
  if (site !== undefined) return `${site.file}:${site.line}`;
  if (holder.file === null) return null;
  return holder.line === null ? holder.file : `${holder.file}:${holder.line}`;
}

/** Files below the process's working folder, which is where people look from, are named from there. */
export function fromFolder(leak: Leak, folder: string | null): Leak {
  const shown = (file: string): string =>
    folder !== null && file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
  const site = (each: LeakSite): LeakSite => ({ ...each, file: shown(each.file) });
  const { holder } = leak;
  return {
    ...leak,
    holder: holder.file === null ? holder : { ...holder, file: shown(holder.file) },
    sites: leak.sites.map(site),
    removals: leak.removals.map(site),
  };
}
