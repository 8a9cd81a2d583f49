// Tests mirror src/. Thread and end-to-end tests run dist/, which `npm test` builds first (see tools/test.ts).

import { defineConfig, type ViteUserConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/find-once.ts", "test/support/gather-measured.ts"],
    pool: "threads",
    // On two processors: most tests wait for a process of theirs most of the time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Concurrent tests share one thread: more at once would judge each other's pauses.
    maxConcurrency: 3,
    testTimeout: 30_000,
    // A second, as vitest has it, is too short on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    passWithNoTests: false,
  },
});

// vitest reads the default export; the only one in the project besides the knip reporter.
export default config;
