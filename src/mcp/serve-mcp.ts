// `deadweight mcp`: the Model Context Protocol over stdin and stdout, by its own library.

import { once } from "node:events";
import { fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { startBackground } from "../app/background/background.ts";
import { createOpenHeaps } from "../app/background/open-heaps.ts";
import { TOOLS, type Tool, type ToolParts, type Words } from "./tools.ts";

export interface McpOptions {
  readonly hasValues: boolean;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
}

/** Resolves when the client has closed its end. */
export async function serveMcp({ toolVersion, ...options }: McpOptions): Promise<void> {
  await using heaps = createOpenHeaps(options);
  const parts: ToolParts = { heaps, startThread: () => startBackground(), maxPauseMs: options.maxPauseMs, toolVersion };
  serveStdio(() => serverOf(parts));
  await once(process.stdin, "end");
}

function serverOf(parts: ToolParts): McpServer {
  const server = new McpServer(
    { name: "deadweight", version: parts.toolVersion },
    {
      capabilities: { tools: {} },
      instructions:
        "Looks into running CPython processes and heap snapshots from outside, without changing them. Begin with list_processes and heap_top, or with diagnose for a process that grows; heap_why says what keeps something alive. Sizes are bytes.",
    },
  );
  for (const tool of TOOLS) register(server, tool, parts);
  return server;
}

function register(server: McpServer, tool: Tool, parts: ToolParts): void {
  const { name, title, description, properties, required } = tool;
  const inputSchema = fromJsonSchema<Words>({
    type: "object",
    properties,
    required: [...required],
    additionalProperties: false,
  });
  const annotations = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };
  server.registerTool(name, { title, description, inputSchema, annotations }, async (words: Words, { mcpReq }) => {
    const answer = await tool.run(words, parts, mcpReq.signal);
    const text = answer.ok ? JSON.stringify(answer.value) : answer.error.message;
    return { content: [{ type: "text", text }], isError: !answer.ok };
  });
}
