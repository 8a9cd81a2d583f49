// `deadweight mcp` as an assistant sees it: through the protocol's own client.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { findInterpreters } from "../support/interpreters.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");
const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import time
class Session:
    def __init__(self, number):
        self.user = "private-%d" % number
SESSIONS = {}
print("ready", flush=True)
while True:
    for _ in range(50):
        SESSIONS[len(SESSIONS)] = Session(len(SESSIONS))
    time.sleep(0.02)
`;

const shop = spawn(PYTHON, ["-c", SHOP], { stdio: ["ignore", "pipe", "inherit"] });
const client = new Client({ name: "test", version: "1" });
beforeAll(async () => {
  await waitForLine(shop, "ready");
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [TOOL, "mcp"] }));
});
afterAll(async () => {
  await client.close();
  await endProcess(shop);
});

interface Told {
  readonly text: string;
  readonly isError: boolean;
}

async function call(name: string, words: Readonly<Record<string, unknown>>): Promise<Told> {
  const { content, isError } = await client.callTool({ name, arguments: words });
  const [part] = content as readonly { readonly type: string; readonly text?: string }[];
  return { text: part?.text ?? "", isError: isError === true };
}

describe("an assistant", () => {
  it("finds tools that only read", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["heap_top", "heap_why", "diagnose", "scan"]));
    for (const { annotations, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(description).toMatch(/\.$|\d$/);
    }
  });

  it("finds the process, what holds its memory, and why", async () => {
    expect((await call("list_processes", {})).text).toContain(`"pid":${shop.pid}`);
    const source = String(shop.pid);
    const top = await call("heap_top", { source, limit: 2 });
    expect(JSON.parse(top.text)).toMatchObject({ schema: "deadweight/top@1" });
    const why = await call("heap_why", { source, selector: "__main__.Session", limit: 1 });
    expect(why.text).toContain("SESSIONS[*]");
  });

  it("sees no values", async () => {
    const source = String(shop.pid);
    const found = await call("heap_query", { source, query: "str order by size limit 500" });
    expect(found.isError).toBe(false);
    expect(found.text).not.toContain("private-");
  });

  it("reads a process anew when it asks for that", async () => {
    const source = String(shop.pid);
    const count = async (): Promise<number> =>
      (JSON.parse((await call("heap_query", { source, query: "__main__.Session" })).text) as { matched: number })
        .matched;
    const before = await count();
    expect(await count()).toBe(before);
    await call("heap_refresh", { source });
    expect(await count()).toBeGreaterThan(before);
  });

  it("gets a diagnosis", async () => {
    const { text } = await call("diagnose", { pid: shop.pid, seconds: 8 });
    expect(JSON.parse(text)).toMatchObject({
      schema: "deadweight/diagnosis@1",
      leaks: [{ holder: { name: "SESSIONS" } }],
    });
  });

  it.each([
    ["heap_why", { source: String(shop.pid), selector: "nobody" }, "Nothing is called nobody"],
    ["heap_top", { source: "/nowhere.dwsnap" }, "There is no file"],
    ["heap_query", { source: String(shop.pid), query: "dict wheer" }, "wheer"],
    ["caches", { pid: 2 ** 22 + 1 }, "process"],
  ])("is told in a sentence what cannot be done: %s", async (name, words, said) => {
    const { text, isError } = await call(name, words);
    expect([isError, text]).toEqual([true, expect.stringContaining(said)]);
  });

  it("cannot leave out what a tool needs", async () => {
    const answer = await call("heap_top", {}).catch((error: unknown) => ({ isError: true, text: String(error) }));
    expect([answer.isError, answer.text]).toEqual([true, expect.stringContaining("source")]);
  });
});
