// How many different values a key or an argument can have, as far as the project tells.

import type { FunctionDefinition } from "./definitions.ts";
import type { Origin } from "./origin.ts";
import type { Project } from "./project.ts";

/**
 * finite: a number that the program's text fixes. open: as many as there are users, files, inputs. fresh: a new one every
 * time. unknown: cannot be told.
 */
export type Domain = "finite" | "open" | "fresh" | "unknown";

export interface DomainAnswer {
  readonly domain: Domain;
  /** Completes "the key ...": `comes from parameter user_id of a route (Flask)`. */
  readonly because: string;
}

const UNKNOWN_DOMAIN: DomainAnswer = { domain: "unknown", because: "comes from somewhere unknown" };

/** The origin as seen in `definition` (null: the module's body), with its parameters followed one call back. */
export function domainOf(
  project: Project,
  definition: FunctionDefinition | null,
  origin: Origin | undefined,
): DomainAnswer {
  if (origin === undefined) return UNKNOWN_DOMAIN;
  switch (origin.from) {
    case "fresh":
      return freshDomain(project, definition, origin);
    case "parameter":
      return parameterDomain(project, definition, origin.name);
    case "parts":
      return widest(origin.parts.map((part) => domainOf(project, definition, part)));
    case "attribute":
      return attributeDomain(project, definition, origin);
    case "item":
    case "each":
    case "call":
      return derived(project, definition, origin.of);
    case "global":
      return globalDomain(project, origin.name);
    default:
      return plainDomain(origin);
  }
}

/** Of what needs no look at the project. */
function plainDomain(origin: Origin): DomainAnswer {
  switch (origin.from) {
    case "literal":
      return { domain: "finite", because: "is a constant" };
    case "finite":
      return { domain: "finite", because: `is one of few: a ${origin.what}` };
    case "made":
      return origin.what === "lambda" ? { domain: "fresh", because: "is a new function every time" } : UNKNOWN_DOMAIN;
    case "input":
      return { domain: "open", because: `is what \`${origin.by}()\` has taken in` };
    case "exception":
      return { domain: "open", because: "comes from an exception" };
    default:
      return UNKNOWN_DOMAIN;
  }
}

function freshDomain(
  project: Project,
  definition: FunctionDefinition | null,
  origin: Extract<Origin, { readonly from: "fresh" }>,
): DomainAnswer {
  if (origin.what === "process") return { domain: "open", because: "is the number of a process or thread" };
  if (origin.what === "id" || origin.what === "repr") {
    // One number for each object: of few objects there are few.
    if (origin.of !== undefined && domainOf(project, definition, origin.of).domain === "finite")
      return { domain: "finite", because: `is the ${origin.what} of one of few` };
    return { domain: "open", because: `is the ${origin.what}() of an object` };
  }
  return { domain: "fresh", because: `is new every time (${origin.what})` };
}

function attributeDomain(
  project: Project,
  definition: FunctionDefinition | null,
  origin: Extract<Origin, { readonly from: "attribute" }>,
): DomainAnswer {
  const { of, name } = origin;
  if (isOfRequest(project, definition, origin))
    return { domain: "open", because: `comes from the request (self.${name})` };
  const found = derived(project, definition, of);
  const made = of.from === "call" ? (/(?:^|\.)(_*[A-Z]\w*)$/.exec(of.callee)?.[1] ?? null) : null;
  // What a new object was given says nothing of its other attributes.
  return made === null || found.domain !== "open"
    ? found
    : { domain: "open", because: `is \`${name}\` of each \`${made}\` that is made` };
}

const OF_REQUEST = /^(?:request|client_address|path|headers|rfile|query_params)$/;

/** `self.request`, `self.path` in a method that handles a request: its object is made for that. */
function isOfRequest(
  project: Project,
  definition: FunctionDefinition | null,
  { of, name }: Extract<Origin, { readonly from: "attribute" }>,
): boolean {
  if (definition === null || of.from !== "parameter" || of.name !== "self" || !OF_REQUEST.test(name)) return false;
  const { kind, chain } = project.contextOf(definition);
  return kind === "request" && chain.length <= 1;
}

/** What is taken from few things is few; what is taken from an input is open. */
function derived(project: Project, definition: FunctionDefinition | null, of: Origin | undefined): DomainAnswer {
  if (of?.from === "parameter" && (of.name === "self" || of.name === "cls")) return UNKNOWN_DOMAIN;
  return domainOf(project, definition, of);
}

const RANKS: readonly Domain[] = ["finite", "unknown", "open", "fresh"];

