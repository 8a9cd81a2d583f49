// docs/schema says what every `--json` prints; these tests keep it true.

import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { completionScript } from "../../src/cli/completion-script.ts";
import { renderJson } from "../../src/report/json.ts";
import { SCHEMAS } from "../../src/report/schema/all-schemas.ts";
import { expectGeneratedJson } from "../golden/expect-golden.ts";
import * as commands from "./example-cache-commands.ts";
import * as advice from "./example-advice.ts";
import * as caches from "./example-caches.ts";
import * as attaches from "./example-attaches.ts";
import * as collections from "./example-collections.ts";
import * as diagnoses from "./example-diagnoses.ts";
import * as verifications from "./example-verifications.ts";
import * as diffs from "./example-diffs.ts";
import * as doctors from "./example-doctors.ts";
import * as examples from "./example-reports.ts";
import { exportOfShop } from "./example-exports.ts";
import { explainOfAll, explainOfCycles } from "./example-explanations.ts";
import * as queries from "./example-queries.ts";
import { servingOfShop } from "./example-serving.ts";
import * as runs from "./example-runs.ts";
import { allocationsOfShop, allocationsOfStats } from "./example-allocations.ts";
import { linesOfReport } from "./example-lines.ts";
import { scanOfNothing, scanOfShop } from "./example-scans.ts";
import * as watches from "./example-watches.ts";
import { strictValidator } from "./strict-schema.ts";

const REPORTS: Readonly<Record<string, readonly { readonly schema: string }[]>> = {
  snapshot: [examples.snapshotOfShop, examples.snapshotOfCore],
  top: [examples.topOfShop, examples.topOfWorker],
  why: [examples.whyOneSession, examples.whySharedJobs, examples.whyAllSessions, examples.whyLongPath],
  diff: [diffs.diffOfTwo, diffs.diffOfEight, diffs.diffOfNothing],
  query: [queries.dictsOfShop, queries.textsOfShop, queries.nothingOfShop],
  export: [exportOfShop],
  verify: [verifications.verificationOfVisits, verifications.verificationOfNothing],
  diagnose: [
    diagnoses.diagnosisOfShop,
    diagnoses.diagnosisOfNothing,
    diagnoses.diagnosisOfSuspects,
    diagnoses.diagnosisOfNative,
    diagnoses.diagnosisOfFixed,
  ],
  caches: [caches.cachesOfShop, caches.cachesOfFile, caches.cachesOfNothing],
  "caches-advise": [advice.adviceOfShop, advice.adviceOfNothing],
  "caches-clear": [
    commands.clearOfPrices,
    commands.partialClear,
    commands.dryRunOfPrices,
    commands.guardedClear,
    commands.canaryResize,
    commands.undoOfPrices,
    commands.resizeOfQuote,
  ],
  "caches-history": [commands.historyOfShop, commands.brokenHistory, commands.historyOfNothing],
  serve: [servingOfShop],
  run: [runs.runOfServer, runs.runOfNothing],
  attach: [attaches.attachOfWorker, attaches.attachOfEnded],
  detach: [attaches.detachOfWorker],
  trace: [attaches.traceOfShop, attaches.traceOfNothing, attaches.traceOfShop],
  gc: [collections.collectionsOfPreloaded, collections.collectionsOfTroubled],
  scan: [scanOfNothing, scanOfShop],
  lines: [linesOfReport],
  "lines-file": [allocationsOfShop, allocationsOfStats],
  explain: [explainOfAll, explainOfCycles],
  watch: [watches.watchOfShop, watches.watchOfWorkers, watches.watchOfLittle],
  doctor: [doctors.doctorOfReadable, doctors.doctorOfRefused, doctors.doctorOfMachine],
  error: [{ schema: "deadweight/error@1", error: { code: "usage", message: "PID is missing" } } as { schema: string }],
  completion: [
    { schema: "deadweight/completion@1", shell: "bash", script: completionScript("bash", COMMANDS) } as {
      schema: string;
    },
  ],
};

/** Commands that print what another one prints. */
const SAME_AS: Readonly<Record<string, string>> = {
  "caches show": "caches",
  "caches undo": "caches-clear",
  "caches resize": "caches-clear",
  "caches ttl": "caches-clear",
  "caches freeze": "caches-clear",
  "caches thaw": "caches-clear",
  "caches verify": "caches-history",
};

describe("docs/schema", () => {
  it("has one schema for every command, one for errors, and one for files that `lines` is given", () => {
    // The documents of lsp are those of the Language Server Protocol.
    const own = COMMANDS.map((command) => command.name).filter((name) => name !== "lsp" && name !== "mcp");
    const names = new Set([...own.map((name) => SAME_AS[name] ?? name.replaceAll(" ", "-")), "error", "lines-file"]);
    expect(Object.keys(SCHEMAS).toSorted()).toEqual([...names].toSorted());
  });

  it.each(Object.entries(SCHEMAS))("%s.schema.json is what src/report/schema says", (name, schema) => {
    expectGeneratedJson(`docs/schema/${name}.schema.json`, schema);
  });
});

describe.each(Object.entries(REPORTS))("%s --json", (name, reports) => {
  const errorsOf = strictValidator(name);

  it.each(reports.map((report, at) => [at, report] as const))(
    "report %i has exactly the documented fields",
    (_, report) => {
      const document: unknown = JSON.parse(renderJson(report));
      expect(errorsOf(document)).toEqual([]);
    },
  );

  it("a field that the schema does not know is noticed, at every depth", () => {
    for (const at of objectsIn(JSON.parse(renderJson(reports.at(-1) ?? { schema: "" }))).keys()) {
      const document: unknown = JSON.parse(renderJson(reports.at(-1) ?? { schema: "" }));
      Object.assign(objectsIn(document)[at] ?? {}, { undocumented: true });
      expect(errorsOf(document), `object ${at}`).not.toEqual([]);
    }
  });

  it("a missing field is noticed, at every depth", () => {
    const count = objectsIn(JSON.parse(renderJson(reports[0] ?? { schema: "" }))).length;
    for (let at = 0; at < count; at++) {
      const document: unknown = JSON.parse(renderJson(reports[0] ?? { schema: "" }));
      const object = objectsIn(document)[at] ?? {};
      const [first] = Object.keys(object);
      if (first !== undefined) Reflect.deleteProperty(object, first);
      expect(errorsOf(document), `object ${at} without ${first}`).not.toEqual([]);
    }
  });
});

/** All objects of a document, outermost first. */
function objectsIn(value: unknown): object[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}
