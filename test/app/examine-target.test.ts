// `deadweight doctor` on real processes: one that can be read, and one of each kind that cannot.

import { describe, expect, test } from "vitest";
import { examineTarget } from "../../src/app/examine-target.ts";
import type { DoctorReport } from "../../src/model/heap-reports.ts";
import { startProcess } from "../capture/start-target.ts";

function statusOf(report: DoctorReport, name: string): string | undefined {
  return report.checks.find((check) => check.name === name)?.status;
}

describe("doctor", () => {
  test("without a target examines the machine and does not say whether a process can be read", () => {
    const report = examineTarget(null);
    expect(report).toMatchObject({ schema: "deadweight/doctor@1", pid: null, readable: null });
    for (const name of ["node", "/proc", "privilege", "Yama", "seccomp", "our container", "memory"])
      expect(statusOf(report, name)).toBeDefined();
  });

  test("finds a Python process readable, with version, size and pause", async () => {
    await using target = await startProcess("python3", ["-u", "-c", "print('ready'); input()"]);
    const report = examineTarget(target.pid);
    expect(report.readable).toBe(true);
    expect(report.checks.filter((check) => check.status === "problem")).toEqual([]);
    expect(report.checks.find((check) => check.name === "python")?.seen).toMatch(/^CPython 3\.\d+\.\d+, in \//);
    expect(statusOf(report, "size")).toBe("ok");
    expect(statusOf(report, "pause")).toBe("ok");
  });

  test("says of a program that it is not Python, and of nothing that it is nothing", async () => {
    await using target = await startProcess("sh", ["-c", "echo ready; exec sleep 60"]);
    expect(examineTarget(target.pid)).toMatchObject({ readable: false });
    expect(examineTarget(target.pid).checks.at(-1)).toMatchObject({
      name: "python",
      status: "problem",
      seen: "no CPython found",
    });
    expect(examineTarget(2 ** 22 + 1).checks.at(-1)).toMatchObject({
      name: "process",
      status: "problem",
      seen: "no such process",
    });
  });

  test("advises only where something is wrong", () => {
    for (const check of examineTarget(2 ** 22 + 1).checks) expect(check.advice === null).toBe(check.status === "ok");
  });
});
