// Every kind of process that cannot be read gets its own answer. Real processes wherever this machine can make one.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { classifyTarget } from "../../src/capture/classify-target.ts";
import { openTarget } from "../../src/capture/open-target.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { parseStat, readStat } from "../../src/capture/proc-stat.ts";
import { explainTargetError } from "../../src/model/explain-target-error.ts";
import { compileDriver } from "./compile-driver.ts";
import { startProcess } from "./start-target.ts";

const proc = openProcFs();
const isRoot = process.getuid?.() === 0;

function codeOf(pid: number): string {
  const facts = classifyTarget(proc, pid);
  return facts.ok ? "readable" : facts.error.code;
}

function idle(): ReturnType<typeof startProcess> {
  return startProcess("python3", ["-u", "-c", "print('ready'); import time; time.sleep(60)"]);
}

describe("a process that cannot be read", () => {
  test("because it does not exist", () => {
    expect(codeOf(2 ** 22 + 1)).toBe("no-such-process");
    expect(codeOf(-1)).toBe("no-such-process");
    expect(codeOf(Number.NaN)).toBe("no-such-process");
  });

  test("because it is this very command", () => {
    expect(codeOf(process.pid)).toBe("cannot-stop");
  });

  test("because it has ended and is not collected", async () => {
    const parent =
      "import os, time\npid = os.fork()\nif pid == 0: os._exit(0)\ntime.sleep(0.2)\nprint(pid); print('ready', flush=True); time.sleep(60)";
    let printed = "";
    await using target = await startProcess("python3", ["-c", parent], undefined, (text) => (printed += text));
    expect(target.pid).toBeGreaterThan(0);
    expect(codeOf(Number.parseInt(printed, 10))).toBe("zombie");
  });

  test.runIf(isVisible(2))("because it is a kernel thread", () => {
    expect(classifyTarget(proc, 2)).toMatchObject({ ok: false, error: { code: "kernel-thread", name: "kthreadd" } });
  });

  test("because it has 32 bits, run for real where the kernel can", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dw-elf32-"));
    try {
      const program = join(folder, "program");
      if (!compileElf32(folder, program)) return expectRecordedElf32(folder);
      await using target = await startProcess(program, []);
      expect(codeOf(target.pid)).toBe("not-64-bit");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("because it has 32 bits, from a recorded tree", () => {
    const folder = mkdtempSync(join(tmpdir(), "dw-elf32-"));
    try {
      expectRecordedElf32(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.runIf(isRoot)("because it belongs to another user", async () => {
    await using target = await idle();
    using driver = compileDriver("test/capture/classify-driver.ts");
    const output = execFileSync(process.execPath, [driver.file, String(target.pid), "65534"], { encoding: "utf8" });
    const error: unknown = JSON.parse(output);
    expect(error).toMatchObject({
      ok: false,
      error: { code: "permission", pid: target.pid, ownerUid: 0, ourUid: 65534, hasPtraceCapability: false },
    });
  });
});

describe("a process that can be read", () => {
  test("is described", async () => {
    await using target = await idle();
    const facts = classifyTarget(proc, target.pid);
    expect(facts).toMatchObject({
      ok: true,
      value: { pid: target.pid, uid: process.getuid?.(), namespacePid: target.pid, isContainerised: false, threads: 1 },
    });
    expect(facts.ok && facts.value.command.slice(1)).toEqual([
      "-u",
      "-c",
      "print('ready'); import time; time.sleep(60)",
    ]);
    expect(facts.ok && facts.value.executable).toMatch(/python/);
  });

  test.runIf(isRoot && canUnshare())(
    "lives in another mount and pid namespace: its files are opened through its own root",
    async () => {
      const jail = mkdtempSync(join(tmpdir(), "dw-jail-"));
      const inside = `mount -t tmpfs none ${jail} && printf 'only here' > ${jail}/data && exec python3 -u -c "
import mmap, time
file = open('${jail}/data', 'r+b')
view = mmap.mmap(file.fileno(), 9, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
print('ready'); time.sleep(60)"`;
      try {
        await using shell = await startProcess("unshare", [
          "--mount",
          "--pid",
          "--fork",
          "--kill-child",
          "sh",
          "-c",
          inside,
        ]);
        const pid = childOf(shell.pid);
        expect(classifyTarget(proc, pid)).toMatchObject({
          ok: true,
          value: { isContainerised: true, namespacePid: 1 },
        });
        const opened = openTarget(pid, proc);
        if (!opened.ok) throw new Error(explainTargetError(opened.error));
        using target = opened.value;
        expect(Buffer.from(target.files.open(`${jail}/data`)?.read(0, 9) ?? []).toString()).toBe("only here");
        const captured = await captureProcess(pid, { maxPauseMs: 5000, progress: () => {} });
        expect(captured.ok).toBe(true);
        if (captured.ok) captured.value[Symbol.dispose]();
      } finally {
        rmSync(jail, { recursive: true, force: true });
      }
    },
  );
});

function isVisible(pid: number): boolean {
  return readStat(proc, pid).ok;
}

function canUnshare(): boolean {
  return spawnSync("unshare", ["--mount", "--pid", "--fork", "true"]).status === 0;
}

function childOf(pid: number): number {
  const text = proc.readText(`${pid}/task/${pid}/children`);
  return text.ok ? Number.parseInt(text.value, 10) : 0;
}

/** A program without a C library that writes "ready" and waits: needs only a compiler that knows 32 bits. */
function compileElf32(folder: string, program: string): boolean {
  const source = join(folder, "program.c");
  writeFileSync(
    source,
    `static int call(int number, int a, const void *b, int c) {
  int result; __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory"); return result; }
void _start(void) { call(4, 1, "ready\\n", 6); for (;;) call(29, 0, 0, 0); }
`,
  );
  const built = spawnSync("gcc", [
    "-m32",
    "-nostdlib",
    "-static",
    "-ffreestanding",
    "-fno-pic",
    "-fno-stack-protector",
    "-o",
    program,
    source,
  ]);
  return built.status === 0 && spawnSync(program, [], { timeout: 200 }).error?.message.includes("ETIMEDOUT") === true;
}

/** A /proc tree with a process whose executable starts like a 32-bit ELF file. */
function expectRecordedElf32(folder: string): void {
  const root = join(folder, "proc");
  mkdirSync(join(root, "77"), { recursive: true });
  writeFileSync(join(root, "77/stat"), `77 (old (program)) S 1 77 77 0 -1 4194304 ${"0 ".repeat(12)}4242 0 0`);
  writeFileSync(join(root, "77/status"), "Name:\told\nUid:\t0\t0\t0\t0\nThreads:\t1\nNSpid:\t77\n");
  writeFileSync(join(root, "77/mem"), "");
  writeFileSync(join(root, "77/cmdline"), "old\0");
  writeFileSync(join(folder, "old"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0]));
  symlinkSync(join(folder, "old"), join(root, "77/exe"));
  expect(classifyTarget(openProcFs(root), 77)).toEqual({
    ok: false,
    error: { code: "not-64-bit", pid: 77, executable: join(folder, "old") },
  });
}

test("a name with brackets and spaces does not shift the fields", () => {
  expect(parseStat("77 (a) S (b c) T 1 77 77 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 4242 0")).toEqual({
    name: "a) S (b c",
    state: "T",
    parentPid: 1,
    isKernelThread: true,
    startTimeTicks: 4242,
  });
});
