// `deadweight caches SOURCE | --match REGEX`, and `deadweight caches show`

import { fail, ok, type Result } from "../../base/result.ts";
import type { CacheInventory } from "../../model/cache-inventory.ts";
import { cachesText, cacheText } from "../../report/caches-text.ts";
import type { CachesAsked, Problem } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { nearestWord } from "../nearest-word.ts";
import { printProblem, printReport } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";
import type { World } from "../world.ts";

const SOURCE_ARGUMENT_SUMMARY = "process id, snapshot file or core file";
const FOR_OPTION = {
  kind: "seconds",
  placeholder: "TIME",
  default: 5,
  summary: "how long the counters of a process are watched, as 5, 30s, 2m",
} as const;
const NO_WAIT_OPTION = { kind: "flag", summary: "do not watch counters; only what is there now" } as const;
const ALONE_OPTION = { kind: "flag", summary: "this process only, not the workers beside it" } as const;

export const caches: Command = defineCommand({
  name: "caches",
  summary: "every cache of a program: entries, bound, hit rate, bytes, keys",
  description: [
    "Finds the caches of a process nobody prepared: functools.lru_cache and cache, cached_property, deadweight.cached, cachetools, cachebox, async-lru, Django's and Flask's local caches, Jinja2's templates, and plain dicts that are named like a cache or grow. For each it says how full it is, whether its entries are used, what clearing it would free, and which keys will never be found again.",
    "With several workers of one program all of them are read, one after the other, and summed up. Each stands still once, for its snapshot; the counters are then watched by small reads while it runs.",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "optional", summary: SOURCE_ARGUMENT_SUMMARY },
  },
  options: {
    match: { kind: "text", placeholder: "REGEX", summary: "the Python processes whose command line matches" },
    for: FOR_OPTION,
    "no-wait": NO_WAIT_OPTION,
    alone: ALONE_OPTION,
    all: { kind: "flag", summary: "also the caches of Python's own library" },
    limit: { kind: "count", placeholder: "N", default: 20, summary: "rows of the table" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight caches 4711", why: "process 4711 and the workers beside it" },
    { command: "deadweight caches --match 'gunicorn.*shop' --for 1m", why: "hit rates of the next minute" },
    { command: "deadweight caches before.dwsnap", why: "what was cached when a snapshot was taken" },
    {
      command: "deadweight caches 4711 --json | jq '.caches[0].name'",
      why: "the largest, for a script",
    },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was read" },
    { code: EXIT.couldNot, when: "no process can be read" },
  ],
  async run(given, world) {
    const { json, limit, match, all: isAll } = given.options;
    const source = sourceOf(given.arguments.source, match);
    if (!source.ok) return await printProblem(source.error, json, world);
    const report = await listed(source.value, given.options, world);
    if (!report.ok) return await printProblem(report.error, json, world);
    const pids = report.value.processes.map(({ pid }) => pid);
    const again = given.arguments.source ?? String(pids[0] ?? "");
    await printReport(
      report.value,
      json,
      (each, style) => cachesText(each, style, { limit, isAll, source: again }),
      world,
    );
    return EXIT.clean;
  },
});

export const cachesShow: Command = defineCommand({
  name: "caches show",
  summary: "one cache in full: where, how full, by which keys, in which workers",
  description: [
    "NAME is what `deadweight caches` calls it, or the end of that: `quote` for `shop.pricing.quote`. Several that fit are all shown.",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "one", summary: SOURCE_ARGUMENT_SUMMARY },
    name: { placeholder: "NAME", takes: "selector", count: "one", summary: "a cache" },
  },
  options: { for: FOR_OPTION, "no-wait": NO_WAIT_OPTION, alone: ALONE_OPTION, "max-pause": MAX_PAUSE_OPTION },
  examples: [{ command: "deadweight caches show 4711 shop.pricing.quote", why: "everything about one cache" }],
  exitCodes: [
    { code: EXIT.clean, when: "it was found" },
    { code: EXIT.couldNot, when: "no process can be read, or it has no such cache" },
  ],
  async run(given, world) {
    const { json } = given.options;
    const { source, name } = given.arguments;
    const report = await listed(source, given.options, world);
    if (!report.ok) return await printProblem(report.error, json, world);
    const chosen = chosenOf(report.value, name);
    if (!chosen.ok) return await printProblem(chosen.error, json, world);
    await printReport(chosen.value, json, (each, style) => cacheText(each, style, source), world);
    return EXIT.clean;
  },
});

/** A process or file, or a pattern; one of both. */
export function sourceOf(source: string | null, match: string | null): Result<string | RegExp, Problem> {
  const usage = (message: string): Result<never, Problem> => fail({ code: "usage", message });
  if (match === null) return source === null ? usage("say which process: SOURCE or --match REGEX") : ok(source);
  if (source !== null) return usage("give SOURCE or --match, not both");
  try {
    return ok(new RegExp(match, "u"));
  } catch (error) {
    return usage(`--match needs a regular expression, not '${match}': ${(error as Error).message}`);
  }
}

interface GivenReading {
  readonly for: number;
  readonly "no-wait": boolean;
  readonly alone: boolean;
  readonly "max-pause": number;
}

async function listed(
  source: CachesAsked["source"],
  given: GivenReading,
  world: World,
): Promise<Result<CacheInventory, Problem>> {
  using line = new ProgressLine(world);
  using interruption = world.askFirst();
  return await world.actions.listCaches({
    source,
    forSeconds: given["no-wait"] ? 0 : given.for,
    isAlone: given.alone,
    maxPauseMs: given["max-pause"] * 1000,
    progress: line.show,
    signal: interruption.signal,
  });
}

/** The whole name, or the end of it after a dot. */
function chosenOf(report: CacheInventory, name: string): Result<CacheInventory, Problem> {
  const whole = report.caches.filter((cache) => cache.name === name);
  const fitting = whole.length > 0 ? whole : report.caches.filter((cache) => cache.name.endsWith(`.${name}`));
  if (fitting.length > 0) return ok({ ...report, caches: fitting });
  const near = nearestWord(
    name,
    report.caches.flatMap((cache) => [cache.name, cache.name.slice(cache.name.lastIndexOf(".") + 1)]),
  );
  const hint = near === null ? "`deadweight caches` lists them" : `did you mean '${near}'?`;
  return fail({ code: "no-such-cache", message: `there is no cache '${name}' here; ${hint}` });
}
