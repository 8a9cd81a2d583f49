// How watching a process ended, and the words for it.

/** group: its control group counted an OOM kill in the seconds before. machine: only the machine did, so it is likely, not certain. */
export type OomKill = "group" | "machine";

/**
 * told: a signal came. time: the time is over. exited: the process is gone. replaced: it runs another program now (exec), so that
 * no address means anything any more.
 */
export type EndReason = "told" | "time" | "exited" | "replaced";

export interface ProcessEnd {
  readonly how: EndReason;
  readonly afterMs: number;
  /** Who says that the kernel killed it for want of memory; null when nobody does. */
  readonly oomKill: OomKill | null;
}

/** "Process 4711 ended after 12 s", without a full stop; `after` is "after 12 s" or longer. */
export function describeEnd(who: string, after: string, { how, oomKill }: ProcessEnd): string {
  if (how === "replaced") return `${who} started another program (exec) ${after}`;
  switch (oomKill) {
    case "group":
      return `${who} was gone ${after}: the kernel killed it for want of memory (its control group counted an OOM kill)`;
    case "machine":
      return `${who} was gone ${after}, and in the same seconds the machine counted an OOM kill: the kernel probably killed it for want of memory`;
    case null:
      return `${who} ended ${after}`;
  }
}
