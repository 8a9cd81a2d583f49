// `deadweight caches clear SELECTOR`, `caches undo`, `caches history`, `caches verify`

import { cacheCommandText, cacheHistoryText, cacheTrustText } from "../../report/cache-command-text.ts";
import { countOf } from "../../base/format-count.ts";
import type { HistoryExport } from "../actions.ts";
import { APP_OPTION, REASON_OPTION, REDIS_OPTION, serverOf } from "../cache-options.ts";
import { CANARY_OPTIONS, canaryOf, shareOf } from "../canary-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import type { World } from "../world.ts";

export const cachesClear: Command = defineCommand({
  name: "caches clear",
  summary: "clear caches in all processes of an application, with receipts",
  description: [
    "Clears what `deadweight.cached` keeps: no value that was loaded before is an answer of any call that begins after this command has ended, in any process of the application on this host, also where a load was under way. SELECTOR is the name of a function, ns:NAMESPACE, ns:NAMESPACE:vVERSION or tag:TAG.",
    "With --pid or --match it clears a functools.lru_cache of a program nobody prepared, in all its workers, by a few lines of Python that run in each of them once: it is cleared, calls that are under way are waited for, and it is cleared again. SELECTOR is then the function's name.",
    "With --redis it reaches the processes of all hosts that share a tier on that server (docs/redis-tier.md): each acknowledges by name, and one that is cut off is waited for until it answers with nothing that it keeps.",
    "Who did it and why is written to the audit log first; without that nothing is cleared. --canary clears a part of the keys, the same ones at each step, so that a larger part contains the smaller. With --guard it is watched afterwards and taken back by itself as soon as a limit is broken, and the log has both.",
  ],
  arguments: { selector: { placeholder: "SELECTOR", takes: "selector", count: "one", summary: "what to clear" } },
  options: {
    app: APP_OPTION,
    redis: REDIS_OPTION,
    pid: {
      kind: "count",
      placeholder: "PID",
      default: null,
      summary: "a functools.lru_cache in this process, its fellow workers and their supervisor",
    },
    match: {
      kind: "text",
      placeholder: "REGEX",
      summary: "the same for the Python processes whose command line matches",
    },
    wait: {
      kind: "seconds",
      placeholder: "TIME",
      default: 30,
      summary: "with --pid or --match: how long an idle process is waited for, and then calls that are under way",
    },
    reason: REASON_OPTION,
    canary: { kind: "text", placeholder: "SHARE", summary: "only this part of a namespace's keys, as 5% or 0.05" },
    ...CANARY_OPTIONS,
  },
  examples: [
    {
      command: "deadweight caches clear ns:prices --app shop --reason 'new price list'",
      why: "a whole namespace, everywhere",
    },
    {
      command: "deadweight caches clear tag:user:42 --app shop --reason 'changed her name'",
      why: "what concerns one user",
    },
    {
      command: "deadweight caches clear ns:prices --app shop --canary 5% --reason 'first step'",
      why: "a part of the keys first",
    },
    {
      command: "deadweight caches clear shop.pricing.quote --match 'gunicorn.*shop' --reason 'new price list'",
      why: "a functools.lru_cache, in all workers",
    },
    {
      command: "deadweight caches clear ns:prices --app shop --redis redis://cache-1 --reason 'new price list'",
      why: "on all hosts",
    },
    {
      command:
        "deadweight caches clear ns:prices --app shop --canary 5% --guard 'load<=200ms,errors<=1%' --watch 1m --reason 'first step'",
      why: "and back by itself when it does harm",
    },
    {
      command: "deadweight caches clear shop.pricing.quote --app shop --dry-run",
      why: "the bill: what would go, and what it costs",
    },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "every process that lives has it" },
    {
      code: EXIT.findings,
      when: "it is partly done, and the receipts say who is missing; or a guard took it back or could not judge",
    },
    { code: EXIT.couldNot, when: "nothing was changed" },
  ],
  async run(given, world) {
    if (given.options.pid !== null || given.options.match !== null)
      return await clearInProcesses(given.arguments.selector, given.options, world);
    const { app, reason, canary, json, "dry-run": isDryRun } = given.options;
    const share = canary === null ? 1 : shareOf(canary);
    using interruption = world.askFirst();
    const guard = canaryOf(given.options, interruption.signal);
    const wrong = wrongUse(app, isDryRun ? "dry run" : reason, share) ?? (guard.ok ? null : guard.error);
    if (wrong !== null || !guard.ok) return await printProblem({ code: "usage", message: wrong ?? "" }, json, world);
    const report = await world.actions.clearCaches({
      app: app ?? "",
      selector: given.arguments.selector,
      reason: reason ?? "",
      share: share ?? 1,
      isDryRun,
      canary: guard.value,
      environment: world.environment,
      ...serverOf(given.options),
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, cacheCommandText, world);
    return isWhole(report.value) ? EXIT.clean : EXIT.findings;
  },
});

