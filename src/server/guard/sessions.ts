// Who may ask: whoever has the token that was printed at the start, or the cookie that was given for it. The token travels in the
// fragment of the address, which browsers send to nobody.

import { randomBytes, timingSafeEqual } from "node:crypto";

export interface Sessions {
  /** Printed once, for the person who started the server. */
  readonly token: string;
  /** A cookie's value for a right token; null for a wrong one. */
  open(token: string): string | null;
  isOpen(cookie: string): boolean;
  isToken(token: string): boolean;
}

const TOKEN_BYTES = 24;
/** A person has a few browsers. */
const MOST_SESSIONS = 32;

export function createSessions(): Sessions {
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
  };
}

/** In the same time wherever they differ. */
function isEqual(given: string, own: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(own)];
  return a.length === b.length && timingSafeEqual(a, b);
}
