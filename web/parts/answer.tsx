// Something that was asked for: on its way, there, or refused with the reason.

import type { ComponentChildren, VNode } from "preact";
import type { Loaded } from "../api/use-answer.ts";
import { Notice } from "./notice.tsx";
import { Words } from "./words.tsx";

export interface AnswerProps<T> {
  readonly loaded: Loaded<T>;
  /** "Reading the heap" */
  readonly doing: string;
  readonly again?: (() => void) | undefined;
  readonly children: (value: T) => ComponentChildren;
}

export function Answer<T>({ loaded, doing, again, children }: AnswerProps<T>): VNode {
  switch (loaded.state) {
    case "loading":
      return (
        <p class="loading" role="status">
          {doing}…
        </p>
      );
    case "failed":
      return (
        <Notice kind="problem">
          <Words text={loaded.problem.message} />
          {again !== undefined && (
            <button type="button" onClick={again}>
              Try again
            </button>
          )}
        </Notice>
      );
    case "ready":
      return <>{children(loaded.value)}</>;
  }
}
