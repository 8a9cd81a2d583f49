// What `export` says when it is done.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import { printable } from "../base/format-printable.ts";
import type { ExportReport } from "../model/export-report.ts";

export function exportText({ file, fileBytes, nodes, opensIn, warnings }: ExportReport): string {
  const done = `${printable(file)}: ${formatBytes(fileBytes)}, made from ${formatCount(nodes)} objects.`;
  return [done, `Opens in ${opensIn}.`, ...warnings.map((warning) => `Note: ${warning}`), ""].join("\n");
}
