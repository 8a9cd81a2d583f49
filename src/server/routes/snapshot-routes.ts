// Heaps: what there is, and every question about one.

import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { receiveFile } from "../receive-file.ts";
import type { TaskProblem } from "../../app/background/task.ts";
import type { Result } from "../../base/result.ts";
import { SCHEMAS } from "../../report/schema/all-schemas.ts";
import { PAGE_SCHEMAS } from "../../report/schema/page-schemas.ts";
import { type Answer, type Asked, json, type Parameter, problem, type Route } from "../route.ts";
import { startedJob } from "../started-job.ts";
import type { Desk } from "../desk.ts";

const ID: Parameter = { name: "id", is: "of the snapshot", type: "text" };
const SELECTOR: Parameter = {
  name: "selector",
  is: "an object (0x7f...), a holder (app.sessions.REGISTRY) or a type (app.models.Session)",
  type: "text",
};
const ADDRESS: Parameter = { name: "address", is: "of the object: 0x7f...", type: "text" };
/** All of them lie in memory at once. */
const MOST_COMPARED = 12;
const COMPARED_ROWS = 200;
/** What a process holds is for nobody else's eyes. */
const OWNERS_ONLY = { recursive: true, mode: 0o700 } as const;
const limit = (most: number, byDefault: number): Parameter => ({
  name: "limit",
  is: "rows at most",
  type: "count",
  default: byDefault,
  most,
});

export const SNAPSHOT_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/api/snapshots",
    summary: "The heaps that can be looked at.",
    parameters: [],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.snapshots },
    run: async (_asked, { heaps }) => json({ schema: "deadweight/snapshots@1", snapshots: heaps.rows() }),
  },
  {
    method: "POST",
    path: "/api/snapshots",
    summary: "Reads the heap of a process: it stands still for a moment. The job's result is deadweight/snapshot@1.",
    parameters: [],
    body: {
      kind: "json",
      schema: {
        type: "object",
        required: ["pid"],
        properties: { pid: { description: "the process", type: "integer", minimum: 1 } },
      },
    },
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: takeSnapshot,
  },
  {
    method: "POST",
    path: "/api/snapshots/files",
    summary: "Takes a snapshot file from elsewhere.",
    parameters: [{ name: "name", is: "how it is called", type: "text", default: "sent.dwsnap" }],
    body: { kind: "file" },
    answer: { kind: "json", schema: PAGE_SCHEMAS.snapshots },
    run: receiveSnapshot,
  },
  {
    method: "GET",
    path: "/api/snapshots/:id",
    summary: "What a heap is.",
    parameters: [ID],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.heap },
    run: async (asked, { heaps }) => told(await heaps.summary(asked.text("id"))),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/top",
    summary: "What holds the memory.",
    parameters: [ID, limit(2000, 100)],
    body: null,
    answer: { kind: "json", schema: SCHEMAS["top"] ?? {} },
    run: async (asked, { heaps }) => told(await heaps.ask(asked.text("id"), "top", { limit: asked.count("limit") })),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/why",
    summary: "What holds an object, a holder or the objects of a type.",
    parameters: [
      ID,
      SELECTOR,
      limit(100, 5),
      { name: "paths", is: "paths of each at most", type: "count", default: 3, most: 20 },
    ],
    body: null,
    answer: { kind: "json", schema: SCHEMAS["why"] ?? {} },
    run: async (asked, { heaps }) =>
      told(
        await heaps.ask(asked.text("id"), "why", {
          selector: asked.text("selector"),
          limit: asked.count("limit"),
          paths: asked.count("paths"),
        }),
      ),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/query",
    summary: "Objects for which some conditions hold: docs/query.md is the grammar.",
    parameters: [ID, { name: "q", is: "the query", type: "text" }],
    body: null,
    answer: { kind: "json", schema: SCHEMAS["query"] ?? {} },
    run: async (asked, { heaps }) => told(await heaps.ask(asked.text("id"), "query", { query: asked.text("q") })),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/retention",
    summary: "The heap by what would be freed with what, for treemaps and icicles.",
    parameters: [
      ID,
      {
        name: "rows",
        is: "objects from one of so many parts of the heap on have a row of their own",
        type: "count",
        default: 2000,
        most: 100_000,
      },
    ],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.retention },
    run: async (asked, { heaps }) =>
      told(await heaps.ask(asked.text("id"), "retention", { leastShare: 1 / Math.max(1, asked.count("rows")) })),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/neighbourhood",
    summary: "What stands around an object: who holds it, and what it holds.",
    parameters: [ID, SELECTOR, limit(400, 60)],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.neighbourhood },
    run: async (asked, { heaps }) =>
      told(
        await heaps.ask(asked.text("id"), "neighbourhood", {
          selector: asked.text("selector"),
          limit: asked.count("limit"),
        }),
      ),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/source",
    summary:
      "Source lines around the place that keeps an object: of files whose code the process had loaded, and of no others.",
    parameters: [ID, ADDRESS],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.source },
    run: async (asked, { heaps }) =>
      told(await heaps.ask(asked.text("id"), "source", { address: asked.text("address") })),
  },
  {
    method: "GET",
    path: "/api/snapshots/:id/value",
    summary: "What an object says. Texts are held back unless the server was started with --values.",
    parameters: [ID, ADDRESS],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.value },
    run: async (asked, { heaps }) =>
      told(await heaps.ask(asked.text("id"), "value", { address: asked.text("address") })),
  },
  {
    method: "POST",
    path: "/api/comparisons",
    summary: "Growth between snapshots. The job's result is deadweight/diff@1.",
    parameters: [],
    body: {
      kind: "json",
      schema: {
        type: "object",
        required: ["snapshots"],
        properties: {
          snapshots: {
            description: "ids, the oldest first",
            type: "array",
            items: { type: "string" },
            minItems: 2,
            maxItems: MOST_COMPARED,
          },
        },
      },
    },
    answer: { kind: "json", schema: PAGE_SCHEMAS.job },
    run: compare,
  },
];

