// One process: whether it can be read, what can be done with it, and a live watch.

import type { VNode } from "preact";
import type { DoctorReport } from "../../../src/model/heap-reports.ts";
import { addressOf, changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { Notice } from "../../parts/notice.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import { useStart } from "../../parts/use-start.ts";
import type { Store } from "../../store/store.ts";
import { Watch } from "./watch.tsx";

export function Process({ store, id: pid }: { readonly store: Store; readonly id: string }): VNode {
  const { address } = store.state();
  const { loaded, again } = useAnswer<DoctorReport>(store.api, `/api/processes/${pid}`);
  const isWatched = address.query["watch"] === "on";
  return (
    <>
      <header class="head">
        <h1>Process {pid}</h1>
        <Actions store={store} pid={Number(pid)} />
        <a class="button" href={changedAddress(address, { watch: isWatched ? null : "on" })}>
          {isWatched ? "End the watch" : "Watch it"}
        </a>
      </header>
      {isWatched ? (
        <Watch store={store} pid={pid} />
      ) : (
        <Answer loaded={loaded} doing="Looking whether it can be read" again={again}>
          {(report) => <Doctor report={report} />}
        </Answer>
      )}
    </>
  );
}

function Actions({ store, pid }: { readonly store: Store; readonly pid: number }): VNode {
  const snapshot = useStart(store, ({ id }) => addressOf(["heaps"], { job: id }));
  const diagnosis = useStart(store, ({ id }) => addressOf(["diagnoses", id]));
  const caches = useStart(store, ({ id }) => addressOf(["caches", id]));
  return (
    <>
      <ProblemNotice problem={snapshot.problem ?? diagnosis.problem ?? caches.problem} />
      <button type="button" onClick={() => snapshot.start("/api/snapshots", { pid })}>
        Read heap
      </button>
      <button type="button" onClick={() => diagnosis.start("/api/diagnoses", { pid })}>
        Diagnose
      </button>
      <button type="button" onClick={() => caches.start("/api/caches", { pid })}>
        Caches
      </button>
    </>
  );
}

function Doctor({ report }: { readonly report: DoctorReport }): VNode {
  const { readable, checks, commands } = report;
  return (
    <>
      <Notice kind={readable === false ? "problem" : "done"}>
        {readable === false
          ? "This process cannot be read as things stand. The checks say why, and what will work."
          : "This process can be read. Watch it, read its heap, or have it diagnosed."}
      </Notice>
      <dl class="facts checks">
        {checks.map(({ name, status, seen, advice }) => (
          <div key={name}>
            <dt>
              {name} <span class={`chip ${CHIPS[status]}`}>{status}</span>
            </dt>
            <dd>
              {seen}
              {advice === null ? "" : ` ${advice}`}
            </dd>
          </div>
        ))}
      </dl>
      {commands.length > 0 && <pre tabIndex={0}>{commands.join("\n")}</pre>}
    </>
  );
}

const CHIPS = { ok: "good", warning: "warn", problem: "bad", unknown: "" } as const;
