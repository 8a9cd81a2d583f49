// `--help`: for the program and for one command.

import { displayWidth } from "../base/format-width.ts";
import { commandLine, heading, paragraph } from "../report/prose.ts";
import { EMPTY_LINE, type Line, renderLines, spaces, span, type TextStyle } from "../report/text-style.ts";
import type { Command } from "./command.ts";
import { optionMeaning, optionWords } from "./option-words.ts";
import { usageOf } from "./parse-arguments.ts";

const PURPOSE =
  "Deadweight reads a running Python process from outside and says what holds its memory. Nothing is loaded into the process; it stands still for a fraction of a second.";

export function globalHelp(commands: readonly Command[], style: TextStyle): string {
  return renderLines(
    [
      ...paragraph([span(PURPOSE)], style),
      ...heading("Usage"),
      commandLine("deadweight COMMAND [arguments] [options]"),
      ...heading("Commands"),
      ...definitionLines(
        commands.map((each) => [each.name, each.summary]),
        style,
      ),
      ...heading("For every command"),
      ...definitionLines(
        [
          ["--help", "arguments, options and examples"],
          ["--json", "one JSON document on stdout instead of text"],
          ["--version", "the version of deadweight"],
        ],
        style,
      ),
      ...heading("Start here"),
      commandLine("deadweight doctor 4711"),
      commandLine("deadweight top 4711"),
      ...heading("Exit codes"),
      ...definitionLines(
        [
          ["0", "clean"],
          ["1", "findings"],
          ["2", "could not do it: bad input, no permission, no such process"],
          ["70", "a bug in deadweight"],
        ],
        style,
      ),
    ],
    style,
  );
}

export function commandHelp(command: Command, style: TextStyle): string {
  const options = Object.entries(command.options).map(
    ([name, spec]) => [optionWords(name, spec), optionMeaning(spec)] as const,
  );
  const given = argumentMeanings(command);
  return renderLines(
    [
      ...paragraph([span(`deadweight ${command.name}`, "strong"), span(`: ${command.summary}.`)], style),
      ...heading("Usage"),
      commandLine(usageOf(command)),
      ...command.description.flatMap((text) => [EMPTY_LINE, ...paragraph([span(text)], style)]),
      ...(given.length === 0 ? [] : [...heading("Arguments"), ...definitionLines(given, style)]),
      ...heading("Options"),
      ...definitionLines([...options, ["-h, --help", "this text"]], style),
      ...heading("Examples"),
      ...command.examples.flatMap((each) => [
        ...paragraph([span(each.why, "faint")], style, { first: [spaces(2)], rest: 2 }),
        commandLine(each.command),
      ]),
      ...heading("Exit codes"),
      ...definitionLines(
        command.exitCodes.map((each) => [each.code.toString(), each.when] as const),
        style,
      ),
    ],
    style,
  );
}

/** What the words of the command line stand for, the program after `--` included. */
export function argumentMeanings(command: Command): readonly (readonly [string, string])[] {
  const words = Object.values(command.arguments).map((spec) => [spec.placeholder, spec.summary] as const);
  return command.rest === undefined ? words : [...words, [`-- ${command.rest.placeholder}`, command.rest.summary]];
}

/** Terms on the left, meanings wrapped on the right. */
function definitionLines(definitions: readonly (readonly [string, string])[], style: TextStyle): Line[] {
  const widest = Math.max(...definitions.map(([term]) => displayWidth(term)));
  return definitions.flatMap(([term, meaning]) => {
    const first = [spaces(2), span(term, "strong"), spaces(widest - displayWidth(term) + 2)];
    return paragraph([span(meaning)], style, { first, rest: widest + 4 });
  });
}
