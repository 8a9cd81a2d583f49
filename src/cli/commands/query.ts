// `deadweight query SOURCE QUERY`

import { QUERY_FIELDS } from "../../model/query-report.ts";
import { queryText } from "../../report/query-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { READING_OPTIONS, SOURCE_SUMMARY, withReading } from "../source-options.ts";

export const query: Command = defineCommand({
  name: "query",
  summary: "objects for which some conditions hold",
  description: [
    "A query says which types, where, in which order and how many: `dict where entries > 10k and module = app order by retained limit 20`. Types are names, with or without their module, or patterns (`app.*`); `objects` stands for all. Conditions are joined by and, or, not and parentheses; ~ compares with a pattern. k and M are thousands in counts and powers of 1024 in bytes. `group by type`, `module` or `text` adds up.",
    `Fields: ${QUERY_FIELDS.map(({ name }) => name).join(", ")}. docs/query.md explains each.`,
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "one", summary: SOURCE_SUMMARY },
    query: { placeholder: "QUERY", takes: "selector", count: "many", least: 1, summary: "the query, best in quotes" },
  },
  options: {
    ...READING_OPTIONS,
  },
  examples: [
    {
      command: "deadweight query before.dwsnap 'dict where entries > 10k and module = app order by retained limit 20'",
      why: "large dicts of one module",
    },
    {
      command: "deadweight query 4711 'app.* group by type order by count'",
      why: "which classes of the program, and how many",
    },
    {
      command: "deadweight query 4711 --values 'str where size > 100 group by text order by size limit 10'",
      why: "strings that are there many times",
    },
    { command: "deadweight query 4711 'objects where garbage group by type'", why: "what waits for the collector" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was answered" },
    { code: EXIT.couldNot, when: "the source cannot be read, or the query is none" },
  ],
  async run(given, world) {
    const { source } = given.arguments;
    const text = given.arguments.query.join(" ");
    const report = await withReading(given.options, world, (options) => world.actions.query(source, text, options));
    if (!report.ok) return await printProblem(report.error, given.options.json, world);
    await printReport(report.value, given.options.json, queryText, world);
    return EXIT.clean;
  },
});
