// Page: docs/rules/DW502-redis-keys-or-flush.md

import type { FindingFix } from "../model/finding.ts";
import { clientVisitors, type ClientEvidence } from "./cache-clients/client-evidence.ts";
import { clientUses, type KnownUse } from "./cache-clients/client-uses.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const redisKeysOrFlush: Rule = defineRule<ClientEvidence>({
  code: "DW502",
  name: "redis-keys-or-flush",
  cause: "C9",
  summary:
    "KEYS looks at every key of the database while all other clients wait; FLUSHDB and FLUSHALL delete what others keep there.",
  twins: [],
  bestConfidence: "certain",
  collect: clientVisitors(new Set(["keys", "flushdb", "flushall"])),
  judge: (found, project) =>
    clientUses(found, project)
      .filter(({ of }) => of === "redis")
      .map(draftOf),
});

function draftOf(use: KnownUse): FindingDraft {
  const { method, client, at } = use;
  const isKeys = method === "keys";
  return {
    at,
    message: isKeys
      ? `\`${client}.keys()\` looks at every key of the database, also when none matches, and the server answers nobody else meanwhile; all names come back at once.`
      : `\`${client}.${method}()\` deletes every key of ${method === "flushall" ? "all databases of the server" : "the database"}, also those of other programs.`,
    holder: null,
    confidence: "certain",
    bound: isKeys ? "all keys of the database" : "everything that is kept there",
    related: [],
    fix: isKeys
      ? keysFix(use)
      : { text: "Delete your own keys: `scan_iter(match=...)` and `unlink`.", safety: "none", edits: [] },
  };
}

/** Lists are what `keys` gives; the order is arbitrary in both, but a scan may give a key twice. */
function keysFix({
  keyText,
  arguments: count,
  argumentNames,
  client,
  at,
  span: [start, end],
  isAwaited,
}: KnownUse): FindingFix {
  const text = "Use `scan_iter(match=...)`, which asks for some keys at a time, or keep a set of the names.";
  const isPlain = !isAwaited && argumentNames.length === 0 && count <= 1 && !/[\n#]/.test(client + keyText);
  if (!isPlain || client.length >= 60 || keyText.length >= 80) return { text, safety: "none", edits: [] };
  return {
    text,
    safety: "unsafe",
    edits: [{ file: at.file, start, end, text: `list(${client}.scan_iter(${keyText}))` }],
  };
}
