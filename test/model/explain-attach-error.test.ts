// Each reason not to attach has its own sentence, which says what was seen and what to do.

import { expect, it } from "vitest";
import type { AttachError } from "../../src/model/attach-error.ts";
import { explainAttachError } from "../../src/model/explain-attach-error.ts";

const NOT_TAKEN = { code: "attach-not-taken", pid: 7, seconds: 10, waitsIn: "accept4", canUseGdb: true } as const;
const ERRORS: readonly AttachError[] = [
  { code: "no-such-process", pid: 7 },
  { code: "attach-forbidden", pid: 7, by: "PYTHON_DISABLE_REMOTE_DEBUG" },
  { code: "attach-forbidden", pid: 7, by: null },
  { code: "attach-other-user", pid: 7, ownerUid: 33, ourUid: 0 },
  { code: "attach-elsewhere", pid: 7 },
  { code: "attach-unknown-release", pid: 7, version: "3.14.0rc1", known: "final releases of Python 3.8 to 3.15" },
  { code: "attach-unsound", pid: 7, version: "3.11.9", seen: "slot 3 of the ring holds 0x80, which is no function" },
  { code: "attach-busy", pid: 7, seen: "calls of the program wait already" },
  { code: "attach-no-write", pid: 7, detail: "EPERM" },
  NOT_TAKEN,
  { ...NOT_TAKEN, waitsIn: null },
  { ...NOT_TAKEN, canUseGdb: false },
  { code: "attach-failed-inside", pid: 7, detail: "MemoryError: " },
  { code: "attach-gdb", pid: 7, detail: "gdb is not installed" },
  { code: "attach-no-folder", detail: "no folder can be made in /tmp (EROFS)" },
  { code: "already-attached", pid: 7 },
  { code: "not-attached", pid: 7 },
  { code: "attach-no-connection", pid: 7, detail: "nobody came within 15 s" },
];

it("no two read the same, and each is a whole sentence about what was seen", () => {
  const sentences = ERRORS.map(explainAttachError);
  expect(new Set(sentences).size).toBe(ERRORS.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^(?:[A-Z]|gdb ).*(?:7|folder|room).*$/);
});

it("what can be done is a command to copy", () => {
  expect(explainAttachError(NOT_TAKEN)).toMatch(/it waits in accept4.*withdrawn.*--wait 60.*--gdb/);
  expect(explainAttachError({ ...NOT_TAKEN, canUseGdb: false })).not.toContain("--gdb");
  expect(explainAttachError({ code: "attach-other-user", pid: 7, ownerUid: 33, ourUid: 0 })).toContain("sudo -u '#33'");
  expect(explainAttachError({ code: "attach-elsewhere", pid: 7 })).toContain("deadweight diagnose 7");
});
