// Page: docs/rules/DW403-resource-not-closed.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName, calleeName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Call } from "../python/tree.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { repetitionOf, weaker } from "./repeated-calls/repetition.ts";
import { ownershipOf, type Ownership } from "./resources/ownership.ts";
import { RESOURCES, type Release, type ResourceKind } from "./resources/resource-table.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";
import { keepingOf } from "./value-fates/long-lived-place.ts";

/** Something opened that nobody in sight closes. */
interface OpenedResource {
  readonly site: CodeSite;
  /** What was called. */
  readonly opener: string;
  readonly resource: ResourceKind;
  readonly ownership: Exclude<Ownership, { readonly how: "owned" }>;
  /** A variable has it: it stays as long as that, and longer when an exception takes the frame along. */
  readonly isNamed: boolean;
}

export const resourceNotClosed: Rule = defineRule<OpenedResource>({
  code: "DW403",
  name: "resource-not-closed",
  cause: "L14",
  summary:
    "What is opened and not closed stays open until its object is freed, and a bare descriptor until the process ends.",
  twins: ["SIM115", "R1732"],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      const opened = file.isTest ? null : openedResource(node, file);
      if (opened !== null) found(opened);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function openedResource(call: Call, file: FileView): OpenedResource | null {
  const opener = openerOf(call, file);
  const resource = opener === null ? undefined : RESOURCES.get(opener);
  if (opener === null || resource === undefined) return null;
  const site = siteOf(file, call);
  if (site.function === null) return null;
  const ownership = ownershipOf(file, call);
  return ownership.how === "owned"
    ? null
    : { site, opener, resource, ownership, isNamed: call.parent?.kind === "assign" };
}

/** `Path(p).open()` too. */
function openerOf(call: Call, file: FileView): string | null {
  const name = absoluteName(file, call.callee);
  if (name !== null || call.callee.kind !== "attribute" || call.callee.name !== "open") return name;
  const { object } = call.callee;
  const maker = object.kind === "call" ? calleeName(file, object.callee) : null;
  return maker === "pathlib.Path" ? "pathlib.Path.open" : null;
}

function draftOf(opened: OpenedResource, project: Project): readonly FindingDraft[] {
  const { site, opener, resource, ownership } = opened;
  const judged = judge(opened, project);
  if (judged === null) return [];
  const place = ownership.how === "stored" ? ownership.place : null;
  return [
    {
      at: site.at,
      message: `\`${opener}\` opens ${resource.what} that ${reasonOf(ownership)}: ${judged.consequence}.`,
      holder: place?.name ?? null,
      confidence: judged.confidence,
      bound: judged.bound,
      related: [],
      fix: { text: fixText(resource, opener, place !== null), safety: "none", edits: [] },
    },
  ];
}

function reasonOf(ownership: OpenedResource["ownership"]): string {
  switch (ownership.how) {
    case "dropped":
      return "nothing can close any more";
    case "left":
      return "the function neither closes nor hands on";
    case "stored":
      return `\`${ownership.place.name}\` keeps and nothing in sight closes`;
  }
}

function fixText({ closing }: ResourceKind, opener: string, isStored: boolean): string {
  if (opener === "tempfile.mkstemp")
    return "Close the descriptor with `os.close(fd)`, or use `tempfile.NamedTemporaryFile` in a `with`.";
  if (isStored) return "Give the class a `close()` that closes it, and call that.";
  return closing === "with" ? "Open it in a `with`." : `Close it with \`${closing}\` in a \`finally\`.`;
}

interface Judged {
  readonly confidence: Confidence;
  readonly consequence: string;
  readonly bound: string;
}

function judge(opened: OpenedResource, project: Project): Judged | null {
  const { site, resource, ownership } = opened;
  const { release } = resource;
  // Clients are made to be kept, mostly until the process ends; made anew for every call they are DW404.
  if (resource.isClient && (resource.closing !== "with" || repetitionOf(project, site).how === "per-call")) return null;
  if (ownership.how === "stored") return judgeStored(ownership, project);
  if (release === "descriptor")
    return {
      confidence: confidenceOfDescriptor(site, ownership, project),
      consequence: "it is a bare number, so it stays open until the process ends",
      bound: `one descriptor per call of ${site.function ?? ""}`,
    };
  return {
    confidence: confidenceOfObject(opened, project),
    consequence: CONSEQUENCES[release],
    bound: BOUNDS[release],
  };
}

/**
 * Where requests and jobs open one after the other, that nobody closes them is a matter of time and load. An archive may
 * be one of a file that somebody else closes, and a loop around may be there to try again.
 */
function confidenceOfObject({ site, resource, isNamed }: OpenedResource, project: Project): Confidence {
  if (resource.release === "counted" || resource.what === "an archive" || !isNamed) return "possible";
  const repetition = repetitionOf(project, { ...site, flags: 0 });
  return repetition.how === "per-call" ? weaker("likely", repetition.sureness) : "possible";
}

/** A command that loses one descriptor and then ends loses nothing; what nobody is seen to run again may be one. */
function confidenceOfDescriptor(site: CodeSite, { how }: Ownership, project: Project): Confidence {
  const repetition = repetitionOf(project, site);
  if (repetition.how !== "per-call") return "possible";
  return how === "dropped" ? repetition.sureness : weaker("likely", repetition.sureness);
}

const CONSEQUENCES: Readonly<Record<Exclude<Release, "descriptor">, string>> = {
  counted:
    "CPython closes it with the last reference, later if a traceback or a cycle holds it, and other interpreters at some time",
  unknown: "it stays open until its object is freed, which may take a run of the garbage collector",
  cyclic: "it is part of a reference cycle, so it stays open until the garbage collector runs",
};

const BOUNDS: Readonly<Record<Exclude<Release, "descriptor">, string>> = {
  counted: "until the last reference to it goes",
  unknown: "until its object is freed",
  cyclic: "as many as are made between two runs of the collector",
};

function judgeStored({ place }: Extract<Ownership, { readonly how: "stored" }>, project: Project): Judged | null {
  const keeping = keepingOf(project, place);
  switch (keeping.how) {
    case "let-go":
      return null;
    case "slot":
      return {
        confidence: "possible",
        consequence: "it stays open as long as the object lives",
        bound: "one per object",
      };
    case "growing":
      return {
        confidence: keeping.isProcessLong ? "likely" : "possible",
        consequence: "each call leaves one more open",
        bound: `all that were put into ${place.name}`,
      };
  }
}