/** Nobody is missing, and no guard took it back. */
function isWhole({ outcome, guard }: CacheCommandReport): boolean {
  return outcome !== "partial" && (guard === null || guard.verdict === "held");
}

interface InProcesses {
  readonly pid: number | null;
  readonly match: string | null;
  readonly app: string | null;
  readonly redis: string | null;
  readonly reason: string | null;
  readonly canary: string | null;
  readonly wait: number;
  readonly guard: string | null;
  readonly watch: number | null;
  readonly "dry-run": boolean;
  readonly json: boolean;
}

async function clearInProcesses(name: string, options: InProcesses, world: World): Promise<ExitCode> {
  const { pid, match, reason, json } = options;
  const target = pid ?? patternOf(match ?? "");
  const wrong = wrongInProcesses(options, target);
  if (wrong !== null || target === null)
    return await printProblem({ code: "usage", message: wrong ?? "--match needs a regular expression" }, json, world);
  using interruption = world.askFirst();
  const report = await world.actions.clearFunction({
    target,
    name: name.replace(/^fn:/, ""),
    reason: reason ?? "",
    app: options.app ?? "unnamed",
    waitSeconds: options.wait,
    isDryRun: options["dry-run"],
    environment: world.environment,
    signal: interruption.signal,
  });
  if (!report.ok) return await printProblem(report.error, json, world);
  await printReport(report.value, json, cacheCommandText, world);
  const { outcome } = report.value;
  return outcome === "complete" || outcome === null ? EXIT.clean : EXIT.findings;
}

function wrongInProcesses(options: InProcesses, target: number | RegExp | null): string | null {
  if (options.pid !== null && options.match !== null) return "give --pid or --match, not both";
  if (target === null) return `--match needs a regular expression, not '${options.match}'`;
  if (options.redis !== null) return "give --redis, or --pid and --match: a functools.lru_cache follows no stream";
  if (options.canary !== null || options.guard !== null || options.watch !== null)
    return "a functools.lru_cache is cleared as a whole, and for good: --canary, --guard and --watch need --app and deadweight.cached";
  if (options.app !== null && !isAppName(options.app))
    return `--app is the name of an application, not '${options.app}'`;
  return isReason(options.reason) || options["dry-run"] ? null : REASON_MISSING;
}

function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text, "u");
  } catch {
    return null;
  }
}

export const cachesUndo: Command = defineCommand({
  name: "caches undo",
  summary: "take a clear back: entries that still lie there are answers again; or a bound, a time, a freeze",
  description: [
    "Without OP the last clear is taken back; OP may also be a bound, a time or a freeze, and then what was set before it is set again, unless something else was set since. What was loaded since stays; what was cleared again since stays cleared. Old values become answers again: that is the point of it, and its danger.",
  ],
  arguments: {
    op: {
      placeholder: "OP",
      takes: "selector",
      count: "optional",
      summary: "the command, as `caches history` names it",
    },
  },
  options: { app: APP_OPTION, redis: REDIS_OPTION, reason: REASON_OPTION },
  examples: [
    { command: "deadweight caches undo 1f0a3c2e --app shop --reason 'cleared the wrong one'", why: "one clear" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was taken back everywhere" },
    { code: EXIT.findings, when: "a part was cleared again meanwhile, or a process is missing" },
    { code: EXIT.couldNot, when: "nothing was changed" },
  ],
  async run(given, world) {
    const { app, reason, json } = given.options;
    const wrong = wrongUse(app, reason, 1);
    if (wrong !== null) return await printProblem({ code: "usage", message: wrong }, json, world);
    const asked = { app: app ?? "", op: given.arguments.op, reason: reason ?? "", environment: world.environment };
    const report = await world.actions.undoClear({ ...asked, ...serverOf(given.options) });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, cacheCommandText, world);
    return report.value.outcome === "partial" ? EXIT.findings : EXIT.clean;
  },
});

