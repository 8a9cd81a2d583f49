// The log on a disk: whatever is done to the file of a real log is found, half a line is not taken for an edit, and of many commands at
// once each writes its own lines.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditLog, openAuditLog, readAuditLog } from "../../../src/app/caches/audit-log.ts";
import type { AuditEvent } from "../../../src/govern/audit-chain.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-audit-"));
  path = join(folder, "audit.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function intent(reason: string): AuditEvent {
  const actor = { user: "ann", uid: 1000, pid: 7, host: "web-3" };
  return { kind: "intent", action: "clear", app: "shop", selector: "ns:a", reason, actor, share: 1, plan: "p" };
}

const result: AuditEvent = {
  kind: "result",
  outcome: "complete",
  changes: [{ slot: 4711, before: "0011223344556677", after: "8899aabbccddeeff" }],
  receipts: [{ pid: 7, startTicks: 12345, state: "applied", because: "it reads the table that was written" }],
  tookMs: 1.5,
};

async function open(): Promise<AuditLog> {
  const log = await openAuditLog(path);
  if (!log.ok) throw new Error(log.error);
  return log.value;
}

/** Commands as they are recorded: an intent, a result. */
async function record(commands: number): Promise<void> {
  for (let number = 0; number < commands; number++) {
    using log = await open();
    for (const event of [intent(`reason ${number}`), result])
      if (!log.append(String(number), event).ok) throw new Error("it was not written");
  }
}

function faultLine(): number | null {
  const read = readAuditLog(path);
  if (!read.ok) throw new Error(read.error);
  return read.value.fault?.line ?? null;
}

/** What somebody might do to the file. Each answers the first line that must be named, or null when nothing was changed. */
type Edit = (text: string, a: number, b: number) => { readonly text: string; readonly line: number };

const linesOf = (text: string): string[] => text.slice(0, -1).split("\n");
const textOf = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

const EDITS: Readonly<Record<string, Edit>> = {
  "a byte is another": (text, a) => {
    const at = a % (text.length - 1);
    const other = text[at] === "7" ? "8" : "7";
    return { text: text.slice(0, at) + other + text.slice(at + 1), line: text.slice(0, at).split("\n").length };
  },
  "a line is gone": (text, a) => {
    const lines = linesOf(text);
    const at = a % (lines.length - 1);
    return { text: textOf(lines.toSpliced(at, 1)), line: at + 1 };
  },
  "a line is there twice": (text, a) => {
    const lines = linesOf(text);
    const at = a % lines.length;
    return { text: textOf(lines.toSpliced(at, 0, lines[at] ?? "")), line: at + 2 };
  },
  "a line stands elsewhere": (text, a, b) => {
    const lines = linesOf(text);
    const from = a % lines.length;
    const to = (from + 1 + (b % (lines.length - 1))) % lines.length;
    const moved = lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? "");
    return { text: textOf(moved), line: Math.min(from, to) + 1 };
  },
  "the beginning is gone": (text, a) => {
    const lines = linesOf(text);
    return { text: textOf(lines.slice(1 + (a % (lines.length - 1)))), line: 1 };
  },
  "an empty line is put in": (text, a) => {
    const lines = linesOf(text);
    const at = a % lines.length;
    return { text: textOf(lines.toSpliced(at, 0, "")), line: at + 1 };
  },
  "a field is added": (text, a) => {
    const lines = linesOf(text);
    const at = a % lines.length;
    return { text: textOf(lines.with(at, `{"by":"nobody",${(lines[at] ?? "").slice(1)}`)), line: at + 1 };
  },
};

describe("an edit of a real log", () => {
  it.each(Object.keys(EDITS))("is found and named by its line: %s", async (name) => {
    await record(6);
    const whole = readFileSync(path, "utf8");
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const edited = EDITS[name]?.(whole, a, b) ?? { text: "", line: 0 };
        fc.pre(edited.text !== whole);
        writeFileSync(path, edited.text);
        // An end of a line that has become something else makes one line of two.
        expect([edited.line, edited.line - 1]).toContain(faultLine());
      }),
      { numRuns: 50 },
    );
    writeFileSync(path, whole);
    expect(faultLine()).toBeNull();
  });

  it("that was made after a command had checked the log is found by the next command", async () => {
    await record(3);
    expect(existsSync(`${path}.checked`)).toBe(true);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.replace("reason 1", "reason 9"));
    const refused = await openAuditLog(path);
    expect(refused.ok ? "" : refused.error).toContain("Line 3 of the audit log");
    writeFileSync(path, whole);
    writeFileSync(`${path}.checked`, "{}");
    await record(1);
    expect(faultLine()).toBeNull();
  });

  it("that cuts whole lines off the end is not seen in the log, but by its head", async () => {
    await record(2);
    const read = readAuditLog(path);
    const head = read.ok ? read.value.lines.at(-1)?.hash : null;
    const lines = linesOf(readFileSync(path, "utf8"));
    writeFileSync(path, textOf(lines.slice(0, -1)));
    const cut = readAuditLog(path);
    expect(cut.ok && cut.value.fault).toBeNull();
    expect(cut.ok && cut.value.lines.at(-1)?.hash).not.toBe(head);
  });
});

describe("a line that was cut short while it was written", () => {
  it("is said to be one, and the next command takes it away", async () => {
    await record(2);
    const whole = readFileSync(path);
    for (const lost of [2, 10, 200]) {
      writeFileSync(path, whole);
      truncateSync(path, whole.length - lost);
      const read = readAuditLog(path);
      expect(read.ok && read.value.fault?.because).toContain("was cut short while it was written");
      await record(1);
      expect(faultLine()).toBeNull();
      const mended = readAuditLog(path);
      expect(mended.ok && mended.value.lines.length).toBe(5);
    }
  });
  it("but for its end is a whole line", async () => {
    await record(2);
    truncateSync(path, readFileSync(path).length - 1);
    expect(faultLine()).toBeNull();
    await record(1);
    const read = readAuditLog(path);
    expect(read.ok && [read.value.fault, read.value.lines.length]).toEqual([null, 6]);
  });
});

describe("commands at once", () => {
  it("write one after the other, also beside the lock of one that is dead", async () => {
    const dead: ChildProcess = spawn(process.execPath, ["-e", ""]);
    await new Promise((settle) => dead.on("exit", settle));
    writeFileSync(`${path}.lock.${dead.pid}.1.00000000`, "");
    await Promise.all(Array.from({ length: 12 }, () => record(3)));
    const read = readAuditLog(path);
    expect(read.ok && [read.value.fault, read.value.lines.length]).toEqual([null, 72]);
    expect(readdirSync(folder).toSorted()).toEqual(["audit.jsonl", "audit.jsonl.checked"]);
  });
});
