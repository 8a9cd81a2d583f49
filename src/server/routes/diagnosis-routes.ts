// Is it a leak, whose, since which line; and what the sources say.

import { SCHEMAS } from "../../report/schema/all-schemas.ts";
import { PAGE_SCHEMAS } from "../../report/schema/page-schemas.ts";
import { type Answer, type Asked, json, problem, type Route } from "../route.ts";
import { startedJob } from "../started-job.ts";
import type { Desk } from "../desk.ts";

const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 3600;

export const DIAGNOSIS_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/api/diagnoses",
    summary: "Watches a process and judges it. The job's result is deadweight/diagnosis@1.",
    parameters: [],
    body: {
      kind: "json",
      schema: {
        type: "object",
        required: ["pid"],
        properties: {
          pid: { description: "the process", type: "integer", minimum: 1 },
          seconds: {
            description: `how long it is watched; ${DEFAULT_SECONDS} if not given`,
            type: "integer",
            minimum: 5,
            maximum: MOST_SECONDS,
          },
        },
      },
    },
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: diagnose,
  },
  {
    method: "POST",
    path: "/api/findings",
    summary: "Scans the sources that the server was given. The job's result is deadweight/scan@1.",
    parameters: [],
    body: { kind: "json", schema: { type: "object" } },
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: scan,
  },
  {
    method: "GET",
    path: "/api/schemas/:name",
    summary: "The schema of a report, by the name of its command.",
    parameters: [{ name: "name", is: "as diagnose", type: "text" }],
    body: null,
    answer: { kind: "json", schema: { type: "object" } },
    run: async (asked) => {
      const schema = SCHEMAS[asked.text("name")];
      return schema === undefined ? problem("no-such-schema", "There is no such schema.", 404) : json(schema);
    },
  },
];

async function diagnose({ body }: Asked, { options, jobs }: Desk): Promise<Answer> {
  const { pid, seconds = DEFAULT_SECONDS } = body;
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1)
    return problem("usage", "`pid` is not a process id: give a whole number of 1 or more.");
  if (typeof seconds !== "number" || !(seconds >= 5 && seconds <= MOST_SECONDS))
    return problem("usage", `\`seconds\` must be between 5 and ${MOST_SECONDS}.`);
  const { maxPauseMs, toolVersion } = options;
  const asked = { pid, forSeconds: seconds, maxPauseMs, toolVersion };
  return startedJob(
    jobs.start("diagnosis", `process ${pid}`, async (thread, context) => await thread.ask("diagnose", asked, context)),
  );
}

async function scan(_asked: Asked, { options, jobs }: Desk): Promise<Answer> {
  const { sources, toolVersion } = options;
  if (sources === null)
    return problem("no-sources", "The server was given no sources: start it with `deadweight serve --sources FOLDER`.");
  const asked = { folder: sources, paths: ["."], toolVersion };
  return startedJob(
    jobs.start("findings", sources, async (thread, context) => await thread.ask("findings", asked, context)),
  );
}
