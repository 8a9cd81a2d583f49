// Answers of `deadweight lines` that tests of reports and commands share.

import type { LineMemory, LinesReport } from "../../src/model/lines-report.ts";

const MIB = 2 ** 20;

function line(number: number, source: string, given: Partial<LineMemory> = {}): LineMemory {
  return {
    line: number,
    memoryBytes: 20 * MIB,
    incrementBytes: 0,
    estimatedBytes: 0,
    occurrences: 1,
    isLeast: false,
    source,
    ...given,
  };
}

/** A loop whose one growing line runs rarely. */
export const linesOfReport: LinesReport = {
  schema: "deadweight/lines@1",
  python: "3.12.1",
  script: "report.py",
  method: "sys.monitoring",
  source: "/proc/self/statm",
  resolutionBytes: 4096,
  seesReleases: true,
  exitCode: 0,
  functions: [
    {
      module: "__main__",
      function: "build",
      file: "report.py",
      firstLine: 3,
      calls: 1,
      measuredCalls: 1,
      raised: 0,
      suspensions: 2,
      isRecursive: true,
      sharesMemoryWithThreads: true,
      startBytes: 20 * MIB,
      peakBytes: 28 * MIB,
      totalBytes: 8.5 * MIB,
      unplaced: { bytes: MIB / 2, lines: [4, 5] },
      lines: [
        line(3, "def build(rows):", { incrementBytes: null }),
        line(4, "    for row in rows:", { occurrences: 1100, isLeast: true }),
        line(5, "        if row.is_new:", { occurrences: 1100, isLeast: true }),
        line(6, "            pages.append(render(row))", {
          memoryBytes: 28 * MIB,
          incrementBytes: 8 * MIB,
          estimatedBytes: MIB,
          occurrences: 40,
        }),
        line(7, ""),
        line(8, "    return pages", { memoryBytes: null, incrementBytes: null, occurrences: 0 }),
      ],
    },
  ],
};
