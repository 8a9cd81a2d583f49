// docs/commands.md, from the command table. A test compares the committed file.

import type { Command } from "./command.ts";
import { argumentMeanings } from "./help-text.ts";
import { optionMeaning, optionWords } from "./option-words.ts";
import { usageOf } from "./parse-arguments.ts";

export function describeCommands(commands: readonly Command[]): string {
  return `${["# Commands", INTRODUCTION, ...commands.map(describeCommand)].join("\n\n")}\n`;
}

const INTRODUCTION = `<!-- Generated from src/cli/command-table.ts by \`UPDATE_GOLDEN=1 npx vitest run test/cli\`; do not edit. -->

Every command has \`--help\` and \`--json\`. With \`--json\` stdout holds one JSON document and nothing else; its schema is in
[docs/schema](schema). Progress and problems go to stderr. A command without a result (exit code 2 or 70) prints
\`{"schema": "deadweight/error@1", "error": {"code", "message"}}\` as its document; the message is the one on stderr. Colours are used on a terminal only, and never with \`NO_COLOR\`.
\`DEADWEIGHT_DEBUG=1\` adds the stack to the report of a bug. \`dw\` is short for \`deadweight\`.`;

function describeCommand(command: Command): string {
  return [
    `## ${command.name}`,
    `${capitalised(command.summary)}.`,
    fenced([usageOf(command)]),
    ...command.description,
    markdownTable(
      ["argument or option", "meaning"],
      [
        ...argumentMeanings(command).map(([words, meaning]) => [code(words), meaning]),
        ...Object.entries(command.options).map(([name, spec]) => [code(optionWords(name, spec)), optionMeaning(spec)]),
      ],
    ),
    fenced(command.examples.flatMap((each) => [`# ${each.why}`, each.command])),
    markdownTable(
      ["exit code", "when"],
      command.exitCodes.map((each) => [each.code.toString(), each.when]),
    ),
  ].join("\n\n");
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function fenced(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
