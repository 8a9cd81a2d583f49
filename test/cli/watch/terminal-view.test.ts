// The terminal view of a real process on a real pseudo-terminal: what is seen, and that the shell gets its screen back.

import { join } from "node:path";
import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { startProcess } from "../../capture/start-target.ts";
import { findInterpreters } from "../../support/interpreters.ts";
import { startTerminal, type TerminalProgram } from "../terminal/start-terminal.ts";

const PROJECT = join(import.meta.dirname, "..", "..", "..");
const LEAKING = `
import functools, time
REGISTRY = {}
@functools.lru_cache(maxsize=50)
def price(number):
    return number * 2
print("ready", flush=True)
number = 0
while True:
    for _ in range(20):
        number += 1
        REGISTRY[number] = str(number)
        price(number % 70)
        price(number % 7)
    time.sleep(0.02)
`;
const python = findInterpreters().at(-1)!.path;

function wordsFor(pid: number, ...words: readonly string[]): readonly string[] {
  return [process.execPath, join(PROJECT, "dist/cli/main.js"), "watch", String(pid), ...words];
}

function watchOn(pid: number, columns: number, rows: number, ...words: readonly string[]): TerminalProgram {
  return startTerminal(wordsFor(pid, ...words), columns, rows);
}

const LEFT = "\u001b[?1049l";

describe("on a terminal", () => {
  it("shows the process, obeys keys and sizes, and gives the screen back", async () => {
    await using target = await startProcess(python, ["-c", LEAKING]);
    await using view = watchOn(target.pid, 80, 24);
    const first = await view.until(/growing +sys\.modules/);
    expect(first).toContain(` ${target.pid} python`);
    expect(first).toMatch(/^ Memory {2}[\d.]+ MiB resident: /m);
    expect(first).toMatch(/^ {2}\d+ % +[\d,]+ +50\/50 +__main__\.price/m);
    expect(first.split("\n")).toHaveLength(24);

    view.keys("?");
    await view.until(/^ Keys/);
    view.keys("x/nothing");
    await view.until(/none fits the filter/);
    view.keys("\u001b");
    view.keys("s");
    await view.until(/by growth per second/);
    view.keys("\r");
    const why = await view.until(/Kept alive by/);
    expect(why).toContain("global REGISTRY");
    view.keys("\u001b");
    await view.until(/Containers/);

    view.resize(40, 8);
    await view.until(/terminal too small: 40x8/);
    view.resize(120, 40);
    const wide = await view.until(/Containers/);
    expect(wide).toContain("sys.modules['__main__'].REGISTRY");
    expect(wide.split("\n")).toHaveLength(40);

    view.keys("q");
    expect(await view.ended).toBe(0);
    expect(view.written()).toContain(LEFT);
    expect(view.screen()).not.toContain("Containers");
  }, 120_000);

  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "gives the screen back when %s ends it",
    async (signal, code) => {
      await using target = await startProcess(python, ["-c", LEAKING]);
      await using view = watchOn(target.pid, 80, 24);
      await view.until(/Containers/);
      view.signal(constants.signals[signal]);
      expect(await view.ended).toBe(code);
      expect(view.written()).toContain(LEFT);
    },
    60_000,
  );

  it("is stopped by Ctrl-Z and goes on with fg; keys are the shell's meanwhile", async () => {
    await using target = await startProcess(python, ["-c", LEAKING]);
    await using shell = startTerminal(["bash", "--norc", "--noprofile", "-i"], 80, 24);
    const settings = 'echo mode $(stty -a | grep -o "[-]*icanon")';
    shell.keys(`${wordsFor(target.pid, "--alone").join(" ")}\r`);
    await shell.until(/Containers/);
    shell.keys("/");
    await shell.until(/filter: _/);
    shell.keys("\u001a");
    await shell.until(/Stopped/);
    shell.keys(`${settings}\r`);
    await shell.until(/^mode icanon$/m);
    shell.keys("fg\r");
    await shell.until(/filter: _/);
    shell.keys("REG");
    expect(await shell.until(/filter: REG_/)).toContain("REGISTRY");
    shell.keys("\u001bq");
    await shell.until(/[$#]$/m);
    shell.keys("exit\r");
    expect(await shell.ended).toBe(0);
  }, 120_000);

  it("is drawn on terminals that do not say how large they are, and drawn anew by Ctrl-L", async () => {
    await using target = await startProcess(python, ["-c", LEAKING]);
    await using view = watchOn(target.pid, 80, 24, "--alone");
    view.resize(0, 0);
    await view.untilWritten(/Containers/);
    const before = view.written().length;
    view.keys("\u000c");
    await view.untilWritten(/Containers/, before);
    view.keys("q");
    expect(await view.ended).toBe(0);
  }, 60_000);

  it("leaves the page that somebody reads when the process has gone", async () => {
    const target = await startProcess(python, ["-c", LEAKING]);
    await using view = watchOn(target.pid, 80, 24, "--alone");
    await view.until(/Containers/);
    view.keys("?");
    await view.until(/^ Keys/);
    await target[Symbol.asyncDispose]();
    await view.until(/^ Keys \(the watch has ended\)/);
    view.keys("\u001b");
    expect(await view.ended).toBe(0);
    expect(view.screen().replaceAll(/\s+/g, " ")).toMatch(/Nothing is left to watch\. Process \d+ ended/);
  }, 60_000);

  it("gives the screen back before it reports a bug of its own", async () => {
    await using target = await startProcess(python, ["-c", LEAKING]);
    const [node = "", ...rest] = wordsFor(target.pid, "--alone");
    const bug = 'process.once("SIGUSR2", () => { throw new Error("odd"); });';
    await using view = startTerminal([node, "--import", `data:text/javascript,${bug}`, ...rest], 80, 24);
    await view.until(/Containers/);
    view.signal(constants.signals.SIGUSR2);
    expect(await view.ended).toBe(70);
    expect(view.screen()).toMatch(/deadweight: odd/);
    expect(view.written()).toContain(LEFT);
  }, 60_000);

  it("says on the shell's screen that the process has gone", async () => {
    const target = await startProcess(python, ["-c", LEAKING]);
    await using view = watchOn(target.pid, 80, 24, "--alone");
    await view.until(/Containers/);
    await target[Symbol.asyncDispose]();
    expect(await view.ended).toBe(0);
    expect(view.screen().replaceAll(/\s+/g, " ")).toMatch(/Nothing is left to watch\. Process \d+ ended/);
  }, 60_000);
});
