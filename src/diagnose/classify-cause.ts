// Which of the causes L1 to L17 it is. The table is read from the top: what says most about the cause stands first.

import type { CauseId } from "../model/diagnosis.ts";
import type { Holder, HolderKind } from "../model/holder.ts";
import type { Finding } from "../model/finding.ts";
import { formatBytes } from "../base/format-bytes.ts";
import type { HeapFacts } from "./heap-facts.ts";
import { INTERPRETER_TEXT } from "../heap/paths/roots.ts";
import { functionAtLine, isDecorator } from "./line-owner.ts";
import type { ProcessSource } from "./process-source.ts";
import type { SourceJoin } from "./source-join.ts";

export interface Cause {
  readonly id: CauseId;
  /** Sentences. */
  readonly because: readonly string[];
}

export interface CauseEvidence {
  readonly holder: Holder;
  readonly heap: HeapFacts;
  readonly join: SourceJoin;
  readonly source: ProcessSource | null;
  /** Findings of rules about this very holder. */
  readonly findings: readonly Finding[];
  /** The most it can hold; null when nothing bounds it. */
  readonly bound: number | null;
}

interface CauseRule {
  readonly id: CauseId;
  /** The reason as a sentence; null when it is not this. */
  readonly because: (evidence: CauseEvidence) => string | null;
}

/** Every holder has a cause: the last two take what is left. */
export function classifyCause(evidence: CauseEvidence): Cause {
  for (const { id, because } of CAUSES) {
    const reason = because(evidence);
    if (reason !== null) return { id, because: [reason] };
  }
  return { id: "L2", because: [] };
}

/** An entry of this size is worth asking whether it should be in a cache. */
const LARGE_ENTRY_BYTES = 64 * 1024;

const RESOURCES =
  /^(?:_io\.(?:TextIOWrapper|Buffered\w+|FileIO|_IOBase|_RawIOBase)|_?socket\.socket|_?ssl\.\w*SSL\w*|_?sqlite3\.\w+|mmap\.mmap|select\.\w+|subprocess\.Popen|http\.client\.\w+|urllib3\..*|requests\.sessions\.Session|aiohttp\.client\.\w+|httpx\._client\.\w+|tempfile\._\w+|selectors\.\w+|psycopg2?\..*|pymysql\..*|redis\..*(?:Connection|Client)\w*|zipfile\.ZipFile|posix\.ScandirIterator|_multiprocessing\..*)$/;
const PENDING =
  /^(?:_?asyncio\.(?:\w+\.)?(?:Task|Future|Handle|TimerHandle)|concurrent\.futures\.(?:\w+\.)?(?:Future|_WorkItem)|threading\.(?:Thread|Timer|Event)|_?contextvars\.Context|Context|multiprocessing\.\w+\.Process)$/;
const ATTRIBUTES: ReadonlySet<HolderKind> = new Set(["module-global", "class-attribute", "instance-attribute"]);
const LOGGING = /^logging(?:\.\w+)?\.\w*(?:Logger|Handler|PlaceHolder|Filter|LogRecord|Formatter)$/;
const CALLBACK_WORD =
  /(?:callback|listener|observer|subscriber|receiver|hook|handler|processor|middleware|forkers|search_path|finali[sz]er|exitfunc|watcher|slot|signal|atexit)/i;

/** What grows in them is made by calls of the program, and no call takes it out again. */
const TABLES_OF_INTERPRETER: ReadonlyMap<string, string> = new Map([
  [
    `${INTERPRETER_TEXT}.interned_strings`,
    "The interpreter keeps every string that was interned, by `sys.intern` or as the name of an attribute; in this version they never die.",
  ],
  [
    `${INTERPRETER_TEXT}.codec_search_cache`,
    "The interpreter keeps a codec for every spelling of an encoding that was ever looked up with success.",
  ],
  [`${INTERPRETER_TEXT}.dict`, "Extension modules keep it in the interpreter's own dict, and nothing empties that."],
]);

