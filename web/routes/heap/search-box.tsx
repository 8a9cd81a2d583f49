// One box for everything: an address, a place, a type, or a query.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Store } from "../../store/store.ts";

/** Words that only a query has; see docs/query.md. */
const QUERY_WORDS = /\s(?:where|order by|group by|limit)\s|^objects\b|[*?]/;

export function SearchBox({ store }: { readonly store: Store }): VNode {
  const { query } = store.state().address;
  const known = query["view"] === "query" ? (query["q"] ?? "") : (query["select"] ?? "");
  const [text, setText] = useState(known);
  const search = (event: Event): void => {
    event.preventDefault();
    const asked = text.trim();
    if (asked === "") return;
    if (QUERY_WORDS.test(` ${asked} `)) store.turn({ view: "query", q: asked });
    else if (/^module\s*[=:]/.test(asked))
      store.turn({ view: "query", q: `objects where module = ${asked.replace(/^module\s*[=:]\s*/, "")}` });
    else store.turn({ select: asked, row: null });
  };
  return (
    <form role="search" class="search" onSubmit={search}>
      <input
        type="search"
        data-search
        aria-label="Search: a holder, a type, an address, module = NAME, or a query"
        placeholder="app.SESSIONS, app.models.Session, 0x7f…, module = app, dict where entries > 10k"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit">Search</button>
    </form>
  );
}
