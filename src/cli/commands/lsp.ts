// `deadweight lsp`

import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";

export const lsp: Command = defineCommand({
  name: "lsp",
  summary: "language server: the findings of scan while you type",
  description: [
    "Speaks the Language Server Protocol on stdin and stdout; editors start it. It shows findings, the page of a rule on hover, and offers fixes and suppressions.",
  ],
  arguments: {},
  options: {},
  examples: [{ command: "deadweight lsp", why: "as the command of a language server in your editor's settings" }],
  exitCodes: [
    { code: EXIT.clean, when: "the editor has said goodbye" },
    { code: EXIT.couldNot, when: "the command line is wrong" },
  ],
  async run(_, world) {
    await world.actions.serveEditor(world.version);
    return EXIT.clean;
  },
});
