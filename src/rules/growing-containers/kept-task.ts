// Tasks and futures that are put into a container.

import type { ContainerSite } from "../../python/definitions.ts";
import { originsWithin } from "../../python/origin.ts";

const MAKERS = /(?:^|\.)(?:create_task|ensure_future|run_coroutine_threadsafe|submit|run_in_executor)$/;

/** Whether the site puts a task or future in: another hazard than what else grows (DW407). */
export function keepsTask({ fact }: ContainerSite): boolean {
  const { value } = fact;
  return value !== undefined && originsWithin(value).some((each) => each.from === "call" && MAKERS.test(each.callee));
}
