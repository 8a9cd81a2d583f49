// Page: docs/rules/DW404-client-per-call.md

import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Argument, Call } from "../python/tree.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { isGuardedOnce } from "./repeated-calls/once-guards.ts";
import { repetitionOf, weaker } from "./repeated-calls/repetition.ts";
import { ownershipOf } from "./resources/ownership.ts";
import { RESOURCES, type ResourceKind } from "./resources/resource-table.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A client that is made and neither closed nor handed on. */
interface MadeClient {
  readonly site: CodeSite;
  readonly maker: string;
  readonly resource: ResourceKind;
}

export const clientPerCall: Rule = defineRule<MadeClient>({
  code: "DW404",
  name: "client-per-call",
  cause: "L14",
  summary:
    "A client that every request makes anew and does not close opens its connections, and often threads, each time.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      const client = file.isTest ? null : madeClient(node, file);
      if (client !== null) found(client);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function madeClient(call: Call, file: FileView): MadeClient | null {
  const maker = absoluteName(file, call.callee);
  const resource = maker === null ? undefined : RESOURCES.get(maker);
  if (maker === null || resource?.isClient !== true) return null;
  const site = siteOf(file, call);
  if (site.function === null || isGuardedOnce(file, call)) return null;
  if (call.arguments.some(isSharedPool)) return null;
  const { how } = ownershipOf(file, call);
  return how === "left" || how === "dropped" ? { site, maker, resource } : null;
}

/** `AsyncClient(transport=SHARED)`: the connections are those of the transport, and closing the client would close it. */
function isSharedPool({ name, value }: Argument): boolean {
  const isGiven = name === "transport" || name === "connector" || name === "connection_pool";
  return isGiven && (value.kind === "name" || value.kind === "attribute");
}

function draftOf({ site, maker, resource }: MadeClient, project: Project): readonly FindingDraft[] {
  const repetition = repetitionOf(project, site);
  if (repetition.how !== "per-call") return [];
  return [
    {
      at: site.at,
      message: `\`${site.function ?? ""}\`, which is ${repetition.why}, makes a new \`${maker}\` at every call and does not close it: ${resource.what} stays until ${releaseOf(resource)}.`,
      holder: null,
      confidence: keepsConnections(maker, resource) ? weaker("likely", repetition.sureness) : "possible",
      bound: "as many as calls make before they are freed",
      related: repetition.related,
      fix: {
        text: `Make one when the process starts and share it, or close it: ${resource.closing === "with" ? "`with`" : `\`${resource.closing}\``}.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}

/** Open until the collector runs. What boto3 leaves is memory, and little of it. */
function keepsConnections(maker: string, { release }: ResourceKind): boolean {
  return release === "cyclic" && !maker.startsWith("boto3.");
}

function releaseOf({ release }: ResourceKind): string {
  switch (release) {
    case "cyclic":
      return "the garbage collector runs";
    case "counted":
      return "the last reference to it goes";
    case "unknown":
      return "its object is freed";
    case "descriptor":
      return "the process ends";
  }
}
