// What a row of the harness must have shown before it may say anything. A row in which nothing could go wrong proves nothing.

/** What is asked of each row. */
export interface Enough {
  /** How long a row of ours goes on at least; one of the others ends as soon as it has shown what it must. */
  readonly seconds: number;
  /** Then it ends, whatever it lacks, and has failed. */
  readonly limitSeconds: number;
  /** Clears with the answer that the row is about; acknowledged ones in all rows but one. */
  readonly clears: number;
  /** How often each fault comes, how many values are late, and how many old answers a cache that must give some gives. */
  readonly times: number;
  readonly calls: number;
}

export interface Shown {
  readonly seconds: number;
  readonly clears: number;
  readonly calls: number;
  /** Loads that read the truth before it changed, and ended after it: each would be an old answer where nothing prevents it. */
  readonly late: number;
  /** How often each fault of the row came. */
  readonly came: Readonly<Record<string, number>>;
  readonly violations: number;
  /** Whatever else was not as promised. */
  readonly broken: readonly string[];
}

/** ours: nothing may be violated. contrast: a cache that must be caught, else the row sees nothing. */
export type Subject = "ours" | "contrast";

/** What a row lacks, as sentences without an end. None: it may end. */
export function lacksOf(shown: Shown, enough: Enough, subject: Subject): readonly string[] {
  const few = (what: string, number: number, asked: number): readonly string[] =>
    number < asked ? [`${what}: ${number} of ${asked}`] : [];
  return [
    ...few("clears", shown.clears, enough.clears),
    ...few("calls", shown.calls, enough.calls),
    ...few("loads that ended after the truth had changed", shown.late, enough.times),
    ...Object.entries(shown.came).flatMap(([fault, times]) => few(fault, times, enough.times)),
    ...(subject === "contrast"
      ? few("old answers of a cache that must give some", shown.violations, enough.times)
      : []),
  ];
}

/** Whether a row may end: it has shown everything, or will not. */
export function isOver(shown: Shown, enough: Enough, subject: Subject): boolean {
  if (shown.seconds >= enough.limitSeconds) return true;
  return shown.seconds >= (subject === "ours" ? enough.seconds : 0) && lacksOf(shown, enough, subject).length === 0;
}

/** caught: a contrast gave old answers, and was seen. blind: it gave none. */
export type Verdict = "holds" | "caught" | "VIOLATED" | "BROKEN" | "BLIND" | "TOO LITTLE";

export interface Judged {
  readonly verdict: Verdict;
  readonly because: readonly string[];
}

export function judgeRow(shown: Shown, enough: Enough, subject: Subject): Judged {
  const lacks = lacksOf(shown, enough, subject);
  if (subject === "ours" && shown.violations > 0)
    return { verdict: "VIOLATED", because: [`${shown.violations} answers from before a clear`] };
  if (shown.broken.length > 0) return { verdict: "BROKEN", because: [...countedOf(shown.broken), ...lacks] };
  if (subject === "contrast" && shown.violations === 0) return { verdict: "BLIND", because: lacks };
  if (lacks.length > 0) return { verdict: "TOO LITTLE", because: lacks };
  return { verdict: subject === "ours" ? "holds" : "caught", because: [] };
}

export function isGood({ verdict }: Judged): boolean {
  return verdict === "holds" || verdict === "caught";
}

function countedOf(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, times]) => `${times} times: ${text}`);
}
