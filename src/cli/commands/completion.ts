// `deadweight completion bash|zsh|fish`

import type { Command } from "../command.ts";
import { defineCommand } from "../command.ts";
import { completionScript, SHELLS } from "../completion-script.ts";
import { EXIT } from "../exit-codes.ts";
import { printReport } from "../print-report.ts";

/** The table is asked for late: this command is in it. */
export function completionOf(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "completion",
    summary: "print a completion script for a shell",
    description: ["Completes commands, options, files and the ids of running Python processes, for deadweight and dw."],
    arguments: {
      shell: { placeholder: "SHELL", takes: { choices: SHELLS }, count: "one", summary: "bash, zsh or fish" },
    },
    options: {},
    examples: [
      { command: 'eval "$(deadweight completion bash)"', why: "in ~/.bashrc" },
      { command: "deadweight completion zsh > ~/.zfunc/_deadweight", why: "with ~/.zfunc in $fpath" },
      { command: "deadweight completion fish > ~/.config/fish/completions/deadweight.fish", why: "for fish" },
    ],
    exitCodes: [
      { code: EXIT.clean, when: "the script is printed" },
      { code: EXIT.couldNot, when: "the shell is not known" },
    ],
    async run(given, world) {
      // parseArguments let only one of SHELLS through.
      const shell = SHELLS.find((each) => each === given.arguments.shell) ?? "bash";
      const script = completionScript(shell, commands());
      await printReport({ schema: "deadweight/completion@1", shell, script }, given.options.json, () => script, world);
      return EXIT.clean;
    },
  });
}
