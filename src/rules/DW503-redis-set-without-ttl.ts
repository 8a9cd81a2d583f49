// Page: docs/rules/DW503-redis-set-without-ttl.md

import type { Confidence } from "../model/finding.ts";
import { clientVisitors, type ClientEvidence } from "./cache-clients/client-evidence.ts";
import { clientUses, type KnownUse } from "./cache-clients/client-uses.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

const ADDERS = ["lpush", "rpush", "sadd", "zadd", "xadd", "hset", "hmset", "append"] as const;
const REMOVERS: readonly string[] = (
  "expire expireat pexpire pexpireat delete unlink ltrim lpop rpop blpop brpop lrem lmove blmove rpoplpush srem spop smove zrem zpopmin zpopmax " +
  "zremrangebyscore zremrangebyrank hdel hexpire xtrim xdel rename"
).split(" ");

export const redisSetWithoutTtl: Rule = defineRule<ClientEvidence>({
  code: "DW503",
  name: "redis-set-without-ttl",
  cause: "C9",
  summary: "A key without a time to live stays on the server until somebody deletes it.",
  twins: [],
  bestConfidence: "likely",
  collect: clientVisitors(new Set(["set", "mset", ...ADDERS, ...REMOVERS])),
  judge: (found, project) => {
    const uses = clientUses(found, project).filter(({ of }) => of === "redis");
    const removals = removalsIn(uses);
    return uses.filter((use) => growsForEver(use) && !isRemoved(use, removals)).map(draftOf);
  },
});

const TTL_NAMES = /^(?:ex|px|exat|pxat|keepttl|\*\*?)$/;
const FIRST_TTL_POSITION = 2;

/** A new key for each value, or one collection that is only added to. */
function growsForEver({ method, key, argumentNames, arguments: count }: KnownUse): boolean {
  const isSet = method === "set";
  if (!isSet && !(ADDERS as readonly string[]).includes(method)) return false;
  if (
    isSet &&
    (count - argumentNames.length > FIRST_TTL_POSITION || argumentNames.some((name) => TTL_NAMES.test(name)))
  )
    return false;
  // Constant keys are as many as the program has; what they are set to takes the place of what was there.
  if ((isSet || method === "hset" || method === "hmset") && (key === "literal" || key === null)) return false;
  return !argumentNames.some((name) => /^(?:maxlen|minid)$/.test(name));
}

interface Removals {
  readonly keys: ReadonlySet<string>;
  /** Modules that remove keys which are no constants. */
  readonly modules: ReadonlySet<string>;
}

/** What takes keys away, or lets them expire. Linear in the uses. */
function removalsIn(uses: readonly KnownUse[]): Removals {
  const removers = new Set(REMOVERS);
  const removals = uses.filter(({ method }) => removers.has(method));
  return {
    keys: new Set(removals.map(({ keyText }) => keyText)),
    modules: new Set(removals.filter(({ key }) => key !== "literal").map(({ module }) => module)),
  };
}

/** The same key anywhere; a key by another name in the same module may be the same one. */
function isRemoved({ keyText, module }: KnownUse, { keys, modules }: Removals): boolean {
  return keys.has(keyText) || modules.has(module);
}

function draftOf(use: KnownUse): FindingDraft {
  const { method, client, keyText, key, at } = use;
  const isOne = key === "literal";
  const what = isOne ? `\`${keyText}\` grows with every \`${method}\`` : `every \`${keyText}\` stays on the server`;
  return {
    at,
    message: `\`${client}.${method}()\` sets no time to live, and nothing seen here deletes or trims the key: ${what} until somebody deletes it.`,
    holder: null,
    confidence: confidenceOf(use),
    bound: isOne ? "one element for every call" : "one key for each distinct value",
    related: [],
    fix: {
      text:
        method === "set"
          ? "Give it a time to live: `ex=3600`."
          : "Call `expire` on the key, or trim it: `ltrim`, `zremrangebyrank`, `xadd(maxlen=...)`.",
      safety: "none",
      edits: [],
    },
  };
}

/** Redis may be the database on purpose; what is called a cache is none. */
function confidenceOf({ method, client, keyText, function: around }: KnownUse): Confidence {
  return method === "set" && /cache/i.test(`${client} ${keyText} ${around.slice(around.lastIndexOf(".") + 1)}`)
    ? "likely"
    : "possible";
}
