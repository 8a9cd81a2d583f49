// Keys that work wherever one is. Views add their own for what they show.

import { addressOf } from "../address/address.ts";
import { SECTIONS } from "./sections.ts";
import type { Store } from "./store.ts";

const VIEW_KEYS = ["treemap", "icicle", "rings", "table", "graph", "query"] as const;

export function pressKey(store: Store, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") !== null) return;
  const act = actionOf(store, event.key);
  if (act === null) return;
  event.preventDefault();
  act();
}

function actionOf(store: Store, key: string): (() => void) | null {
  if (key === "?") return () => store.setHelp(true);
  if (key === "/") return () => document.querySelector<HTMLInputElement>("[data-search]")?.focus();
  const section = SECTIONS.find((each) => each.key === key);
  if (section !== undefined) return () => store.go(addressOf([section.path]));
  const view = VIEW_KEYS[Number(key) - 1];
  const { path } = store.state().address;
  if (view !== undefined && path[0] === "heaps" && path.length === 2) return () => store.turn({ view });
  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
