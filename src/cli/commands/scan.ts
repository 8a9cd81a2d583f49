// `deadweight scan [PATH...]`

import { CONFIDENCES } from "../../model/scan-settings.ts";
import { renderJson } from "../../report/json.ts";
import { SCAN_FORMATS, scanReportText } from "../../report/scan-formats.ts";
import { scanRulesText } from "../../report/scan-rules-text.ts";
import { scanStatistics } from "../../report/scan-statistics.ts";
import type { ScanAnswer } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printMessage, printProblem } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { styleOf, type World } from "../world.ts";

export const scan: Command = defineCommand({
  name: "scan",
  summary: "hazards in source: who inserts, who removes, what the key is made of",
  description: [
    "Reads Python, notebooks, Cython and C, the whole project at once: paths are folders or files, and without one the folder here. Nothing is imported or run. Settings come from [tool.deadweight] in pyproject.toml or from deadweight.toml.",
    "A finding is certain when it follows from the language alone, likely when the whole chain was seen, possible when a piece of it is assumed. A comment `# dw: ignore[DW101] reason` keeps one finding quiet, a baseline all that are there today. docs/scan.md has the rest, docs/rules a page for every rule.",
  ],
  arguments: {
    paths: {
      placeholder: "PATH",
      takes: "path",
      count: "many",
      least: 0,
      summary: "folders and files; - reads one file from stdin",
    },
  },
  options: {
    select: { kind: "list", placeholder: "CODES", summary: "only these rules: codes or their beginnings, DW1,DW201" },
    ignore: { kind: "list", placeholder: "CODES", summary: "not these rules" },
    confidence: {
      kind: "choice",
      placeholder: "LEVEL",
      choices: CONFIDENCES,
      default: null,
      summary: "the least sure findings to show, likely without settings",
    },
    format: {
      kind: "choice",
      placeholder: "FORMAT",
      choices: SCAN_FORMATS,
      default: "text",
      summary: "how findings are written",
    },
    output: { kind: "file", placeholder: "FILE", short: "o", summary: "write the report there instead of stdout" },
    statistics: { kind: "flag", summary: "how many findings each rule has, instead of the findings" },
    fix: { kind: "flag", summary: "apply safe fixes: what the program does stays the same but for what it keeps" },
    "unsafe-fixes": { kind: "flag", summary: "with --fix or --diff: apply the other fixes, too" },
    diff: { kind: "flag", summary: "show what --fix would change, and change nothing" },
    baseline: { kind: "file", placeholder: "FILE", summary: "leave out as many findings as are counted there" },
    "write-baseline": { kind: "flag", summary: "write the baseline from what is found now" },
    "prune-baseline": { kind: "flag", summary: "take out of the baseline what is gone" },
    config: { kind: "file", placeholder: "FILE", summary: "settings to use instead of the nearest ones" },
    "stdin-filename": { kind: "text", placeholder: "NAME", summary: "what the file from stdin is called" },
    "exit-zero": { kind: "flag", summary: "exit with 0 also when there are findings" },
    "no-cache": { kind: "flag", summary: "scan everything anew and keep nothing" },
    "cache-dir": { kind: "file", placeholder: "FOLDER", summary: "where to keep what is known of files" },
    threads: {
      kind: "count",
      placeholder: "N",
      default: null,
      summary: "threads to scan with, as many as pay without it",
    },
    explain: { kind: "text", placeholder: "CODE", summary: "print the page of a rule" },
    "list-rules": { kind: "flag", summary: "list all rules" },
  },
  examples: [
    { command: "deadweight scan", why: "the project here" },
    { command: "deadweight scan src --confidence possible", why: "also what is less sure" },
    { command: "deadweight scan --fix", why: "apply the safe fixes" },
    { command: "deadweight scan --baseline dw.json --write-baseline", why: "from now on only what is new" },
    { command: "deadweight scan --format sarif -o scan.sarif", why: "for code scanning" },
    { command: "deadweight scan --explain DW101", why: "what a rule means and what to do about it" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "nothing found" },
    { code: EXIT.findings, when: "findings" },
    { code: EXIT.couldNot, when: "a path or the settings cannot be read, or a file cannot be written" },
    { code: EXIT.ourBug, when: "a rule failed; what the others found is printed" },
  ],
  async run({ arguments: { paths }, options }, world) {
    if (options.explain !== null) return await explain(options.explain, options.json, world);
    if (options["list-rules"]) return await listRules(options.json, world);
    const baselineAction = baselineActionOf(options);
    using line = new ProgressLine(world);
    const answer = await world.actions.scan({
      paths: paths.length === 0 ? ["."] : paths,
      stdinName: options["stdin-filename"] ?? "stdin.py",
      config: options.config,
      select: options.select,
      ignore: options.ignore,
      confidence: options.confidence,
      baseline: options.baseline,
      baselineAction,
      fix: fixOf(options),
      isDiff: options.diff,
      cache: options["no-cache"] ? null : { folder: options["cache-dir"] },
      threads: options.threads,
      toolVersion: world.version,
      progress: line.show,
    });
    line[Symbol.dispose]();
    if (!answer.ok) return await printProblem(answer.error, options.json, world);
    const format = options.json ? "json" : options.format;
    const text = options.diff ? answer.value.diff : await reportText(answer.value, format, options.statistics, world);
    const written = await write(text, options.output, options.json, world);
    for (const notice of answer.value.notices) await printMessage(notice, world);
    if (options["unsafe-fixes"] && fixOf(options) === "none")
      await printMessage("--unsafe-fixes changed nothing: it goes with --fix, or with --diff to see them.", world);
    if (!written) return EXIT.couldNot;
    return exitCodeOf(answer.value, baselineAction === "write" || options["exit-zero"]);
  },
});

