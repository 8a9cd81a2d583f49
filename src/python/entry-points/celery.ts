import type { Framework } from "./entry-point.ts";

/** Celery and other task queues. */
export const CELERY: Framework = {
  name: "Celery",
  rules: [
    {
      by: "decorator",
      names: [
        "celery.Celery.task",
        "celery.shared_task",
        "celery.task",
        "celery.app.shared_task",
        "dramatiq.actor",
        "huey.task",
        "rq.job",
        "prefect.task",
        "prefect.flow",
        "luigi.task",
        ".task",
        ".periodic_task",
        ".db_task",
        ".actor",
      ],
      kind: "task",
      why: "a task",
    },
    {
      by: "base",
      bases: ["celery.Task", "celery.app.task.Task"],
      methods: ["run", "__call__", "on_success", "on_failure", "on_retry", "after_return"],
      kind: "task",
      why: "a method of a task class",
    },
    {
      by: "handed",
      to: ["rq.Queue.enqueue", ".enqueue", ".add_job", ".scheduled_job"],
      as: ["0", "func", "f"],
      kind: "task",
      why: "a job",
    },
    {
      by: "decorator",
      names: ["airflow.decorators.task", "airflow.decorators.dag", ".scheduled_job"],
      kind: "task",
      why: "a job",
    },
    { by: "decorator", names: [".agent", ".subscriber"], kind: "task", why: "a handler of messages" },
  ],
};
