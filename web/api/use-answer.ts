// What a component knows of something that it asked for.

import { useEffect, useState } from "preact/hooks";
import type { Api, ApiAnswer, ApiProblem } from "./api.ts";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly problem: ApiProblem };

export interface Asking<T> {
  readonly loaded: Loaded<T>;
  readonly again: () => void;
}

interface Known<T> {
  readonly path: string | null;
  readonly loaded: Loaded<T>;
}

const LOADING = { state: "loading" } as const;

/** Asks when the path changes; nothing for null. The last answer is not shown for another path. */
export function useAnswer<T>(api: Api, path: string | null, keeping: "nothing" | "answer" = "nothing"): Asking<T> {
  const [known, setKnown] = useState<Known<T>>({ path: null, loaded: LOADING });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    let isWanted = true;
    void api.get<T>(path, keeping).then((answer) => {
      if (isWanted) setKnown({ path, loaded: loadedFrom(answer) });
    });
    return () => {
      isWanted = false;
    };
  }, [api, path, keeping, turn]);
  return { loaded: known.path === path ? known.loaded : LOADING, again: () => setTurn(turn + 1) };
}

export function loadedFrom<T>(answer: ApiAnswer<T>): Loaded<T> {
  return answer.ok ? { state: "ready", value: answer.value } : { state: "failed", problem: answer.error };
}
