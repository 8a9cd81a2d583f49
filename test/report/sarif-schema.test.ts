// What code scanning services check before they read a report: the schema of the OASIS standard, as Microsoft ships it.

import { Ajv } from "ajv";
import { expect, it } from "vitest";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { ALL_RULES } from "../../src/rules/all-rules.ts";
import type { ScanReport } from "../../src/model/finding.ts";
import { scanSarif } from "../../src/report/scan-sarif.ts";
import { rulePages } from "../rules/rule-page.ts";
import { scanSources } from "../support/scan-sources.ts";
import { CONTEXT, scanOfNothing, scanOfShop } from "./example-scans.ts";

// It is written in draft 4, of which it uses nothing that later drafts read differently but these two words.
const { $schema: _draft, id: _id, ...rules } = schema;
// Formats such as "uri" are words to ajv; the forms of our URIs are tested with the other formats.
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
  rules,
);

const faultsOf = (report: ScanReport, context = CONTEXT): unknown =>
  validate(JSON.parse(scanSarif(report, context))) ? [] : validate.errors;

const problem = { file: "/srv/it's 1.py", line: 3, column: 1, message: "It cannot be read: the device failed." };

it.each<[string, ScanReport]>([
  ["findings", scanOfShop],
  ["nothing", scanOfNothing],
  ["problems", { ...scanOfNothing, problems: [problem, { ...problem, line: null, column: null }] }],
  ["findings in cells", { ...scanOfShop, findings: scanOfShop.findings.map((each) => ({ ...each, cell: 2 })) }],
])("SARIF of %s is valid", (_, report) => expect(faultsOf(report)).toEqual([]));

it("SARIF of all that the pages of rules show is valid", async () => {
  const examples = rulePages().flatMap((page) => page.leaks);
  const scans = await Promise.all(examples.map(async ({ sources }) => await scanSources(sources)));
  const findings = scans.flatMap((each) => each.findings);
  expect(findings.length).toBeGreaterThan(ALL_RULES.length);
  expect(faultsOf({ ...scanOfShop, findings })).toEqual([]);
});

it("a scan that could not do all that was asked was not successful, and says what is missing", () => {
  const log = scanSarif({ ...scanOfShop, problems: [problem] }, { ...CONTEXT, isComplete: false });
  const [run] = (JSON.parse(log) as { runs: { invocations: unknown[] }[] }).runs;
  expect(run?.invocations).toMatchObject([
    { executionSuccessful: false, toolExecutionNotifications: [{ message: { text: problem.message } }] },
  ]);
});

it("the schema refuses what is no SARIF", () => {
  expect(validate({ version: "2.1.0", runs: [{ tool: {} }] })).toBe(false);
});
