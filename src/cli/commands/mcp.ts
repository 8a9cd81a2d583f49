// `deadweight mcp`

import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";

export const mcp: Command = defineCommand({
  name: "mcp",
  summary: "the same questions for coding assistants, over MCP",
  description: [
    "Speaks the Model Context Protocol on stdin and stdout; assistants start it. Its tools list processes, read heaps, say what holds an object, answer queries, compare snapshots, diagnose, list caches and scan sources. All of them only read, from outside; values stay hidden unless --values says otherwise.",
  ],
  arguments: {},
  options: {
    values: { kind: "flag", summary: "show the texts of strings and keys, too" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight mcp", why: "as the command of a server in your assistant's settings" },
    { command: "deadweight mcp --values", why: "an assistant that may see texts, too" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the assistant has closed its end" },
    { code: EXIT.couldNot, when: "the command line is wrong" },
  ],
  async run(given, world) {
    const { values: hasValues, "max-pause": maxPauseSeconds } = given.options;
    await world.actions.serveMcp({ hasValues, maxPauseMs: maxPauseSeconds * 1000, toolVersion: world.version });
    return EXIT.clean;
  },
});
