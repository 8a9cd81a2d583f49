// Whether a key is made of something that there is one of for each user, input or job.

import type { Origin } from "../../python/origin.ts";
import { isManyName } from "./finite-names.ts";

/** By custom as far as names tell, and by nature for what was waited for. Linear in the origin. */
export function isOfMany(origin: Origin): boolean {
  switch (origin.from) {
    case "parts":
      return origin.parts.some(isOfMany);
    case "input":
    case "exception":
      return true;
    case "parameter":
      return isManyName(origin.name);
    case "attribute":
      return !isSetUp(origin.of) && (isManyAttribute(origin) || (isContent(origin.name) && isOfMany(origin.of)));
    case "call":
    case "fresh":
      return isMadeOfMany(origin);
    case "item":
      return !isSetUp(origin.of) && isItemOfMany(origin);
    case "each":
      return isOfMany(origin.of);
    default:
      return false;
  }
}

/** What a text begins with, such as its kind or its command, there may be few of, however many texts there are. */
function isMadeOfMany(origin: Extract<Origin, { readonly from: "call" | "fresh" }>): boolean {
  if (origin.from === "call" && /(?:^|\.)r?(?:split|partition)$/.test(origin.callee)) return false;
  return origin.of !== undefined && isOfMany(origin.of);
}

/** Of `user.id` there are as many as of users, of `ctx.id` as of contexts. */
function isManyAttribute({ of, name }: Extract<Origin, { readonly from: "attribute" }>): boolean {
  if (!/^(?:id|uid|uuid|pk|url|token)$/.test(name)) return isManyName(name);
  return of.from === "parameter" || of.from === "attribute" ? isManyName(`${of.name}_${name}`) : isManyName(name);
}

function isItemOfMany({ of, name }: Extract<Origin, { readonly from: "item" }>): boolean {
  return name === undefined ? isOfMany(of) : isManyName(name);
}

/** `server["url"]`, `config.token`: what a program is set up with. */
function isSetUp(owner: Origin): boolean {
  if (owner.from !== "parameter" && owner.from !== "attribute") return false;
  return /(?:^|_)(?:server|driver|node|device|host|config|conf|cfg|settings|options|opts|provider|backend|credentials?|definition|plugin)(?:_?(?:params|config|info|s))?$/i.test(
    owner.name,
  );
}

/** All of what came in, not a part of it that there may be few of, such as its kind. */
function isContent(name: string): boolean {
  return /^(?:value|data|raw|body|payload|text|content)$/.test(name);
}
