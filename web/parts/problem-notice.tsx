// What went wrong, in the words of the server.

import type { VNode } from "preact";
import type { ApiProblem } from "../api/api.ts";
import { Words } from "./words.tsx";
import { Notice } from "./notice.tsx";

export function ProblemNotice({ problem }: { readonly problem: ApiProblem | null }): VNode | null {
  if (problem === null) return null;
  return (
    <Notice kind="problem">
      <Words text={problem.message} />
    </Notice>
  );
}
