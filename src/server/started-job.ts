// The answer to whoever starts a job.

import type { TaskProblem } from "../app/background/task.ts";
import type { Result } from "../base/result.ts";
import type { Job } from "../model/page-reports.ts";
import { type Answer, json, problem } from "./route.ts";

export function startedJob(job: Result<Job, TaskProblem>): Answer {
  return job.ok ? json(job.value, 202) : problem(job.error.code, job.error.message, 503);
}
