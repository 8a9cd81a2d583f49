// Reports of `deadweight scan` as the shop of the other examples would get them.

import type { ScanAnswer } from "../../src/cli/actions.ts";
import type { Finding, ScanReport } from "../../src/model/finding.ts";
import type { RuleCard } from "../../src/model/rule-card.ts";
import type { ScanContext } from "../../src/report/scan-context.ts";

const growing: Finding = {
  code: "DW201",
  name: "growing-module-container",
  cause: "L1",
  file: "shop/sessions.py",
  line: 31,
  column: 5,
  endLine: 31,
  endColumn: 18,
  message: "`shop.sessions.REGISTRY` gets an entry for every request and nothing removes one.",
  holder: "shop.sessions.REGISTRY",
  confidence: "certain",
  bound: "grows with distinct session ids",
  related: [
    {
      file: "shop/views.py",
      line: 12,
      column: 9,
      endLine: 12,
      endColumn: 30,
      message: "the key is a parameter of the route `show`",
    },
    {
      file: "shop/sessions.py",
      line: 18,
      column: 1,
      endLine: 18,
      endColumn: 14,
      message: "nothing removes from it: 14 files were looked at",
    },
  ],
  fix: { text: "Remove the entry when the session ends.", safety: "none", edits: [] },
  fingerprint: "0f1e2d3c4b5a6978",
};

const cached: Finding = {
  code: "DW101",
  name: "unbounded-cache",
  cause: "L3",
  file: "shop/preise für alle.py",
  line: 3,
  column: 2,
  endLine: 3,
  endColumn: 25,
  message: '`shop.prices.price` keeps every result: 100% of <articles> & "days", one per line.\nSecond line.',
  holder: "shop.prices.price",
  confidence: "likely",
  bound: "one entry per distinct (article, day)",
  related: [],
  fix: {
    text: "Give it a bound: `@lru_cache(maxsize=1024)`.",
    safety: "unsafe",
    edits: [{ file: "shop/preise für alle.py", start: 52, end: 64, text: "maxsize=1024" }],
  },
  fingerprint: "8a7b6c5d4e3f2a1b",
};

const inNotebook: Finding = {
  ...cached,
  file: "explore.ipynb",
  line: 1,
  endLine: 1,
  cell: 4,
  confidence: "possible",
  fix: null,
  fingerprint: "1111222233334444",
};

export const scanOfShop: ScanReport = {
  schema: "deadweight/scan@1",
  files: 14,
  lines: 1203,
  unreadFunctions: 3,
  findings: [inNotebook, cached, growing],
  problems: [
    { file: "shop/broken.py", line: 7, column: 12, message: 'Syntax error: "(" was not closed.' },
    { file: "shop/secret.py", line: null, column: null, message: "It cannot be read: there is no permission." },
  ],
  suppressed: { inline: 2, baseline: 1, confidence: 5 },
};

export const scanOfNothing: ScanReport = {
  schema: "deadweight/scan@1",
  files: 1,
  lines: 10,
  unreadFunctions: 0,
  findings: [],
  problems: [],
  suppressed: { inline: 0, baseline: 0, confidence: 0 },
};

export const CARDS: readonly RuleCard[] = [
  { code: "DW101", name: "unbounded-cache", cause: "L3", summary: "A cache without a bound grows.", twins: [] },
  { code: "DW102", name: "cache-on-method", cause: "L4", summary: "A cache keeps `self`.", twins: ["B019"] },
  { code: "DW201", name: "growing-module-container", cause: "L1", summary: "A container only grows.", twins: [] },
];

const LINES: Readonly<Record<string, string>> = {
  "shop/sessions.py:31": "    REGISTRY[key] = Session(key)",
  "shop/preise für alle.py:3": "@lru_cache(maxsize=None)",
  "explore.ipynb:1": "@lru_cache(maxsize=None)",
};

export const CONTEXT: ScanContext = {
  version: "1.2.3",
  cards: CARDS,
  isComplete: true,
  pageOf: (code) => (code === "DW101" ? "# DW101 unbounded-cache\n\nA cache without a bound grows.\n" : null),
  lineOf: (file, line) => LINES[`${file}:${line}`] ?? null,
};

export const ANSWER: ScanAnswer = {
  report: scanOfShop,
  lineOf: CONTEXT.lineOf,
  notices: [],
  diff: "",
  hasFailedRule: false,
  isIncomplete: false,
};
