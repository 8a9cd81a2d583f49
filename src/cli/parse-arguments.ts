// The words after a command's name, checked against its record. node:util does the splitting; the sentences are ours.

import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import type { ArgumentSpec, Command, Given, OptionSpec, OptionValue } from "./command.ts";
import { nearestWord } from "./nearest-word.ts";

export type Parsed = { readonly kind: "help" } | { readonly kind: "run"; readonly given: Given };

interface Words {
  readonly positionals: readonly string[];
  readonly options: readonly { readonly name: string; readonly typed: string; readonly value: string | null }[];
}

/** A failure is one sentence. */
export function parseArguments(command: Command, argv: readonly string[]): Result<Parsed, string> {
  const { own, rest } = splitRest(command, argv);
  const words = splitWords(command, own);
  if (words.options.some((each) => each.name === "help")) return ok({ kind: "help" });
  const options = readOptions(command, words);
  if (!options.ok) return options;
  const given = readPositionals(command, words.positionals);
  if (!given.ok) return given;
  return ok({ kind: "run", given: { rest, arguments: given.value, options: options.value } });
}

/** What follows `--` belongs to another program: none of it is an option of ours. */
function splitRest(
  command: Command,
  argv: readonly string[],
): { readonly own: readonly string[]; readonly rest: readonly string[] } {
  const at = command.rest === undefined ? -1 : argv.indexOf("--");
  return at < 0 ? { own: argv, rest: [] } : { own: argv.slice(0, at), rest: argv.slice(at + 1) };
}

function splitWords(command: Command, argv: readonly string[]): Words {
  const types = Object.entries({ ...command.options, help: { kind: "flag", short: "h" } as const }).map(
    ([name, spec]) =>
      [
        name,
        {
          type: spec.kind === "flag" ? "boolean" : "string",
          ...(spec.short === undefined ? {} : { short: spec.short }),
        },
      ] as const,
  );
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = tokens.flatMap((token) =>
    token.kind === "option" ? [{ name: token.name, typed: token.rawName, value: token.value ?? null }] : [],
  );
  return { positionals, options };
}

function readOptions(command: Command, words: Words): Result<Given["options"], string> {
  const values: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(command.options)) values[name] = defaultOf(spec);
  for (const { name, typed, value } of words.options) {
    const spec = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
    if (spec === undefined) return fail(unknownOption(command, typed));
    const read = readOption(typed, spec, value);
    if (!read.ok) return read;
    const before = values[name];
    values[name] = Array.isArray(before) && Array.isArray(read.value) ? [...before, ...read.value] : read.value;
  }
  return ok(values);
}

function defaultOf(spec: OptionSpec): OptionValue {
  if (spec.kind === "flag") return false;
  return "default" in spec ? spec.default : null;
}

function readOption(typed: string, spec: OptionSpec, value: string | null): Result<OptionValue, string> {
  if (spec.kind === "flag") return value === null ? ok(true) : fail(`${typed} takes no value`);
  if (value === null || value === "" || isAnotherOption(spec, value))
    return fail(`${typed} needs a value: ${typed} ${spec.placeholder}`);
  return readValue(typed, spec, value);
}

function readValue(
  typed: string,
  spec: Exclude<OptionSpec, { readonly kind: "flag" }>,
  value: string,
): Result<OptionValue, string> {
  switch (spec.kind) {
    case "file":
    case "text":
      return ok(value);
    case "list":
      return ok(value.split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()])));
    case "choice":
      if (spec.choices.includes(value)) return ok(value);
      return fail(`${typed} must be one of ${spec.choices.join(", ")}, not '${value}'`);
    case "count":
      return readCount(typed, spec.least ?? 1, value);
    case "seconds":
      return readSeconds(typed, value);
  }
}

function readCount(typed: string, least: 0 | 1, value: string): Result<number, string> {
  const number = Number(value);
  return /^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least
    ? ok(number)
    : fail(`${typed} needs a whole number${least === 1 ? " above 0" : ""}, not '${value}'`);
}

function readSeconds(typed: string, value: string): Result<number, string> {
  const [, amount, unit] = /^(\d*\.?\d+)(ms|s|m|min|h|d)?$/.exec(value) ?? [];
  const seconds = Number(amount) * (SECONDS_PER_UNIT[unit ?? "s"] ?? 1);
  return amount !== undefined && seconds > 0
    ? ok(seconds)
    : fail(`${typed} needs a time above 0, in seconds or as 500ms, 90s, 5m, 2h, not '${value}'`);
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** What follows begins like an option; a negative number where a number belongs is a wrong number. */
function isAnotherOption(spec: OptionSpec, value: string): boolean {
  if (value.length < 2 || !value.startsWith("-")) return false;
  return spec.kind === "file" || !/^-[\d.]/.test(value);
}

function unknownOption(command: Command, typed: string): string {
  const known = Object.keys({ ...command.options, help: null }).map((name) => `--${name}`);
  const near = nearestWord(typed, known);
  return near === null
    ? `unknown option '${typed}'; 'deadweight ${command.name} --help' lists the options`
    : `unknown option '${typed}'; did you mean '${near}'?`;
}

function readPositionals(command: Command, positionals: readonly string[]): Result<Given["arguments"], string> {
  const values: Record<string, string | null | readonly string[]> = {};
  let next = 0;
  for (const [name, spec] of Object.entries(command.arguments)) {
    const taken = spec.count === "many" ? positionals.slice(next) : positionals.slice(next, next + 1);
    next += taken.length;
    const problem = argumentProblem(command, spec, taken);
    if (problem !== null) return fail(problem);
    values[name] = spec.count === "many" ? taken : (taken[0] ?? null);
  }
  const extra = positionals[next];
  return extra === undefined ? ok(values) : fail(`'${extra}' is one argument too many; usage: ${usageOf(command)}`);
}

function argumentProblem(command: Command, spec: ArgumentSpec, taken: readonly string[]): string | null {
  const least = spec.count === "optional" ? 0 : (spec.least ?? 1);
  if (taken.length < least) return `${spec.placeholder} is missing; usage: ${usageOf(command)}`;
  const strange = taken.find((word) => !isTaken(word, spec));
  if (strange === undefined) return null;
  if (typeof spec.takes === "string") return `${spec.placeholder} must be a process id, not '${strange}'`;
  return `${spec.placeholder} must be one of ${spec.takes.choices.join(", ")}, not '${strange}'`;
}

function isTaken(word: string, spec: ArgumentSpec): boolean {
  if (spec.takes === "pid") return /^[1-9]\d{0,9}$/.test(word);
  return typeof spec.takes === "string" || spec.takes.choices.includes(word);
}

/** "deadweight why SOURCE [SELECTOR] [options]". */
export function usageOf(command: Command): string {
  const words = [command.name, ...Object.values(command.arguments).map(argumentUsage)].join(" ");
  const rest = command.rest === undefined ? "" : ` [-- ${command.rest.placeholder}]`;
  return `deadweight ${words} [options]${rest}`;
}

function argumentUsage(spec: ArgumentSpec): string {
  if (spec.count === "optional") return `[${spec.placeholder}]`;
  if (spec.count === "one") return spec.placeholder;
  return [...Array.from({ length: spec.least ?? 1 }, () => spec.placeholder), `[${spec.placeholder}...]`].join(" ");
}
