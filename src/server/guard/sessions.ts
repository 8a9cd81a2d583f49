// Who may ask: whoever has the token that was printed at the start, or the cookie that was given for it. A monitoring system may
// have a token of its own that outlives the server and opens the metrics only. The token travels in the
// fragment of the address, which browsers send to nobody.

import { randomBytes, timingSafeEqual } from "node:crypto";

export interface Sessions {
  /** Printed once, for the person who started the server. */
  readonly token: string;
  /** A cookie's value for a right token; null for a wrong one. */
  open(token: string): string | null;
  isOpen(cookie: string): boolean;
  isToken(token: string): boolean;
  /** Of the monitoring system, which may fetch metrics and nothing else. */
  isMetricsToken(token: string): boolean;
}

const TOKEN_BYTES = 24;
/** A shorter one could be guessed. */
export const LEAST_METRICS_TOKEN = 16;
/** A person has a few browsers. */
const MOST_SESSIONS = 32;

/** `metricsToken`: null when there is none. */
export function createSessions(metricsToken: string | null): Sessions {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const open: string[] = [];
  return {
    token,
    open: (given) => {
      if (!isEqual(given, token)) return null;
      const cookie = randomBytes(TOKEN_BYTES).toString("base64url");
      open.push(cookie);
      if (open.length > MOST_SESSIONS) open.shift();
      return cookie;
    },
    isOpen: (cookie) => open.some((each) => isEqual(cookie, each)),
    isToken: (given) => isEqual(given, token),
    isMetricsToken: (given) => metricsToken !== null && isEqual(given, metricsToken),
  };
}

/** In the same time wherever they differ. */
function isEqual(given: string, own: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(own)];
  return a.length === b.length && timingSafeEqual(a, b);
}
