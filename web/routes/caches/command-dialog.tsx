// Changing caches: first what it would do and cost, then the confirmation, then who has it.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import type { GovernedApp } from "../../../src/model/page-reports.ts";
import type { ApiProblem } from "../../api/api.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import type { Store } from "../../store/store.ts";
import { Bill } from "./bill.tsx";
import { type CacheOrder, sentOrder } from "./cache-order.ts";
import { OrderForm } from "./order-form.tsx";
import { Receipts } from "./receipts.tsx";

export interface CommandDialogProps {
  readonly store: Store;
  readonly app: GovernedApp;
  readonly selector: string;
  readonly onClose: () => void;
}

type Stage =
  | { readonly at: "asking" }
  /** Sent, and not answered yet. */
  | { readonly at: "waiting" }
  | { readonly at: "planned"; readonly order: CacheOrder; readonly report: CacheCommandReport }
  | { readonly at: "done"; readonly order: CacheOrder; readonly report: CacheCommandReport };

const ASKING: Stage = { at: "asking" };

export function CommandDialog({ store, app, selector, onClose }: CommandDialogProps): VNode {
  const [stage, setStage] = useState<Stage>(ASKING);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const send = async (path: string, body: SentBody, next: (report: CacheCommandReport) => Stage): Promise<void> => {
    setStage({ at: "waiting" });
    const answer = await store.api.post<CacheCommandReport>(path, body);
    setProblem(answer.ok ? null : answer.error);
    setStage(answer.ok ? next(answer.value) : ASKING);
  };
  const plan = (order: CacheOrder): void => {
    const { path, body } = sentOrder(order, null);
    void send(path, body, (report) => ({ at: "planned", order, report }));
  };
  const confirm = (order: CacheOrder, planned: string): void => {
    const { path, body } = sentOrder(order, planned);
    void send(path, body, (report) => ({ at: "done", order, report }));
  };
  const undo = (order: CacheOrder, op: string): void =>
    void send("/api/caches/undo", { app: order.app, op, reason: `taken back: ${order.reason}` }, (report) => ({
      at: "done",
      order,
      report,
    }));
  return (
    <Dialog title={`Caches of ${app.app}`} onClose={onClose}>
      <ProblemNotice problem={problem} />
      {stage.at === "asking" && <OrderForm app={app} selector={selector} onAsked={plan} />}
      {stage.at === "waiting" && (
        <p class="loading" role="status">
          Asking the processes…
        </p>
      )}
      {stage.at === "planned" && (
        <Bill
          store={store}
          report={stage.report}
          onConfirm={() => confirm(stage.order, stage.report.plan)}
          onBack={() => setStage(ASKING)}
        />
      )}
      {stage.at === "done" && <Receipts store={store} report={stage.report} onUndo={(op) => undo(stage.order, op)} />}
    </Dialog>
  );
}

type SentBody = Readonly<Record<string, unknown>>;
