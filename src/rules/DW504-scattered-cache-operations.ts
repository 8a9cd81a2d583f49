// Page: docs/rules/DW504-scattered-cache-operations.md

import { clientVisitors, type ClientEvidence } from "./cache-clients/client-evidence.ts";
import { clientUses, type KnownUse } from "./cache-clients/client-uses.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

const OPERATIONS =
  "get set setex psetex setnx getset getdel add delete unlink incr decr expire touch get_or_set get_many set_many delete_many mget mset hset hget hgetall hdel " +
  "lpush rpush lrange sadd srem smembers zadd zrange zrem";

export const scatteredCacheOperations: Rule = defineRule<ClientEvidence>({
  code: "DW504",
  name: "scattered-cache-operations",
  cause: "C9",
  summary:
    "Where many modules talk to the cache server themselves, nobody can say which keys there are or when they go.",
  twins: [],
  bestConfidence: "likely",
  collect: clientVisitors(new Set(OPERATIONS.split(" "))),
  judge: (found, project) => {
    const byModule = new Map<string, KnownUse[]>();
    for (const use of clientUses(found, project)) {
      // A migration runs once and is never changed again.
      if (/(?:^|\.)migrations\./.test(use.module)) continue;
      const known = byModule.get(use.module);
      if (known === undefined) byModule.set(use.module, [use]);
      else known.push(use);
    }
    if (byModule.size <= MOST_MODULES) return [];
    const wrapper = wrapperOf(byModule);
    return [...byModule].flatMap(([module, uses]) => (module === wrapper ? [] : draftOf(uses, wrapper, byModule)));
  },
});

/** So many modules may each have a good reason. */
const MOST_MODULES = 3;

/** The module that does most of it: the others could call it. */
function wrapperOf(byModule: ReadonlyMap<string, readonly KnownUse[]>): string {
  return [...byModule].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "";
}

function draftOf(
  uses: readonly KnownUse[],
  wrapper: string,
  byModule: ReadonlyMap<string, readonly KnownUse[]>,
): readonly FindingDraft[] {
  const [first] = uses;
  if (first === undefined) return [];
  const shared = sharedKey(uses, byModule);
  return [
    {
      at: first.at,
      message: `\`${first.module}\` is one of ${byModule.size} modules that talk to the cache server themselves${shared === null ? "" : `, and \`${shared.module}\` uses the same key \`${shared.keyText}\``}: names, times to live and deletion of keys have no one place.`,
      holder: null,
      confidence: shared === null ? "possible" : "likely",
      bound: "as many keys as the modules make",
      related: shared === null ? [] : [{ ...shared.at, message: "uses the same key" }],
      fix: {
        text: `Put the operations behind functions of one module, such as \`${wrapper}\`, which knows all keys.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}

/** An operation of another module on a key that is written the same. */
function sharedKey(uses: readonly KnownUse[], byModule: ReadonlyMap<string, readonly KnownUse[]>): KnownUse | null {
  const [first] = uses;
  const keys = new Set(uses.filter(saysTheKey).map(({ keyText }) => keyText));
  for (const [module, others] of byModule) {
    const same = module === first?.module ? undefined : others.find(({ keyText }) => keys.has(keyText));
    if (same !== undefined) return same;
  }
  return null;
}

/** A text or a constant: local variables of one name hold different keys. */
function saysTheKey({ key, keyText }: KnownUse): boolean {
  return (key === "literal" || key === "prefixed") && /^(?:[rbfRBF]*["']|[A-Z][A-Z0-9_]*$)/.test(keyText);
}
