// From the words of a command line to an exit code. Expected failures are sentences; anything thrown is our bug.

import { commandHelp, globalHelp } from "./help-text.ts";
import type { Command } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { nearestWord } from "./nearest-word.ts";
import { parseArguments } from "./parse-arguments.ts";
import { printMessage } from "./print-report.ts";
import { OutputError, styleOf, type World } from "./world.ts";

const HELP_WORDS = ["help", "--help", "-h"];

export async function runCli(argv: readonly string[], commands: readonly Command[], world: World): Promise<ExitCode> {
  try {
    return await dispatch(argv, commands, world);
  } catch (thrown) {
    return await reportThrown(thrown, argv, world);
  }
}

async function dispatch(argv: readonly string[], commands: readonly Command[], world: World): Promise<ExitCode> {
  const [word, ...rest] = argv;
  if (word === undefined) {
    await world.err.write(globalHelp(commands, styleOf(world.err, world.environment)));
    return EXIT.couldNot;
  }
  if (word === "--version" || word === "-V") return await print(`deadweight ${world.version}\n`, world);
  const topic = rest.find((each) => !each.startsWith("-"));
  if (HELP_WORDS.includes(word) && topic === undefined)
    return await print(globalHelp(commands, styleOf(world.out, world.environment)), world);
  const name = HELP_WORDS.includes(word) ? (topic ?? word) : word;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return await wrongUsage(unknownCommand(name, commands), world);
  if (HELP_WORDS.includes(word)) return await printHelp(command, world);
  return await runCommand(command, rest, world);
}

async function runCommand(command: Command, argv: readonly string[], world: World): Promise<ExitCode> {
  const parsed = parseArguments(command, argv);
  if (!parsed.ok) return await wrongUsage(parsed.error, world);
  return parsed.value.kind === "help" ? await printHelp(command, world) : await command.run(parsed.value.given, world);
}

async function printHelp(command: Command, world: World): Promise<ExitCode> {
  return await print(commandHelp(command, styleOf(world.out, world.environment)), world);
}

async function print(text: string, world: World): Promise<ExitCode> {
  await world.out.write(text);
  return EXIT.clean;
}

async function wrongUsage(sentence: string, world: World): Promise<ExitCode> {
  await printMessage(sentence, world);
  return EXIT.couldNot;
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  if (name.startsWith("-")) return `unknown option '${name}'; 'deadweight --help' lists commands and options`;
  const near = nearestWord(
    name,
    commands.map((each) => each.name),
  );
  if (near === null) return `unknown command '${name}'; 'deadweight --help' lists the commands`;
  return `unknown command '${name}'; did you mean '${near}'?`;
}

/** Output that cannot be written (full disk) is the world's fault; all else that is thrown is ours. */
async function reportThrown(thrown: unknown, argv: readonly string[], world: World): Promise<ExitCode> {
  if (thrown instanceof OutputError) {
    await printMessage(thrown.message, world);
    return EXIT.couldNot;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const debug = world.environment["DEADWEIGHT_DEBUG"] === "1";
  await printMessage(bugReport(error, argv, world.version, debug), world);
  return EXIT.ourBug;
}

function bugReport(error: Error, argv: readonly string[], version: string, debug: boolean): string {
  const next = debug ? "" : "\nThe same command with DEADWEIGHT_DEBUG=1 in front prints the stack to send along.";
  const stack = debug && error.stack !== undefined ? `\n${error.stack}` : "";
  return `${error.message}
This is a bug in deadweight, not in your program; what it was asked is not answered.
Please report it with this text: deadweight ${version}, node ${process.version}, command '${argv[0] ?? ""}'.${next}${stack}`;
}
