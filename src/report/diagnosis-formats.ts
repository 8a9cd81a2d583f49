// The formats of `deadweight diagnose`, by name.

import type { Diagnosis } from "../model/diagnosis.ts";
import { diagnosisJunit } from "./diagnosis-junit.ts";
import { diagnosisMarkdown } from "./diagnosis-markdown.ts";
import { diagnosisSarif } from "./diagnosis-sarif.ts";
import { fromFolder } from "./diagnosis-words.ts";
import { diagnosisText } from "./diagnosis-text.ts";
import { diagnosisHtml } from "./html/diagnosis-html.ts";
import { renderJson } from "./json.ts";
import type { TextStyle } from "./text-style.ts";

export const DIAGNOSIS_FORMATS = ["text", "json", "html", "sarif", "junit", "markdown"] as const;
export type DiagnosisFormat = (typeof DIAGNOSIS_FORMATS)[number];

export function diagnosisReport(given: Diagnosis, format: DiagnosisFormat, style: TextStyle, version: string): string {
  const report = { ...given, leaks: given.leaks.map((leak) => fromFolder(leak, given.target.folder)) };
  switch (format) {
    case "text":
      return diagnosisText(given, style);
    case "json":
      return renderJson(given);
    case "html":
      return diagnosisHtml(report, given, version);
    case "sarif":
      return diagnosisSarif(report, version);
    case "junit":
      return diagnosisJunit(report);
    case "markdown":
      return diagnosisMarkdown(report);
  }
}
