import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { editDistance, nearestWord } from "../../src/cli/nearest-word.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { run } from "./fake-world.ts";

describe("a wrong command line is one sentence and exit 2", () => {
  it.each([
    [["tpo"], "unknown command 'tpo'; did you mean 'top'?"],
    [["snap"], "unknown command 'snap'; did you mean 'snapshot'?"],
    [["Diff"], "unknown command 'Diff'; did you mean 'diff'?"],
    [["frobnicate"], "unknown command 'frobnicate'; 'deadweight --help' lists the commands"],
    [["--jsno"], "unknown option '--jsno'; 'deadweight --help' lists commands and options"],
    [["help", "wyh"], "unknown command 'wyh'; did you mean 'why'?"],
    [["top", "1", "--limti", "3"], "unknown option '--limti'; did you mean '--limit'?"],
    [["top", "1", "--verbose"], "unknown option '--verbose'; 'deadweight top --help' lists the options"],
    [["top", "1", "-x"], "unknown option '-x'; 'deadweight top --help' lists the options"],
    [["top", "1", "--constructor"], "unknown option '--constructor'; 'deadweight top --help' lists the options"],
    [["top"], "SOURCE is missing; usage: deadweight top SOURCE [options]"],
    [["top", "1", "2"], "'2' is one argument too many; usage: deadweight top SOURCE [options]"],
    [["top", "1", "--limit"], "--limit needs a value: --limit N"],
    [["top", "1", "--limit", "--values"], "--limit needs a value: --limit N"],
    [["top", "1", "--limit", "-1"], "--limit needs a whole number above 0, not '-1'"],
    [["top", "1", "--limit=-1"], "--limit needs a whole number above 0, not '-1'"],
    [
      ["top", "1", "--max-pause", "-.5"],
      "--max-pause needs a time above 0, in seconds or as 500ms, 90s, 5m, 2h, not '-.5'",
    ],
    [["top", "1", "--limit=0"], "--limit needs a whole number above 0, not '0'"],
    [["top", "1", "--limit", "many"], "--limit needs a whole number above 0, not 'many'"],
    [["top", "1", "--limit", "1e3"], "--limit needs a whole number above 0, not '1e3'"],
    [
      ["top", "1", "--max-pause", "5 s"],
      "--max-pause needs a time above 0, in seconds or as 500ms, 90s, 5m, 2h, not '5 s'",
    ],
    [
      ["top", "1", "--max-pause", "0"],
      "--max-pause needs a time above 0, in seconds or as 500ms, 90s, 5m, 2h, not '0'",
    ],
    [["top", "1", "--json=yes"], "--json takes no value"],
    [["snapshot", "1", "-o"], "-o needs a value: -o FILE"],
    [
      ["scan", "--format", "html"],
      "--format must be one of text, concise, json, sarif, github, junit, markdown, not 'html'",
    ],
    [["scan", "--select"], "--select needs a value: --select CODES"],
    [["completion", "tcsh"], "SHELL must be one of bash, zsh, fish, not 'tcsh'"],
  ])("%j", async (argv, sentence) => {
    const { code, stdout, stderr, calls } = await run(argv);
    expect([code, stdout(), stderr(), calls]).toEqual([2, "", `deadweight: ${sentence}\n`, []]);
  });

  it("no command at all shows the help on stderr", async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout()]).toEqual([2, ""]);
    expect(stderr()).toContain("deadweight COMMAND [arguments] [options]");
  });
});

describe("what is understood", () => {
  it.each([
    [["--version"], "deadweight 1.2.3\n"],
    [["-V"], "deadweight 1.2.3\n"],
  ])("%j", async (argv, text) => {
    const { code, stdout } = await run(argv);
    expect([code, stdout()]).toEqual([0, text]);
  });
  it.each([
    [["why", "--help"]],
    [["why", "-h"]],
    [["help", "why"]],
    [["--help", "why"]],
    [["why", "4711", "--largest", "--help"]],
  ])("%j shows the help of why", async (argv) => {
    const { code, stdout } = await run(argv);
    if (argv.includes("--largest")) expect(code).toBe(2);
    else
      expect([code, stdout().split("\n")[0]]).toEqual([
        0,
        "deadweight why: what keeps an object, a type or a holder alive.",
      ]);
  });
  it("options before arguments, values with =, a name after --", async () => {
    const { calls } = await run(["why", "--limit=7", "--json", "4711", "--", "--odd--"]);
    expect(calls.at(-1)?.given).toEqual([
      { kind: "text", text: "--odd--" },
      { limit: 7, paths: 3 },
    ]);
  });
  it("lists with commas, and given twice", async () => {
    const { calls } = await run(["scan", "--select", "DW1, DW2", "--select=DW301"]);
    expect(calls[0]?.given).toMatchObject([{ select: ["DW1", "DW2", "DW301"], ignore: null, paths: ["."] }]);
  });
  it("the last of two wins", async () => {
    const { calls } = await run(["top", "4711", "--limit", "7", "--limit", "9"]);
    expect(calls.at(-1)?.given).toEqual([{ limit: 9 }]);
  });
});

describe("the command table", () => {
  const examples = COMMANDS.flatMap((command) =>
    command.examples.map((example) => [command, example.command] as const),
  );

  it.each(examples)("%# an example that works", (command, line) => {
    const words = shellWords(line.replace(/^eval "\$\((.*)\)"$/, "$1"));
    const name = ["deadweight", ...command.name.split(" ")];
    expect(words.slice(0, name.length)).toEqual(name);
    expect(parseArguments(command, words.slice(name.length))).toMatchObject({ ok: true });
  });
  it.each(COMMANDS)("$name has examples, exit codes, and --json", (command) => {
    expect(command.examples.length).toBeGreaterThan(0);
    expect(command.exitCodes.map((each) => each.code)).toContain(2);
    expect(Object.keys(command.options)).toContain("json");
    expect(command.summary).not.toMatch(/\.$/);
  });
  it("uses every short option once per command", () => {
    for (const command of COMMANDS) {
      const shorts = Object.values(command.options).flatMap((spec) => spec.short ?? []);
      expect(new Set([...shorts, "h"]).size).toBe(shorts.length + 1);
    }
  });
});

describe("the nearest word", () => {
  it.each([
    ["", "", 0],
    ["top", "tpo", 1],
    ["limit", "limits", 1],
    ["snapshot", "diff", 8],
  ])("%s and %s are %i apart", (one, other, distance) => expect(editDistance(one, other)).toBe(distance));

  it("is none when nothing is near", () => expect(nearestWord("zzz", ["top", "why"])).toBeNull());
});

/** Words up to a pipe or redirection; quotes as in our examples; a glob stands for two files. */
function shellWords(line: string): string[] {
  const words = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const end = words.findIndex((word) => word === "|" || word === ">");
  return words.slice(0, end === -1 ? undefined : end).flatMap((word) => {
    const quoted = /^(["'])(.*)\1$/.exec(word)?.[2];
    if (quoted !== undefined) return [quoted];
    return word.includes("*") ? [word.replace("*", "1"), word.replace("*", "2")] : [word];
  });
}
