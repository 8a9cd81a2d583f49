// What `deadweight diagnose --json` wrote before a fix.

import { readFileSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";

const HOW = "write one with: deadweight diagnose PID --json > before.json";

/** Fails with a sentence. */
export function readDiagnosisFile(file: string): Result<Diagnosis, string> {
  try {
    const document: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isDiagnosis(document)
      ? ok({ ...document, window: { ...document.window, cpuSeconds: document.window.cpuSeconds ?? 0 } })
      : fail(`${file} is no diagnosis; ${HOW}`);
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not valid JSON" : error instanceof Error ? error.message : "";
    return fail(`the diagnosis ${file} cannot be read (${why}); ${HOW}`);
  }
}

/** The parts that a comparison looks at; the schema promises the rest. */
function isDiagnosis(document: unknown): document is Diagnosis {
  if (typeof document !== "object" || document === null) return false;
  if (!("schema" in document) || document.schema !== "deadweight/diagnosis@1") return false;
  if (!("leaks" in document && "window" in document && "target" in document)) return false;
  const { leaks, window, target } = document;
  if (typeof window !== "object" || window === null || typeof target !== "object" || target === null) return false;
  return Array.isArray(leaks) && leaks.every(isLeak) && "seconds" in window && "pid" in target;
}

function isLeak(leak: unknown): boolean {
  if (typeof leak !== "object" || leak === null) return false;
  return "fingerprint" in leak && "leaked" in leak && "growth" in leak && "holder" in leak;
}
