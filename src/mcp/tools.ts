// What a coding assistant may ask: read-only, from outside, and without values unless the person who started us said so.

import { countOf } from "../base/format-count.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Background } from "../app/background/background.ts";
import type { OpenHeaps } from "../app/background/open-heaps.ts";
import type { TaskProblem } from "../app/background/task.ts";
import { listPythonProcesses } from "../app/list-python-processes.ts";

export interface ToolParts {
  readonly heaps: OpenHeaps;
  /** For what takes long. */
  readonly startThread: () => Background;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
}

/** A JSON Schema of the words a tool takes, and what it does with them. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly run: (words: Words, parts: ToolParts, signal: AbortSignal) => Promise<Result<unknown, TaskProblem>>;
}

export type Words = Readonly<Record<string, unknown>>;

const SOURCE = {
  type: "string",
  description: "a process id in digits (the process stands still for a moment, once), a snapshot file or a core file",
} as const;
const SELECTOR = {
  type: "string",
  description: "an object (0x7f...), a holder (app.sessions.REGISTRY) or a type (app.models.Session)",
} as const;
const limit = (byDefault: number, maximum: number): object => ({
  type: "integer",
  minimum: 1,
  maximum,
  default: byDefault,
});
const DEFAULT_SECONDS = 30;

export const TOOLS: readonly Tool[] = [
  {
    name: "list_processes",
    title: "Python processes",
    description: "Lists the Python processes that can be looked at, the largest first.",
    properties: {},
    required: [],
    run: async () => ok({ processes: listPythonProcesses() }),
  },
  {
    name: "heap_top",
    title: "What holds the memory",
    description: "Which holders, types and modules the memory of a Python process or snapshot belongs to, in bytes.",
    properties: { source: SOURCE, limit: limit(15, 200) },
    required: ["source"],
    run: async (words, { heaps }) =>
      await heaps.ask(text(words, "source"), "top", { limit: count(words, "limit", 15) }),
  },
  {
    name: "heap_why",
    title: "What holds this",
    description: "The retaining paths of an object, a named holder or the objects of a type: why they are still alive.",
    properties: { source: SOURCE, selector: SELECTOR, limit: limit(3, 50), paths: limit(3, 20) },
    required: ["source", "selector"],
    run: async (words, { heaps }) =>
      await heaps.ask(text(words, "source"), "why", {
        selector: text(words, "selector"),
        limit: count(words, "limit", 3),
        paths: count(words, "paths", 3),
      }),
  },
  {
    name: "heap_query",
    title: "Objects for which conditions hold",
    description:
      "Asks a heap in a small language: TYPE [where CONDITION and ...] [group by type|module] [order by FIELD] [limit N]. TYPE is a type name, a pattern (app.*) or `objects`. Fields: type, module, text, entries, size, retained, held, objects, referrers, references, depth, garbage. Example: dict where entries > 10k and module = app order by retained limit 20",
    properties: { source: SOURCE, query: { type: "string" } },
    required: ["source", "query"],
    run: async (words, { heaps }) => await heaps.ask(text(words, "source"), "query", { query: text(words, "query") }),
  },
  {
    name: "heap_refresh",
    title: "Read a process anew",
    description:
      "A process is read once and its heap is kept for later questions. This reads it again with the next question.",
    properties: { source: SOURCE },
    required: ["source"],
    run: async (words, { heaps }) => {
      heaps.forget(text(words, "source"));
      return await heaps.summary(text(words, "source"));
    },
  },
  {
    name: "heap_diff",
    title: "Growth between snapshots",
    description: "What grew between two or more snapshot files, by holder and type, with how sure that is.",
    properties: {
      files: { type: "array", items: { type: "string" }, minItems: 2, maxItems: 8 },
      limit: limit(15, 200),
    },
    required: ["files"],
    run: async (words, parts, signal) => {
      const files = Array.isArray(words["files"]) ? words["files"].map(String) : [];
      if (files.length < 2)
        return fail({ code: "usage", message: `A comparison needs two files, not ${countOf(files.length, "file")}.` });
      const { maxPauseMs, startThread } = parts;
      await using thread = startThread();
      const sources = files.map((file) => ({ name: file, file }));
      return await thread.ask(
        "comparison",
        { sources, limit: count(words, "limit", 15), maxPauseMs, hasValues: false },
        { signal },
      );
    },
  },
  {
    name: "diagnose",
    title: "Is it a leak, whose, since which line",
    description:
      "Watches a running process from outside for some time and judges it: leak or not, which holder, which line puts it there, what it is not, and a fix.",
    properties: {
      pid: { type: "integer", minimum: 1 },
      seconds: { type: "integer", minimum: 5, maximum: 600, default: DEFAULT_SECONDS },
    },
    required: ["pid"],
    run: async (words, { startThread, maxPauseMs, toolVersion }, signal) => {
      await using thread = startThread();
      const [pid, forSeconds] = [count(words, "pid", 0), count(words, "seconds", DEFAULT_SECONDS)];
      const asked = { pid, forSeconds, maxPauseMs, toolVersion };
      return await thread.ask("diagnose", asked, { signal });
    },
  },
  {
    name: "caches",
    title: "Caches of a process",
    description:
      "The caches of a process and its fellow workers: entries, bounds, hit ratios, bytes, keys that never hit.",
    properties: { pid: { type: "integer", minimum: 1 } },
    required: ["pid"],
    run: async (words, { startThread, maxPauseMs }, signal) => {
      await using thread = startThread();
      const asked = { source: String(count(words, "pid", 0)), forSeconds: 3, isAlone: false, maxPauseMs };
      return await thread.ask("caches", asked, { signal });
    },
  },
  {
    name: "scan",
    title: "Leak hazards in sources",
    description: "Leak and cache hazards in the Python and C sources of a folder, with lines, causes and fixes.",
    properties: { folder: { type: "string" }, paths: { type: "array", items: { type: "string" } } },
    required: ["folder"],
    run: async (words, { startThread, toolVersion }, signal) => {
      await using thread = startThread();
      const paths = Array.isArray(words["paths"]) ? words["paths"].map(String) : ["."];
      return await thread.ask("findings", { folder: text(words, "folder"), paths, toolVersion }, { signal });
    },
  },
];

/** The schema was checked before a tool runs. */
function text(words: Words, name: string): string {
  return String(words[name]);
}

function count(words: Words, name: string, byDefault: number): number {
  return Number(words[name] ?? byDefault);
}
