// The first visit: the token behind the # is given for a cookie, and leaves the address bar and the history.

import type { Api } from "./api.ts";

/** False when there was a token and the server does not know it. */
export async function openSession(api: Api): Promise<boolean> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return true;
  history.replaceState(null, "", location.pathname + location.search);
  const opened = await api.post("/api/session", { token });
  return opened.ok;
}
