import { describe, expect, it } from "vitest";
import { SCAN_FORMATS, scanReportText } from "../../src/report/scan-formats.ts";
import { scanGithub } from "../../src/report/scan-github.ts";
import { scanJunit } from "../../src/report/scan-junit.ts";
import { scanMarkdown } from "../../src/report/scan-markdown.ts";
import { scanSarif } from "../../src/report/scan-sarif.ts";
import { scanStatistics } from "../../src/report/scan-statistics.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import { CONTEXT, scanOfNothing, scanOfShop } from "./example-scans.ts";

const STYLES = {
  "80": { width: 80, colours: false },
  "120-colour": { width: 120, colours: true },
} as const;

describe.each(SCAN_FORMATS)("scan as %s", (format) => {
  it.each(Object.entries(STYLES))("at %s", (name, style) => {
    if (format !== "text" && name !== "80") return;
    const texts = [scanOfShop, scanOfNothing].map((report) => scanReportText(report, format, style, CONTEXT));
    expectGolden(`report/scan-${format}-${name}.txt`, texts.join("────\n"));
  });
});

it("statistics count by rule, most frequent first", () => {
  expectGolden("report/scan-statistics-80.txt", scanStatistics(scanOfShop, STYLES["80"]));
});

describe("SARIF", () => {
  const log = JSON.parse(scanSarif(scanOfShop, CONTEXT)) as SarifLog;
  const [run] = log.runs;

  it("is version 2.1.0 with one run", () => {
    expect([log.version, log.runs.length]).toEqual(["2.1.0", 1]);
    expect(log.$schema).toContain("sarif-schema-2.1.0.json");
  });
  it("every result points at its rule, by name and by row", () => {
    for (const result of run?.results ?? []) expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });
  it("every path is a URI that leads back to the file", () => {
    const uris = (run?.results ?? []).map((each) => each.locations[0]?.physicalLocation.artifactLocation.uri ?? "");
    expect(uris.map((uri) => decodeURIComponent(uri))).toEqual(scanOfShop.findings.map((each) => each.file));
    expect(uris.every((uri) => /^[\w./%-]+$/.test(uri))).toBe(true);
  });
  it("the chain of evidence is told twice: as related places and as a flow that ends at the finding", () => {
    const result = run?.results.at(-1);
    expect(result?.relatedLocations?.map((each) => each.id)).toEqual([0, 1]);
    const flow = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(flow.map((each) => each.location.physicalLocation.region.startLine)).toEqual([12, 18, 31]);
  });
  it("a fix replaces exactly its edit", () => {
    expect(run?.results[1]?.fixes?.[0]?.artifactChanges[0]?.replacements).toEqual([
      { deletedRegion: { charOffset: 52, charLength: 12 }, insertedContent: { text: "maxsize=1024" } },
    ]);
  });
});

describe("formats that others read", () => {
  it("GitHub gets one line for each finding, with its marks escaped", () => {
    const lines = scanGithub(scanOfShop).trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain("100%25 of <articles>");
    expect(lines[1]).toContain("%0ASecond line.");
  });
  it("JUnit is XML whose counts are right", () => {
    const text = scanJunit(scanOfShop);
    expect(text.match(/<failure /g)).toHaveLength(3);
    expect(text).toContain('tests="3" failures="3"');
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#10;)/);
    expect(scanJunit(scanOfNothing)).toContain('failures="0"');
  });
  it("Markdown shows what a file's name and a message say, and obeys nothing in them", () => {
    expect(scanMarkdown(scanOfShop)).toContain("of \\<articles\\> & ");
  });
});

interface SarifPlace {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number };
  };
}
interface SarifLog {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly locations: readonly SarifPlace[];
      readonly relatedLocations?: readonly SarifPlace[];
      readonly codeFlows?: readonly {
        readonly threadFlows: readonly { readonly locations: readonly { readonly location: SarifPlace }[] }[];
      }[];
      readonly fixes?: readonly { readonly artifactChanges: readonly { readonly replacements: unknown }[] }[];
    }[];
  }[];
}
