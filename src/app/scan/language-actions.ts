// What an editor offers on a finding: its fix, and a comment that keeps it quiet.

import type { CodeAction, Range, TextEdit as LanguageEdit } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "../../model/finding.ts";
import { diagnosticOf, isTouching, rangeOf } from "./language-diagnostics.ts";
import type { LanguageSession } from "./language-session.ts";
import { languageOf } from "./source-language.ts";

/** For the findings that touch `range`. Fixes that change other files too are left to `--fix`. */
export function codeActionsAt(session: LanguageSession, document: TextDocument, range: Range): CodeAction[] {
  const findings = session.findingsOf(document.uri).filter((each) => isTouching(rangeOf(each), range));
  return findings.flatMap((finding) => [
    ...fixActions(finding, session, document),
    suppressAction(finding, session, document),
  ]);
}

function fixActions(finding: Finding, session: LanguageSession, document: TextDocument): CodeAction[] {
  const { fix } = finding;
  if (fix === null || fix.edits.length === 0 || fix.edits.some((edit) => edit.file !== finding.file)) return [];
  // Offsets of findings do not count a byte order mark; editors never show one.
  const edits = fix.edits.map((edit): LanguageEdit => {
    return {
      range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
      newText: edit.text,
    };
  });
  return [
    {
      title: fix.safety === "safe" ? fix.text : `${fix.text} (unsafe)`,
      kind: "quickfix",
      isPreferred: fix.safety === "safe",
      diagnostics: [diagnosticOf(finding, session.uriOf)],
      edit: { changes: { [document.uri]: edits } },
    },
  ];
}

function suppressAction(finding: Finding, session: LanguageSession, document: TextDocument): CodeAction {
  const line = finding.line - 1;
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const end = { line, character: text.replace(/[\r\n]+$/, "").length };
  const comment = languageOf(finding.file) === "c" ? "//" : "#";
  return {
    title: `Suppress ${finding.code} here`,
    kind: "quickfix",
    diagnostics: [diagnosticOf(finding, session.uriOf)],
    edit: {
      changes: {
        [document.uri]: [{ range: { start: end, end }, newText: `  ${comment} dw: ignore[${finding.code}]` }],
      },
    },
  };
}
