// What somebody asks to be done with caches, as it is sent.

import type { CacheAction } from "../../../src/model/cache-command.ts";

export type OrderAction = Exclude<CacheAction, "undo">;

export const ORDERS: readonly OrderAction[] = ["clear", "resize", "ttl", "freeze", "thaw"];

export interface CacheOrder {
  readonly app: string;
  readonly selector: string;
  readonly reason: string;
  readonly action: OrderAction;
  /** Part of the keys in percent; for clear. */
  readonly percent: number;
  /** For resize and ttl: digits, "none" or "declared". */
  readonly limit: string;
}

export interface SentOrder {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Without a plan the server only says what it would do. */
export function sentOrder(order: CacheOrder, plan: string | null): SentOrder {
  const { app, selector, reason, action, percent, limit } = order;
  const common = { app, selector, reason, ...(plan === null ? {} : { plan }) };
  if (action === "clear") return { path: "/api/caches/clear", body: { ...common, share: percent / 100 } };
  const value = /^\d+(\.\d+)?$/.test(limit.trim()) ? Number(limit) : limit.trim();
  const isLimited = action === "resize" || action === "ttl";
  return { path: "/api/caches/settings", body: { ...common, action, ...(isLimited ? { limit: value } : {}) } };
}
