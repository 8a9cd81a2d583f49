// Help, docs and completion all come from the command table; the committed texts are compared byte for byte.

import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { describeCommands } from "../../src/cli/describe-commands.ts";
import { commandHelp, globalHelp } from "../../src/cli/help-text.ts";
import { expectGenerated, expectGolden } from "../golden/expect-golden.ts";

const STYLE = { width: 80, colours: false };

describe("help", () => {
  it("of the program", () => expectGolden("cli/help.txt", globalHelp(COMMANDS, STYLE)));
  it.each(COMMANDS)("of $name", (command) =>
    expectGolden(`cli/help-${command.name.replaceAll(" ", "-")}.txt`, commandHelp(command, STYLE)),
  );
  it("names every option of every command", () => {
    for (const command of COMMANDS) {
      for (const option of Object.keys(command.options)) expect(commandHelp(command, STYLE)).toContain(`--${option}`);
    }
  });
});

describe("docs/commands.md", () => {
  it("is what the command table says", () => expectGenerated("docs/commands.md", describeCommands(COMMANDS)));
});
