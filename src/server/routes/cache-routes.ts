// Caches: what there is, which bound they should have, and control with a plan, a confirmation and a reason.

import { changeSettings } from "../../app/caches/change-settings.ts";
import { clearCaches, undoClear } from "../../app/caches/clear-caches.ts";
import { listGovernedApps } from "../../app/caches/list-governed-apps.ts";
import { readCacheHistory } from "../../app/caches/cache-history.ts";
import type { SettingAsked } from "../../app/caches/setting-asked.ts";
import type { Result } from "../../base/result.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { SCHEMAS } from "../../report/schema/all-schemas.ts";
import type { JsonSchema } from "../../report/schema/schema-language.ts";
import { PAGE_SCHEMAS } from "../../report/schema/page-schemas.ts";
import { type Answer, type Asked, json, type Parameter, problem, type Problem, type Route } from "../route.ts";
import { startedJob } from "../started-job.ts";
import type { Desk } from "../desk.ts";

const APP: Parameter = { name: "app", is: "name of the governed program", type: "text" };
const COMMAND: JsonSchema = SCHEMAS["caches-clear"] ?? {};
const WINDOW_SECONDS = 3;
const ADVICE_SECONDS = 60;

const text = (description: string): JsonSchema => ({ description, type: "string", minLength: 1 });
const COMMON = {
  app: text("name of the governed program"),
  selector: text("a function, ns:NAMESPACE or tag:NAME:VALUE"),
  reason: text("why; it stands in the audit log"),
  plan: text("of the answer without it: says that this very change was seen and is meant. Without it nothing is done"),
};

export const CACHE_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/api/caches",
    summary: "The caches of a process and its fellow workers. The job's result is deadweight/caches@1.",
    parameters: [],
    body: body(["pid"], { pid: { description: "the process", type: "integer", minimum: 1 } }),
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: inventory,
  },
  {
    method: "POST",
    path: "/api/caches/advice",
    summary: "Which bounds they should have. The job's result is deadweight/cache-advice@1.",
    parameters: [],
    body: body(["pid"], {
      pid: { description: "the process", type: "integer", minimum: 1 },
      seconds: { description: `how long it is watched; ${ADVICE_SECONDS} if not given`, type: "integer", minimum: 5 },
    }),
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: advice,
  },
  {
    method: "POST",
    path: "/api/caches/clear",
    summary: "Clears in all workers, with receipts. Without `plan` it says what would be done.",
    parameters: [],
    body: body(["app", "selector", "reason"], {
      ...COMMON,
      share: { description: "part of the keys, above 0 and at most 1", type: "number" },
    }),
    answer: { kind: "json", schema: COMMAND },
    run: clear,
  },
  {
    method: "POST",
    path: "/api/caches/settings",
    summary: "Bounds, expiry, freezing. Without `plan` it says what would be done.",
    parameters: [],
    body: body(["app", "selector", "reason", "action"], {
      ...COMMON,
      action: { enum: ["resize", "ttl", "freeze", "thaw"] },
      limit: { description: 'of resize and ttl: a number, "none" or "declared"' },
    }),
    answer: { kind: "json", schema: COMMAND },
    run: change,
  },
  {
    method: "POST",
    path: "/api/caches/undo",
    summary: "Takes a clear back: entries that are still there are answers again.",
    parameters: [],
    body: body(["app", "op", "reason"], {
      app: COMMON.app,
      op: text("of the clear, as the history names it: this is the confirmation"),
      reason: COMMON.reason,
    }),
    answer: { kind: "json", schema: COMMAND },
    run: undo,
  },
  {
    method: "GET",
    path: "/api/apps",
    summary: "Programs that have governed caches, or had them.",
    parameters: [],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.apps },
    run: async (_asked, { options }) =>
      json({ schema: "deadweight/apps@1", apps: listGovernedApps(options.environment) }),
  },
  {
    method: "GET",
    path: "/api/audit",
    summary: "What was done to caches, by whom, why, and whether the log can be trusted.",
    parameters: [APP],
    body: null,
    answer: { kind: "json", schema: SCHEMAS["caches-history"] ?? {} },
    run: async (asked, { options }) => {
      const { environment } = options;
      const history = readCacheHistory({ app: asked.text("app"), environment });
      return history.ok ? json(history.value) : refused(history.error);
    },
  },
];

function body(required: readonly string[], properties: Readonly<Record<string, JsonSchema>>): Route["body"] {
  return { kind: "json", schema: { type: "object", required, properties } };
}

