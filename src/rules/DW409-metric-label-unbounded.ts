// Page: docs/rules/DW409-metric-label-unbounded.md

import { calleeName } from "../python/names-in-file.ts";
import type { FileView } from "../python/file-view.ts";
import { domainOf } from "../python/key-domain.ts";
import type { Origin } from "../python/origin.ts";
import { assignedValues, originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { lookUp } from "../python/scopes.ts";
import type { Call, Expression } from "../python/tree.ts";
import type { Confidence, SourceRange } from "../model/finding.ts";
import { isFiniteName } from "./growing-containers/finite-names.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A label of a metric and where its value comes from. */
interface MetricLabel {
  readonly site: CodeSite;
  readonly at: SourceRange;
  /** Absolute as far as the file knows; `.labels` for unknown objects. */
  readonly callee: string;
  readonly family: MetricFamily;
  /** Null when labels are given by position. */
  readonly label: string | null;
  readonly origin: Origin;
  readonly hasLibrary: boolean;
}

type MetricFamily = "prometheus" | "opentelemetry" | "statsd";

export const metricLabelUnbounded: Rule = defineRule<MetricLabel>({
  code: "DW409",
  name: "metric-label-unbounded",
  cause: "L1",
  summary: "A metric keeps a time series for every combination of label values that it has ever seen.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      if (file.isTest || node.callee.kind !== "attribute") return;
      const family = FAMILIES.get(node.callee.name);
      if (family === undefined) return;
      for (const { label, value } of labelsOf(file, node, family)) {
        const callee = calleeName(file, node.callee) ?? `.${node.callee.name}`;
        const site = siteOf(file, node);
        const hasLibrary = LIBRARIES[family].test(importsOf(file));
        found({ site, at: file.rangeOf(node), callee, family, label, origin: originOf(file, value), hasLibrary });
      }
    },
  },
  judge: (found, project) => {
    const seen = new Set<string>();
    return found.flatMap((each) => {
      const draft = judged(each, project);
      const place = `${each.at.file} ${each.at.line} ${each.at.column}`;
      if (draft === null || seen.has(place)) return [];
      seen.add(place);
      return [draft];
    });
  },
});

/** By the name of the method. */
const FAMILIES: ReadonlyMap<string, MetricFamily> = new Map<string, MetricFamily>([
  ["labels", "prometheus"],
  ["add", "opentelemetry"],
  ["record", "opentelemetry"],
  ["incr", "statsd"],
  ["increment", "statsd"],
  ["timing", "statsd"],
  ["gauge", "statsd"],
  ["histogram", "statsd"],
  ["distribution", "statsd"],
]);

const LIBRARIES: Readonly<Record<MetricFamily, RegExp>> = {
  prometheus: /\bprometheus_client\b|\baioprometheus\b/,
  opentelemetry: /\bopentelemetry\b/,
  statsd: /\bstatsd\b|\bdatadog\b/,
};

/** Modules that the file imports, in one text. */
function importsOf({ tree }: FileView): string {
  const names: string[] = [];
  for (const statement of tree.body) {
    if (statement.kind === "import") names.push(...statement.names.map(({ name }) => name));
    else if (statement.kind === "import-from") names.push(statement.module, ...statement.names.map(({ name }) => name));
  }
  return names.join(" ");
}

interface Label {
  readonly label: string | null;
  readonly value: Expression;
}

function labelsOf(file: FileView, call: Call, family: MetricFamily): readonly Label[] {
  switch (family) {
    case "prometheus":
      return call.arguments.flatMap(({ name, star, value }) =>
        star === "" ? [{ label: name, value }] : star === "**" ? entriesOf(file, value) : [],
      );
    case "opentelemetry": {
      const given = call.arguments.find(({ name }, at) => name === "attributes" || (name === null && at === 1))?.value;
      return given?.kind === "dict" ? given.entries.flatMap(({ key, value }) => ({ label: textOf(key), value })) : [];
    }
    case "statsd":
      return statsdLabels(call);
  }
}

/** `labels(**values)` with `values = {"user": user_id}` in the same function. */
function entriesOf(file: FileView, value: Expression): readonly Label[] {
  const variable = value.kind === "name" ? lookUp(file.scopes.scopeOf(value), value.id) : null;
  const values = variable?.scope.kind === "function" ? assignedValues(variable) : [value];
  return values.flatMap((each) =>
    each.kind === "dict" ? each.entries.map((entry) => ({ label: textOf(entry.key), value: entry.value })) : [],
  );
}

/** The metric's own name, and `tags=[f"user:{user_id}"]`. */
function statsdLabels(call: Call): readonly Label[] {
  const tags = call.arguments.find(({ name }) => name === "tags")?.value;
  const [first] = call.arguments;
  const name = first?.name === null && first.value.kind === "f-string" ? [{ label: null, value: first.value }] : [];
  return [...name, ...(tags?.kind === "display" ? tags.elements.map((value) => ({ label: null, value })) : [])];
}

function textOf(key: Expression | null): string | null {
  return key?.kind === "constant" && key.type === "str" ? key.text : null;
}

