// What is said about a container that only grows.

import type { Confidence, RelatedLocation } from "../../model/finding.ts";
import { rangeOf, type ContainerDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";
import type { FindingDraft } from "../rule.ts";
import type { GrowingWrite, Strength } from "./growing-write.ts";
import type { Growth } from "./growth.ts";
import { keyWords } from "./key-words.ts";
import { wayHere } from "./way-here.ts";

export interface GrowthWords {
  /** Who keeps it: "`app.SESSIONS`", "`app.Store.items`, shared by all instances,". */
  readonly subject: string;
  /** How long the container lives, when that is not as long as the process. */
  readonly fix?: string;
  readonly related?: readonly RelatedLocation[];
  /** No more than this. */
  readonly atMost?: Confidence;
}

/** Related locations run from the write over its callers to the missing removal. */
export function growthFinding(project: Project, growth: Growth, words: GrowthWords): FindingDraft {
  const { container, writes } = growth;
  const [write] = writes;
  const unit = container.fact.family === "mapping" ? "entry" : "element";
  const bound = boundOf(write, unit);
  return {
    at: rangeOf(container),
    message: `${words.subject} keeps ${bound}: \`${write.function.name}\` writes to it and nothing in the project takes anything out.`,
    holder: container.name,
    confidence: confidenceOf(growth, words.atMost),
    bound: bound.replaceAll("`", ""),
    related: [...evidence(project, growth), ...(words.related ?? [])],
    fix: { text: words.fix ?? fixOf(container), safety: "none", edits: [] },
    happensAt: writes.map(({ site }) => rangeOf(site)),
  };
}

function boundOf({ per, site, origin, function: around }: GrowingWrite, unit: string): string {
  if (per === "call")
    return `one ${unit === "entry" && site.fact.how.startsWith("[].") ? "element" : unit} for every run of \`${around.name}\``;
  return `one ${unit} for each distinct ${keyWords(origin)}`;
}

const CONFIDENCES: readonly Confidence[] = ["possible", "likely", "certain"];

/** Whoever is handed the container may empty it: one step less sure. */
function confidenceOf({ writes, escapes }: Growth, atMost: Confidence = "certain"): Confidence {
  const rank = Math.max(1, writes[0].strength - (escapes.length > 0 ? 1 : 0)) as Strength;
  return CONFIDENCES[Math.min(rank - 1, CONFIDENCES.indexOf(atMost))] ?? "possible";
}

const MOST_STEPS = 3;
const MOST_WRITES = 2;

function evidence(project: Project, { container, writes, escapes }: Growth): readonly RelatedLocation[] {
  const [write, ...others] = writes;
  const files = project.files.filter((file) => !file.isTest).length;
  return [
    { ...rangeOf(write.site), message: `grows here: ${whatIsAdded(container, write)}` },
    ...wayHere(write.context, MOST_STEPS),
    ...others.slice(0, MOST_WRITES).map(({ site }) => ({ ...rangeOf(site), message: "grows here, too" })),
    ...escapes
      .slice(0, 1)
      .map((site) => ({ ...rangeOf(site), message: "is handed on here: whoever gets it may take something out" })),
    {
      ...rangeOf(container),
      message: `nothing removes from it: ${files} ${files === 1 ? "file was" : "files were"} looked at`,
    },
  ];
}

function whatIsAdded({ fact }: ContainerDefinition, { per, domain }: GrowingWrite): string {
  if (per === "call") return "every run adds one";
  return `the ${fact.family === "mapping" ? "key" : "element"} ${domain.because}`;
}

function fixOf({ fact }: ContainerDefinition): string {
  switch (fact.family) {
    case "mapping":
      return "Bound it, for example with `cachetools.LRUCache(maxsize=1024)`, or delete the entry when what it is about ends.";
    case "set":
      return "Discard the element when what it is about ends, or start with a new set at a known point.";
    default:
      return "Use `collections.deque(maxlen=1024)` if the latest are enough, or clear it at a known point.";
  }
}
