// `deadweight caches resize`, `caches ttl`, `caches freeze`, `caches thaw`

import { cacheCommandText } from "../../report/cache-command-text.ts";
import type { CacheLimit, ChangeAsked } from "../actions.ts";
import { APP_OPTION, REASON_OPTION, REDIS_OPTION, serverOf } from "../cache-options.ts";
import { CANARY_OPTIONS, canaryOf, shareOf } from "../canary-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import type { World } from "../world.ts";

const SETTING_OPTIONS = {
  app: APP_OPTION,
  redis: REDIS_OPTION,
  reason: REASON_OPTION,
  canary: {
    kind: "text",
    placeholder: "SHARE",
    summary: "only in this part of the processes, as 25% or 0.25; at least one",
  },
  ...CANARY_OPTIONS,
} as const;
const FUNCTION_ARGUMENT = {
  placeholder: "FUNCTION",
  takes: "selector",
  count: "one",
  summary: "name of the function",
} as const;
const EXIT_CODES = [
  { code: EXIT.clean, when: "every process that lives has obeyed, or will before its next answer" },
  { code: EXIT.findings, when: "a process is missing, or a guard took it back or could not judge" },
  { code: EXIT.couldNot, when: "nothing was changed" },
] as const;
const OBEYED =
  "Each process obeys before it gives its next answer. Who did it and why is written to the audit log first. It lasts until the next command, or until the machine starts anew. --canary does it in a part of the processes, the same ones at each step; with --guard it is watched, and taken back by itself when a limit is broken.";

export const cachesResize: Command = defineCommand({
  name: "caches resize",
  summary: "give a cache another bound, in all processes of an application",
  description: [`For functions that \`deadweight.cached\` keeps results of. What is too much goes at once. ${OBEYED}`],
  arguments: {
    function: FUNCTION_ARGUMENT,
    entries: {
      placeholder: "ENTRIES",
      takes: "selector",
      count: "one",
      summary: "a number, none, or declared: as the program says",
    },
  },
  options: SETTING_OPTIONS,
  examples: [
    {
      command: "deadweight caches resize shop.pricing.quote 5000 --app shop --reason 'the knee is there'",
      why: "another bound",
    },
    {
      command: "deadweight caches resize shop.pricing.quote 500 --app shop --dry-run",
      why: "what would go, and what it costs",
    },
    {
      command:
        "deadweight caches resize shop.pricing.quote 500 --app shop --canary 25% --guard 'hits>=80%' --watch 5m --reason 'as advised'",
      why: "in a quarter of the processes, and back by itself when hits fall",
    },
  ],
  exitCodes: EXIT_CODES,
  async run(given, world) {
    const maxsize = limitOf(given.arguments.entries, /^\d+$/);
    if (maxsize === null)
      return await wrong(
        `ENTRIES is a whole number, none or declared, not '${given.arguments.entries}'`,
        given.options.json,
        world,
      );
    return await change(given.arguments.function, { action: "resize", maxsize }, given.options, world);
  },
});

export const cachesTtl: Command = defineCommand({
  name: "caches ttl",
  summary: "let entries of a cache live longer or shorter, in all processes of an application",
  description: [
    `For functions that \`deadweight.cached\` keeps results of; entries that are there keep the end they have. ${OBEYED}`,
  ],
  arguments: {
    function: FUNCTION_ARGUMENT,
    seconds: {
      placeholder: "SECONDS",
      takes: "selector",
      count: "one",
      summary: "a number, none, or declared: as the program says",
    },
  },
  options: SETTING_OPTIONS,
  examples: [
    {
      command: "deadweight caches ttl shop.pricing.quote 30 --app shop --reason 'prices move today'",
      why: "half a minute",
    },
  ],
  exitCodes: EXIT_CODES,
  async run(given, world) {
    const seconds = limitOf(given.arguments.seconds, /^\d*\.?\d+$/);
    if (seconds === null || seconds === 0)
      return await wrong(
        `SECONDS is a number above 0, none or declared, not '${given.arguments.seconds}'`,
        given.options.json,
        world,
      );
    return await change(given.arguments.function, { action: "ttl", seconds }, given.options, world);
  },
});

export const cachesFreeze: Command = defineCommand({
  name: "caches freeze",
  summary: "keep the entries a cache has, whatever comes: none ends, comes or goes, but for clears",
  description: [`For an incident in which what lies behind the cache must be spared. ${OBEYED}`],
  arguments: { function: FUNCTION_ARGUMENT },
  options: SETTING_OPTIONS,
  examples: [
    {
      command: "deadweight caches freeze shop.pricing.quote --app shop --reason 'the database is down'",
      why: "live on what is there",
    },
  ],
  exitCodes: EXIT_CODES,
  run: async (given, world) => await change(given.arguments.function, { action: "freeze" }, given.options, world),
});

export const cachesThaw: Command = defineCommand({
  name: "caches thaw",
  summary: "end a freeze",
  description: [OBEYED],
  arguments: { function: FUNCTION_ARGUMENT },
  options: SETTING_OPTIONS,
  examples: [
    {
      command: "deadweight caches thaw shop.pricing.quote --app shop --reason 'the database is back'",
      why: "as before",
    },
  ],
  exitCodes: EXIT_CODES,
  run: async (given, world) => await change(given.arguments.function, { action: "thaw" }, given.options, world),
});

interface Options {
  readonly app: string | null;
  readonly reason: string | null;
  readonly canary: string | null;
  readonly guard: string | null;
  readonly watch: number | null;
  readonly redis: string | null;
  readonly "dry-run": boolean;
  readonly json: boolean;
}

async function change(
  name: string,
  setting: ChangeAsked["setting"],
  options: Options,
  world: World,
): Promise<ExitCode> {
  const { app, reason, canary, json, "dry-run": isDryRun } = options;
  if (app === null || !/^[^./][^/]*$/.test(app))
    return await wrong(
      "say which application: --app APP, the name its processes give to deadweight.join()",
      json,
      world,
    );
  if (!isDryRun && (reason === null || reason.trim() === ""))
    return await wrong("say why: --reason TEXT; it stays in the audit log", json, world);
  const workerShare = canary === null ? 1 : shareOf(canary);
  if (workerShare === null)
    return await wrong("--canary is a part above 0 and at most 100%, as 25% or 0.25", json, world);
  using interruption = world.askFirst();
  const guard = canaryOf(options, interruption.signal);
  if (!guard.ok) return await wrong(guard.error, json, world);
  const report = await world.actions.changeSettings({
    app,
    selector: name,
    setting,
    reason: reason ?? "",
    workerShare,
    isDryRun,
    canary: guard.value,
    environment: world.environment,
    ...serverOf(options),
  });
  if (!report.ok) return await printProblem(report.error, json, world);
  await printReport(report.value, json, cacheCommandText, world);
  const { outcome, guard: seen } = report.value;
  return outcome === "partial" || (seen !== null && seen.verdict !== "held") ? EXIT.findings : EXIT.clean;
}

async function wrong(message: string, json: boolean, world: World): Promise<ExitCode> {
  return await printProblem({ code: "usage", message }, json, world);
}

function limitOf(text: string, number: RegExp): CacheLimit | null {
  if (text === "none" || text === "declared") return text;
  return number.test(text) ? Number(text) : null;
}
