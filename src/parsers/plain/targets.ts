// What can be assigned to.

import type { Expression } from "../../python/tree.ts";
import { giveUp } from "./give-up.ts";

/** Gives up for what is no target; returns it otherwise. */
export function checkTarget<Target extends Expression>(target: Target): Target {
  const at: Expression = target;
  switch (at.kind) {
    case "name":
    case "attribute":
    case "subscript":
      return target;
    case "starred":
      checkTarget(at.value);
      return target;
    case "display":
      if (at.type === "set") giveUp();
      for (const element of at.elements) checkTarget(element);
      return target;
    default:
      return giveUp();
  }
}
