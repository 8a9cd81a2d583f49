// Page: docs/rules/DW207-local-grows-in-endless-loop.md

import type { Confidence, SourceRange } from "../model/finding.ts";
import { circumstancesOf } from "../python/circumstances.ts";
import { containerValue } from "../python/container-values.ts";
import { isEndlessLoop } from "../python/endless-loops.ts";
import type { FileView } from "../python/file-view.ts";
import { domainOf } from "../python/key-domain.ts";
import { assignedValue } from "../python/names-in-file.ts";
import type { Origin } from "../python/origin.ts";
import { originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import type { Variable } from "../python/scope.ts";
import { lookUp } from "../python/scopes.ts";
import type { Expression, Name, Node, While } from "../python/tree.ts";
import { useOfPlace, type PlaceUse } from "../python/use-of-place.ts";
import { usesOf } from "../python/uses-of.ts";
import { enclosingFunction, walk, walkOwn } from "../python/walk.ts";
import { isManyName } from "./growing-containers/finite-names.ts";
import { isOfMany } from "./growing-containers/of-many.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A container of a function whose loop never ends, and where the loop puts something in. */
interface GrowingLocal {
  readonly site: CodeSite;
  readonly variable: string;
  readonly made: SourceRange;
  /** Null: every time one more. Otherwise the key, or the element of a set. */
  readonly key: Origin | null;
  /** What the key is called where it is put in. */
  readonly keyName: string | null;
  /** Nothing stands between the loop and the write. */
  readonly isEveryTurn: boolean;
}

export const localGrowsInEndlessLoop: Rule = defineRule<GrowingLocal>({
  code: "DW207",
  name: "local-grows-in-endless-loop",
  cause: "L2",
  summary: "A local container that an endless loop adds to lives as long as the loop, which is as long as the process.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    while: (node, file, found) => {
      if (file.isTest || enclosingFunction(node) === null || !isEndlessLoop(node) || mayEnd(node)) return;
      for (const each of growingLocals(node, file)) found(each);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project) ?? []),
});

/** A loop that somebody leaves is one that gathers until it has everything. */
function mayEnd(loop: While): boolean {
  if (loop.test.kind !== "constant" || isLeftByException(loop)) return true;
  let ends = false;
  walkOwn(loop.body, (node) => {
    if (node.kind === "return" || node.kind === "yield") ends = true;
    if (node.kind === "simple" && node.word === "break") ends ||= loopAround(node) === loop;
  });
  return ends;
}

/** `try: while True: next(it)`, `except StopIteration:`. Being told to stop is no end of its own. */
function isLeftByException(loop: While): boolean {
  let child: Node = loop;
  for (let at = loop.parent; at !== null && at.kind !== "function"; child = at, at = at.parent) {
    if (at.kind !== "try" || !at.body.some((each) => each === child)) continue;
    if (at.handlers.some(({ type }) => !isToldToStop(type))) return true;
  }
  return false;
}

function isToldToStop(type: Expression | null): boolean {
  const types = type?.kind === "display" ? type.elements : [type];
  return types.every((each) => {
    const word = each?.kind === "name" ? each.id : each?.kind === "attribute" ? each.name : "";
    return /^(?:KeyboardInterrupt|SystemExit|CancelledError|GeneratorExit)$/.test(word);
  });
}

function loopAround(node: Node): Node | null {
  let at = node.parent;
  while (at !== null && at.kind !== "while" && at.kind !== "for") at = at.parent;
  return at;
}

function growingLocals(loop: While, file: FileView): readonly GrowingLocal[] {
  const seen = new Set<Variable>();
  const found: GrowingLocal[] = [];
  walk(loop, (node) => {
    if (node.kind !== "name") return;
    const variable = lookUp(file.scopes.scopeOf(node), node.id);
    if (variable?.scope.kind !== "function" || seen.has(variable)) return;
    const used = useOfPlace(node);
    if (used?.action !== "grow") return;
    seen.add(variable);
    const made = onlyGrows(file, variable, loop);
    const growing = made === null ? null : growingAt(file, node, used, made);
    if (growing !== null) found.push(growing);
  });
  return found;
}

interface Made {
  readonly range: SourceRange;
  readonly isSequence: boolean;
}

/** Made before the loop, without a bound, and never emptied, measured, bound anew or handed on. */
function onlyGrows(file: FileView, variable: Variable, loop: While): Made | null {
  const [binding] = variable.bindings;
  const value = binding === undefined || variable.bindings.length > 1 ? null : assignedValue(binding);
  if (binding === undefined || value === null || isWithin(value, loop)) return null;
  const made = containerValue(file, value);
  if (made === null || made.bound !== null || !/^(?:sequence|set|mapping)$/.test(made.family)) return null;
  const others = usesOf(file, variable).filter((use) => use !== binding.node);
  // What is read after the loop has been gathered by one that ends.
  if (others.some((use) => takesOut(use) || use.start >= loop.end)) return null;
  return { range: file.rangeOf(binding.node), isSequence: made.family === "sequence" };
}

/** Takes out, or may: hands it on, binds the name anew, or asks how many there are. */
function takesOut(use: Name): boolean {
  const used = useOfPlace(use);
  if (used === null || used.action === "grow") return false;
  return used.action !== "read" || (used.how === "len" && used.node.parent?.kind === "compare");
}

function isWithin({ start }: Node, loop: While): boolean {
  return start >= loop.start && start < loop.end;
}

function growingAt(file: FileView, name: Name, used: PlaceUse, { range, isSequence }: Made): GrowingLocal | null {
  if (isSequence && used.how.startsWith("[]=")) return null;
  const key = used.key ?? (isSequence ? null : used.value);
  if (!isSequence && key === null) return null;
  return {
    site: siteOf(file, used.node),
    variable: name.id,
    made: range,
    key: key === null ? null : originOf(file, key),
    keyName: key?.kind === "name" ? key.id : null,
    isEveryTurn: circumstancesOf(file, name).tests.length === 0,
  };
}

function draftOf(growing: GrowingLocal, project: Project): FindingDraft | null {
  const { site, variable, made, key } = growing;
  const around = site.function === null ? null : project.functionOf(site.function);
  const { domain, because } = domainOf(project, around, key ?? undefined);
  if (key !== null && domain === "finite") return null;
  const bound = key === null ? "one element for every turn of the loop" : "one entry for each distinct key";
  return {
    at: made,
    message: `\`${variable}\` keeps ${bound}: the loop of \`${site.function ?? ""}\` never ends, and nothing in it takes anything out.`,
    holder: site.function === null ? null : `${site.function}.<locals>.${variable}`,
    confidence: confidenceOf(growing, domain === "fresh"),
    bound,
    related: [
      { ...site.at, message: key === null ? "grows here: every turn adds one" : `grows here: the key ${because}` },
      { ...made, message: "nothing in the function removes from it, bounds it or hands it on" },
    ],
    fix: {
      text: "Begin with an empty one in each turn, use `collections.deque(maxlen=1024)` or `cachetools.LRUCache(maxsize=1024)`, or take out what is done with.",
      safety: "none",
      edits: [],
    },
  };
}

function confidenceOf({ key, keyName, isEveryTurn }: GrowingLocal, isFresh: boolean): Confidence {
  if (key === null) return isEveryTurn ? "certain" : "likely";
  return isFresh || isOfMany(key) || (keyName !== null && isManyName(keyName)) ? "likely" : "possible";
}