function fixOf(options: {
  readonly fix: boolean;
  readonly diff: boolean;
  readonly "unsafe-fixes": boolean;
}): "none" | "safe" | "unsafe" {
  if (!options.fix && !options.diff) return "none";
  return options["unsafe-fixes"] ? "unsafe" : "safe";
}

function baselineActionOf(options: {
  readonly "write-baseline": boolean;
  readonly "prune-baseline": boolean;
}): "apply" | "write" | "prune" {
  if (options["write-baseline"]) return "write";
  return options["prune-baseline"] ? "prune" : "apply";
}

async function reportText(
  { report, lineOf, hasFailedRule, isIncomplete }: ScanAnswer,
  format: (typeof SCAN_FORMATS)[number],
  isStatistics: boolean,
  world: World,
): Promise<string> {
  const style = styleOf(world.out, world.environment);
  if (isStatistics && format !== "json") return scanStatistics(report, style);
  const rules = await world.actions.scanRules();
  return scanReportText(report, format, style, {
    version: world.version,
    cards: rules.cards,
    pageOf: rules.pageOf,
    isComplete: !hasFailedRule && !isIncomplete,
    lineOf,
  });
}

/** False when the file cannot be written; that has been said then. */
async function write(text: string, file: string | null, json: boolean, world: World): Promise<boolean> {
  if (file === null) {
    await world.out.write(text);
    return true;
  }
  const written = await world.actions.writeReport(file, text);
  if (!written.ok) await printProblem(written.error, json, world);
  return written.ok;
}

function exitCodeOf({ report, hasFailedRule, isIncomplete }: ScanAnswer, isAlwaysClean: boolean): ExitCode {
  if (hasFailedRule) return EXIT.ourBug;
  if (isIncomplete) return EXIT.couldNot;
  return report.findings.length === 0 || isAlwaysClean ? EXIT.clean : EXIT.findings;
}

async function explain(code: string, json: boolean, world: World): Promise<ExitCode> {
  const { cards, pageOf } = await world.actions.scanRules();
  const card = cards.find((each) => each.code === code.toUpperCase() || each.name === code.toLowerCase());
  if (card === undefined)
    return await printProblem(
      { code: "no-rule", message: `there is no rule '${code}'; 'deadweight scan --list-rules' lists them` },
      json,
      world,
    );
  await world.out.write(pageOf(card.code) ?? `${card.code} ${card.name}\n\n${card.summary}\n`);
  return EXIT.clean;
}

async function listRules(json: boolean, world: World): Promise<ExitCode> {
  const { cards } = await world.actions.scanRules();
  const rules = { schema: "deadweight/rules@1", rules: cards };
  await world.out.write(json ? renderJson(rules) : scanRulesText(cards, styleOf(world.out, world.environment)));
  return EXIT.clean;
}
