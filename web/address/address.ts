// Where in the page somebody is. All of it stands in the address bar, so that reload, the back button and a sent link work.

export interface Address {
  /** "/heaps/4f2a" is ["heaps", "4f2a"]. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** Null takes a part of the query away. */
export type QueryChange = Readonly<Record<string, string | null>>;

export function readAddress(pathname: string, search: string): Address {
  const path = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  return { path, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function writeAddress({ path, query }: Address): string {
  const search = new URLSearchParams(query).toString();
  return `/${path.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}

/** "/heaps/4f2a?view=table" */
export function addressOf(path: readonly string[], query: QueryChange = {}): string {
  return changedAddress({ path, query: {} }, query);
}

/** The same place with another query. */
export function changedAddress({ path, query }: Address, change: QueryChange): string {
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...query, ...change })) if (value !== null) changed[name] = value;
  return writeAddress({ path, query: changed });
}

/** A sign that no encoding has stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
