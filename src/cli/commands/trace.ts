// `deadweight trace PID`

import type { TracedStack, TraceReport } from "../../model/trace-report.ts";
import { collapsedStacks, speedscopeDocument } from "../../report/flame-graph.ts";
import { flameGraphPage } from "../../report/flame-graph-page.ts";
import { traceText } from "../../report/trace-text.ts";
import { GDB_OPTION, WAIT_OPTION } from "../attach-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printMessage, printProblem, printReport } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";

export const trace: Command = defineCommand({
  name: "trace",
  summary: "which lines allocate what stays, in a window on a running process",
  description: [
    "Attaches the probe, has tracemalloc record allocations for a while, looks in the middle and at the end, and stops it. What is listed was allocated in the window and is still alive; what a line has more of than in the middle is what it keeps gaining.",
    "Allocation is up to twelve times slower while the window is open, more with --frames; before and after it costs nothing. The window ends early at --budget traces, so that stopping never takes long, and at once when this tool is gone. Ctrl-C ends it with what was gathered.",
  ],
  arguments: { pid: { placeholder: "PID", takes: "pid", count: "one", summary: "the process" } },
  options: {
    for: { kind: "seconds", placeholder: "TIME", default: 10, summary: "how long, as 10s, 1m" },
    frames: {
      kind: "count",
      placeholder: "N",
      default: null,
      summary: "frames of the stack kept per trace, at most 64 (default: 1, with -o 8)",
    },
    budget: { kind: "count", placeholder: "N", default: 200_000, summary: "traces at most" },
    limit: { kind: "count", placeholder: "N", default: 20, summary: "lines shown" },
    join: { kind: "flag", summary: "two snapshots say which places grew; which lines allocated what they gained" },
    holder: { kind: "text", placeholder: "PATH", summary: "the same for one place, as shop.cart.SESSIONS" },
    output: {
      kind: "file",
      short: "o",
      placeholder: "FILE",
      summary: "a flame graph: FILE.html to open, FILE.json for speedscope.app, any other name for collapsed stacks",
    },
    wait: WAIT_OPTION,
    gdb: GDB_OPTION,
  },
  examples: [
    { command: "deadweight trace 4711 --for 30s", why: "a table by line" },
    { command: "deadweight trace 4711 --join", why: "who allocated what the growing places gained" },
    { command: "deadweight trace 4711 -o shop.html", why: "a flame graph in one file, without a network" },
    { command: "deadweight trace 4711 -o shop.json", why: "for https://www.speedscope.app" },
    { command: "deadweight trace 4711 -o shop.folded", why: "for flamegraph.pl or inferno" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the report is printed, also when Ctrl-C ended the window" },
    { code: EXIT.couldNot, when: "the process cannot be traced, or the file cannot be written" },
  ],
  async run(given, world) {
    const { json, wait, gdb, for: forSeconds, frames, budget, limit, join, holder, output } = given.options;
    using asked = world.askFirst();
    using progress = new ProgressLine(world);
    const traced = await world.actions.trace({
      pid: Number(given.arguments.pid),
      forSeconds,
      frames: Math.min(frames ?? (output === null ? 1 : FRAMES_OF_GRAPH), MOST_FRAMES),
      budget,
      limit,
      join,
      holder,
      waitSeconds: wait,
      gdb,
      progress: progress.show,
      say: (sentence) => void printMessage(sentence, world).catch(() => undefined),
      signal: asked.signal,
    });
    if (!traced.ok) return await printProblem(traced.error, json, world);
    const { report, stacks } = traced.value;
    if (output !== null) {
      const written = await world.actions.writeReport(output, graphOf(output, stacks, report, world.version));
      if (!written.ok) return await printProblem(written.error, json, world);
    }
    await printReport(report, json, traceText, world);
    return EXIT.clean;
  },
});

/** A graph of one frame is flat; each frame more slows allocation down further. */
const FRAMES_OF_GRAPH = 8;
const MOST_FRAMES = 64;

function graphOf(file: string, stacks: readonly TracedStack[], { pid }: TraceReport, version: string): string {
  const title = `process ${pid}`;
  if (/\.html?$/i.test(file)) return flameGraphPage(stacks, `Allocations of ${title}`);
  return /\.json$/i.test(file) ? speedscopeDocument(stacks, title, version) : collapsedStacks(stacks);
}
