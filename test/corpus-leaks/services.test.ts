// Every service that the fast table has really is what the table says: it answers, grows or not, and ends. All services on all
// versions: npx tsx tools/leak-corpus/run.ts --services --python all

import { describe, expect, it } from "vitest";
import { readCases } from "../../tools/leak-corpus/cases.ts";
import { checkService } from "../../tools/leak-corpus/check-service.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";

const LIMIT_MS = 240_000;
const found = findInterpreters();
const cases = readCases().filter(({ row }) => row.isFast === true);
// Each case on one version, in turn: all versions are seen, and the run stays short.
const rows = cases.map((leakCase, index) => {
  const python = found[index % found.length]!;
  return [leakCase.id, describeInterpreter(python), leakCase, python] as const;
});

describe.concurrent("services", { timeout: LIMIT_MS }, () => {
  it.each(rows)("%s does what the table says on %s", async (_, __, leakCase, python) => {
    expect((await checkService(leakCase, python.path)).misses).toEqual([]);
  });
});
