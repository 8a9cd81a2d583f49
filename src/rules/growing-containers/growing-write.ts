// One write to a container that only grows, and how sure it is that it makes ever more elements.

import type { Context } from "../../python/contexts.ts";
import type { ContainerDefinition, ContainerSite, FunctionDefinition } from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";
import { domainOf, type DomainAnswer } from "../../python/key-domain.ts";
import { originsWithin, type Origin } from "../../python/origin.ts";
import type { Project } from "../../python/project.ts";
import { remembered } from "../../python/remembered.ts";
import { letterFor } from "../cached-functions/call-arguments.ts";
import { isAddressName, isFiniteName, isPathName, saysNothing } from "./finite-names.ts";
import { endsByItself } from "./ends-by-itself.ts";
import { isOfMany } from "./of-many.ts";
import { runningContext } from "./running-context.ts";
import { isRegistration, runsPerClass } from "./registration.ts";

/** 3: a new element every time it runs, and it runs over and over. 2: the whole chain was seen. 1: a piece is assumed. */
export type Strength = 1 | 2 | 3;

export interface GrowingWrite {
  readonly site: ContainerSite;
  readonly function: FunctionDefinition;
  readonly context: Context;
  /** key: equal elements are one. call: every run adds one. */
  readonly per: "key" | "call";
  /** The key, or the element of a set. */
  readonly origin: Origin | undefined;
  readonly domain: DomainAnswer;
  readonly strength: Strength;
}

/** Null when the write makes no more elements than the program's text fixes. */
export function writeOf(
  project: Project,
  container: ContainerDefinition,
  site: ContainerSite,
  isEmptiedInside = false,
): GrowingWrite | null {
  const { function: around, fact } = site;
  if (around === null || runsPerClass(project, around) || replacesAll(fact, isEmptiedInside)) return null;
  const per = isEmptiedInside && fact.how.startsWith("[].") ? "key" : growsPer(container, site);
  const origin = fact.key ?? (container.fact.family === "mapping" ? undefined : fact.value);
  const domain = domainOf(project, around, origin);
  if (per === "key" && hasFixedKeys(fact, origin, domain)) return null;
  const context = runningContext(project, around);
  if ((context.kind === "unknown" || !context.isSure) && isRegistration(project, around)) return null;
  const write = { site, function: around, context, per, origin, domain };
  return { ...write, strength: strengthOf(project, container, write) };
}

/** Constants that stand in the text. A key made by id() is another hazard: what it stands for may be gone (DW113). */
function hasFixedKeys(fact: ContainerSite["fact"], origin: Origin | undefined, { domain }: DomainAnswer): boolean {
  return isUnder(fact, "listed") || domain === "finite" || isIdentity(origin);
}

/**
 * `x[:] = ...` puts other elements in the place of all. What `STATE["users"][user_id] = x` and `STATE["log"].append(x)`
 * grow is in the container, and something there is emptied.
 */
function replacesAll({ how, key }: ContainerSite["fact"], isEmptiedInside: boolean): boolean {
  if (how === "[:]=") return true;
  if (!isEmptiedInside) return false;
  return how === "[.][]=" || (how.startsWith("[].") && key?.from === "literal");
}

/** `update` adds what is in its argument: keys nobody sees here. */
function growsPer({ fact }: ContainerDefinition, { fact: site }: ContainerSite): "key" | "call" {
  if (site.how.startsWith("[].") || fact.family === "sequence")
    return isUnder(site, "memberGuard") && !site.how.startsWith("[].") ? "key" : "call";
  return "key";
}

function isIdentity(origin: Origin | undefined): boolean {
  return (
    origin !== undefined &&
    originsWithin(origin).some(({ from, ...rest }) => from === "fresh" && "what" in rest && rest.what === "id")
  );
}

function strengthOf(project: Project, container: ContainerDefinition, write: Omit<GrowingWrite, "strength">): Strength {
  const isEndless = isUnder(write.site.fact, "endless");
  if (runsOnceOnly(write.context) && !isEndless) return 1;
  if (isOfFew(project, container, write) || isOfFewForAllWeSee(project, container, write)) return 1;
  return write.per === "call" ? perCallStrength(write, isEndless) : strengthPerKey(project, container, write);
}

/** What it keeps there are few of, wherever it is called from. */
function isOfFew(project: Project, container: ContainerDefinition, write: Omit<GrowingWrite, "strength">): boolean {
  if (isWarnedOnce(container) || isDouble(container) || isMostlyConstant(project, write)) return true;
  if (isToldOfErrors(project, write)) return true;
  if (isClient(write) && !isNear(project, write.context)) return true;
  return hasFewKeys(write) || isHeldBack(project, container, write);
}

