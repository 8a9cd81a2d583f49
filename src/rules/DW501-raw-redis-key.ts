// Page: docs/rules/DW501-raw-redis-key.md

import { clientVisitors, type ClientEvidence } from "./cache-clients/client-evidence.ts";
import { clientUses, type KnownUse } from "./cache-clients/client-uses.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

const WITH_KEYS =
  "get set setex psetex setnx getset getdel append incr incrby decr decrby hset hget hgetall hmset hincrby lpush rpush lrange sadd smembers " +
  "sismember zadd zrange zincrby xadd exists";

export const rawRedisKey: Rule = defineRule<ClientEvidence>({
  code: "DW501",
  name: "raw-redis-key",
  cause: "C9",
  summary:
    "A key without a prefix of its own meets the keys of others, and cannot be found, counted or deleted as a group.",
  twins: [],
  bestConfidence: "likely",
  collect: clientVisitors(new Set(WITH_KEYS.split(" "))),
  judge: (found, project) => {
    const raw = clientUses(found, project).filter(
      ({ of, key }) => of === "redis" && (key === "bare" || key === "variable"),
    );
    return raw.filter((use, at) => raw.findIndex((each) => isSameKey(each, use)) === at).map(draftOf);
  },
});

/** One finding for each key of a function. */
function isSameKey(a: KnownUse, b: KnownUse): boolean {
  return a.at.file === b.at.file && a.function === b.function && a.keyText === b.keyText;
}

function draftOf({ key, keyText, client, method, at }: KnownUse): FindingDraft {
  const isBare = key === "bare";
  return {
    at,
    message: `\`${client}.${method}()\` takes ${isBare ? `\`${keyText}\`, which begins with a value,` : `the value \`${keyText}\` itself`} as the key: nothing says whose it is, so keys of others may meet it, and no pattern finds all of them.`,
    holder: null,
    confidence: isBare ? "likely" : "possible",
    bound: "one key for each distinct value",
    related: [],
    fix: {
      text: 'Begin it with who owns it, and a version: `f"shop:price:v1:{article_id}"`.',
      safety: "none",
      edits: [],
    },
  };
}