/** What a program is set up with: a custom, so it only silences the name. */
const SET_UP_WORDS = /(?:^|_)(?:provider|backend|plugin|worker|shard|instance|node|region|zone)_(?:id|url|name)$/i;

/** What there is one of per user, request, or thing. */
const OPEN_WORDS =
  /(?:^|_)(?:id|ids|uid|uuid|guid|email|mail|url|uri|path|ip|addr|address|token|session|username|user|query|sql|filename|message|error_message|timestamp)$/i;

/** Of these there are as many as there are users and requests; of other ids a program may well have a handful. */
const SURELY_MANY =
  /(?:^|[_.])(?:(?:user|request|session|trace|order|customer|message|client|job|task)[_.]?id|uid|uuid|guid|email|mail|url|uri|path|ip|addr|address|token|session|username|user|query|sql|filename|message|error_message|timestamp)$/i;

function judged(found: MetricLabel, project: Project): FindingDraft | null {
  if (!isMetric(found, project)) return null;
  const around = found.site.function === null ? null : project.functionOf(found.site.function);
  if (around === null || project.isImportTimeOnly(around)) return null;
  const answer = domainOf(project, around, found.origin);
  const words = ownWords(found.origin);
  // Of methods and fields there are few, whoever sends them.
  const isInput =
    / of (?:a|an) |from the request/.test(answer.because) &&
    project.contextOf(around).chain.length <= 1 &&
    !words.some(isFiniteName);
  const isNamed = [...words, found.label ?? ""].some((word) => OPEN_WORDS.test(word) && !SET_UP_WORDS.test(word));
  if (answer.domain === "finite" || !(answer.domain === "fresh" || isNamed || isInput)) return null;
  const what =
    found.label === null ? (words.find((word) => OPEN_WORDS.test(word)) ?? words[0] ?? "value") : found.label;
  return draft(found, what, answer.because, confidenceOf(found, answer.domain === "fresh", words));
}

function confidenceOf({ origin, label }: MetricLabel, isFresh: boolean, words: readonly string[]): Confidence {
  if (isFresh) return "certain";
  const isSurelyMany = [...words, label ?? ""].some(
    (word) => SURELY_MANY.test(word) && !SET_UP_WORDS.test(word) && !isFiniteName(word),
  );
  return isSurelyMany && isRaw(origin) ? "likely" : "possible";
}

/** Handed on as it is: what a function makes of a path may be the route, and what is called so here may be a constant there. */
function isRaw(origin: Origin): boolean {
  switch (origin.from) {
    case "parameter":
      return !MADE_FEW.test(origin.name);
    case "attribute":
    case "item":
    case "global":
      return true;
    case "parts":
      return origin.parts.some(isRaw);
    case "call":
      return origin.of !== undefined && SAME_VALUE.test(origin.callee) && isRaw(origin.of);
    default:
      return false;
  }
}

/** Callers that have a path, an address or a message may well have made a label of it. */
const MADE_FEW = /(?:^|_)(?:path|url|uri|addr|address|query|sql|filename|message|error_message)$/i;

/** What the value itself is called: of `message.kind` the kind, of `sql.split()[0]` nothing. */
function ownWords(origin: Origin): readonly string[] {
  switch (origin.from) {
    case "parameter":
    case "attribute":
      return [origin.name];
    case "parts":
      return origin.parts.flatMap(ownWords);
    case "call":
      return origin.of !== undefined && SAME_VALUE.test(origin.callee) ? ownWords(origin.of) : [];
    default:
      return [];
  }
}

/** Calls whose result is as many-valued as what they are given. */
const SAME_VALUE = /^(?:builtins\.)?(?:str|repr|int)$|\.(?:strip|lower|upper|casefold|decode|encode|as_posix)$/;

/** By the class of the object; by the file's imports when that is unknown. */
function isMetric({ callee, family, hasLibrary }: MetricLabel, project: Project): boolean {
  if (callee.startsWith(".")) return hasLibrary;
  const name = project.resolve(callee);
  return LIBRARIES[family].test(name) || (hasLibrary && !isOwn(name, project));
}

/** A method or container of the project. */
function isOwn(name: string, project: Project): boolean {
  return project.functionOf(name) !== null || project.containerOf(name.slice(0, name.lastIndexOf("."))) !== null;
}

function draft(found: MetricLabel, what: string, because: string, confidence: Confidence): FindingDraft {
  return {
    at: found.at,
    message: `The metric keeps one time series for each distinct \`${what}\`, here and in the server that collects it, until the process ends.`,
    holder: found.callee.startsWith(".") ? null : found.callee.slice(0, found.callee.lastIndexOf(".")),
    confidence,
    bound: `one time series per distinct ${what}`,
    related: [{ ...found.at, message: `the value ${because}` }],
    fix: {
      text: `Leave \`${what}\` out, or use what there are few of: the route instead of the path, the plan instead of the user. Single cases belong in logs and traces.`,
      safety: "none",
      edits: [],
    },
  };
}
