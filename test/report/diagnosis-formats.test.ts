// A diagnosis in the formats of code scanning, build servers and pull requests.

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import { diagnosisReport } from "../../src/report/diagnosis-formats.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import { expectInertHtml } from "../support/inert-html.ts";
import * as examples from "./example-diagnoses.ts";

const STYLE = { width: 80, colours: false };
const printed = (report: Diagnosis, format: "html" | "sarif" | "junit" | "markdown"): string =>
  diagnosisReport(report, format, STYLE, "1.2.3");

const ALL: readonly (readonly [string, Diagnosis])[] = [
  ["a proved leak", examples.diagnosisOfShop],
  ["nothing", examples.diagnosisOfNothing],
  ["suspects", examples.diagnosisOfSuspects],
  ["native growth", examples.diagnosisOfNative],
];

describe("SARIF", () => {
  // As in sarif-schema.test.ts: draft 4, read by a later one.
  const { $schema: _draft, id: _id, ...rules } = schema;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
    rules,
  );
  it.each(ALL)("of %s is valid", (_, report) => {
    const isValid = validate(JSON.parse(printed(report, "sarif")));
    expect([isValid, validate.errors]).toEqual([true, null]);
  });

  it("has the line that puts it in as location, from the folder of the process, and the path as code flow", () => {
    const { runs } = JSON.parse(printed(examples.diagnosisOfShop, "sarif")) as { runs: { results: object[] }[] };
    expect(runs[0]?.results).toMatchObject([
      {
        ruleId: "L1",
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "shop/sessions.py", uriBaseId: "SRCROOT" },
              region: { startLine: 31 },
            },
          },
        ],
        codeFlows: [
          { threadFlows: [{ locations: [{}, {}, { location: { logicalLocations: [{ name: "global REGISTRY" }] } }] }] },
        ],
        partialFingerprints: { "deadweight/v1": "a91f3c2e" },
      },
    ]);
  });
});

describe("JUnit", () => {
  it("fails for what is proved, and for nothing else", () => {
    expect(printed(examples.diagnosisOfShop, "junit")).toContain('tests="1" failures="1"');
    expect(printed(examples.diagnosisOfShop, "junit")).toContain('<failure type="L1"');
    for (const report of [examples.diagnosisOfNothing, examples.diagnosisOfSuspects])
      expect(printed(report, "junit")).not.toContain("<failure");
  });

  it("keeps hostile names inside their quotes", () => {
    const [leak] = examples.diagnosisOfShop.leaks;
    if (leak === undefined) throw new Error("no leak");
    const holder = { ...leak.holder, path: 'a"]]>&<b>' };
    const text = printed({ ...examples.diagnosisOfShop, leaks: [{ ...leak, holder }] }, "junit");
    expect(text).toContain("a&quot;]]&gt;&amp;&lt;b&gt;");
  });
});

describe("HTML", () => {
  const page = (report: Diagnosis): string => diagnosisReport(report, "html", STYLE, "1.2.3");

  it.each(ALL)("of %s runs nothing and asks nobody", (_, report) => {
    expectInertHtml(page(report));
  });

  it("draws the growth, and says it in words for who cannot see it", () => {
    expect(page(examples.diagnosisOfShop)).toMatch(
      /role="img" aria-label="Growth from 82,110 entries to 83,114 entries in 52 s">\s*<line[^]*<polyline points="[\d., -]+"/,
    );
  });

  it("keeps hostile names text", () => {
    const [leak] = examples.diagnosisOfShop.leaks;
    if (leak === undefined) throw new Error("no leak");
    const holder = { ...leak.holder, path: `"><script>alert(1)</script>\u202e` };
    const text = page({ ...examples.diagnosisOfShop, leaks: [{ ...leak, holder }] });
    expect(text).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u202e");
    expect(text).not.toContain("<script");
  });
});

describe("as committed", () => {
  it.each([
    ["html", "html"],
    ["sarif", "sarif"],
    ["junit", "xml"],
    ["markdown", "md"],
  ] as const)("%s", (format, ending) => {
    const parts = format === "markdown" ? ALL : ALL.slice(0, 1);
    expectGolden(`report/diagnose.${ending}`, parts.map(([, report]) => printed(report, format)).join("\n"));
  });
});
