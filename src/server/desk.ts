// What the routes work with. Made once for a server, and gone with it.

import type { HeapShelf } from "./heap-shelf.ts";
import { openHeapShelf } from "./heap-shelf.ts";
import { createJobList, type JobList } from "./job-list.ts";

export interface DeskOptions {
  /** Snapshots and core files to look at. */
  readonly files: readonly string[];
  /** Where snapshots are kept. */
  readonly folder: string;
  /** The sources that are scanned; null: none. */
  readonly sources: string | null;
  readonly hasValues: boolean;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Desk extends AsyncDisposable {
  readonly options: DeskOptions;
  readonly heaps: HeapShelf;
  readonly jobs: JobList;
}

export function openDesk(options: DeskOptions): Desk {
  const heaps = openHeapShelf(options);
  const jobs = createJobList();
  return {
    options,
    heaps,
    jobs,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([heaps[Symbol.asyncDispose](), jobs[Symbol.asyncDispose]()]);
    },
  };
}
