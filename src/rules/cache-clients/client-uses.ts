// The operations of a project on cache servers.

import type { Project } from "../../python/project.ts";
import type { ClientEvidence, ClientUse } from "./client-evidence.ts";
import type { ClientKind } from "./client-kinds.ts";

export interface KnownUse extends ClientUse {
  readonly of: ClientKind;
}

/** Uses of what is known to be a client, over the borders of files. Linear in the evidence, times the length of alias chains. */
export function clientUses(found: readonly ClientEvidence[], project: Project): readonly KnownUse[] {
  const clients = new Map<string, ClientKind>();
  for (const each of found) if (each.kind === "client") clients.set(settle(each.place, project), each.of);
  followAliases(found, clients, project);
  return found.flatMap((use) => {
    if (use.kind !== "use") return [];
    if (isKnown(use)) return [use];
    const of = use.place === null ? undefined : clients.get(settle(use.place, project));
    return of === undefined ? [] : [{ ...use, of }];
  });
}

function isKnown(use: ClientUse): use is KnownUse {
  return use.of !== null;
}

const LONGEST_CHAIN = 3;

function followAliases(found: readonly ClientEvidence[], clients: Map<string, ClientKind>, project: Project): void {
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    for (const each of found) {
      if (each.kind !== "alias") continue;
      const of = clients.get(settle(each.source, project));
      if (of !== undefined) clients.set(settle(each.place, project), of);
    }
  }
}

/** Results of functions keep their parentheses. */
function settle(place: string, project: Project): string {
  return place.endsWith("()") ? `${project.resolve(place.slice(0, -2))}()` : project.resolve(place);
}
