// The HTTP API of the server that this page came from.

import { fail, ok, type Result } from "../../src/base/result.ts";

export interface ApiProblem {
  readonly code: string;
  /** A sentence that ends with what to do. */
  readonly message: string;
}

export type ApiAnswer<T> = Result<T, ApiProblem>;

export interface Api {
  /** What does not change is asked once. */
  get<T>(path: string, keeping?: "nothing" | "answer"): Promise<ApiAnswer<T>>;
  post<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<ApiAnswer<T>>;
  remove<T>(path: string): Promise<ApiAnswer<T>>;
  sendFile<T>(path: string, file: Blob): Promise<ApiAnswer<T>>;
}

/** Answers about heaps are large. */
const MOST_KEPT = 24;
const SERVER_GONE: ApiProblem = {
  code: "server-gone",
  message: "The server does not answer. Start `deadweight serve` again and open the address that it prints.",
};

/** `onStranger` hears when the server does not know this browser (any more). */
export function createApi(onStranger: () => void): Api {
  const kept = new Map<string, Promise<ApiAnswer<unknown>>>();
  const ask = async <T>(path: string, request: RequestInit): Promise<ApiAnswer<T>> => {
    const answer = await fetch(path, request).catch(() => null);
    if (answer === null) return fail(SERVER_GONE);
    if (answer.status === 401) onStranger();
    const body: unknown = await answer.json().catch(() => null);
    return answer.ok ? ok(body as T) : fail(problemIn(body, answer.status));
  };
  return {
    get: async <T>(path: string, keeping: "nothing" | "answer" = "nothing") => {
      if (keeping === "nothing") return await ask<T>(path, {});
      const known = kept.get(path) ?? ask<unknown>(path, {});
      kept.delete(path);
      kept.set(path, known);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      const answer = await known;
      // A failure may be over when it is asked again.
      if (!answer.ok) kept.delete(path);
      return answer as ApiAnswer<T>;
    },
    post: async (path, body) =>
      await ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    remove: async (path) => await ask(path, { method: "DELETE" }),
    sendFile: async (path, file) => await ask(path, { method: "POST", body: file }),
  };
}

function problemIn(body: unknown, status: number): ApiProblem {
  if (typeof body === "object" && body !== null && "message" in body && "code" in body)
    return { code: String(body.code), message: String(body.message) };
  return { code: "unexpected", message: `The server answered ${status} and no more. Look at what it printed.` };
}
