import { expect, it } from "vitest";
import { keepResult, readResult, type ResultPlace } from "../../../src/app/scan/result-cache.ts";
import { projectFolder } from "./project-folder.ts";

const RUN = { files: [], findings: [], explained: [], problems: [], hasFailedRule: false };
const STARTED_MS = Date.UTC(2026, 0, 1);

it.each([
  ["well before the scan began", -5000, true],
  // A scan takes long: that it has ended long after says nothing about what was written while it ran.
  ["shortly before the scan began", -500, false],
  ["while it ran", 4000, false],
])("a result is taken again when the newest file was written %s: %i ms, %s", (_, afterMs, isKept) => {
  using folder = projectFolder();
  const place: ResultPlace = {
    folder: folder.path,
    file: "result-0123456789abcdef.json",
    stamp: "same",
    newestMs: STARTED_MS + afterMs,
    startedMs: STARTED_MS,
  };
  keepResult(place, RUN);
  expect(readResult(place)).toEqual(isKept ? RUN : null);
});
