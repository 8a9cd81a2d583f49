// A service that piles things up where no container of the program has them. Each must be named, with how many there are.

import { beforeAll, describe, expect, it } from "vitest";
import { queryDiff } from "../../src/app/heap-queries.ts";
import type { DiffReport } from "../../src/model/heap-reports.ts";
import { describeInterpreter, readableInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { snapshotOf, startService } from "./service-in-rounds.ts";

const MAIN = "sys.modules['__main__']";

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    let report: DiffReport;
    beforeAll(async () => {
      report = await growthOverTwoRounds(python);
    });

    it("names the place of every pile, and counts what is in it", () => {
      expect(holderAt(report, `${MAIN}.BY_DEVICE[*]`)).toMatchObject({
        holder: { kind: "module-global", type: "list" },
        entries: [200, 600],
        mostly: { type: "__main__.Reading", count: 400 },
      });
      expect(holderAt(report, `${MAIN}.LOCAL.<thread-local>.history`)).toMatchObject({
        holder: { kind: "thread-local", type: "list" },
        entries: [40, 120],
        mostly: { type: "__main__.Reading", count: 80 },
      });
      expect(holderAt(report, `${MAIN}.TRAIL.<default>`)).toMatchObject({
        holder: { type: "list" },
        entries: [10, 30],
        mostly: { type: "dict", count: 20 },
      });
      const backlog = report.holders.find(({ holder }) => holder.path.startsWith(`${MAIN}.BACKLOG`));
      expect(backlog).toMatchObject({
        holder: { kind: "queue" },
        entries: [10, 30],
        mostly: { type: "__main__.Reading", count: 20 },
      });
      expect(holderAt(report, `${MAIN}.CURRENT`)).toMatchObject({
        holder: { kind: "module-global", type: "__main__.Version" },
        entries: [11, 31],
        mostly: { type: "__main__.Version", count: 20 },
      });
      expect(holderAt(report, `${MAIN}.send`)).toMatchObject({
        holder: { kind: "module-global", type: "function" },
        entries: [10, 30],
        mostly: { type: "function", count: 20 },
      });
      expect(holderAt(report, "atexit callbacks[*]")).toMatchObject({
        holder: { kind: "callback-list", module: "atexit", type: "method" },
        mostly: { type: "__main__.Export", count: 20 },
      });
    });

    it("has one line for each of them", () => {
      const paths = report.holders.map(({ holder }) => holder.path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.filter((path) => /<inside|Export|lines/.test(path))).toEqual([]);
    });
  },
);

function holderAt({ holders }: DiffReport, path: string): DiffReport["holders"][number] {
  const found = holders.find(({ holder }) => holder.path === path);
  if (found === undefined) throw new Error(`${path} is not in ${holders.map(({ holder }) => holder.path).join(", ")}`);
  return found;
}

async function growthOverTwoRounds(python: TestInterpreter): Promise<DiffReport> {
  await using service = await startService(python, "piling_service.py");
  const before = await snapshotOf(service.pid);
  await service.work();
  await service.work();
  const after = await snapshotOf(service.pid);
  return queryDiff([
    { file: "before", snapshot: before },
    { file: "after", snapshot: after },
  ]).report;
}
