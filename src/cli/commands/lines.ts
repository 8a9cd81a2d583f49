// `deadweight lines [-f FUNC] SCRIPT [ARGUMENT...]`

import { linesText } from "../../report/lines-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";

export const lines: Command = defineCommand({
  name: "lines",
  summary: "memory of a script's functions, line by line",
  description: [
    "Runs the script and reads the memory of its process before and after each line of the chosen functions. Without -f and -m these are the functions decorated with @profile or @deadweight.profile, or all functions of the script when there are none. The script needs no change, and its Python needs no package.",
    "An increment is what the process grew by while the line ran, with all it called. On Python 3.12 and later, lines that do not grow are left alone after a thousand runs, so that the script is hardly slower. The script's own output goes to stderr.",
  ],
  arguments: {
    script: { placeholder: "SCRIPT", takes: "path", count: "one", summary: "the Python file to run" },
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
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the report is printed, also when the script failed (the report says so)" },
    { code: EXIT.couldNot, when: "the script cannot be started, or left no report" },
  ],
  async run(given, world) {
    const { json, function: functions, module: modules, python } = given.options;
    const report = await world.actions.lines({
      script: given.arguments.script,
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