function widest(answers: readonly DomainAnswer[]): DomainAnswer {
  let found: DomainAnswer = { domain: "finite", because: "is made of constants" };
  for (const answer of answers) if (RANKS.indexOf(answer.domain) > RANKS.indexOf(found.domain)) found = answer;
  return found;
}

const FINITE_TYPE = /(?:^|\.)(?:bool|type|Type|None|Literal|Callable|ModuleType|FunctionType)(?:\[|$)/;

function parameterDomain(project: Project, definition: FunctionDefinition | null, name: string): DomainAnswer {
  if (definition === null) return UNKNOWN_DOMAIN;
  const parameter = definition.fact.params.find((each) => each.name === name);
  if (parameter === undefined) return outerParameter(project, definition, name);
  const { annotation } = parameter;
  if (annotation !== undefined && isFiniteType(project, annotation))
    return { domain: "finite", because: `is a parameter of type ${annotation}` };
  const context = project.contextOf(definition);
  const isInput = context.kind === "request" || context.kind === "task" || context.kind === "event";
  // What an entry point gets comes from outside, whatever the project's own calls give.
  const isEntry = isInput && context.chain.length <= 1;
  const given = isEntry ? null : givenArguments(project, definition, name);
  if (isInput && given === null) return { domain: "open", because: `comes from parameter ${name} of ${context.why}` };
  if (given !== null) return { domain: "finite", because: "is a constant at every call in the project" };
  return { domain: "open", because: `comes from parameter ${name}` };
}

/** A parameter of a function around. */
function outerParameter(project: Project, { module, fact }: FunctionDefinition, name: string): DomainAnswer {
  const outer = fact.outer === undefined ? null : project.functionAt(module, fact.outer);
  return outer === null ? UNKNOWN_DOMAIN : parameterDomain(project, outer, name);
}

/** True for bool, Enum, Literal, classes: types with few values. */
export function isFiniteType(project: Project, annotation: string): boolean {
  const plain = annotation.replace(/^typing\.Optional\[(.*)\]$/, "$1");
  if (plain.split(" | ").every((part) => FINITE_TYPE.test(part))) return true;
  const name = project.classOf(plain)?.name;
  return name !== undefined && project.ancestry(name).some((base) => /^enum\.\w*(?:Enum|Flag)$/.test(base));
}

/** The letters of what every call gives for a parameter, when all are known and finite; null otherwise. */
function givenArguments(project: Project, definition: FunctionDefinition, name: string): readonly string[] | null {
  const calls = project.callersOf(definition).filter(({ edge, module }) => edge.how !== "wraps" && !module.isTest);
  if (calls.length === 0) return null;
  const positional = definition.fact.params.filter(({ kind }) => kind === undefined).map((each) => each.name);
  const skipped = definition.fact.owner !== undefined && /^(?:self|cls|mcs)$/.test(positional[0] ?? "") ? 1 : 0;
  const at = positional.indexOf(name) - skipped;
  const letters: string[] = [];
  for (const { edge } of calls) {
    if (edge.how !== "call") return null;
    const letter = argumentAt(edge.args, at, name);
    // An argument that is left out takes its default.
    if (letter !== "l" && letter !== "f" && letter !== "") return null;
    letters.push(letter);
  }
  return letters;
}

/** The letter for one argument; "" when it is not given, "?" when stars hide it. */
function argumentAt(args: string, at: number, name: string): string {
  const given = args === "" ? [] : args.split(",");
  const named = given.find((each) => each.startsWith(`${name}:`));
  if (named !== undefined) return named.slice(name.length + 1);
  if (given.some((each) => each.startsWith("*"))) return "?";
  const letter = at < 0 ? undefined : given[at];
  return letter === undefined || letter.includes(":") ? "" : letter;
}

/** Names that stand for the request that is being handled, and what they give; the method and the route are few. */
const REQUEST =
  /^(?:flask|quart|bottle)\.(?:globals\.)?(?:request|session|g)\.(?!method$|endpoint$|url_rule|blueprint|scheme$)/;

/** Names of modules and classes: definitions are few; other values may be anything. */
function globalDomain(project: Project, name: string): DomainAnswer {
  const settled = project.resolve(name);
  if (REQUEST.test(settled)) return { domain: "open", because: `comes from the request (${settled})` };
  if (project.functionOf(settled) !== null || project.classOf(settled) !== null)
    return { domain: "finite", because: "is a function or class" };
  const owner = project.classOf(settled.slice(0, Math.max(0, settled.lastIndexOf("."))));
  if (owner !== null || /(?:^|\.)_*[A-Z][A-Z0-9_]*$/.test(settled))
    return { domain: "finite", because: "is a constant of a module or class" };
  return { domain: "unknown", because: `comes from ${name}` };
}
