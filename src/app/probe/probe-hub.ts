// Where probes connect: a unix socket that only we can open, one connection per process.

import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { pythonPackagePath } from "../python-package.ts";
import { checkPeer } from "./check-peer.ts";
import { LineReader } from "./line-reader.ts";
import { ProbeConnection } from "./probe-connection.ts";
import { isRelayGreeting, parseHello, type ProbeHello } from "./probe-protocol.ts";
import { serveRelay } from "./relay.ts";

export interface ProbeHub extends AsyncDisposable {
  readonly socketPath: string;
  /** What a program needs in its environment to load the probe. */
  readonly environment: (given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
}

export interface HubListener {
  /** The connection has a process of its own at the other end. */
  readonly connected: (connection: ProbeConnection) => void;
  /** Someone was turned away; a sentence. */
  readonly refused: (why: string) => void;
}

/** A probe greets at once. */
const GREETING_WITHIN_MS = 10_000;
const FAREWELL_MS = 200;
/** The kernel closes what a process had open before its parent hears of its end. */
const END_SEEN_MS = 100;
const LONGEST_GREETING_BYTES = 256 * 1024;
/** Of sockaddr_un, the final zero included; the same on all systems is less, 104. */
const LONGEST_SOCKET_PATH = 103;
const MOST_CONNECTIONS = 4096;
const BOOT_FOLDER = pythonPackagePath("_boot");

/** Fails with a sentence when no socket can be made. Disposal ends all connections and removes the socket. */
export async function openProbeHub(listener: HubListener): Promise<Result<ProbeHub, string>> {
  const folder = socketFolder();
  if (!folder.ok) return folder;
  const socketPath = join(folder.value, "probe");
  const hub = new Reception(listener);
  const removeFolder = (): void => rmSync(folder.value, { recursive: true, force: true });
  // Also when a signal ends us.
  process.once("exit", removeFolder);
  const failure = await hub.listen(socketPath);
  if (failure !== null) {
    removeFolder();
    return fail(`no socket can be opened in ${folder.value}: ${failure}`);
  }
  chmodSync(socketPath, 0o600);
  return ok({
    socketPath,
    environment: (given) => withProbe(given, socketPath),
    [Symbol.asyncDispose]: async () => {
      await hub.close();
      process.off("exit", removeFolder);
      removeFolder();
    },
  });
}

/** `given` with the probe in it. PYTHONPATH keeps what it has, behind the folder that loads us. */
function withProbe(given: NodeJS.ProcessEnv, socketPath: string): NodeJS.ProcessEnv {
  const before = given["PYTHONPATH"] ?? "";
  const path = before === "" ? BOOT_FOLDER : `${BOOT_FOLDER}${delimiter}${before}`;
  const bytecode = bytecodeFolder(given) ?? join(dirname(socketPath), "bytecode");
  return { ...given, PYTHONPATH: path, DEADWEIGHT_PROBE: socketPath, DEADWEIGHT_PROBE_BYTECODE: bytecode };
}

/** Where the probe keeps its compiled modules from run to run; null when the user has no cache to write to. */
function bytecodeFolder(given: NodeJS.ProcessEnv): string | null {
  const folder = join(given["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "deadweight", "probe");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return statSync(folder).uid === process.geteuid?.() ? folder : null;
  } catch {
    return null;
  }
}

/** A folder that only its owner can enter, with room for the socket's name. */
function socketFolder(): Result<string, string> {
  const wanted = tmpdir();
  const parent = join(wanted, "deadweight-XXXXXX", "probe").length <= LONGEST_SOCKET_PATH ? wanted : "/tmp";
  try {
    return ok(mkdtempSync(join(parent, "deadweight-")));
  } catch (error) {
    return fail(`no folder can be made in ${parent}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Greets who comes, and lets one connection per process in. */
class Reception {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Map<string, ProbeConnection>();
  readonly #listener: HubListener;

  constructor(listener: HubListener) {
    this.#listener = listener;
    this.#server = createServer((socket) => this.#receive(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** Null, or why not. */
  async listen(path: string): Promise<string | null> {
    return await new Promise((resolve) => {
      this.#server.once("error", (error) => resolve(error.message));
      this.#server.listen(path, () => resolve(null));
    });
  }

  async close(): Promise<void> {
    // So that no probe waits for us to come back.
    for (const connection of this.#connections.values()) connection.close("the tool has ended");
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroySoon();
    // What a stopped process does not read is not waited for.
    const timer = setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), FAREWELL_MS);
    await closed;
    clearTimeout(timer);
  }

  #receive(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // A connection that breaks is closed, and "close" says all we need to know.
    socket.on("error", () => undefined);
    const lines = new LineReader(LONGEST_GREETING_BYTES);
    const timer = setTimeout(() => socket.destroy(), GREETING_WITHIN_MS);
    socket.once("close", () => clearTimeout(timer));
    const greet = (chunk: Buffer): void => {
      const [line, ...more] = lines.read(chunk) ?? [""];
      if (line === undefined) return;
      clearTimeout(timer);
      socket.off("data", greet);
      if (isRelayGreeting(line)) return serveRelay(socket, more, () => this.#open());
      // A probe speaks once and then waits to be asked.
      this.#admit(socket, more.length === 0 ? parseHello(line) : fail("it speaks without being asked"));
    };
    socket.on("data", greet);
  }

  #open(): readonly ProbeConnection[] {
    return [...this.#connections.values()].filter(({ isOpen }) => isOpen);
  }

  #admit(socket: Socket, greeting: Result<ProbeHello, string>): void {
    if (!greeting.ok) return this.#refuse(socket, greeting.error);
    const hello = greeting.value;
    const checked = checkPeer(hello);
    if (!checked.ok) return this.#refuseUnlessEnded(socket, checked.error);
    const key = `${hello.pid} ${hello.startTicks}`;
    if (this.#connections.get(key)?.isOpen === true)
      return this.#refuse(socket, `process ${hello.pid} is connected already`);
    const connection = new ProbeConnection(socket, hello);
    this.#connections.set(key, connection);
    connection.closed.then(
      () => this.#connections.get(key) === connection && this.#connections.delete(key),
      () => undefined,
    );
    this.#listener.connected(connection);
  }

  /** A process that ended while it greeted is no mistake of anybody: its end closes the connection. */
  #refuseUnlessEnded(socket: Socket, why: string): void {
    socket.resume();
    setTimeout(() => {
      if (!socket.destroyed) this.#refuse(socket, why);
    }, END_SEEN_MS);
  }

  #refuse(socket: Socket, why: string): void {
    socket.end(`${JSON.stringify({ bye: why })}\n`);
    this.#listener.refused(`A connection was turned away: ${why}.`);
  }
}