const CAUSES: readonly CauseRule[] = [
  {
    id: "L7",
    because: ({ holder, heap }) =>
      holder.kind !== "garbage-cycle"
        ? null
        : heap.collector.enabled
          ? "Nothing reaches these objects: they refer to each other and wait for the collector."
          : "Nothing reaches these objects: they refer to each other, and the collector is switched off.",
  },
  {
    id: "L10",
    because: ({ holder, heap }) =>
      holder.kind === "native" && (heap.elementRole === "method" || heap.elementRole === "function")
        ? "Native code keeps callables of the program: they were registered with it and not taken back."
        : null,
  },
  {
    id: "L1",
    because: ({ holder }) => TABLES_OF_INTERPRETER.get(holder.path) ?? null,
  },
  {
    id: "L16",
    because: ({ holder }) =>
      holder.kind === "native" ? "Only native code refers to these objects: no object of Python does." : null,
  },
  {
    id: "L4",
    because: ({ holder, heap }) =>
      holder.kind === "cache" && (/^(?:self|cls)$/.test(heap.cachedParameters[0] ?? "") || heap.isWrappedMethod)
        ? "The cached function is a method: `self` is part of every key, so the cache keeps every instance alive."
        : null,
  },
  {
    id: "L6",
    because: ({ holder, heap, findings }) => {
      if (holder.kind !== "cache" || heap.lru === null) return null;
      const { hits, misses } = heap.lru;
      if (hits > 0 || misses < 2) return null;
      if (heap.hasIdentityKeys)
        return `Its keys are ${heap.keyType ?? "objects"} that equal nothing but themselves: ${misses} calls, no hit.`;
      const finding = findings.find(({ cause }) => cause === "L6");
      return finding === undefined ? null : `${misses} calls, no hit: ${finding.message}`;
    },
  },
  {
    id: "L5",
    because: ({ bound, heap }) =>
      bound !== null && heap.bytesPerEntry !== null && heap.bytesPerEntry >= LARGE_ENTRY_BYTES
        ? `It is bounded to ${bound} entries, but each holds ${formatBytes(heap.bytesPerEntry)}.`
        : null,
  },
  {
    id: "L3",
    because: ({ holder, bound }) =>
      holder.kind !== "cache"
        ? null
        : bound === null
          ? "The cache has no maximum: every new combination of arguments is kept for ever."
          : `The cache keeps up to ${bound} results.`,
  },
  {
    id: "L13",
    because: ({ holder, heap }) =>
      holder.kind === "logger" || heap.elementBases.some((name) => LOGGING.test(name))
        ? "Loggers and their handlers live until the process ends; these are made again and again."
        : null,
  },
  {
    id: "L15",
    because: ({ holder, heap }) => {
      if (holder.kind === "queue") return "More is put into the queue than is taken out, and it has no maximum.";
      if (heap.elementBases.some((name) => PENDING.test(name)))
        return `What piles up is ${heap.elementType ?? "work"}: work that was started and never finished, or never forgotten.`;
      return holder.kind === "task" && heap.elementRole !== "generator"
        ? "A coroutine that waits keeps its local variables."
        : null;
    },
  },
  {
    id: "L11",
    because: ({ holder }) =>
      holder.kind === "thread-local"
        ? "Values of a `threading.local` live as long as their thread, and threads of a pool do not end."
        : null,
  },
  {
    id: "L11",
    because: ({ holder }) =>
      holder.kind === "context-variable"
        ? "The value of a context variable lives as long as the context: that of a thread ends with the thread, that of a task with the task, and copies of it share the value."
        : null,
  },
  {
    id: "L14",
    because: ({ heap }) =>
      heap.elementBases.some((name) => RESOURCES.test(name))
        ? `What piles up is ${heap.elementType ?? "files"}: each keeps a descriptor or a connection until it is closed.`
        : null,
  },
  {
    id: "L12",
    because: ({ holder, heap }) => {
      const role = heap.elementRole;
      if (holder.kind === "exception" || role === "exception" || role === "traceback" || role === "frame")
        return "An exception keeps its traceback, the traceback its frames, and the frames their local variables.";
      if (holder.kind === "frame-local") return "A function that does not return keeps its local variables.";
      return holder.kind === "task" || role === "generator"
        ? "A generator that is suspended keeps its local variables."
        : null;
    },
  },
  {
    id: "L9",
    because: ({ holder, join, source, heap }) => {
      if (source === null) return null;
      const isCallable = heap.elementRole === "function" || heap.elementRole === "method";
      // `wrapper.calls` is an attribute of the function; a default argument is a cause of its own.
      const isOnFunction = join.function !== null && ATTRIBUTES.has(holder.kind);
      if (holder.kind !== "closure-cell" && !isCallable && !isOnFunction) return null;
      const [site] = join.inserts;
      const filling = join.function ?? (site === undefined ? null : functionAtLine(source.project, site));
      return filling !== null && isDecorator(source.project, filling)
        ? `It belongs to the decorator \`${filling.fact.path.split(".")[0] ?? ""}\`: it lives as long as the decorated function.`
        : null;
    },
  },
  {
    id: "L8",
    because: ({ holder, heap }) => {
      if (holder.kind === "closure-cell") return "A closure keeps the variables that it uses, for as long as it lives.";
      return heap.elementRole === "function" && heap.hasClosures && !CALLBACK_WORD.test(holder.name ?? "")
        ? "What piles up are closures: each keeps the variables that it uses."
        : null;
    },
  },
  {
    id: "L10",
    because: ({ holder, heap }) =>
      holder.kind === "callback-list" || heap.elementRole === "method"
        ? "What piles up are callbacks: each keeps its object alive until it is unregistered."
        : null,
  },
  {
    id: "L17",
    because: ({ holder }) => {
      if (holder.kind === "function-default")
        return "A default value is made once, with the function, and shared by all calls.";
      if (holder.name?.endsWith(".<default>") === true)
        return "The default of a context variable is made once and shared by all contexts.";
      return holder.kind === "class-attribute"
        ? "An attribute of a class is shared by all instances and lives as long as the class."
        : null;
    },
  },
  {
    id: "L1",
    because: ({ holder, join, heap }) =>
      heap.keyType !== null ||
      /(?:dict|Dict|Cache|Map)$/.test(holder.type) ||
      (heap.elementRole === null && join.container?.fact.family === "mapping")
        ? added("Keys", join)
        : null,
  },
  { id: "L2", because: ({ join }) => added("Elements", join) },
];

/** Where something takes them out, they do not all stay. */
function added(what: string, { removals }: SourceJoin): string {
  return removals.length === 0 ? `${what} are added and stay.` : `More ${what.toLowerCase()} are added than taken out.`;
}
