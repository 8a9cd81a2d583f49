// `deadweight caches advise SOURCE [NAME]`

import { cacheAdviceText } from "../../report/cache-advice-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";
import { sourceOf } from "./caches.ts";

export const cachesAdvise: Command = defineCommand({
  name: "caches advise",
  summary: "the right bound of each cache, from how it is used; no code is touched",
  description: [
    "functools.lru_cache, deadweight.cached, async-lru, and LRUCache and TTLCache of cachetools keep their entries in the order of use. That order is read from outside, again and again, while the program runs; how deep a key lay when it was used again says with which bounds the call would have been a hit. Keys that were thrown out are remembered by their hashes, so that larger bounds than the present one are seen, too.",
    "For each cache it says which smaller bound would answer as well, whether a larger one pays, where a cliff lies, and whether it could be without a bound. Each process has a cache of its own, so bounds are meant for each, and bytes for all together. What the data does not carry is refused, with what it would take.",
    "Each process stands still once, for its snapshot, and not afterwards.",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "optional", summary: "process id" },
    name: {
      placeholder: "NAME",
      takes: "selector",
      count: "optional",
      summary: "a cache, or the end of its name after a dot",
    },
  },
  options: {
    match: { kind: "text", placeholder: "REGEX", summary: "the Python processes whose command line matches" },
    for: {
      kind: "seconds",
      placeholder: "TIME",
      default: 30,
      summary: "how long the order of use is followed, as 30, 5m; as typical a time as you can find",
    },
    "load-time": {
      kind: "seconds",
      placeholder: "TIME",
      default: null,
      summary: "how long a load takes, as 40ms, where it is not measured: larger bounds are then worth seconds",
    },
    alone: { kind: "flag", summary: "this process only, not the workers beside it" },
    limit: { kind: "count", placeholder: "N", default: 5, summary: "curves to show" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight caches advise 4711 --for 5m", why: "all of process 4711 and the workers beside it" },
    { command: "deadweight caches advise 4711 pricing.quote --load-time 40ms", why: "one, in seconds saved per MiB" },
    { command: "deadweight caches advise --match 'gunicorn.*shop' --for 1m", why: "the workers of a program" },
    {
      command: "deadweight caches advise 4711 --json | jq '.caches[] | {name, verdict, offer}'",
      why: "for a script",
    },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was read, also where nothing could be said" },
    { code: EXIT.couldNot, when: "no process can be read, or it has no such cache" },
  ],
  async run(given, world) {
    const { json, match, limit, alone: isAlone, "load-time": loadSeconds } = given.options;
    // With --match the only argument is a name.
    const [first, second] =
      match === null ? [given.arguments.source, given.arguments.name] : [null, given.arguments.source];
    const source = sourceOf(first, match);
    if (!source.ok) return await printProblem(source.error, json, world);
    using line = new ProgressLine(world);
    using interruption = world.askFirst();
    const report = await world.actions.adviseCaches({
      source: source.value,
      name: second,
      forSeconds: given.options.for,
      loadMs: loadSeconds === null ? null : loadSeconds * 1000,
      isAlone,
      maxPauseMs: given.options["max-pause"] * 1000,
      progress: line.show,
      signal: interruption.signal,
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    const isPicture = world.out.isTerminal;
    const again = first ?? String(report.value.pids[0] ?? "");
    await printReport(
      report.value,
      json,
      (each, style) => cacheAdviceText(each, style, { isPicture, limit, source: again }),
      world,
    );
    return EXIT.clean;
  },
});
