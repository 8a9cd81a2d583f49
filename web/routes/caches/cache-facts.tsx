// One cache: its keys, what is wrong with them, and who has it.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import type { CacheSummary } from "../../../src/model/cache-inventory.ts";
import { addressOf } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { GovernedApps } from "../../../src/model/page-reports.ts";
import { Words } from "../../parts/words.tsx";
import type { Store } from "../../store/store.ts";

export interface CacheFactsProps {
  readonly store: Store;
  readonly cache: CacheSummary;
  readonly closeLink: string;
}

export function CacheFacts({ store, cache, closeLink }: CacheFactsProps): VNode {
  const { name, file, line, keys, notes, workers } = cache;
  return (
    <section class="card" aria-label={`Cache ${name}`}>
      <header class="head">
        <h2>
          <code>{name}</code>
        </h2>
        <Govern store={store} cache={cache} />
        <a href={closeLink}>Close</a>
      </header>
      {file !== null && (
        <p class="aside">
          {file}
          {line === null ? "" : `:${line}`}
        </p>
      )}
      {[...notes, ...(keys?.hazards.map(({ because }) => because) ?? [])].map((text) => (
        <p key={text}>
          <Words text={text} />
        </p>
      ))}
      {keys !== null && (
        <p>
          Keys:{" "}
          {keys.spellings.slice(0, 6).map(({ types, entries }) => (
            <span key={types} class="chip">
              {types} × {formatCount(entries)}
            </span>
          ))}
        </p>
      )}
      <ul>
        {workers.map(({ pid, entries, retainedBytes, window }, at) => (
          <li key={pid ?? at}>
            process {pid ?? "unknown"}: {entries === null ? "unknown" : formatCount(entries)} entries,{" "}
            {formatBytes(retainedBytes)}
            {window === null || window.hits === null
              ? ""
              : `; ${formatCount(window.hits)} hits and ${formatCount(window.misses ?? 0)} misses in ${Math.round(window.seconds)} s`}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Only caches of `deadweight.cached` that have joined can be told what to do. */
function Govern({ store, cache }: Pick<CacheFactsProps, "store" | "cache">): VNode | null {
  const isGoverned = cache.family === "deadweight.cached";
  const { loaded } = useAnswer<GovernedApps>(store.api, isGoverned ? "/api/apps" : null);
  if (!isGoverned || loaded.state !== "ready") return null;
  const app = loaded.value.apps.find(({ selectors }) => selectors.includes(cache.name)) ?? loaded.value.apps[0];
  if (app === undefined) return null;
  return (
    <a class="button" href={addressOf(["caches"], { app: app.app, selector: cache.name })}>
      Clear or set
    </a>
  );
}
