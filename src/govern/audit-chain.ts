// The log of what was done to caches: one JSON object per line, each holding the hash of the one before, so that no line can be
// changed, removed or moved without all later ones saying so. What cannot be seen from inside is a tail that was cut off: for that the
// head is printed, to be kept elsewhere.

import type { CacheAction, CacheOutcome, HitRatio, Receipt } from "../model/cache-command.ts";

/** Who gave a command, as the system says it. */
export interface Actor {
  readonly user: string;
  readonly uid: number;
  /** Who has logged in, where that is somebody else: with sudo for example. */
  readonly loginUid?: number;
  readonly pid: number;
  readonly host: string;
}

export interface SlotChange {
  readonly slot: number;
  /** Tokens as hex, before and after. */
  readonly before: string;
  readonly after: string;
  /** Where the tokens lie on a Redis server; absent for the table of a host. */
  readonly scope?: string;
}

/** What is written before the act. */
export interface Intent {
  readonly kind: "intent";
  readonly action: CacheAction;
  readonly app: string;
  readonly selector: string;
  readonly reason: string;
  readonly actor: Actor;
  /** Share of the keys; 1 for all. */
  readonly share: number;
  /** What is set, in words; absent for clears. */
  readonly setting?: string;
  /** Hash over what is going to be done. */
  readonly plan: string;
}

/** What is written after it. */
export interface Outcome {
  readonly kind: "result";
  readonly outcome: CacheOutcome;
  readonly changes: readonly SlotChange[];
  readonly receipts: readonly Receipt[];
  /** Milliseconds from the first write of a token to the last receipt. */
  readonly tookMs: number;
  /** Of the concerned caches, from the change before this one to this one. */
  readonly hitsBefore?: HitRatio;
  /** For an undo, where a setting was changed. */
  readonly setting?: SettingStep;
}

/** What a function's row of settings said before and after: words of the table, in decimal. */
export interface SettingStep {
  readonly scope: string;
  readonly before: SettingWords;
  readonly after: SettingWords;
  /** They lie on a Redis server, not in the table of a host. */
  readonly isOnServer: boolean;
}

export interface SettingWords {
  readonly maxsize: string;
  readonly ttlMs: string;
  readonly flags: string;
  readonly workers: string;
}

/** What was counted while a command was watched; written when the watch is over. */
export interface Measured {
  readonly kind: "measured";
  readonly hitsAfter: HitRatio;
}

export type AuditEvent = Intent | Outcome | Measured;

export interface AuditLine {
  readonly v: 1;
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Names the command that intent and result belong to. */
  readonly op: string;
  readonly event: AuditEvent;
  /** Hash of the line before; 64 zeros for the first. */
  readonly prev: string;
  /** Of this line without this field. */
  readonly hash: string;
}

/** SHA-256 in hex. */
export type Hash = (text: string) => string;

export const FIRST_PREV: string = "0".repeat(64);

/** What the next line has to follow. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

/** The next line of a log. */
export function chained(last: ChainEnd | null, next: Pick<AuditLine, "at" | "op" | "event">, hash: Hash): AuditLine {
  const { at, op, event } = next;
  const line = { v: 1 as const, seq: (last?.seq ?? 0) + 1, at, op, event, prev: last?.hash ?? FIRST_PREV };
  return { ...line, hash: hash(canonical(line)) };
}

/** What is wrong with a log, and where; null when nothing is. */
export interface ChainFault {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly because: string;
}

/** A whole log, or the first line that cannot be trusted. */
export interface VerifiedChain {
  /** All that could be read, in order. */
  readonly lines: readonly AuditLine[];
  readonly fault: ChainFault | null;
}

/** `texts`: lines of the file, from the first one or from those that follow `after`. O(lines). */
export function verifyChain(texts: readonly string[], hash: Hash, after: ChainEnd | null = null): VerifiedChain {
  const lines: AuditLine[] = [];
  let fault: ChainFault | null = null;
  let end = after ?? { seq: 0, hash: FIRST_PREV };
  const first = end.seq + 1;
  for (const [at, text] of texts.entries()) {
    const line = parseLine(text);
    const because = line === null ? "is no line of an audit log" : faultOf(line, end, hash);
    if (because !== null) fault ??= { line: first + at, because };
    if (line === null) continue;
    lines.push(line);
    end = line;
  }
  return { lines, fault };
}

function faultOf(line: AuditLine, before: ChainEnd, hash: Hash): string | null {
  const { hash: own, ...rest } = line;
  if (hash(canonical(rest)) !== own) return "was changed after it was written: its hash does not fit it";
  if (line.prev !== before.hash || line.seq !== before.seq + 1)
    return "does not follow the line before it: a line was removed, added or moved";
  return null;
}

function parseLine(text: string): AuditLine | null {
  try {
    const line = JSON.parse(text) as Partial<AuditLine> | null;
    if (line === null || typeof line !== "object" || line.v !== 1 || typeof line.hash !== "string") return null;
    return typeof line.seq === "number" && typeof line.prev === "string" && typeof line.op === "string"
      ? (line as AuditLine)
      : null;
  } catch {
    return null;
  }
}

/** JSON with sorted names: the same object is the same text, whoever wrote it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
}
