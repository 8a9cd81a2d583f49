// The formats of `deadweight scan`, by name.

import type { ScanReport } from "../model/finding.ts";
import { renderJson } from "./json.ts";
import type { ScanContext } from "./scan-context.ts";
import { scanGithub } from "./scan-github.ts";
import { scanJunit } from "./scan-junit.ts";
import { scanMarkdown } from "./scan-markdown.ts";
import { scanSarif } from "./scan-sarif.ts";
import { conciseScanText, scanText } from "./scan-text.ts";
import type { TextStyle } from "./text-style.ts";

export const SCAN_FORMATS = ["text", "concise", "json", "sarif", "github", "junit", "markdown"] as const;
export type ScanFormat = (typeof SCAN_FORMATS)[number];

export function scanReportText(report: ScanReport, format: ScanFormat, style: TextStyle, context: ScanContext): string {
  switch (format) {
    case "text":
      return scanText(report, style, context);
    case "concise":
      return conciseScanText(report, style);
    case "json":
      return renderJson(report);
    case "sarif":
      return scanSarif(report, context);
    case "github":
      return scanGithub(report);
    case "junit":
      return scanJunit(report);
    case "markdown":
      return scanMarkdown(report);
  }
}
