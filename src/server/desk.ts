// What the routes work with. Made once for a server, and gone with it.

import type { HeapShelf } from "./heap-shelf.ts";
import { openHeapShelf } from "./heap-shelf.ts";
import { createJobList, type JobList } from "./job-list.ts";
import { createScrapedWatches, type ScrapedWatches } from "./scraped-watches.ts";

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
  readonly scraped: ScrapedWatches;
}

export function openDesk(options: DeskOptions): Desk {
  const heaps = openHeapShelf(options);
  const jobs = createJobList();
  const scraped = createScrapedWatches(options);
  return {
    options,
    heaps,
    jobs,
    scraped,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([heaps, jobs, scraped].map(async (each) => await each[Symbol.asyncDispose]()));
    },
  };
}
