// From the words of a command line to an exit code. Expected failures are sentences; anything thrown is our bug.

import { isAllocationFailure } from "../base/allocation-failure.ts";
import { bugReport } from "./bug-report.ts";
import { commandHelp, globalHelp } from "./help-text.ts";
import type { Command } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { nearestWord } from "./nearest-word.ts";
import { parseArguments } from "./parse-arguments.ts";
import { printMessage, printProblem } from "./print-report.ts";
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
  const words = HELP_WORDS.includes(word) ? rest.filter((each) => !each.startsWith("-")) : argv;
  const command = commandOf(words, commands);
  if (command === undefined) return await wrongUsage(unknownCommand(words[0] ?? word, commands), argv, world);
  if (HELP_WORDS.includes(word)) return await printHelp(command, world);
  return await runCommand(command, argv.slice(command.name.split(" ").length), world);
}

/** `caches show` before `caches`: a name may have two words. */
function commandOf(words: readonly string[], commands: readonly Command[]): Command | undefined {
  const [first, second] = words;
  return commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
}

async function runCommand(command: Command, argv: readonly string[], world: World): Promise<ExitCode> {
  const parsed = parseArguments(command, argv);
  if (!parsed.ok) return await wrongUsage(parsed.error, argv, world);
  return parsed.value.kind === "help" ? await printHelp(command, world) : await command.run(parsed.value.given, world);
}

async function printHelp(command: Command, world: World): Promise<ExitCode> {
  return await print(commandHelp(command, styleOf(world.out, world.environment)), world);
}

async function print(text: string, world: World): Promise<ExitCode> {
  await world.out.write(text);
  return EXIT.clean;
}

async function wrongUsage(sentence: string, argv: readonly string[], world: World): Promise<ExitCode> {
  return await printProblem({ code: "usage", message: sentence }, isJsonAsked(argv), world);
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
  if (isAllocationFailure(thrown)) {
    const message =
      "The system refused memory that this heap needs, so there is no result. Free memory, raise the limit of this shell (ulimit -v) or container, or ask a snapshot on a larger machine.";
    return await printProblem({ code: "out-of-memory", message }, isJsonAsked(argv), world);
  }
  const message = bugReport(thrown, { argv, version: world.version, environment: world.environment });
  await printProblem({ code: "internal-error", message }, isJsonAsked(argv), world);
  return EXIT.ourBug;
}

/** For failures before or beyond the options of a command. */
function isJsonAsked(argv: readonly string[]): boolean {
  return argv.includes("--json");
}
