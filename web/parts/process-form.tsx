// Chooses a process, and for how long.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ProcessList } from "../../src/model/page-reports.ts";
import { useAnswer } from "../api/use-answer.ts";
import type { Store } from "../store/store.ts";
import { commandText } from "./command-text.ts";

export interface ProcessFormProps {
  readonly store: Store;
  /** What the button says. */
  readonly act: string;
  /** Null: it takes as long as it takes. */
  readonly seconds: number | null;
  readonly isBusy: boolean;
  readonly onChosen: (pid: number, seconds: number) => void;
}

export function ProcessForm({ store, act, seconds: usual, isBusy, onChosen }: ProcessFormProps): VNode {
  const { loaded } = useAnswer<ProcessList>(store.api, "/api/processes");
  const processes = loaded.state === "ready" ? loaded.value.processes : [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [seconds, setSeconds] = useState(usual ?? 0);
  const pid = chosen ?? String(processes[0]?.pid ?? "");
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        onChosen(Number(pid), seconds);
      }}
    >
      <label>
        Process
        <select value={pid} onChange={(event) => setChosen(event.currentTarget.value)}>
          {processes.map((each) => (
            <option key={each.pid} value={String(each.pid)}>
              {each.pid} {commandText(each.command).slice(0, 60)}
            </option>
          ))}
        </select>
      </label>
      {usual !== null && (
        <label>
          Seconds
          <input
            type="number"
            min={5}
            max={3600}
            value={seconds}
            onInput={(event) => setSeconds(Number(event.currentTarget.value))}
          />
        </label>
      )}
      <button type="submit" class="main" disabled={pid === "" || isBusy}>
        {act}
      </button>
    </form>
  );
}