/** Nobody in sight calls it again and again, and what it keeps is as likely to be the few of a set-up. */
function isOfFewForAllWeSee(
  project: Project,
  container: ContainerDefinition,
  write: Omit<GrowingWrite, "strength">,
): boolean {
  const isUnknown = write.context.kind === "unknown";
  if ((isUnknown || !write.context.isSure) && isSetUp(container, write)) return true;
  if (!isUnknown) return false;
  return isAddress(write.origin) || isOptional(write) || isInternal(project, write) || endsByItself(project);
}

/** A test before it asks whether there is room, or another table for the key: how many that lets through cannot be told. */
function isHeldBack(project: Project, container: ContainerDefinition, write: Omit<GrowingWrite, "strength">): boolean {
  const { site, per, function: around } = write;
  if (isUnder(site.fact, "roomGuard") || (per === "key" && isUnder(site.fact, "tableGuard"))) return true;
  return remembered(project, callersOfMeasures, container).has(around);
}

/** Functions that call one which looks at the length of the container. */
function callersOfMeasures({ sites }: ContainerDefinition, project: Project): ReadonlySet<FunctionDefinition | null> {
  const measures = new Set(sites.filter(({ fact }) => fact.how === "len").map((site) => site.function));
  return new Set(
    [...measures].flatMap((each) => (each === null ? [] : project.callersOf(each).map(({ caller }) => caller))),
  );
}

/** A loop calls it where something has failed: how often that is cannot be told. */
function isToldOfErrors(project: Project, { per, context, function: around }: Omit<GrowingWrite, "strength">): boolean {
  if (per !== "call" || context.kind !== "loop") return false;
  const calls = project
    .callersOf(around)
    .filter(({ caller }) => caller !== null && project.contextOf(caller).kind === "loop");
  return calls.length > 0 && calls.every(({ edge }) => isUnder(edge, "except"));
}

/** By custom, as far as names tell; what an entry point is given may be anything all the same. */
function hasFewKeys(write: Omit<GrowingWrite, "strength">): boolean {
  const { context, origin } = write;
  if (origin !== undefined && (isNamedAfterDefinition(origin) || isFewByCustom(origin))) return true;
  if (makesClass(write)) return true;
  const isEntry = context.kind !== "unknown" && isEntryPoint(context);
  return !isEntry && (isTakenOver(write) || hasVagueName(write));
}

/**
 * `_warned`, `_shown_warnings`, `_corrupted_runs`: what was told once or complained about, and what is broken. There are as many as the
 * program's text has complaints, and somebody who got so many would look. A custom, so it lowers only.
 */
export function isWarnedOnce({ name }: ContainerDefinition): boolean {
  return /(?:^|[._])(?:warned|warnings?|reported|logged|printed|shown|deprecat(?:ed|ions?)|complained|corrupt(?:ed)?|broken|unsupported|log_count(?:er)?s?)(?:_[^.]*)?$/i.test(
    name,
  );
}

/**
 * An engine, a client or a pool, or any object for each address: there are as many as the program is set up with, unless a request
 * names the address. By the name of what makes it.
 */
function isClient({ per, site, origin, context }: Omit<GrowingWrite, "strength">): boolean {
  const { value } = site.fact;
  if (per !== "key" || value === undefined) return false;
  const maker = isAddress(origin) && context.kind !== "loop" ? ANY_MAKER : CLIENT_MAKER;
  return originsWithin(value).some((each) => each.from === "call" && maker.test(each.callee));
}

const CLIENT_MAKER = /(?:engine|client|_pool|Pool|connection|redis|connect)$/i;
/** Of a class, too. */
const ANY_MAKER = /(?:[Ee]ngine|[Cc]lient|_pool|[Cc]onnection|redis|connect)$|(?:^|\.)_*[A-Z]\w*[a-z]\w*$/;

/** With nobody in sight who brings it, an address is as likely to be one of the few that a program talks to. */
function isAddress(origin: Origin | undefined): boolean {
  return origin?.from === "parameter" && isAddressName(origin.name);
}

/** `FakeStore`, `GrpcMockClient`: a stand-in, which lives as long as a test. By custom. */
function isDouble({ fact }: ContainerDefinition): boolean {
  return fact.path
    .split(".")
    .some((part) => /^_*(?:Fake|Dummy|Stub|InMemory)[A-Z]|Mock(?:[A-Z]|$)|^_*Test[A-Z]/.test(part));
}

