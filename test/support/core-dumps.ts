// Python processes that hold still, and cores of them by gcore and by the kernel.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Addr } from "../../src/base/brand.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { type ProcessMapping, parseMappings } from "../../src/capture/proc-maps.ts";
import { isStoppedState, readTaskStates } from "../../src/capture/proc-stat.ts";
import type { OutsideReader } from "../../src/cpython/memory-image.ts";
import { startProcess, type TestProcess } from "../capture/start-target.ts";

const CORE_PATTERN = "/proc/sys/kernel/core_pattern";
/** One thread that sleeps in the kernel: its memory is the same before and after any dump. */
const PROGRAM = `
import signal
held = {str(i): [i, str(i) * 3] for i in range(20000)}
print("ready", flush=True)
signal.pause()
`;

export interface StillTarget extends TestProcess {
  /** Where its core may go; removed with it. */
  readonly folder: string;
  readonly mappings: readonly ProcessMapping[];
  readonly memory: OutsideReader;
}

/** Starts `python` in a folder of its own, allowed to leave a core there, and stops it. */
export async function startStillTarget(python: string): Promise<StillTarget> {
  const folder = mkdtempSync(join(tmpdir(), "dw-core-"));
  const script = 'cd "$0" && ulimit -c unlimited && exec "$@"';
  const target = await startProcess("sh", ["-c", script, folder, python, "-I", "-c", PROGRAM]);
  const still = await holdStill(target.pid);
  return {
    ...target,
    ...still,
    folder,
    [Symbol.asyncDispose]: async () => {
      still[Symbol.dispose]();
      await target[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface StillProcess extends Disposable {
  readonly pid: number;
  readonly mappings: readonly ProcessMapping[];
  readonly memory: OutsideReader;
}

/** Stops a process that the test started. It is not resumed: the test ends it. */
export async function holdStill(pid: number): Promise<StillProcess> {
  process.kill(pid, "SIGSTOP");
  while (!readTaskStates(openProcFs(), pid).every((task) => isStoppedState(task.state))) await delay(1);
  const opened = openProcFs().open(`${pid}/mem`);
  if (!opened.ok) throw new Error(`/proc/${pid}/mem: ${opened.error}`);
  const file = opened.value;
  return {
    pid,
    mappings: parseMappings(readFileSync(`/proc/${pid}/maps`, "utf8")),
    memory: { read: (address, length) => readMemory(file, address, length) },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

type ProcMemory = Extract<ReturnType<ReturnType<typeof openProcFs>["open"]>, { ok: true }>["value"];

function readMemory(file: ProcMemory, address: Addr, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, Math.max(0, file.readInto(bytes, 0, length, address)));
}

/** Some pages of the heap, of the largest anonymous mappings and of each file's data, as the process has them now. */
export function samplePages(target: StillTarget): { address: Addr; bytes: Uint8Array }[] {
  const writable = target.mappings.filter((m) => m.writable && m.private && m.path !== "[stack]");
  const anonymous = writable.filter((m) => m.path === "").toSorted((a, b) => b.end - b.start - (a.end - a.start));
  const chosen = [...writable.filter((m) => m.path !== ""), ...anonymous.slice(0, 3)];
  return chosen.flatMap((mapping) =>
    [0, 1, 2].flatMap((quarter) => {
      const pages = (mapping.end - mapping.start) / 4096;
      const address = (mapping.start + Math.floor((pages * quarter) / 3) * 4096) as Addr;
      const bytes = target.memory.read(address, 4096);
      return bytes.length === 4096 ? [{ address, bytes }] : [];
    }),
  );
}

/** Path of the core that gcore writes; null when there is no gdb. */
export function writeGcore(target: StillTarget): string | null {
  try {
    execFileSync("gcore", ["-o", join(target.folder, "gcore"), String(target.pid)], { stdio: "ignore" });
  } catch {
    return null;
  }
  return join(target.folder, `gcore.${target.pid}`);
}

/** Ends the target with SIGABRT; path of the core the kernel wrote, or null when it wrote none. */
export async function writeKernelCore(target: StillTarget): Promise<string | null> {
  using pattern = aimCorePattern();
  if (!pattern.isLocal) return null;
  const exited = new Promise((resolve) => target.child.once("exit", resolve));
  process.kill(target.pid, "SIGABRT");
  process.kill(target.pid, "SIGCONT");
  await exited;
  const name = readdirSync(target.folder).find((file) => /^core(?:\.|$)/.test(file));
  const path = name === undefined ? null : join(target.folder, name);
  return path !== null && statSync(path).size > 0 ? path : null;
}

// A pattern such as "|/usr/share/apport/apport ..." sends cores elsewhere. Root may point it here for a moment.
function aimCorePattern(): Disposable & { readonly isLocal: boolean } {
  const before = readFileSync(CORE_PATTERN, "utf8").trim();
  if (before === "core") return { isLocal: true, [Symbol.dispose]: () => {} };
  try {
    writeFileSync(CORE_PATTERN, "core");
  } catch {
    return { isLocal: false, [Symbol.dispose]: () => {} };
  }
  return { isLocal: true, [Symbol.dispose]: () => writeFileSync(CORE_PATTERN, before) };
}

/** Whether a command can be started here. */
export function hasCommand(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
