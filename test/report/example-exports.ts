// Reports of `export`, as the use case makes them.

import type { ExportReport } from "../../src/model/export-report.ts";

export const exportOfShop: ExportReport = {
  schema: "deadweight/export@1",
  format: "heapsnapshot",
  file: "before.heapsnapshot",
  fileBytes: 48_211_903,
  nodes: 811_204,
  opensIn: "Chrome DevTools, Memory panel, Load profile; or memlab",
  warnings: [],
};