async function takeSnapshot({ body }: Asked, { options, heaps, jobs }: Desk): Promise<Answer> {
  const pid = body["pid"];
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1)
    return problem("usage", "`pid` is not a process id: give a whole number of 1 or more.");
  const file = join(
    options.folder,
    freeName(
      `${pid}`,
      heaps.rows().map(({ name }) => name),
    ),
  );
  await mkdir(options.folder, OWNERS_ONLY);
  const { maxPauseMs, hasValues } = options;
  return startedJob(
    jobs.start(
      "snapshot",
      `process ${pid}`,
      async (thread, context) => await thread.ask("snapshot", { pid, file, maxPauseMs, hasValues }, context),
    ),
  );
}

function freeName(stem: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = `${stem}-${String(number).padStart(3, "0")}.dwsnap`;
    if (!taken.includes(name)) return name;
  }
}

async function receiveSnapshot(asked: Asked, { options, heaps }: Desk): Promise<Answer> {
  await mkdir(options.folder, OWNERS_ONLY);
  const received = await receiveFile(asked.bytes, options.folder, asked.text("name"));
  if (!received.ok) return received.error;
  return json({ schema: "deadweight/snapshots@1", snapshots: heaps.rows() }, 201);
}

async function compare({ body }: Asked, { options, heaps, jobs }: Desk): Promise<Answer> {
  const ids = body["snapshots"];
  if (!Array.isArray(ids) || ids.length < 2 || ids.length > MOST_COMPARED)
    return problem("usage", `\`snapshots\` must be a list of 2 to ${MOST_COMPARED} ids.`);
  const rows = heaps.rows();
  const sources = ids.flatMap((id: unknown) => {
    const file = heaps.fileOf(String(id));
    return file === null ? [] : [{ file, name: rows.find((row) => row.id === id)?.name ?? basename(file) }];
  });
  if (sources.length !== ids.length) return problem("no-such-snapshot", "One of these snapshots is not there.", 404);
  const { maxPauseMs, hasValues } = options;
  return startedJob(
    jobs.start(
      "comparison",
      sources.map(({ name }) => name).join(", "),
      async (thread, context) =>
        await thread.ask("comparison", { sources, limit: COMPARED_ROWS, maxPauseMs, hasValues }, context),
    ),
  );
}

function told<T>(answer: Result<T, TaskProblem>): Answer {
  if (answer.ok) return json(answer.value);
  const { code, message } = answer.error;
  return problem(code, message, code === "no-such-snapshot" ? 404 : 422);
}
