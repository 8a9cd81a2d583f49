// What a watch for somebody who looks from outside is asked for.

import type { WatchAsked } from "../app/watch/watch-session.ts";
import type { DeskOptions } from "./desk.ts";

const SHELF_FILES = 20;
const SHELF_BYTES = 2 * 2 ** 30;

/** One process alone, until it ends or nobody looks any more. */
export function watchAsked(
  pid: number,
  { maxPauseMs, folder, toolVersion }: Pick<DeskOptions, "maxPauseMs" | "folder" | "toolVersion">,
  pace: Pick<WatchAsked, "samplesPerSecond" | "reportEveryMs">,
): WatchAsked {
  return {
    ...pace,
    target: { kind: "pid", pid, alone: false },
    forSeconds: null,
    load: null,
    maxPauseMs,
    shelf: { folder, mostFiles: SHELF_FILES, mostBytes: SHELF_BYTES },
    snapshotAt: [],
    record: null,
    metrics: null,
    otlp: null,
    toolVersion,
  };
}
