// Whether a request comes from the page itself or from a program of this user: not from another site's page (CSRF), nor from one
// whose name was bent to this address (DNS rebinding).

export interface RequestFacts {
  readonly method: string;
  /** Headers; null where there is none. */
  readonly host: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  /** It carries the token itself, which no other site knows. */
  readonly hasToken: boolean;
}

/**
 * Names under which a server may be asked. `further`: addresses and names that a person has given or the machine has; what stands
 * in front of a server (a proxy) leaves the port out.
 */
export function ownHosts(further: readonly string[], port: number): ReadonlySet<string> {
  const loopback = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  const names = further.map((name) => (name.includes(":") ? `[${name}]` : name.toLowerCase()));
  return new Set([...loopback, ...names, ...names.map((name) => `${name}:${port}`)]);
}

/** Null when it may be answered; otherwise the sentence for whoever asks. */
export function refusalOf(request: RequestFacts, own: ReadonlySet<string>): string | null {
  const { method, host, origin, fetchSite, hasToken } = request;
  if (host === null || !own.has(host.toLowerCase()))
    return `This server answers as ${[...own][0]} only, not as ${host ?? "nobody"}: another name may be a page of somebody else.`;
  if (origin !== null && !isOwnOrigin(origin, own)) return `Pages of ${origin} may not ask this server.`;
  if (fetchSite !== null && fetchSite !== "same-origin" && fetchSite !== "none")
    return "Pages of other sites may not ask this server.";
  const isSafe = method === "GET" || method === "HEAD";
  if (!isSafe && origin === null && !hasToken)
    return "A request that changes something must come from the page, or carry the token.";
  return null;
}

function isOwnOrigin(origin: string, own: ReadonlySet<string>): boolean {
  const host = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
  return host !== undefined && own.has(host);
}
