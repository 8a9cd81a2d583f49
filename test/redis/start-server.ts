// Real servers on loopback, each on a free port and in a folder of its own, ended by their ids.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { environmentOf, type ServerProgram } from "./server-programs.ts";

export type FoundProgram = Extract<ServerProgram, { readonly path: string }>;

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly pid: number;
  /** One command in RESP; the raw reply. Text of an error is in it. */
  ask(...words: readonly string[]): Promise<string>;
  /** kill -9 */
  kill(): Promise<void>;
  /** With the same port and folder; `words` are added to those of before. */
  restart(): Promise<void>;
}

export interface ServerWish {
  /** Words of the command line, as "--appendonly", "no". */
  readonly words?: readonly string[];
  /** Plain TCP port; 0 for none. */
  readonly hasPlainPort?: boolean;
}

const LOOK_MS = 10;
const READY_MS = 15_000;

export async function startServer(program: FoundProgram, wish: ServerWish = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), `dw-${program.kind}-`));
  const port = await freePort();
  let child = await run(program, folder, port, wish);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    ask: async (...words) => await askServer(port, words),
    kill: async () => await ended(child),
    restart: async () => {
      await ended(child);
      child = await run(program, folder, port, wish);
    },
    [Symbol.asyncDispose]: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(
  program: FoundProgram,
  folder: string,
  port: number,
  { words = [] }: ServerWish,
): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const own = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--logfile", "log"];
  const child = spawn(program.path, [...own, ...words], {
    env: environmentOf(program.libraries),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const end = performance.now() + READY_MS;
  for (;;) {
    const reply = await askServer(port, ["PING"]).catch(() => "");
    // With a password it says so: it is there.
    if (reply.startsWith("+PONG") || reply.startsWith("-NOAUTH")) return child;
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`${program.kind} did not start in ${folder}`);
    await delay(LOOK_MS);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await over;
}

async function freePort(): Promise<number> {
  // A node of a cluster needs the port 10000 above it, too.
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (port < 55_000) return port;
  }
}

/** The first piece of what comes back: enough for short replies. */
export async function askServer(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("closed")));
      socket.once("data", (bytes) => resolve(bytes.toString("utf8")));
      const packed = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("");
      socket.write(`*${words.length}\r\n${packed}`);
    });
  } finally {
    socket.destroy();
  }
}

export interface TestCluster extends AsyncDisposable {
  readonly url: string;
  readonly nodes: readonly TestServer[];
}

/** Three primaries with a third of the slots each. */
export async function startCluster(program: FoundProgram): Promise<TestCluster> {
  const words = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--appendonly", "no"];
  const nodes = await Promise.all([0, 1, 2].map(async () => await startServer(program, { words })));
  const [first] = nodes;
  for (const [at, node] of nodes.entries()) {
    await node.ask(
      "CLUSTER",
      "ADDSLOTSRANGE",
      String(Math.ceil((16_384 / 3) * at)),
      String(Math.ceil((16_384 / 3) * (at + 1)) - 1),
    );
    if (first !== undefined && at > 0) await node.ask("CLUSTER", "MEET", "127.0.0.1", String(first.port));
  }
  const end = performance.now() + READY_MS;
  for (const node of nodes)
    while (!/cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(await node.ask("CLUSTER", "INFO"))) {
      if (performance.now() > end) throw new Error("the cluster does not come together");
      await delay(LOOK_MS);
    }
  return {
    url: first?.url ?? "",
    nodes,
    [Symbol.asyncDispose]: async () => {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}

/** A CA of our own and a certificate for 127.0.0.1, made by openssl in a folder. */
export function makeCertificates(folder: string): { readonly ca: string; readonly cert: string; readonly key: string } {
  const path = (name: string): string => join(folder, name);
  const openssl = (...words: readonly string[]): void => {
    execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const made = (name: string, subject: string, usage: string, more: readonly string[]): void => {
    const files = ["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`), "-subj", `/CN=${subject}`];
    // Python 3.13 refuses certificates that do not say what they are for.
    openssl("req", "-x509", ...key, ...files, "-addext", `keyUsage=critical,${usage}`, ...more);
  };
  made("ca", "test CA", "keyCertSign", []);
  const signed = ["-addext", "subjectAltName=IP:127.0.0.1", "-CA", path("ca.pem"), "-CAkey", path("ca.key")];
  made("server", "127.0.0.1", "digitalSignature,keyCertSign", signed);
  return { ca: path("ca.pem"), cert: path("server.pem"), key: path("server.key") };
}
