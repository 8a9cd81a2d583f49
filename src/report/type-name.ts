// Type names where there is little room.

/** "shop.sessions.Session" -> "Session". */
export function shortTypeName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
