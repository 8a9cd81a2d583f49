// The same process before and after a fix: for each leak whether it is gone.

import type {
  ComparedLeak,
  ComparedState,
  Diagnosis,
  DiagnosisComparison,
  Leak,
  LeakMeasure,
} from "../model/diagnosis.ts";

/** Slower by this share is smaller; less than that is chance and load. */
const SMALLER_SHARE = 0.5;
/** A process that worked so much less shows nothing of a fix. */
const LEAST_WORK_SHARE = 0.5;
/** CPU time is counted in steps of 10 ms. */
const LEAST_CPU_SECONDS = 0.5;

/** Leaks are the same when their fingerprints are. */
export function compareDiagnoses(before: Diagnosis, after: Diagnosis): DiagnosisComparison {
  const now = new Map(after.leaks.map((leak) => [leak.fingerprint, leak]));
  const known = new Set(before.leaks.map(({ fingerprint }) => fingerprint));
  const leaks = [
    ...before.leaks.map((leak) => compared(leak, now.get(leak.fingerprint) ?? null)),
    ...after.leaks.filter(({ fingerprint }) => !known.has(fingerprint)).map((leak) => compared(null, leak)),
  ];
  return {
    before: { pid: before.target.pid, seconds: before.window.seconds, verdict: before.verdict },
    leaks,
    doubts: doubtsAbout(before, after),
  };
}

function compared(before: Leak | null, after: Leak | null): ComparedLeak {
  const leak = after ?? before;
  if (leak === null) throw new Error("a leak is on one side at least");
  return {
    fingerprint: leak.fingerprint,
    path: leak.holder.path,
    state: stateOf(before, after),
    before: before === null ? null : measureOf(before),
    after: after === null ? null : measureOf(after),
  };
}

function stateOf(before: Leak | null, after: Leak | null): ComparedState {
  if (after === null) return "gone";
  if (before === null) return "new";
  return paceOf(after, before) <= paceOf(before, after) * SMALLER_SHARE ? "smaller" : "still there";
}

/** Per unit of work when both sides know it, since traffic is never the same twice; otherwise over time. */
function paceOf(leak: Leak, other: Leak): number {
  const { perUnitOfLoad } = leak.growth;
  return perUnitOfLoad !== null && other.growth.perUnitOfLoad !== null ? perUnitOfLoad : leak.leaked.bytesPerMinute;
}

function measureOf({ leaked, growth, confidence }: Leak): LeakMeasure {
  const { count, heldBytes, bytesPerMinute } = leaked;
  return { confidence, count, heldBytes, bytesPerMinute, perUnitOfLoad: growth.perUnitOfLoad };
}

/** A program that was started again begins with nothing; in a container its number stays the same. */
function isGrownOn(before: Diagnosis, after: Diagnosis): boolean {
  return after.leaks.some(({ fingerprint, leaked }) =>
    before.leaks.some((each) => each.fingerprint === fingerprint && each.leaked.count <= leaked.count),
  );
}

/** What would make "gone" less than a proof. */
function doubtsAbout(before: Diagnosis, after: Diagnosis): readonly string[] {
  const doubts: string[] = [];
  const [earlier, later] = [before.window, after.window];
  if (later.seconds < earlier.seconds * LEAST_WORK_SHARE)
    doubts.push(
      `It was watched for ${Math.round(later.seconds)} s, before the fix for ${Math.round(earlier.seconds)} s: watch it as long, with --for ${Math.ceil(earlier.seconds)}s.`,
    );
  const pace = ({ cpuSeconds, seconds }: Diagnosis["window"]): number => cpuSeconds / Math.max(1, seconds);
  if (earlier.cpuSeconds >= LEAST_CPU_SECONDS && pace(later) < pace(earlier) * LEAST_WORK_SHARE)
    doubts.push(
      `It used ${later.cpuSeconds.toFixed(1)} s of processor time, before the fix ${earlier.cpuSeconds.toFixed(1)} s: what is used less grows less. Give it the same work.`,
    );
  if (before.target.pid === after.target.pid && isGrownOn(before, after))
    doubts.push("It seems to be the same process as before: has the program been started again with the fix?");
  return doubts;
}
