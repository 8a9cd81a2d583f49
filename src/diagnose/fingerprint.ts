// One word for one leak, the same on every run and machine.

import type { CauseId } from "../model/diagnosis.ts";
import type { Holder } from "../model/holder.ts";

/** 16 hexadecimal digits made of cause, the holder's name without keys, numbers and lines, and the types. */
export function fingerprintOfLeak(cause: CauseId, holder: Holder, mostly: string | null): string {
  return hashed([cause, placeOf(holder), holder.type.split(", ")[0] ?? "", mostly ?? ""].join("\0"));
}

/** The same for a place that is only watched: whether it leaks, and why, is not said. */
export function fingerprintOfPlace(holder: Holder): string {
  return hashed([placeOf(holder), holder.type.split(", ")[0] ?? ""].join("\0"));
}

/** What stays of a path: `sys.modules['app'].REGISTRY[*].rows`. Keys, addresses, thread numbers and lines go. */
function placeOf({ path, module, kind }: Holder): string {
  const head = /^sys\.modules\['[^']*'\]/.exec(path)?.[0] ?? "";
  const rest = path
    .slice(head.length)
    .replaceAll(/ at [^<>\s]*:\d+/g, "")
    .replaceAll(/\[(?:'(?:[^'\\]|\\.)*'?…?|[^\]]*)\]/g, "[*]")
    .replaceAll(/(?:\[\*\])+/g, "[*]")
    .replaceAll(/0x[0-9a-f]+/gi, "*")
    .replaceAll(/thread (?:"[^"]*"|\d+)/g, "thread")
    .replaceAll(/\d+/g, "*");
  return `${kind} ${module ?? ""} ${head}${rest}`;
}

/** FNV-1a over UTF-16 units, twice with different starts: 64 bits, without a Node module. */
function hashed(text: string): string {
  return [0x811c9dc5, 0x050c5d1f].map((start) => half(text, start).toString(16).padStart(8, "0")).join("");
}

function half(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // The last units would otherwise move the low bits only.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
