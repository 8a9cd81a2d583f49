// What travels between the tool and the probe: lines of JSON, described in docs/probe-protocol.md. What comes from a process
// is checked field by field before anybody uses it.

import { fail, ok, type Result } from "../../base/result.ts";
import type { ProbeStatistics } from "../../model/run-report.ts";

/** Another number means another language: such a probe is sent away. */
export const PROTOCOL = 1;
/** A little more than the longest that a probe sends. */
export const LONGEST_ANSWER_BYTES: number = 5 * 1024 * 1024;

const VERBS = [
  "ping",
  "stats",
  "caches",
  "sizeof",
  "gc-events",
  "gc-stop",
  "gc-collect",
  "lines-start",
  "lines-stop",
  "trace-start",
  "trace-look",
  "trace-holder",
  "trace-top",
  "trace-stop",
] as const;
export type ProbeVerb = (typeof VERBS)[number];

/** Values of a request besides its verb. */
export type ProbeArguments = Readonly<Record<string, string | number>>;

/** The first line of a probe: who it is. */
export interface ProbeHello {
  readonly pid: number;
  readonly parentPid: number;
  /** Clock ticks after boot; null on a system without /proc. */
  readonly startTicks: number | null;
  /** The probe's end of the connection, as its process sees it. */
  readonly socketFd: number;
  readonly socketInode: number;
  readonly python: string;
  readonly implementation: string;
  readonly executable: string;
  readonly command: readonly string[];
}

/** An answer; `id` is null when the probe could not tell which request it was. */
export interface ProbeAnswer {
  readonly id: number | null;
  readonly outcome: Result<unknown, string>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fails with a sentence. */
export function parseHello(line: string): Result<ProbeHello, string> {
  const fields = parseObject(line);
  if (fields === null || fields["hello"] === undefined) return fail("its first line is no greeting of a probe");
  if (fields["hello"] !== PROTOCOL)
    return fail(
      `its probe speaks version ${JSON.stringify(fields["hello"])} of the protocol and this tool version ${PROTOCOL}: use the probe that came with the tool`,
    );
  const hello: ProbeHello = {
    pid: wholeNumber(fields, "pid") ?? 0,
    parentPid: wholeNumber(fields, "ppid") ?? 0,
    startTicks: wholeNumber(fields, "startTicks"),
    socketFd: wholeNumber(fields, "socketFd") ?? -1,
    socketInode: wholeNumber(fields, "socketInode") ?? -1,
    python: text(fields, "python"),
    implementation: text(fields, "implementation"),
    executable: text(fields, "executable"),
    command: texts(fields["argv"]),
  };
  return hello.pid > 0 && hello.python !== "" ? ok(hello) : fail("its greeting does not say which process it is");
}

/** Null when the line is no answer. */
export function parseAnswer(line: string): ProbeAnswer | null {
  const fields = parseObject(line);
  if (fields === null) return null;
  const id = wholeNumber(fields, "id");
  if (id === null && fields["id"] !== null) return null;
  if (typeof fields["error"] === "string") return { id, outcome: fail(fields["error"]) };
  return "ok" in fields ? { id, outcome: ok(fields["ok"]) } : null;
}

/** A request that another tool wants handed on; `processes` is for the relay itself. */
export interface RelayedRequest {
  readonly id: number;
  readonly pid: number;
  readonly verb: ProbeVerb | "processes";
  readonly given: ProbeArguments;
}

/** True for the first line of a tool that wants to ask through this one. */
export function isRelayGreeting(line: string): boolean {
  return parseObject(line)?.["relay"] === 1;
}

/** Null when it is no request. */
export function parseRelayed(line: string): RelayedRequest | null {
  const fields = parseObject(line);
  if (fields === null) return null;
  const { do: verb, id: _id, pid: _pid, ...others } = fields;
  const id = wholeNumber(fields, "id");
  if (id === null || typeof verb !== "string" || !(verb === "processes" || VERBS.some((each) => each === verb)))
    return null;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => isArgument(value)));
  return {
    id,
    pid: wholeNumber(fields, "pid") ?? 0,
    verb: verb as RelayedRequest["verb"],
    given: given as ProbeArguments,
  };
}

/** Greetings as a relay hands them on; what is none is left out. */
export function parseHellos(value: unknown): readonly ProbeHello[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const fields = asObject(each);
    return fields === null || wholeNumber(fields, "pid") === null ? [] : [relayedHello(fields)];
  });
}

function relayedHello(fields: Fields): ProbeHello {
  return {
    pid: wholeNumber(fields, "pid") ?? 0,
    parentPid: wholeNumber(fields, "parentPid") ?? 0,
    startTicks: wholeNumber(fields, "startTicks"),
    socketFd: -1,
    socketInode: -1,
    python: text(fields, "python"),
    implementation: text(fields, "implementation"),
    executable: text(fields, "executable"),
    command: texts(fields["command"]),
  };
}

function isArgument(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

/** Null when a probe answered `stats` with something else. */
export function parseStatistics(value: unknown): ProbeStatistics | null {
  const fields = asObject(value);
  const collector = asObject(fields?.["collector"]);
  if (fields === null || collector === null || !Array.isArray(collector["generations"])) return null;
  const generations = collector["generations"].map((each) => asObject(each) ?? {});
  const sum = (name: string): number => generations.reduce((total, each) => total + (wholeNumber(each, name) ?? 0), 0);
  return {
    collectorEnabled: collector["enabled"] === true,
    collections: generations.map((each) => wholeNumber(each, "collections") ?? 0),
    collected: sum("collected"),
    uncollectable: sum("uncollectable"),
    frozen: wholeNumber(collector, "frozen") ?? 0,
    threads: wholeNumber(fields, "threads") ?? 0,
    allocatedBlocks: wholeNumber(fields, "allocatedBlocks"),
  };
}

function parseObject(line: string): Fields | null {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** Null unless it is one from 0 that a double holds exactly. */
function wholeNumber(fields: Fields, name: string): number | null {
  const value = fields[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
