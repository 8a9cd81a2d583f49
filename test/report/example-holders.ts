// The holders and paths of the example reports: one imaginary evening of a Flask shop whose sessions are never dropped.

import type { Holder, HolderKind, PathStep } from "../../src/model/holder.ts";

export const MIB: number = 1024 * 1024;

export function mib(amount: number): number {
  return Math.round(amount * MIB);
}

export function aHolder(
  path: string,
  kind: HolderKind,
  type: string,
  module: string | null = null,
  name: string | null = null,
): Holder {
  return {
    path,
    kind,
    module,
    name,
    type,
    file: module === null ? null : `/srv/shop/${module.replaceAll(".", "/")}.py`,
    line: null,
  };
}

export const REGISTRY: Holder = aHolder(
  "sys.modules['shop.sessions'].REGISTRY",
  "module-global",
  "dict",
  "shop.sessions",
  "REGISTRY",
);
export const PRICES: Holder = aHolder(
  "shop.pricing.price_for.<lru_cache>",
  "cache",
  "functools._lru_cache_wrapper",
  "shop.pricing",
  "price_for",
);
export const HANDLER: Holder = aHolder(
  "<closure make_handler at /srv/shop/web.py:31>.catalogue",
  "closure-cell",
  "list",
  "shop.web",
  "catalogue",
);
export const SCHEMAS: Holder = aHolder(
  "sys.modules['shop.integrations.marketplace.translations'].TranslationRegistry._compiled_templates_by_locale['de_DE']",
  "class-attribute",
  "dict",
  "shop.integrations.marketplace.translations",
  "_compiled_templates_by_locale",
);
export const ROWS: Holder = aHolder('thread "worker-1" in export_orders() local rows', "frame-local", "list");
export const JAPANESE: Holder = aHolder(
  "sys.modules['shop.i18n'].MESSAGES['日本語 🇯🇵']",
  "module-global",
  "dict",
  "shop.i18n",
  "MESSAGES",
);

export function step(edge: string, type: string, heldBytes: number, entries: number | null = null): PathStep {
  const shallowBytes = Math.min(heldBytes, 64);
  return { edge, type, address: "0x7f12a4c8e350", shallowBytes, retainedBytes: heldBytes, heldBytes, entries };
}

export const TO_REGISTRY: readonly PathStep[] = [
  step("sys.modules", "dict", mib(598), 1_204),
  step("['shop.sessions']", "module", mib(432.1)),
  step("global REGISTRY", "dict", mib(432), 83_114),
];
