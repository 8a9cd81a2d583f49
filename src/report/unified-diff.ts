// The difference between two texts as `diff -u` and `patch` write it.

/** Lines of context around a change. */
const CONTEXT = 3;
/** Texts that differ in more places than this are shown as one change: the search is quadratic in it. */
const MOST_DIFFERENCES = 2000;

type Step = { readonly kind: "keep" | "remove" | "add"; readonly line: string };

/** Empty when the texts are equal. Time O((lines + differences) * differences), after Myers. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return "";
  const steps = stepsBetween(splitLines(before), splitLines(after));
  return [`--- a/${file}\n`, `+++ b/${file}\n`, ...hunks(steps)].join("");
}

/** Lines with their ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What is equal at both ends needs no search. */
function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const keep = (line: string): Step => ({ kind: "keep", line });
  return [
    ...before.slice(0, head).map(keep),
    ...shortestEdit(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(keep),
  ];
}

/** Myers, "An O(ND) Difference Algorithm" (1986), with the trace of every round kept. */
function shortestEdit(before: readonly string[], after: readonly string[]): Step[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(before.length + after.length, MOST_DIFFERENCES); d++) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      let x = isInsertion(furthest, k, d) ? (next.get(k + 1) ?? 0) : (next.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return backtrack(trace, before, after);
    }
    furthest = next;
  }
  return [
    ...before.map((line): Step => ({ kind: "remove", line })),
    ...after.map((line): Step => ({ kind: "add", line })),
  ];
}

/** Whether the best way to diagonal `k` after `d` differences came by adding a line. */
function isInsertion(furthest: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
}

function backtrack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Step[] {
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  const keepDownTo = (fromX: number, fromY: number): void => {
    for (; x > fromX && y > fromY; y--) steps.push({ kind: "keep", line: before[--x] ?? "" });
  };
  for (let d = trace.length - 1; d > 0; d--) {
    const furthest = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const isAdded = isInsertion(furthest, k, d);
    const from = isAdded ? k + 1 : k - 1;
    const fromX = furthest.get(from) ?? 0;
    keepDownTo(Math.max(0, fromX), Math.max(0, fromX - from));
    steps.push(isAdded ? { kind: "add", line: after[--y] ?? "" } : { kind: "remove", line: before[--x] ?? "" });
  }
  keepDownTo(0, 0);
  return steps.reverse();
}

function hunks(steps: readonly Step[]): string[] {
  const changed = steps.flatMap((step, at) => (step.kind === "keep" ? [] : [at]));
  const ranges: { from: number; to: number }[] = [];
  for (const at of changed) {
    const last = ranges.at(-1);
    if (last !== undefined && at - CONTEXT <= last.to) last.to = Math.min(steps.length, at + CONTEXT + 1);
    else ranges.push({ from: Math.max(0, at - CONTEXT), to: Math.min(steps.length, at + CONTEXT + 1) });
  }
  return ranges.map(({ from, to }) => hunk(steps, from, to));
}

const MARKS = { keep: " ", remove: "-", add: "+" } as const;

function hunk(steps: readonly Step[], from: number, to: number): string {
  const inside = steps.slice(from, to);
  const range = (without: Step["kind"]): string => {
    const start = steps.slice(0, from).filter((step) => step.kind !== without).length;
    const length = inside.filter((step) => step.kind !== without).length;
    return `${length === 0 ? start : start + 1},${length}`;
  };
  const lines = inside.map(({ kind, line }) =>
    line.endsWith("\n") ? MARKS[kind] + line : `${MARKS[kind]}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range("add")} +${range("remove")} @@\n${lines.join("")}`;
}
