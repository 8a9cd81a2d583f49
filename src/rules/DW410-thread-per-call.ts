// Page: docs/rules/DW410-thread-per-call.md

import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Call, Expression } from "../python/tree.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { isGuardedOnce } from "./repeated-calls/once-guards.ts";
import { repetitionOf, weaker } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A thread that is made with a function of a known name. */
interface MadeThread {
  readonly site: CodeSite;
  /** Absolute name of what it runs. */
  readonly target: string;
  /** An attribute keeps it: whoever has the object may end it. */
  readonly isKept: boolean;
}

export const threadPerCall: Rule = defineRule<MadeThread>({
  code: "DW410",
  name: "thread-per-call",
  cause: "L15",
  summary: "A thread with an endless loop that every request starts anew stays, one for every request.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      const name = file.isTest ? null : absoluteName(file, node.callee);
      if (name !== "threading.Thread" && name !== "multiprocessing.Process") return;
      const thread = madeThread(node, file);
      if (thread !== null) found(thread);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function madeThread(call: Call, file: FileView): MadeThread | null {
  const target = targetOf(call);
  const name = target === null ? null : absoluteName(file, target);
  if (name === null || isGuardedOnce(file, call)) return null;
  const isKept = call.parent?.kind === "assign" && call.parent.targets.some(({ kind }) => kind === "attribute");
  return { site: siteOf(file, call), target: name, isKept };
}

function targetOf({ arguments: given }: Call): Expression | null {
  const named = given.find(({ name }) => name === "target")?.value;
  if (named !== undefined) return named;
  const second = given[1];
  return second?.name === null && second.star === "" ? second.value : null;
}

function draftOf({ site, target, isKept }: MadeThread, project: Project): readonly FindingDraft[] {
  const runs = project.functionOf(target);
  const repetition = repetitionOf(project, site);
  if (runs?.fact.isEndless !== true || repetition.how !== "per-call") return [];
  return [
    {
      at: site.at,
      message: `Every call of \`${site.function ?? ""}\`, which is ${repetition.why}, starts one more \`${runs.name}\`, which loops until it is told to stop: each keeps its stack and what it was given.`,
      holder: null,
      // A loop that takes connections starts one for each, which mostly ends with it.
      confidence: isKept || /endless loop/.test(repetition.why) ? "possible" : weaker("likely", repetition.sureness),
      bound: `one thread per call of ${site.function ?? ""}`,
      related: repetition.related,
      fix: {
        text: "Start it once and give it work through a bounded queue, or give it an end and join it.",
        safety: "none",
        edits: [],
      },
    },
  ];
}
