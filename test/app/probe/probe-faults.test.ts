// Whatever the other end does, the program runs on, and the tool does.

import { connect, createServer, type Server, type Socket } from "node:net";
import { fstatSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { readStat } from "../../../src/capture/proc-stat.ts";
import { type CompiledDriver, compileDriver } from "../../capture/compile-driver.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { answer, folderWith, openHub, plainEnvironment, type Program, startProgram, until } from "./probed-program.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";

const BOOT = join(import.meta.dirname, "../../../python/src/deadweight/_boot");

/** Works all the time, says how far it is, and ends well when stdin is closed. */
const WORKER = `
import sys, threading
rounds = 0
def stop():
    global ended
    sys.stdin.read()
    ended = True
ended = False
threading.Thread(target=stop, daemon=True).start()
while not ended:
    rounds += 1
    sum(range(1000))
    if rounds % 500 == 0: print("round", rounds, flush=True)
print("well", flush=True)
`;

function startWorker(python: string, socketPath: string): Program {
  return startProgram(
    python,
    ["-X", "dev", "-c", WORKER],
    plainEnvironment({ PYTHONPATH: BOOT, DEADWEIGHT_PROBE: socketPath }),
  );
}

async function goesOn(program: Program): Promise<void> {
  const before = program.stdout().length;
  await until(() => program.stdout().length > before);
}

async function endsWell(program: Program): Promise<void> {
  await goesOn(program);
  program.child.stdin?.end();
  expect([await program.ended, program.stderr()]).toEqual([0, ""]);
  expect(program.stdout().endsWith("well\n")).toBe(true);
}

/** A tool that says what it likes. */
async function rudeTool(greet: (socket: Socket) => void): Promise<{ readonly path: string; readonly heard: string[] }> {
  const path = join(folderWith({}), "tool");
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { path, heard };
}

let driver: CompiledDriver;
beforeAll(() => {
  driver = compileDriver("test/app/probe/hub-driver.ts");
}, 60_000);
afterAll(() => driver[Symbol.dispose]());

const INTERPRETERS = findInterpreters().map((python) => [describeInterpreter(python), python.path] as const);

describe.each(INTERPRETERS)("CPython %s and a tool that", (_, python) => {
  it.each([["SIGKILL"], ["SIGSTOP"]] as const)("gets %s while it asks", async (signal) => {
    // What the tool makes stays when it is killed.
    using _own = ownTemporaries();
    const tool = startProgram(process.execPath, [driver.file], process.env);
    await tool.says("socket");
    const path = tool.stdout().trim().slice("socket ".length);
    const program = startWorker(python, path);
    await tool.says("asking");
    tool.child.kill(signal);
    await sleep(100);
    await endsWell(program);
  });

  it("talks nonsense", async () => {
    const lines = [
      "nonsense",
      "{}",
      "[1]",
      '{"id":"x"}',
      '{"id":1}',
      '{"id":2,"do":"rm"}',
      '{"id":3,"do":["stats"]}',
      "\xff",
    ];
    const tool = await rudeTool((socket) => socket.write(`${lines.join("\n")}\n{"id":4,"do":"ping"}\n`, "latin1"));
    const program = startWorker(python, tool.path);
    await until(() => tool.heard.join("").includes('"id":4'));
    const answers = tool.heard.join("").trim().split("\n").slice(1);
    expect(answers).toHaveLength(lines.length + 1);
    expect(answers.filter((line) => line.includes('"error"'))).toHaveLength(lines.length);
    await endsWell(program);
  });

  it("says half a line and goes", async () => {
    const tool = await rudeTool((socket) => socket.end('{"id":1,"do"'));
    const program = startWorker(python, tool.path);
    await until(() => tool.heard.join("").split('"hello"').length > 2);
    await endsWell(program);
  });

  it("says a line without end", async () => {
    const tool = await rudeTool((socket) => {
      const flood = setInterval(() => socket.write("x".repeat(65_536)), 1);
      socket.once("close", () => clearInterval(flood));
    });
    const program = startWorker(python, tool.path);
    await until(() => tool.heard.join("").split('"hello"').length > 2);
    await endsWell(program);
  });

  it("does not listen to the answers it asks for", async () => {
    const tool = await rudeTool((socket) => {
      socket.pause();
      const flood = setInterval(() => socket.write('{"id":1,"do":"stats"}\n'.repeat(500)), 1);
      socket.once("close", () => clearInterval(flood));
    });
    const program = startWorker(python, tool.path);
    await sleep(300);
    await endsWell(program);
  });

  it("sends the probe away: it does not come back", async () => {
    const tool = await rudeTool((socket) => socket.end('{"bye":"no"}\n'));
    const program = startWorker(python, tool.path);
    await until(() => tool.heard.length > 0);
    await sleep(300);
    expect(tool.heard).toHaveLength(1);
    await endsWell(program);
  });

  it("is not there", async () => {
    await endsWell(startWorker(python, "/nowhere/probe"));
  });

  it("stops the program in the middle: the tool hears nothing, then everything", async () => {
    const { hub, connections } = await openHub();
    const program = startWorker(python, hub.socketPath);
    await until(() => connections.length > 0);
    const [probe] = connections;
    await answer(probe, "ping");
    program.child.kill("SIGSTOP");
    await until(() => isStopped(program.pid));
    expect(await probe?.request("stats", {}, 100)).toMatchObject({ ok: false });
    program.child.kill("SIGCONT");
    await answer(probe, "ping");
    expect(probe?.unanswered).toBe(1);
    await endsWell(program);
    await probe?.closed;
    expect(await probe?.request("ping")).toMatchObject({ ok: false });
  });

  it("is asked 20 times in programs that end at once: no stain on any of them", async () => {
    const { hub } = await openHub();
    for (let runs = 0; runs < 20; runs++) {
      const program = startProgram(
        python,
        ["-X", "dev", "-c", "pass"],
        plainEnvironment({ PYTHONPATH: BOOT, DEADWEIGHT_PROBE: hub.socketPath }),
      );
      expect([await program.ended, program.stderr()]).toEqual([0, ""]);
    }
  });

  it("does not get the program's signals", async () => {
    const { hub, connections } = await openHub();
    const text =
      "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('ready', flush=True); print(signal.sigwait([signal.SIGTERM]) == signal.SIGTERM)";
    const program = startProgram(
      python,
      ["-c", text],
      plainEnvironment({ PYTHONPATH: BOOT, DEADWEIGHT_PROBE: hub.socketPath }),
    );
    await program.says("ready");
    await until(() => connections.length > 0);
    program.child.kill("SIGTERM");
    expect([await program.ended, program.stdout()]).toEqual([0, "ready\nTrue\n"]);
  });
});

describe("a connection that is no probe", () => {
  const hello = {
    hello: 1,
    pid: process.pid,
    ppid: 1,
    startTicks: 1,
    socketFd: 0,
    socketInode: 1,
    python: "3.11.7",
    argv: [],
  };
  const ownTicks = (): number => {
    const stat = readStat(openProcFs(), process.pid);
    return stat.ok ? stat.value.startTimeTicks : 0;
  };

  it.each([
    ["nonsense", "no greeting"],
    ["{}", "no greeting"],
    [JSON.stringify({ ...hello, hello: 99 }), "version 99"],
    [JSON.stringify({ ...hello, pid: -1 }), "does not say which process"],
    [JSON.stringify(hello), "not the one that connected"],
    [JSON.stringify({ ...hello, startTicks: ownTicks() }), "does not have the connection"],
    ["x".repeat(300_000), "no greeting"],
  ])("is turned away: %.30s", async (line, why) => {
    const { hub, connections, refused } = await openHub();
    const socket = connect(hub.socketPath);
    socket.on("error", () => undefined);
    socket.write(`${line}\n`);
    await until(() => refused.length > 0);
    expect(refused[0]).toContain(why);
    expect(connections).toEqual([]);
    socket.destroy();
  });

  it("answers nonsense, a request is not known, or a line has no end: it is dropped, the hub stays", async () => {
    const { hub, connections } = await openHub();
    for (const said of ["nonsense\n".repeat(20), '{"id":77,"ok":1}\n', "x".repeat(6_000_000)]) {
      const socket = connect(hub.socketPath);
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("connect", resolve));
      const fd = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
      const count = connections.length;
      socket.write(
        `${JSON.stringify({ ...hello, startTicks: ownTicks(), socketFd: fd, socketInode: fstatSync(fd).ino })}\n`,
      );
      await until(() => connections.length > count);
      socket.write(said);
      if (!said.startsWith("{")) await connections.at(-1)?.closed;
      socket.destroy();
      await connections.at(-1)?.closed;
    }
    expect(connections).toHaveLength(3);
  });

  it("nobody else can open the socket", async () => {
    const { hub } = await openHub();
    const { statSync } = await import("node:fs");
    expect(statSync(hub.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(hub.socketPath, "..")).mode & 0o777).toBe(0o700);
  });
});

function isStopped(pid: number): boolean {
  const stat = readStat(openProcFs(), pid);
  return stat.ok && stat.value.state === "T";
}
