// The frame around every view: where one can go, the view itself, help, and the keys that work everywhere.

import type { VNode } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { HelpDialog } from "./parts/help-dialog.tsx";
import { Rail } from "./parts/rail.tsx";
import { Stranger } from "./parts/stranger.tsx";
import { Route } from "./routes/route.tsx";
import { pressKey } from "./store/keys.ts";
import type { Store } from "./store/store.ts";

export function App({ store }: { readonly store: Store }): VNode {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  useEffect(() => store.listen(() => redraw(undefined)), [store]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => pressKey(store, event);
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [store]);
  const { isStranger, isHelpOpen } = store.state();
  if (isStranger) return <Stranger />;
  return (
    <div class="frame" onClick={(event) => followLink(store, event)}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Rail store={store} />
      <main id="content" tabIndex={-1}>
        <Route store={store} />
      </main>
      {isHelpOpen && <HelpDialog onClose={() => store.setHelp(false)} />}
    </div>
  );
}

/** Links of the page change the address without loading it anew. */
function followLink(store: Store, event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.origin !== location.origin || link.target !== "" || link.hasAttribute("download")) return;
  if (link.pathname.startsWith("/api/") || link.getAttribute("href")?.startsWith("#") === true) return;
  event.preventDefault();
  store.go(link.pathname + link.search);
}
