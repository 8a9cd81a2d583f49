// What a command is: one record that gives parsing, help, docs and completion.

import type { ExitCode } from "./exit-codes.ts";
import type { World } from "./world.ts";

/** What a person may write in a place; completion offers it. */
export type Taken = "pid" | "source" | "selector" | "path" | { readonly choices: readonly string[] };

export interface ArgumentSpec {
  readonly placeholder: string;
  readonly takes: Taken;
  readonly count: "one" | "optional" | "many";
  /** For "many": how many at least. */
  readonly least?: number;
  readonly summary: string;
}

export type OptionSpec =
  | { readonly kind: "flag"; readonly summary: string; readonly short?: string }
  | {
      readonly kind: "count";
      readonly placeholder: string;
      /** 1 if not given. */
      readonly least?: 0;
      readonly default: number | null;
      readonly summary: string;
      readonly short?: string;
    }
  | {
      readonly kind: "seconds";
      readonly placeholder: string;
      readonly default: number | null;
      readonly summary: string;
      readonly short?: string;
    }
  | { readonly kind: "file"; readonly placeholder: string; readonly summary: string; readonly short?: string }
  | { readonly kind: "text"; readonly placeholder: string; readonly summary: string; readonly short?: string }
  /** Words separated by commas; given twice, both count. */
  | { readonly kind: "list"; readonly placeholder: string; readonly summary: string; readonly short?: string }
  | {
      readonly kind: "choice";
      readonly placeholder: string;
      readonly choices: readonly string[];
      /** Null: the command decides, or its configuration. */
      readonly default: string | null;
      readonly summary: string;
      readonly short?: string;
    };

export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec>>;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What was given on the command line, checked against the command's record. */
export interface Given {
  /** Words after `--`, for commands that start another program. */
  readonly rest: readonly string[];
  readonly arguments: Readonly<Record<string, string | null | readonly string[]>>;
  readonly options: Readonly<Record<string, OptionValue>>;
}

export type OptionValue = boolean | number | string | readonly string[] | null;

interface CommandFacts {
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly examples: readonly { readonly command: string; readonly why: string }[];
  readonly exitCodes: readonly { readonly code: ExitCode; readonly when: string }[];
  /** A command line after `--`; commands without it take such words as arguments. */
  readonly rest?: { readonly placeholder: string; readonly summary: string };
}

export interface Command extends CommandFacts {
  readonly arguments: ArgumentSpecs;
  readonly options: OptionSpecs;
  readonly run: (given: Given, world: World) => Promise<ExitCode>;
}

type ArgumentValue<Spec> = Spec extends { count: "many" }
  ? readonly string[]
  : Spec extends { count: "optional" }
    ? string | null
    : string;
type ValueOf<Spec> = Spec extends { kind: "flag" }
  ? boolean
  : Spec extends { kind: "count" | "seconds"; default: infer Default }
    ? Default extends null
      ? number | null
      : number
    : Spec extends { kind: "choice"; choices: readonly (infer Choice)[]; default: infer Default }
      ? Default extends null
        ? Choice | null
        : Choice
      : Spec extends { kind: "list" }
        ? readonly string[] | null
        : string | null;

/** The record as a command's file writes it: `run` sees exactly the arguments and options that are declared. */
export interface CommandDeclaration<Arguments extends ArgumentSpecs, Options extends OptionSpecs> extends CommandFacts {
  readonly arguments: Arguments;
  readonly options: Options;
  readonly run: (
    given: {
      readonly rest: readonly string[];
      readonly arguments: { readonly [Name in keyof Arguments]: ArgumentValue<Arguments[Name]> };
      readonly options: { readonly [Name in keyof Options]: ValueOf<Options[Name]> } & { readonly json: boolean };
    },
    world: World,
  ) => Promise<ExitCode>;
}

const JSON_OPTION: OptionSpec = { kind: "flag", summary: "print one JSON document (schemas in docs/schema)" };

/** Makes a declaration a command; every command has `--json`. */
export function defineCommand<const Arguments extends ArgumentSpecs, const Options extends OptionSpecs>(
  declaration: CommandDeclaration<Arguments, Options>,
): Command {
  // The one cast: parseArguments fills `Given` from the same specs that the declaration's types are made of.
  return { ...declaration, options: { ...declaration.options, json: JSON_OPTION } } as unknown as Command;
}