export const cachesHistory: Command = defineCommand({
  name: "caches history",
  summary: "what was done to the caches of an application: when, by whom, why, with what result",
  description: [
    "Every line of the audit log is checked on the way: a change, a removal or a line in another place is named.",
    "--export writes one command per line for other programs. What stands behind the name of a tag, the 42 of tag:user:42, is left out of it.",
  ],
  arguments: {},
  options: {
    app: APP_OPTION,
    export: { kind: "file", placeholder: "FILE", summary: "also write it there; FILE ends in .jsonl or .csv" },
    values: { kind: "flag", summary: "with --export: keep the values of tags" },
  },
  examples: [
    { command: "deadweight caches history --app shop", why: "all commands so far" },
    { command: "deadweight caches history --app shop --export clears.csv", why: "for a spreadsheet" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the log is whole" },
    { code: EXIT.findings, when: "the log cannot be trusted" },
    { code: EXIT.couldNot, when: "it cannot be read, or the export cannot be written" },
  ],
  async run(given, world) {
    const { export: path, values: hasValues, ...options } = given.options;
    if (path === null && hasValues)
      return await printProblem({ code: "usage", message: "--values is about --export FILE" }, options.json, world);
    return await history(options, world, cacheHistoryText, path === null ? null : { path, hasValues });
  },
});

export const cachesVerify: Command = defineCommand({
  name: "caches verify",
  summary: "whether the audit log of an application is as it was written",
  description: [
    "Finds a line that was changed, removed, added or moved, and prints the head of the log. Keep the head elsewhere: it is what shows that the end was not cut off.",
  ],
  arguments: {},
  options: { app: APP_OPTION },
  examples: [{ command: "deadweight caches verify --app shop", why: "before you believe the history" }],
  exitCodes: [
    { code: EXIT.clean, when: "the log is whole" },
    { code: EXIT.findings, when: "the log cannot be trusted" },
    { code: EXIT.couldNot, when: "it cannot be read" },
  ],
  run: async (given, world) => await history(given.options, world, cacheTrustText),
});

async function history(
  options: { readonly app: string | null; readonly json: boolean },
  world: World,
  text: typeof cacheHistoryText,
  exportTo: HistoryExport | null = null,
): Promise<ExitCode> {
  const { app, json } = options;
  if (app === null) return await printProblem({ code: "usage", message: APP_MISSING }, json, world);
  const report = await world.actions.cacheHistory({ app, exportTo, environment: world.environment });
  if (!report.ok) return await printProblem(report.error, json, world);
  if (exportTo !== null) {
    const commands = countOf(report.value.commands.length, "command");
    await world.err.write(`deadweight: wrote ${commands} to ${exportTo.path}\n`);
  }
  await printReport(report.value, json, text, world);
  return report.value.fault === null ? EXIT.clean : EXIT.findings;
}

const APP_MISSING = "say which application: --app APP, the name its processes give to deadweight.join()";

const REASON_MISSING = "say why: --reason TEXT; it stays in the audit log";

function isAppName(app: string): boolean {
  return /^[^./][^/]*$/.test(app);
}

function isReason(reason: string | null): boolean {
  return reason !== null && reason.trim() !== "";
}

function wrongUse(app: string | null, reason: string | null, share: number | null): string | null {
  if (app === null) return APP_MISSING;
  if (!isAppName(app)) return `--app is the name of an application, not '${app}'`;
  if (!isReason(reason)) return REASON_MISSING;
  return share === null ? "--canary is a part above 0 and at most 100%, as 5% or 0.05" : null;
}
