// Page: docs/rules/DW406-unbounded-executor-backlog.md

import type { Confidence, SourceRange } from "../model/finding.ts";
import { isEndlessLoop } from "../python/endless-loops.ts";
import type { FileView } from "../python/file-view.ts";
import { calleeName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import type { Call, Expression, For, Node, While } from "../python/tree.ts";
import { enclosingFunction, walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A loop without an end that hands work to an executor and waits for none of it. */
interface Backlog {
  readonly site: CodeSite;
  /** Absolute as far as the file knows: `app.pool.submit`, `.submit`. */
  readonly callee: string;
  readonly loop: SourceRange;
  /** What the loop runs over; null for `while True`. */
  readonly source: string | null;
  /** The object is called pool or executor. */
  readonly isNamedPool: boolean;
}

export const unboundedExecutorBacklog: Rule = defineRule<Backlog>({
  code: "DW406",
  name: "unbounded-executor-backlog",
  cause: "L15",
  summary: "An executor keeps all work that is handed to it faster than its workers do it.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      if (file.isTest || node.callee.kind !== "attribute" || node.callee.name !== "submit") return;
      const backlog = backlogOf(file, node);
      if (backlog !== null) found(backlog);
    },
  },
  judge: (found, project) => found.flatMap((each) => judged(each, project) ?? []),
});

function backlogOf(file: FileView, call: Call): Backlog | null {
  const loop = loopWithoutEnd(file, call);
  const around = loop === null ? null : enclosingFunction(loop);
  if (loop === null || remembered(file, waitsInside, around ?? file.tree)) return null;
  const object = call.callee.kind === "attribute" ? call.callee.object : call.callee;
  return {
    site: siteOf(file, call),
    callee: calleeName(file, call.callee) ?? ".submit",
    loop: file.rangeOf({ start: loop.start, end: loop.body[0]?.start ?? loop.end }),
    source: loop.kind === "for" ? file.text.slice(loop.iterable.start, loop.iterable.end) : null,
    isNamedPool: /pool|executor/i.test(lastWord(object)),
  };
}

/** The nearest loop in the same function that has no end of its own. */
function loopWithoutEnd(file: FileView, call: Call): While | For | null {
  for (
    let at: Node | null = file.scopes.outermost(call).parent;
    at !== null && at.kind !== "function" && at.kind !== "lambda";
    at = at.parent
  ) {
    if (at.kind === "while" && remembered(file, isEndlessLoop, at)) return at;
    if (at.kind === "for" && at.iterable !== call && isEndlessSource(file, at.iterable)) return at;
  }
  return null;
}

/** Messages, lines of input, numbers without end. */
const ENDLESS_SOURCES =
  /^(?:itertools\.count|itertools\.cycle|itertools\.repeat|iter|csv\.reader|csv\.DictReader|open|fileinput\.input|kafka\.KafkaConsumer)$|(?:listen|consume|subscribe|scan_iter|messages|poll_forever|read_messages)$/;

function isEndlessSource(file: FileView, iterable: Expression): boolean {
  if (iterable.kind === "call") return ENDLESS_SOURCES.test(calleeName(file, iterable.callee) ?? "");
  return /consumer$|^stdin$|subscription$/i.test(lastWord(iterable));
}

const WAITS =
  /^(?:result|as_completed|wait|acquire|shutdown|gather|qsize|exception|join|add_done_callback|wrap_future|release)$/;

/** Anything that waits for work to be done, or counts it: then somebody has thought of it. */
function waitsInside(around: Node): boolean {
  let found = false;
  walk(around, (node) => {
    if (node.kind === "call" && WAITS.test(lastWord(node.callee))) found = true;
    if (node.kind === "await") found = true;
  });
  return found;
}

function lastWord(expression: Expression): string {
  if (expression.kind === "name") return expression.id;
  return expression.kind === "attribute" ? expression.name : "";
}

const EXECUTORS = /^(?:concurrent\.futures\.(?:\w+\.)?)?(?:Thread|Process|Interpreter)PoolExecutor\.submit$/;

function judged(backlog: Backlog, project: Project): FindingDraft | null {
  const { site, source, callee } = backlog;
  const name = callee.startsWith(".") ? callee : project.resolve(callee);
  const isKnown = EXECUTORS.test(name);
  if (!isKnown && !backlog.isNamedPool) return null;
  const definition = site.function === null ? null : project.functionOf(site.function);
  if (definition !== null && project.contextOf(definition).kind === "test") return null;
  const confidence: Confidence = isKnown ? "likely" : "possible";
  const every = source === null ? "turn of an endless loop" : `element of \`${source}\``;
  return {
    at: site.at,
    message: `Every ${every} hands work to the executor and waits for none: what its workers have not done yet is kept, with its arguments, without a bound.`,
    holder: callee.startsWith(".") ? null : callee.slice(0, callee.lastIndexOf(".")),
    confidence,
    bound: "all work that comes in faster than it is done",
    related: [{ ...backlog.loop, message: "the loop that has no end of its own" }],
    fix: {
      text: "Bound what waits: acquire a `threading.BoundedSemaphore(100)` before `submit` and release it in `add_done_callback`, or wait for a batch with `concurrent.futures.wait`.",
      safety: "none",
      edits: [],
    },
  };
}
