// `deadweight export SOURCE --format FORMAT [-o FILE]`

import { basename } from "node:path";
import { CSV_TABLES, FORMAT_ENDINGS, HEAP_FORMAT_NAMES } from "../../model/export-report.ts";
import { exportText } from "../../report/export-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { READING_OPTIONS, SOURCE_SUMMARY, withReading } from "../source-options.ts";

/** The output of the command itself. */
const STDOUT = "-";

export const exportCommand: Command = defineCommand({
  name: "export",
  summary: "write a heap in the format of another viewer",
  description: [
    "Writes what a process or a snapshot holds as a file that other tools open: Chrome DevTools and memlab (heapsnapshot), pprof and Pyroscope (pprof), flame graph viewers (speedscope, collapsed), Graphviz (dot) and spreadsheets (csv); or as one page for people (html).",
    "In flame graphs a stack is the way down the dominator tree: the width of a frame is what would be freed with it. Small objects are put together by type. Ids in a heapsnapshot are the same for one object in every export of one process, so that DevTools can compare two of them. Strings are written only when the snapshot has them (--values).",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "one", summary: SOURCE_SUMMARY },
  },
  options: {
    format: {
      kind: "choice",
      placeholder: "FORMAT",
      short: "f",
      choices: HEAP_FORMAT_NAMES,
      default: null,
      summary: "what to write",
    },
    output: {
      kind: "file",
      placeholder: "FILE",
      short: "o",
      summary: "file to write, - for standard output (default: named after SOURCE, here)",
    },
    force: { kind: "flag", summary: "overwrite the file if it exists" },
    around: {
      kind: "text",
      placeholder: "SELECTOR",
      summary: "for dot: what to draw the surroundings of, as for `why` (default: the largest objects)",
    },
    table: { kind: "choice", placeholder: "TABLE", choices: CSV_TABLES, default: "holders", summary: "for csv: which" },
    limit: {
      kind: "count",
      placeholder: "N",
      default: null,
      summary: "for dot: most objects (default 60); for csv: most rows (default 10000)",
    },
    ...READING_OPTIONS,
  },
  examples: [
    { command: "deadweight export 4711 --format heapsnapshot", why: "walk through the heap in Chrome DevTools" },
    {
      command: "deadweight export before.dwsnap -f pprof -o before.pb.gz",
      why: "for `go tool pprof -http=:` and Pyroscope",
    },
    {
      command: "deadweight export before.dwsnap -f collapsed -o - | flamegraph.pl --countname bytes > heap.svg",
      why: "a flame graph of what holds the memory",
    },
    {
      command: "deadweight export before.dwsnap -f dot --around app.sessions.REGISTRY -o - | dot -Tsvg -o registry.svg",
      why: "a drawing of what stands around one container",
    },
    { command: "deadweight export before.dwsnap -f html", why: "one page to send to a colleague" },
    { command: "deadweight export before.dwsnap -f csv --table types", why: "all types, for a spreadsheet" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the file is written" },
    { code: EXIT.couldNot, when: "the source cannot be read, or the file cannot be written" },
  ],
  async run(given, world) {
    const { source } = given.arguments;
    const { format, output, force, json, around, table, limit } = given.options;
    if (format === null) {
      const message = `Say which format to write: --format ${HEAP_FORMAT_NAMES.join("|")}.`;
      return await printProblem({ code: "usage", message }, json, world);
    }
    const file = output ?? `${nameOf(source)}.${FORMAT_ENDINGS[format]}`;
    if (file !== STDOUT && !force && world.fileExists(file)) {
      const message = `${file} exists already: name another file with -o, or add --force to overwrite it.`;
      return await printProblem({ code: "file-exists", message }, json, world);
    }
    const target =
      file === STDOUT ? ({ kind: "output", write: world.out.write } as const) : ({ kind: "file", path: file } as const);
    const exported = await withReading(given.options, world, (reading) =>
      world.actions.exportHeap({ source, format, target, around, table, limit, toolVersion: world.version }, reading),
    );
    if (!exported.ok) return await printProblem(exported.error, json, world);
    if (file !== STDOUT) await printReport(exported.value, json, exportText, world);
    return EXIT.clean;
  },
});

/** `before` for `/tmp/before.dwsnap`; a process is called by its number. */
function nameOf(source: string): string {
  if (/^\d+$/.test(source)) return `deadweight-${source}`;
  return basename(source).replace(/\.dwsnap$/, "");
}