/** Most calls give a constant, such as `get_logger(__name__)`; one that does not is likely to pass one on. */
function isMostlyConstant(project: Project, write: Omit<GrowingWrite, "strength">): boolean {
  const { origin, function: around, context } = write;
  if (origin?.from !== "parameter" || (isDriven(context) && isEntryPoint(context))) return false;
  const { params } = around.fact;
  const parameter = params.find(({ name }) => name === origin.name);
  if (parameter === undefined) return false;
  const own = params.filter(({ name }) => name !== "self" && name !== "cls");
  const calls = project.callersOf(around).filter(({ edge, module }) => edge.how === "call" && !module.isTest);
  const constant = calls.filter(({ edge }) => "lf".includes(letterFor(own, parameter, edge.args) ?? "l"));
  return calls.length >= FEWEST_CALLS && constant.length >= calls.length * MOST_OF_THEM;
}

const FEWEST_CALLS = 5;
const MOST_OF_THEM = 0.8;

/** Of a name nobody can tell how many there are, and of paths only where requests bring them. */
function hasVagueName({ origin, context }: Omit<GrowingWrite, "strength">): boolean {
  if (origin?.from !== "parameter" && origin?.from !== "attribute") return false;
  return saysNothing(origin.name) || (!isDriven(context) && isPathName(origin.name));
}

/** `for key, value in updates.items(): TABLE[key] = value`: another mapping is taken over, such as a configuration. */
function isTakenOver({ origin }: Omit<GrowingWrite, "strength">): boolean {
  if (origin?.from !== "each" || origin.of.from !== "call") return false;
  return origin.of.callee.endsWith(".items") && origin.of.of?.from === "parameter";
}

/** Without a caller in sight: a table that is filled by whoever sets the program up. */
function isSetUp(container: ContainerDefinition, write: Omit<GrowingWrite, "strength">): boolean {
  const { value } = write.site.fact;
  // Whatever the key is called: there are as many as there are modules or classes.
  const isDefinition = value?.from === "finite" && value.what !== "bool" && value.what !== "remainder";
  return container.fact.isFilled === true || isDefinition || isSetter(container, write);
}

/**
 * `TABLE[name] = value` and `known.add(name)` with all of it from the caller: how much there will be is the caller's
 * business. A cache makes its values itself. What a closure holds only its own function fills.
 */
function isSetter({ fact }: ContainerDefinition, { site, origin }: Omit<GrowingWrite, "strength">): boolean {
  if (fact.holder === "closure-cell" || origin?.from !== "parameter") return false;
  const { key, value } = site.fact;
  if (key === undefined) return fact.family === "set";
  return value !== undefined && originsWithin(value).every(({ from }) => GIVEN.has(from));
}

const GIVEN: ReadonlySet<Origin["from"]> = new Set<Origin["from"]>(["parameter", "literal", "parts", "attribute"]);

/** `TABLE[row.id] = type(name, (Base,), members)`: as many as somebody has defined. */
function makesClass({ site }: Omit<GrowingWrite, "strength">): boolean {
  return site.fact.value?.from === "call" && site.fact.value.callee === "type";
}

/** `name or function.__name__`: one for each definition. */
function isNamedAfterDefinition(origin: Origin): boolean {
  return origin.from === "parts" && origin.how === "choice" && origin.parts.some(({ from }) => from === "finite");
}

function isFewByCustom(origin: Origin): boolean {
  return originsWithin(origin).some(isFiniteByCustom);
}

function isFiniteByCustom(origin: Origin): boolean {
  return (origin.from === "parameter" || origin.from === "attribute") && isFiniteName(origin.name);
}

/** A key that callers may leave out: most do, and then there is one. */
function isOptional({ origin, function: around }: Omit<GrowingWrite, "strength">): boolean {
  if (origin?.from !== "parameter") return false;
  return around.fact.params.some(({ name, fallback }) => name === origin.name && fallback !== undefined);
}

/** A private function whose callers are all in sight, and none passes on what it was given itself. */
function isInternal(project: Project, { origin, function: around }: Omit<GrowingWrite, "strength">): boolean {
  if (origin?.from !== "parameter" || !/^_(?!_)/.test(around.fact.name)) return false;
  const calls = project.callersOf(around).filter(({ edge, module }) => edge.how === "call" && !module.isTest);
  return calls.length > 0 && calls.every(({ edge }) => !/(?:^|[,:])[pxt](?:,|$)/.test(edge.args));
}

/** A process that ends soon. */
function runsOnceOnly({ kind, why }: Context): boolean {
  return kind === "command" || kind === "main" || kind === "import" || why.startsWith("a function called at exit");
}

/** More calls between the loop and the write than this, and something in between may well leave early. */
const LONGEST_CHAIN = 2;

/** More calls between a request and the write than this, and the write is likely to be for something else. */
const LONGEST_WAY = 4;

