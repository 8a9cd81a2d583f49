// A service with a thread, exceptions and a log, as it is met at night: the three commands must name the culprit, and agree.

import { describe, expect, it } from "vitest";
import { queryDiff, queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { TopReport } from "../../src/model/heap-reports.ts";
import { describeInterpreter, readableInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { snapshotOf, startService } from "./service-in-rounds.ts";

const MIB = 1024 * 1024;

describe.each(oldestAndNewest().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("names what a thread keeps, with one size in every report", async () => {
    await using service = await startService(python, "threaded_service.py");
    const before = await snapshotOf(service.pid);
    await service.work();
    const after = await snapshotOf(service.pid);
    const top = queryTop(after, { limit: 200 });

    // 40 failures with 200 KiB of locals each; the thread's list and the log hold them together.
    const largest = top.byHolder[0]!;
    expect(['thread "worker-1".failures', "sys.modules['__main__'].log.handlers[0].records"]).toContain(
      largest.holder.path,
    );
    expect(largest.heldBytes).toBeGreaterThan(7 * MIB);
    expect(largest.sharedBytes).toBeGreaterThan(7 * MIB);

    expectSizesAgree(after, top);
    expectInOrder(top);
    const growth = queryDiff([
      { file: "before", snapshot: before },
      { file: "after", snapshot: after },
    ]).report.holders.find((each) => each.holder.path === largest.holder.path)!;
    expect(growth.entries).toEqual([20, 40]);
    expect(growth.heldBytes.at(-1)).toBe(largest.heldBytes);
  }, 60_000);

  it("follows an exception to the local variable that is large", async () => {
    await using service = await startService(python, "threaded_service.py");
    const report = queryWhy(await snapshotOf(service.pid), "ValueError", { subjects: 1 });
    const [subject] = report.ok ? report.value.subjects : [];
    expect(subject!.holds[0]).toMatchObject({ edge: ".__traceback__ in handle() local rows", type: "list" });
  }, 60_000);

  it("lists whatever is large", async () => {
    await using service = await startService(python, "threaded_service.py");
    const snapshot = await snapshotOf(service.pid);
    const rows = queryTop(snapshot, { limit: 200 }).byHolder.map((usage) => usage.holder.path);
    const report = queryWhy(snapshot, "--largest 20", { paths: 1 });
    for (const subject of report.ok ? report.value.subjects : []) {
      const path = folded(subject.paths[0]!.path);
      const isListed = rows.some((row) => path.startsWith(folded(row)) || folded(row).startsWith(path));
      expect(isListed, `${path} in ${rows.slice(0, 5).join(", ")}`).toBe(true);
    }
  }, 60_000);
});

/** `why` says of every line of `top` what `top` says; what has no name of its own cannot be asked for. */
function expectSizesAgree(snapshot: Snapshot, { byHolder }: TopReport): void {
  const resolvable = byHolder
    .slice(0, 20)
    .filter(
      ({ holder }) => holder.kind !== "native" && holder.kind !== "garbage-cycle" && !/<inside|\{/.test(holder.path),
    );
  expect(resolvable.length).toBeGreaterThan(5);
  for (const { holder, retainedBytes, sharedBytes } of resolvable) {
    const report = queryWhy(snapshot, holder.path, { subjects: 50, paths: 1 });
    const subjects = report.ok ? report.value.subjects : [];
    const sum = (of: "retainedBytes" | "sharedBytes"): number => subjects.reduce((total, each) => total + each[of], 0);
    expect({ path: holder.path, retained: sum("retainedBytes"), shared: sum("sharedBytes") }).toEqual({
      path: holder.path,
      retained: retainedBytes,
      shared: sharedBytes,
    });
  }
}

function expectInOrder({ byHolder }: TopReport): void {
  const sizes = byHolder.map((usage) => usage.heldBytes);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
}

function folded(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[*]");
}

function oldestAndNewest(): readonly TestInterpreter[] {
  const found = readableInterpreters();
  return [...new Set([found[0]!, found.at(-1)!])];
}
