// The language server as an editor has it: a process, and messages over its stdin and stdout.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { projectFolder } from "./project-folder.ts";

const PROJECT = join(import.meta.dirname, "../../..");
const CACHED = "import functools\n\n@functools.lru_cache(maxsize=None)\ndef load(key):\n    return key\n";

interface Diagnostics {
  readonly uri: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly range: { readonly start: { readonly line: number } };
  }[];
}

/** Starts the tool from its sources, as `npm test` may not have built it. */
async function withServer(
  work: (server: MessageConnection, next: () => Promise<Diagnostics>) => Promise<void>,
): Promise<void> {
  const child = spawn(join(PROJECT, "node_modules/.bin/tsx"), [join(PROJECT, "src/cli/main.ts"), "lsp"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const told: Diagnostics[] = [];
  const waiting: ((each: Diagnostics) => void)[] = [];
  server.onNotification("textDocument/publishDiagnostics", (each: Diagnostics) => {
    const first = waiting.shift();
    if (first === undefined) told.push(each);
    else first(each);
  });
  server.listen();
  const next = (): Promise<Diagnostics> => {
    const first = told.shift();
    return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
  };
  try {
    await work(server, next);
    await server.sendRequest("shutdown");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await server.sendNotification("exit");
    expect(await ended).toBe(0);
  } finally {
    server.dispose();
    child.kill("SIGKILL");
  }
}

it("shows findings while one types, explains them and offers to mend them", async () => {
  using folder = projectFolder({ "a.py": CACHED, "b.py": "", "deadweight.toml": 'confidence = "possible"\n' });
  const uri = pathToFileURL(join(folder.path, "a.py")).href;
  await withServer(async (server, next) => {
    const workspaceFolders = [{ uri: pathToFileURL(folder.path).href, name: "shop" }];
    await server.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
    await server.sendNotification("initialized", {});
    const first = await next();
    expect(first).toMatchObject({ uri, diagnostics: [{ code: "DW101", range: { start: { line: 2 } } }] });

    const hover = await server.sendRequest("textDocument/hover", {
      textDocument: { uri },
      position: { line: 2, character: 5 },
    });
    expect(JSON.stringify(hover)).toContain("**DW101 unbounded-cache**");

    const text = `# moved\n${CACHED}`;
    await server.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text },
    });
    expect((await next()).diagnostics[0]?.range.start.line).toBe(3);

    const actions = await server.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: { line: 3, character: 5 }, end: { line: 3, character: 5 } },
      context: { diagnostics: [] },
    });
    expect(actions).toMatchObject([
      { kind: "quickfix", edit: { changes: { [uri]: [{ newText: "maxsize=1024" }] } } },
      { title: "Suppress DW101 here", edit: { changes: { [uri]: [{ newText: "  # dw: ignore[DW101]" }] } } },
    ]);

    await server.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: "" }],
    });
    expect(await next()).toEqual({ uri, diagnostics: [] });
  });
});

it("reads settings and baseline anew, and says once what is wrong with them", async () => {
  using folder = projectFolder({ "a.py": CACHED, "deadweight.toml": 'confidence = "possible"\n' });
  const uri = pathToFileURL(join(folder.path, "a.py")).href;
  await withServer(async (server, next) => {
    const workspaceFolders = [{ uri: pathToFileURL(folder.path).href, name: "shop" }];
    await server.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
    await server.sendNotification("initialized", {});
    expect((await next()).diagnostics).toHaveLength(1);
    const change = async (settings: string): Promise<void> => {
      folder.write({ "deadweight.toml": settings });
      await server.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
    };
    folder.write({ "dw.json": JSON.stringify({ schema: "deadweight/baseline@1", files: { "a.py": { DW101: 1 } } }) });
    await change('confidence = "possible"\nbaseline = "dw.json"\n');
    expect(await next()).toEqual({ uri, diagnostics: [] });
    const told = new Promise((resolve) => server.onNotification("window/showMessage", resolve));
    await change('confidence = "high"\n');
    expect(await told).toMatchObject({ message: expect.stringContaining("deadweight.toml:1: 'confidence' must be") });
    await change('confidence = "possible"\n');
    expect((await next()).diagnostics).toHaveLength(1);
    await change('confidence = "certain"\n');
    expect((await next()).diagnostics).toHaveLength(0);
  });
});