async function inventory(asked: Asked, desk: Desk): Promise<Answer> {
  const target = targetOf(asked, desk, WINDOW_SECONDS);
  if (target === null) return noProcess();
  return startedJob(
    desk.jobs.start(
      "caches",
      `process ${target.source}`,
      async (thread, context) => await thread.ask("caches", target, context),
    ),
  );
}

async function advice(asked: Asked, desk: Desk): Promise<Answer> {
  const { seconds = ADVICE_SECONDS } = asked.body;
  if (typeof seconds !== "number" || !(seconds >= 5 && seconds <= 3600))
    return problem("usage", "`seconds` must be between 5 and 3600.");
  const target = targetOf(asked, desk, seconds);
  if (target === null) return noProcess();
  const question = { ...target, name: null, loadMs: null };
  return startedJob(
    desk.jobs.start(
      "advice",
      `process ${target.source}`,
      async (thread, context) => await thread.ask("advice", question, context),
    ),
  );
}

interface CachesTarget {
  readonly source: string;
  readonly forSeconds: number;
  readonly isAlone: boolean;
  readonly maxPauseMs: number;
}

function targetOf({ body: { pid } }: Asked, { options }: Desk, forSeconds: number): CachesTarget | null {
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1) return null;
  return { source: String(pid), forSeconds, isAlone: false, maxPauseMs: options.maxPauseMs };
}

function noProcess(): Answer {
  return problem("usage", "`pid` is not a process id: give a whole number of 1 or more.");
}

async function clear({ body: given }: Asked, { options }: Desk): Promise<Answer> {
  const words = wordsOf(given, ["app", "selector", "reason"]);
  if (!words.ok) return words.answer;
  const { share = 1 } = given;
  if (typeof share !== "number" || !(share > 0 && share <= 1))
    return problem("usage", "`share` must be above 0 and at most 1.");
  const { app = "", selector = "", reason = "" } = words.value;
  const { environment } = options;
  return await confirmed(
    given["plan"],
    async (isDryRun) => await clearCaches({ app, selector, reason, share, isDryRun, canary: null, environment }),
  );
}

async function change({ body: given }: Asked, { options }: Desk): Promise<Answer> {
  const words = wordsOf(given, ["app", "selector", "reason"]);
  if (!words.ok) return words.answer;
  const setting = settingOf(given);
  if (setting === null)
    return problem(
      "usage",
      '`action` must be resize, ttl, freeze or thaw; the first two need `limit`: a number, "none" or "declared".',
    );
  const { app = "", selector = "", reason = "" } = words.value;
  const { environment } = options;
  return await confirmed(
    given["plan"],
    async (isDryRun) =>
      await changeSettings({ app, selector, reason, setting, workerShare: 1, isDryRun, canary: null, environment }),
  );
}

function settingOf({ action, limit }: Asked["body"]): SettingAsked | null {
  if (action === "freeze" || action === "thaw") return { action };
  const isLimit = limit === "none" || limit === "declared" || (typeof limit === "number" && limit >= 0);
  if (!isLimit) return null;
  if (action === "resize") return { action, maxsize: limit };
  return action === "ttl" ? { action, seconds: limit } : null;
}

async function undo({ body: given }: Asked, { options }: Desk): Promise<Answer> {
  const words = wordsOf(given, ["app", "op", "reason"]);
  if (!words.ok) return words.answer;
  const { app = "", op = "", reason = "" } = words.value;
  const { environment } = options;
  const undone = await undoClear({ app, op, reason, environment });
  return undone.ok ? json(undone.value) : refused(undone.error);
}

/**
 * Two steps: what would be done, with its plan; and the same again with that plan. A plan that does not fit any more is refused:
 * what was looked at is not what would be done.
 */
async function confirmed(
  plan: unknown,
  act: (isDryRun: boolean) => Promise<Result<CacheCommandReport, Problem>>,
): Promise<Answer> {
  const planned = await act(true);
  if (!planned.ok) return refused(planned.error);
  if (plan === undefined) return json(planned.value);
  if (plan !== planned.value.plan)
    return problem(
      "other-plan",
      "This plan is not what would be done now: ask again without `plan`, look, and confirm.",
      409,
    );
  const done = await act(false);
  return done.ok ? json(done.value) : refused(done.error);
}

type Words =
  | { readonly ok: true; readonly value: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly answer: Answer };

function wordsOf(given: Asked["body"], names: readonly string[]): Words {
  const value: Record<string, string> = {};
  for (const name of names) {
    const word = given[name];
    if (typeof word !== "string" || word.trim() === "")
      return { ok: false, answer: problem("usage", `\`${name}\` is missing: give a text.`) };
    value[name] = word;
  }
  return { ok: true, value };
}

function refused({ code, message }: Problem): Answer {
  return problem(code, message);
}
