// Lets the tool read a Python program that both were started beside: Yama may let only ancestors read a process.

import { existsSync, readFileSync } from "node:fs";

const YAMA = "/proc/sys/kernel/yama/ptrace_scope";

/** The program says that anyone of the same user may read it, then starts. */
const ALLOW_SIBLINGS = [
  "import ctypes, os, sys",
  "ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)",
  "os.execv(sys.executable, [sys.executable] + sys.argv[1:])",
].join("\n");

/** Arguments of `python` that start `program` so that it can be read; whether the kernel had to be told. */
export function readableProgram(program: readonly string[]): {
  readonly args: readonly string[];
  readonly permissionGiven: boolean;
} {
  const permissionGiven = existsSync(YAMA) && readFileSync(YAMA, "utf8").trim() === "1";
  return { args: permissionGiven ? ["-c", ALLOW_SIBLINGS, ...program] : program, permissionGiven };
}
