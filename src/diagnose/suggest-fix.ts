// What to do: the words and the patch of the rule that found this very holder, else words by cause.

import type { CauseId, LeakFix } from "../model/diagnosis.ts";
import type { Finding } from "../model/finding.ts";
import type { Holder } from "../model/holder.ts";
import { INTERPRETER_TEXT } from "../heap/paths/roots.ts";
import { projectType } from "./places-on-path.ts";
import type { ProcessSource } from "./process-source.ts";
import type { SourceJoin } from "./source-join.ts";

/** Findings of rules about the holder: by its name, or at the lines that make or fill it, for the same cause. */
export function findingsAbout(source: ProcessSource, holder: Holder, join: SourceJoin): readonly Finding[] {
  const names = new Set<string>();
  if (join.container !== null) names.add(join.container.name);
  if (join.function !== null) names.add(join.function.name);
  if (holder.module !== null && holder.name !== null)
    names.add(projectType(`${holder.module}.${holder.name}`, source.moduleInProject));
  const lines = new Set(
    [...(join.declared === null ? [] : [join.declared]), ...join.inserts].map(({ file, line }) => `${file}:${line}`),
  );
  return source.findings.filter(
    (finding) => (finding.holder !== null && names.has(finding.holder)) || lines.has(`${finding.file}:${finding.line}`),
  );
}

/** Null when nothing useful can be said. */
export function suggestFix(
  cause: CauseId,
  holder: Holder,
  join: SourceJoin,
  findings: readonly Finding[],
  source: ProcessSource | null,
): LeakFix | null {
  const fitting = findings.filter((finding) => finding.fix !== null && isNear(finding.cause, cause));
  const withEdits = fitting.find(({ fix }) => fix !== null && fix.edits.length > 0);
  if (withEdits?.fix !== null && withEdits?.fix !== undefined)
    return { text: withEdits.fix.text, patch: source?.patchOf(withEdits.fix.edits) ?? null };
  const own = fitting[0]?.fix?.text ?? FOR_INTERPRETER.get(holder.path);
  const text = own ?? TEXTS[cause]?.(nameOf(holder, join), join) ?? null;
  return text === null ? null : { text, patch: null };
}

/** Nothing takes out of these: only the calls that put in can be changed. */
const FOR_INTERPRETER: ReadonlyMap<string, string> = new Map([
  [
    `${INTERPRETER_TEXT}.interned_strings`,
    "Intern only words of a fixed set: no `sys.intern`, and no `setattr`, for names that come from data; keep those in a dict.",
  ],
  [
    `${INTERPRETER_TEXT}.codec_search_cache`,
    "Look encodings up by one spelling of each: normalise and check names that come from data first.",
  ],
]);

/** A rule may name a neighbour of the cause: unbounded growth is L1 there and L2 or L17 here. */
function isNear(rule: string, cause: CauseId): boolean {
  return rule === cause || CONTAINER_CAUSES.has(rule) === CONTAINER_CAUSES.has(cause);
}

const CONTAINER_CAUSES: ReadonlySet<string> = new Set(["L1", "L2", "L17"]);

function nameOf(holder: Holder, { container, function: around }: SourceJoin): string {
  const name =
    container?.fact.path.replace(/\.<(?:locals|defaults)>/g, "") ??
    (holder.kind === "cache" ? around?.fact.path : null);
  return name ?? holder.name ?? holder.type;
}

const TEXTS: Readonly<Record<string, (name: string, join: SourceJoin) => string>> = {
  L1: (name) => `Bound \`${name}\`: give it a maximum or an expiry, or delete each key when its work is done.`,
  L2: (name) =>
    `Take elements out of \`${name}\` when they are done with, or make it a \`collections.deque(maxlen=...)\`.`,
  L3: (name) => `Give the cache of \`${name}\` a maximum, and do not pass values that never repeat.`,
  L4: (name) =>
    `Keep the results of \`${name}\` on the instance (\`functools.cached_property\`, or a cache made in \`__init__\`), so that they go with it.`,
  L5: (name) => `Keep identifiers in \`${name}\` and load the large value when it is needed, or bound it by bytes.`,
  L6: (name) => `Make the keys of \`${name}\` values that compare equal: pass an identifier in place of the object.`,
  L7: () =>
    "Hold one direction of the cycle weakly (`weakref.ref`), or break it when the object is done; leave the collector on.",
  L8: (name) => `Let the closures behind \`${name}\` capture only what they use, or drop them when they have run.`,
  L9: (name) => `Give what the decorator keeps in \`${name}\` a maximum, or key it weakly.`,
  L10: (name) => `Unregister from \`${name}\` when the object is done, or register weakly (\`weakref.WeakMethod\`).`,
  L11: (name) =>
    name.startsWith("contextvar ")
      ? "Give the variable a value of its own for each piece of work: `token = VARIABLE.set(...)`, and `VARIABLE.reset(token)` in a `finally`."
      : `Clear \`${name}\` at the end of each piece of work, in a \`finally\`.`,
  L12: (name) =>
    `Do not keep the exception, the frame or the generator behind \`${name}\`: keep its text, or \`del\` the large local variable.`,
  L13: () =>
    "Add handlers once, where the program starts, and name loggers after modules; put what varies into `extra` or the message.",
  L14: (name) => `Close what \`${name}\` keeps, best with \`with\`.`,
  L15: (name) =>
    `Bound \`${name}\` (\`maxsize\`), so that whoever fills it waits, and forget tasks when they are done (\`add_done_callback(tasks.discard)\`).`,
  L16: () => "Look at the extension modules: what they allocate Python does not see.",
  L17: (name) =>
    `Make \`${name}\` anew for each call or instance (\`None\` as the default, an attribute set in \`__init__\`).`,
};