/** In a branch of an `if`, how many runs add one is not known. */
function perCallStrength({ site, context }: Omit<GrowingWrite, "strength">, isEndless: boolean): Strength {
  const strength = strengthPerCall(context, isEndless);
  return strength === 3 && isUnder(site.fact, "conditional") ? 2 : strength;
}

/** Of what adds one at every run. */
export function strengthPerCall(context: Context, isInEndlessLoop: boolean): Strength {
  if (isInEndlessLoop) return 3;
  if (runsOnceOnly(context)) return 1;
  if (!context.isSure) return 1;
  switch (context.kind) {
    case "request":
    case "task":
      if (isEntryPoint(context)) return 3;
      return context.chain.length <= LONGEST_WAY ? 2 : 1;
    case "loop":
      return context.chain.length <= LONGEST_CHAIN ? 2 : 1;
    default:
      return 1;
  }
}

function strengthPerKey(
  project: Project,
  container: ContainerDefinition,
  write: Omit<GrowingWrite, "strength">,
): Strength {
  const { context, domain, origin } = write;
  if (isProcess(origin) || origin === undefined) return 1;
  switch (domain.domain) {
    case "fresh":
      if (origin.from === "item" || origin.from === "attribute") return 1;
      return isDrivenSurely(context) ? 3 : 2;
    case "open":
      return isInput(context) && isOfMany(origin) ? 3 : strengthOfOpen(project, container, write, origin);
    case "unknown":
      return strengthOfUnknown(container, write, origin);
    case "finite":
      return 1;
  }
}

function isDrivenSurely(context: Context): boolean {
  return context.isSure && isDriven(context);
}

function strengthOfUnknown(
  { fact }: ContainerDefinition,
  { context, site }: Omit<GrowingWrite, "strength">,
  origin: Origin,
): Strength {
  // What one object collects of things that nobody here has made may as well be the few that it looks after.
  if (fact.holder === "instance-attribute" && !isTakenIn(origin)) return 1;
  return (isDrivenSurely(context) || isUnder(site.fact, "endless")) && isOfMany(origin) ? 2 : 1;
}

function isTakenIn(origin: Origin): boolean {
  return originsWithin(origin).some(({ from }) => from === "input");
}

function isInput(context: Context): boolean {
  return (context.kind === "request" || context.kind === "task") && isEntryPoint(context);
}

function strengthOfOpen(
  project: Project,
  container: ContainerDefinition,
  write: Omit<GrowingWrite, "strength">,
  origin: Origin,
): Strength {
  return isOfMany(origin) || keepsAnything(container, write) || isNear(project, write.context) ? 2 : 1;
}

/** All arguments of a wrapped function; and a cache that also keeps what is not there. */
function keepsAnything(
  { fact, sites }: ContainerDefinition,
  { site, origin, function: around }: Omit<GrowingWrite, "strength">,
): boolean {
  if (fact.holder === "closure-cell" && origin !== undefined && isOfAllArguments(around, origin)) return true;
  return sites.some((each) => each.function === site.function && isNothing(each.fact.value));
}

/** `*args`, not a parameter with a name: that is judged by it, as those of other functions are. */
function isOfAllArguments({ fact }: FunctionDefinition, origin: Origin): boolean {
  const starred = new Set(fact.params.flatMap(({ name, kind }) => (kind === "*" || kind === "**" ? [name] : [])));
  return originsWithin(origin).some((each) => each.from === "parameter" && starred.has(each.name));
}

function isNothing(value: Origin | undefined): boolean {
  return value?.from === "finite" && value.what === "bool" && value.name === "None";
}

/** A request or a job is a call or two away, and what it brought with it. */
function isNear(project: Project, context: Context): boolean {
  const { kind, isSure, chain } = context;
  if (!isSure || (kind !== "request" && kind !== "task") || chain.length > NEAR) return false;
  return !bringsNothing(project, context);
}

/** Where requests come as parameters, one without any reads what the program has. */
function bringsNothing(project: Project, { why, chain }: Context): boolean {
  const entry = why.includes("(FastAPI)") ? project.functionOf(chain[0]?.name ?? "") : null;
  return entry !== null && entry.fact.params.length === 0;
}

const NEAR = 3;

/** There are few processes and threads, and their numbers are used again. */
function isProcess(origin: Origin | undefined): boolean {
  return origin?.from === "fresh" && origin.what === "process";
}

function isDriven({ kind }: Context): boolean {
  return kind === "request" || kind === "task" || kind === "loop";
}

/** The function is one itself: what it gets is what came in. */
function isEntryPoint({ chain }: Context): boolean {
  return chain.length <= 1;
}
