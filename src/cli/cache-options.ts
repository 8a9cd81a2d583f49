// Options of all commands that change caches.

export const APP_OPTION = {
  kind: "text",
  placeholder: "APP",
  summary: "the application: the name its processes give to deadweight.join()",
} as const;

export const REDIS_OPTION = {
  kind: "text",
  placeholder: "URL",
  summary: "on all hosts, through this Redis or Valkey server; a password may be given as DEADWEIGHT_REDIS_PASSWORD",
} as const;

export const REASON_OPTION = { kind: "text", placeholder: "TEXT", summary: "why; it stays in the audit log" } as const;

/** What an action is given of `--redis`. */
export function serverOf({ redis }: { readonly redis: string | null }): { readonly redis?: string } {
  return redis === null ? {} : { redis };
}
