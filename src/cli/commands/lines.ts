// `deadweight lines [-f FUNC] SCRIPT [ARGUMENT...]`, `deadweight lines -f FUNC PID`, `deadweight lines FILE`

import { allocationLinesText } from "../../report/allocation-lines-text.ts";
import { linesText } from "../../report/lines-text.ts";
import { GDB_OPTION, WAIT_OPTION } from "../attach-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printMessage, printProblem, printReport } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import type { World } from "../world.ts";

export const lines: Command = defineCommand({
  name: "lines",
  summary: "memory of functions, line by line: of a script or a running process",
  description: [
    "Runs the script and reads the memory of its process before and after each line of the chosen functions. Without -f and -m these are the functions decorated with @profile or @deadweight.profile, or all functions of the script when there are none. The script needs no change, and its Python needs no package.",
    "An increment is what the process grew by while the line ran, with all it called. On Python 3.12 and later, lines that do not grow are left alone after a thousand runs, so that the script is hardly slower. The script's own output goes to stderr.",
    "Given a PID, the probe is attached to that process for a while, and calls that begin meanwhile are watched: in all threads on Python 3.12 and later, before that in the main thread and in those started from then on.",
    "Given a file of tracemalloc (Snapshot.dump) or memray (stats --json, transform csv), the lines that it names are shown. The pickle of tracemalloc is read by a reader that executes nothing.",
  ],
  arguments: {
    script: {
      placeholder: "SCRIPT|PID|FILE",
      takes: "path",
      count: "one",
      summary: "the Python file to run, a process, or a file of memray or tracemalloc",
    },
    words: {
      placeholder: "ARGUMENT",
      takes: "path",
      count: "many",
      least: 0,
      summary: "arguments of the script; after -- they may begin with a dash",
    },
  },
  options: {
    function: {
      kind: "list",
      short: "f",
      placeholder: "FUNC",
      summary: "functions by name or MODULE:NAME, as load, Cart.add, shop.*:load*; the script itself is __main__",
    },
    module: { kind: "list", short: "m", placeholder: "MODULE", summary: "all functions of these modules, as shop.*" },
    for: { kind: "seconds", placeholder: "TIME", default: 10, summary: "how long a process is watched" },
    wait: WAIT_OPTION,
    gdb: GDB_OPTION,
    python: {
      kind: "file",
      placeholder: "PATH",
      summary: "interpreter; without it the active virtual environment's, .venv's, or python3",
    },
  },
  examples: [
    { command: "deadweight lines report.py", why: "the functions decorated with @profile, or all of the script" },
    { command: "deadweight lines -f shop.cart:Cart.add app.py", why: "one method, without touching the source" },
    { command: "deadweight lines -m 'shop.*' app.py -- --port 8000", why: "every function of a package" },
    { command: "deadweight lines snapshot.tracemalloc", why: "what tracemalloc saw, without loading its pickle" },
    { command: "deadweight lines 4711 -f shop.cart:Cart.add --for 30s", why: "in a process that runs" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the report is printed, also when the script failed (the report says so)" },
    {
      code: EXIT.couldNot,
      when: "the script cannot be started or left no report, the process cannot be watched, or the file is damaged",
    },
  ],
  async run(given, world) {
    const { json, function: functions, module: modules, python } = given.options;
    const { script } = given.arguments;
    if (/^[1-9]\d*$/.test(script) && !world.fileExists(script))
      return await ofProcess(Number(script), given.options, world);
    const allocations = await world.actions.allocationFile(script);
    if (!allocations.ok) return await printProblem(allocations.error, json, world);
    if (allocations.value !== null) {
      await printReport(allocations.value, json, allocationLinesText, world);
      return EXIT.clean;
    }
    const report = await world.actions.lines({
      script,
      words: given.arguments.words,
      functions: functions ?? [],
      modules: modules ?? [],
      python,
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, linesText, world);
    return EXIT.clean;
  },
});

interface ProcessOptions {
  readonly json: boolean;
  readonly function: readonly string[] | null;
  readonly module: readonly string[] | null;
  readonly for: number;
  readonly wait: number;
  readonly gdb: boolean;
}

async function ofProcess(pid: number, options: ProcessOptions, world: World): Promise<ExitCode> {
  const { json, function: functions, module: modules, for: forSeconds, wait, gdb } = options;
  if (functions === null && modules === null) {
    const message = `which functions of process ${pid}? Name them with -f MODULE:FUNCTION or -m MODULE`;
    return await printProblem({ code: "usage", message }, json, world);
  }
  using asked = world.askFirst();
  using progress = new ProgressLine(world);
  const report = await world.actions.processLines({
    pid,
    functions: functions ?? [],
    modules: modules ?? [],
    forSeconds,
    waitSeconds: wait,
    gdb,
    progress: progress.show,
    say: (sentence) => void printMessage(sentence, world).catch(() => undefined),
    signal: asked.signal,
  });
  if (!report.ok) return await printProblem(report.error, json, world);
  await printReport(report.value, json, linesText, world);
  return EXIT.clean;
}
