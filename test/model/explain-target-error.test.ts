// Each failure has its own sentence, which says what was seen and what to do.

import { expect, test } from "vitest";
import { explainTargetError } from "../../src/model/explain-target-error.ts";
import type { TargetError } from "../../src/model/target-error.ts";

const denied = {
  code: "permission",
  pid: 7,
  ownerUid: 1000,
  ourUid: 1001,
  yamaScope: null,
  hasPtraceCapability: false,
} as const;
const errors: readonly TargetError[] = [
  { code: "no-such-process", pid: 7 },
  { code: "exited-during-read", pid: 7 },
  { code: "zombie", pid: 7 },
  { code: "kernel-thread", pid: 7, name: "kworker/0:1" },
  denied,
  { ...denied, ourUid: 1000, yamaScope: 1 },
  { ...denied, ourUid: 0 },
  { ...denied, ourUid: 0, hasPtraceCapability: true },
  { ...denied, yamaScope: 3 },
  { ...denied, ourUid: 1000 },
  { code: "not-python", pid: 7, executable: "/usr/bin/sleep" },
  { code: "not-64-bit", pid: 7, executable: "/opt/old/python" },
  { code: "unsupported-version", version: "3.6.15", supported: ["3.8", "3.9"] },
  { code: "unsupported-build", version: "3.13.0", build: "free-threaded" },
  { code: "layout-mismatch", version: "3.13.0", detail: "interp.next is 8, expected 7264" },
  { code: "interpreter-not-initialised", pid: 7 },
  { code: "pause-limit", pid: 7, limitMs: 5000, copiedBytes: 2 ** 30, totalBytes: 2 ** 33, estimatedMs: null },
  { code: "pause-limit", pid: 7, limitMs: 5000, copiedBytes: 0, totalBytes: 2 ** 36, estimatedMs: 20_000 },
  { code: "too-large", pid: 7, bytes: 2 ** 33, limitBytes: 2 ** 30 },
  { code: "too-large", pid: 7, bytes: 2 ** 33, limitBytes: null },
  { code: "cannot-stop", pid: 7, detail: "thread 8 stays in state D" },
  { code: "interrupted", pid: 7, signal: "SIGTERM" },
  { code: "core-unreadable", file: "core.7", detail: "it is not an ELF file" },
  { code: "core-needs-file", file: "core.7", mapped: "/usr/bin/python3", problem: "is not on this machine" },
  { code: "core-incomplete", file: "core.7", detail: "the heap was not dumped" },
];

test("every failure has a sentence of its own", () => {
  const sentences = errors.map(explainTargetError);
  expect(new Set(sentences).size).toBe(errors.length);
  for (const sentence of sentences) {
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
    expect(sentence.length).toBeGreaterThan(60);
    expect(sentence.length).toBeLessThan(500);
  }
});

test("a refusal names the command that will work", () => {
  expect(explainTargetError(denied)).toContain('sudo env PATH="$PATH" deadweight');
  expect(explainTargetError({ ...denied, ourUid: 1000, yamaScope: 1 })).toContain(
    "sudo sysctl kernel.yama.ptrace_scope=0",
  );
  expect(explainTargetError({ ...denied, ourUid: 0 })).toMatch(
    /docker run --cap-add=SYS_PTRACE.*kubectl debug.*--profile=sysadmin/,
  );
});
