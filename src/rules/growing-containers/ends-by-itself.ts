// Programs that are started, do one thing and end.

import type { Project } from "../../python/project.ts";
import { remembered } from "../../python/remembered.ts";

/** `python -m program` starts it, and no request or job of a queue ever reaches it. One look at all functions. */
export function endsByItself(project: Project): boolean {
  return remembered(project, isCommand, project);
}

function isCommand(project: Project): boolean {
  if (!project.files.some(({ module }) => /^[^.]+\.__main__$/.test(module))) return false;
  return !project.functions.some((each) =>
    project.contextsOf(each).some(({ kind }) => /^(?:request|task)$/.test(kind)),
  );
}
