// Page: docs/rules/DW312-large-local-in-endless-loop.md

import { isEndlessLoop } from "../python/endless-loops.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Assign, Call, Name, Node, Statement, While } from "../python/tree.ts";
import { enclosingFunction, walk } from "../python/walk.ts";
import { largeValue } from "./large-values/large-value.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A variable with a lot in it that a consumer keeps while it waits. */
interface KeptBatch {
  readonly site: CodeSite;
  readonly variable: string;
  readonly large: string;
  /** What the loop waits in: `time.sleep`. */
  readonly waiting: string;
}

export const largeLocalInEndlessLoop: Rule = defineRule<KeptBatch>({
  code: "DW312",
  name: "large-local-in-endless-loop",
  cause: "L12",
  summary: "A variable of an endless loop keeps its last value while the loop waits for the next.",
  twins: [],
  bestConfidence: "possible",
  collect: {
    while: (node, file, found) => {
      if (file.isTest || enclosingFunction(node) === null || !isEndlessLoop(node)) return;
      for (const each of keptBatches(node, file)) found(each);
    },
  },
  judge: (found) => found.map((each) => draftOf(each)),
});

function keptBatches(loop: While, file: FileView): readonly KeptBatch[] {
  const waiting = waitingIn(loop, file);
  if (waiting === null) return [];
  return loop.body.flatMap((statement) => {
    const assign = largeAssign(statement, file);
    if (assign === null || isLetGo(loop, assign.name)) return [];
    const { node, name, large } = assign;
    return [{ site: siteOf(file, node), variable: name.id, large, waiting }];
  });
}

/** At the level of the loop, or one `with` or `try` below: what is deeper may be rare. */
function largeAssign(
  statement: Statement,
  file: FileView,
): { readonly node: Assign; readonly name: Name; readonly large: string } | null {
  if (statement.kind === "with" || statement.kind === "try") {
    for (const inner of statement.body) {
      const found = inner.kind === "assign" ? largeAssign(inner, file) : null;
      if (found !== null) return found;
    }
    return null;
  }
  if (statement.kind !== "assign" || statement.value === null) return null;
  const [target] = statement.targets;
  const large = target?.kind === "name" ? largeValue(file, statement.value) : null;
  return target?.kind === "name" && large !== null ? { node: statement, name: target, large } : null;
}

/** `time.sleep(...)`, `queue.get()`: the first call of the loop that waits. */
function waitingIn(loop: While, file: FileView): string | null {
  let waiting: string | null = null;
  walk(loop, (node) => {
    if (node.kind === "call" && waiting === null && waits(node, file))
      waiting = file.text.slice(node.callee.start, node.callee.end);
  });
  return waiting;
}

function waits(call: Call, file: FileView): boolean {
  const name = absoluteName(file, call.callee);
  // `sleep(0)` only lets others run.
  if (name === "time.sleep" || name === "asyncio.sleep") return !isZero(call);
  if (call.callee.kind !== "attribute") return false;
  const { name: method } = call.callee;
  if (method === "get") return call.arguments.every((each) => each.name !== null);
  return /^(?:recv|accept|wait|brpop|blpop|receive|poll|receive_message)$/.test(method);
}

function isZero({ arguments: given }: Call): boolean {
  const value = given[0]?.value;
  return value?.kind === "constant" && Number(value.text) === 0;
}

/** `del rows` or `rows = None` in the loop. */
function isLetGo(loop: While, { id }: Name): boolean {
  let found = false;
  const isIt = (node: Node): boolean => node.kind === "name" && node.id === id;
  walk(loop, (node) => {
    if (node.kind === "delete") found ||= node.targets.some(isIt);
    if (node.kind !== "assign" || !node.targets.some(isIt)) return;
    const { value } = node;
    found ||= value?.kind === "constant" || (value?.kind === "display" && value.elements.length === 0);
  });
  return found;
}

function draftOf({ site, variable, large, waiting }: KeptBatch): FindingDraft {
  return {
    at: site.at,
    message: `\`${variable}\` holds ${large} until the next turn of the loop, also while that waits in \`${waiting}\`; while the next is read, both are there.`,
    holder: null,
    confidence: "possible",
    bound: "one value, and two while the next is read",
    related: [],
    fix: {
      text: `Put the body of the loop into a function, or \`del ${variable}\` before it waits.`,
      safety: "none",
      edits: [],
    },
  };
}
