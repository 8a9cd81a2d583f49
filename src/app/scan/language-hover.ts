// Hovering over a finding shows what its rule is about and what to do.

import type { Hover, Position } from "vscode-languageserver/node";
import type { Finding } from "../../model/finding.ts";
import { isTouching, rangeOf } from "./language-diagnostics.ts";
import type { LanguageSession } from "./language-session.ts";
import { ruleCards, rulePage } from "./rule-pages.ts";

/** Null where no finding is. */
export function hoverAt(session: LanguageSession, uri: string, position: Position): Hover | null {
  const here = { start: position, end: position };
  const finding = session.findingsOf(uri).find((each) => isTouching(rangeOf(each), here));
  if (finding === undefined) return null;
  return { range: rangeOf(finding), contents: { kind: "markdown", value: hoverText(finding) } };
}

function hoverText(finding: Finding): string {
  const summary = ruleCards().find((card) => card.code === finding.code)?.summary ?? finding.message;
  const parts = [
    `**${finding.code} ${finding.name}** (${finding.confidence})`,
    summary,
    section(rulePage(finding.code) ?? "", "Why it matters"),
    `Bound: ${finding.bound}`,
    finding.fix === null ? "" : `Fix: ${finding.fix.text}`,
    `\`deadweight scan --explain ${finding.code}\` prints the page.`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The text under a heading of a page; "" when there is none. */
function section(page: string, title: string): string {
  const [, after = ""] = page.split(`\n## ${title}\n`);
  return (after.split("\n## ")[0] ?? "").trim();
}
