// Work that takes longer than a request.

import { PAGE_SCHEMAS } from "../../report/schema/page-schemas.ts";
import type { Job } from "../../model/page-reports.ts";
import { json, type Parameter, problem, type Answer, type Route, type ServerEvent } from "../route.ts";
import type { JobList } from "../job-list.ts";

const ID: Parameter = { name: "id", is: "of the job", type: "text" };

export const JOB_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/api/jobs",
    summary: "Work under way and done.",
    parameters: [],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.jobs },
    run: async (_asked, { jobs }) => json({ schema: "deadweight/jobs@1", jobs: jobs.all() }),
  },
  {
    method: "GET",
    path: "/api/jobs/:id",
    summary: "How far it is.",
    parameters: [ID],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: async (asked, { jobs }) => found(jobs.find(asked.text("id"))),
  },
  {
    method: "GET",
    path: "/api/jobs/:id/events",
    summary: "How far it is, until it has ended.",
    parameters: [ID],
    body: null,
    answer: { kind: "events", is: "`job` (deadweight/job@1), at once and whenever it changes" },
    run: async (asked, { jobs }) =>
      jobs.find(asked.text("id")) === null
        ? gone()
        : { kind: "events", events: changes(jobs, asked.text("id"), asked.signal) },
  },
  {
    method: "GET",
    path: "/api/jobs/:id/result",
    summary: "What came of it: a report of the schema that it names.",
    parameters: [ID],
    body: null,
    answer: { kind: "json", schema: { type: "object", required: ["schema"] } },
    run: async (asked, { jobs }) => resultOf(jobs, asked.text("id")),
  },
  {
    method: "DELETE",
    path: "/api/jobs/:id",
    summary: "Ends it early: a diagnosis judges what it has seen so far.",
    parameters: [ID],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: async (asked, { jobs }) => {
      jobs.cancel(asked.text("id"));
      return found(jobs.find(asked.text("id")));
    },
  },
];

async function* changes(jobs: JobList, id: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  for await (const job of jobs.follow(id, signal)) yield { event: "job", data: job };
}

function resultOf(jobs: JobList, id: string): Answer {
  const job = jobs.find(id);
  if (job === null) return gone();
  if (job.problem !== null) return problem(job.problem.code, job.problem.message);
  const result = jobs.resultOf(id);
  return result === null ? problem("not-done", "The job is still under way.", 409) : json(result);
}

function found(job: Job | null): Answer {
  return job === null ? gone() : json(job);
}

function gone(): Answer {
  return problem("no-such-job", "There is no such job; those that ended long ago are forgotten.", 404);
}
