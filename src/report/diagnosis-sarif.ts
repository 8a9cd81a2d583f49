// A diagnosis as SARIF 2.1.0: the line that puts it in as location, the path that holds it as code flow.

import { causeName } from "../model/cause-names.ts";
import type { Diagnosis, JudgedStep, Leak, LeakConfidence, LeakSite } from "../model/diagnosis.ts";
import { leakSentence } from "./diagnosis-words.ts";
import { renderForeignJson } from "./json.ts";
import { pascalCase, SARIF_SCHEMA, sarifArtifact, type SarifObject } from "./sarif-parts.ts";

const LEVELS: Readonly<Record<LeakConfidence, string>> = { proved: "error", likely: "warning", possible: "note" };
/** Of 100, as services sort by it. */
const RANKS: Readonly<Record<LeakConfidence, number>> = { proved: 95, likely: 60, possible: 20 };

export function diagnosisSarif(report: Diagnosis, version: string): string {
  const causes = [...new Set(report.leaks.map(({ cause }) => cause))];
  return renderForeignJson({
    $schema: SARIF_SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "deadweight diagnose", semanticVersion: version, rules: causes.map(ruleOf) } },
        originalUriBaseIds: { SRCROOT: { description: { text: "The working folder of the process." } } },
        invocations: [
          { executionSuccessful: true, toolExecutionNotifications: report.warnings.map((text) => notification(text)) },
        ],
        results: report.leaks.map((leak) => resultOf(leak, causes.indexOf(leak.cause))),
        properties: { verdict: report.verdict, pid: report.target.pid, python: report.target.python },
      },
    ],
  });
}

function ruleOf(cause: Leak["cause"]): SarifObject {
  const name = causeName(cause);
  const help = `deadweight explain ${cause} says what it is, how to confirm it and how to fix it.`;
  return {
    id: cause,
    name: pascalCase(name),
    shortDescription: { text: name },
    help: { text: help },
    properties: { tags: ["memory"] },
  };
}

function resultOf(leak: Leak, ruleIndex: number): SarifObject {
  const { holder, sites, removals, fix } = leak;
  const place = placeOf(leak);
  const related = [
    ...sites.slice(1).map(siteLocation("also put in here")),
    ...removals.map(siteLocation("taken out here")),
  ];
  return {
    ruleId: leak.cause,
    ruleIndex,
    level: LEVELS[leak.confidence],
    rank: RANKS[leak.confidence],
    message: { text: [leakSentence(leak), ...leak.because, ...(fix === null ? [] : [fix.text])].join(" ") },
    locations: [{ ...place, logicalLocations: [{ fullyQualifiedName: holder.path, kind: "variable" }] }],
    ...(related.length === 0 ? {} : { relatedLocations: related.map((each, id) => ({ id, ...each })) }),
    ...(leak.path.length === 0 ? {} : { codeFlows: [codeFlow(leak, place)] }),
    partialFingerprints: { "deadweight/v1": leak.fingerprint },
    properties: { confidence: leak.confidence, holder: holder.path, leaked: leak.leaked, ruledOut: leak.ruledOut },
  };
}

function codeFlow({ path }: Leak, place: SarifObject): SarifObject {
  return { threadFlows: [{ locations: path.map((step) => ({ location: stepLocation(step, place) })) }] };
}

/** Where it is put in; else where the holder is defined; nothing when no line is known. */
function placeOf({ sites: [site], holder }: Leak): SarifObject {
  if (site !== undefined) return siteLocation(null)(site);
  if (holder.file === null) return {};
  const region = holder.line === null ? {} : { region: { startLine: holder.line } };
  return { physicalLocation: { artifactLocation: sarifArtifact(holder.file), ...region } };
}

function siteLocation(words: string | null): (site: LeakSite) => SarifObject {
  return ({ file, line, code }) => ({
    physicalLocation: {
      artifactLocation: sarifArtifact(file),
      region: { startLine: line, snippet: { text: code } },
    },
    ...(words === null ? {} : { message: { text: words } }),
  });
}

/** A step of the heap has no line; the reference to cut stands where the program makes it. */
function stepLocation({ edge, type, verdict, because, isFaulty }: JudgedStep, place: SarifObject): SarifObject {
  const judged = because === "" ? verdict : `${verdict}: ${because}`;
  return {
    ...(isFaulty ? place : {}),
    logicalLocations: [{ name: edge, kind: "variable" }],
    message: { text: `${edge} (${type}), ${judged}` },
  };
}

function notification(text: string): SarifObject {
  return { level: "note", message: { text } };
}
