// The one place that keeps what the whole page shares. It is made once in main.tsx and passed down.

import { type Address, changedAddress, type QueryChange, readAddress, writeAddress } from "../address/address.ts";
import { type Api, createApi } from "../api/api.ts";
import { storedTheme, type Theme, wearTheme } from "./theme.ts";

export interface PageState {
  readonly address: Address;
  readonly theme: Theme;
  /** The server does not know this browser. */
  readonly isStranger: boolean;
  readonly isHelpOpen: boolean;
}

export interface Store {
  readonly api: Api;
  state(): PageState;
  /** Returns what ends it. */
  listen(listener: () => void): () => void;
  /** To another place; the way back leads here. */
  go(to: string): void;
  /** The same place, said better: the way back leads past it. */
  replace(to: string): void;
  /** The same place with another query. */
  turn(change: QueryChange): void;
  setTheme(theme: Theme): void;
  setHelp(isOpen: boolean): void;
  setStranger(): void;
}

export function createStore(): Store {
  const listeners = new Set<() => void>();
  let state: PageState = {
    address: currentAddress(),
    theme: storedTheme(),
    isStranger: false,
    isHelpOpen: false,
  };
  const change = (now: Partial<PageState>): void => {
    state = { ...state, ...now };
    for (const listener of listeners) listener();
  };
  const move = (to: string, how: "pushState" | "replaceState"): void => {
    if (to !== writeAddress(state.address)) history[how](null, "", to);
    change({ address: currentAddress(), isHelpOpen: false });
  };
  const setStranger = (): void => change({ isStranger: true });
  addEventListener("popstate", () => change({ address: currentAddress() }));
  // Canvases are painted anew when the evening comes.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => change({}));
  wearTheme(state.theme);
  return {
    api: createApi(setStranger),
    state: () => state,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    go: (to) => move(to, "pushState"),
    replace: (to) => move(to, "replaceState"),
    turn: (query) => move(changedAddress(state.address, query), "pushState"),
    setTheme: (theme) => {
      wearTheme(theme);
      change({ theme });
    },
    setHelp: (isHelpOpen) => change({ isHelpOpen }),
    setStranger,
  };
}

function currentAddress(): Address {
  return readAddress(location.pathname, location.search);
}
