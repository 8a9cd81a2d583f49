// What shall be done with which caches, and why.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { GovernedApp } from "../../../src/model/page-reports.ts";
import { type CacheOrder, ORDERS } from "./cache-order.ts";

export interface OrderFormProps {
  readonly app: GovernedApp;
  readonly selector: string;
  readonly onAsked: (order: CacheOrder) => void;
}

const ACTIONS = {
  clear: "Clear entries",
  resize: "Set the most entries",
  ttl: "Set how long entries live",
  freeze: "Freeze: answer, and load nothing new",
  thaw: "Thaw",
} as const;

export function OrderForm({ app, selector, onAsked }: OrderFormProps): VNode {
  const [order, setOrder] = useState<CacheOrder>({
    app: app.app,
    selector,
    reason: "",
    action: "clear",
    percent: 100,
    limit: "declared",
  });
  const set = (change: Partial<CacheOrder>): void => setOrder({ ...order, ...change });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onAsked(order);
      }}
    >
      <label>
        What
        <select
          value={order.action}
          onChange={(event) => set({ action: ORDERS.find((each) => each === event.currentTarget.value) ?? "clear" })}
        >
          {ORDERS.map((action) => (
            <option key={action} value={action}>
              {ACTIONS[action]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Of which caches: a function, ns:NAMESPACE or tag:NAME:VALUE
        <input
          list="selectors"
          required
          value={order.selector}
          onInput={(event) => set({ selector: event.currentTarget.value })}
        />
        <datalist id="selectors">
          {app.selectors.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <Limit order={order} set={set} />
      <label>
        Why (it stands in the audit log)
        <input required value={order.reason} onInput={(event) => set({ reason: event.currentTarget.value })} />
      </label>
      <button type="submit" class="main">
        Show what it would do
      </button>
    </form>
  );
}

interface LimitProps {
  readonly order: CacheOrder;
  readonly set: (change: Partial<CacheOrder>) => void;
}

function Limit({ order, set }: LimitProps): VNode | null {
  switch (order.action) {
    case "clear":
      return (
        <label>
          Part of the keys, in percent
          <input
            type="number"
            min={1}
            max={100}
            value={order.percent}
            onInput={(event) => set({ percent: Number(event.currentTarget.value) })}
          />
        </label>
      );
    case "resize":
    case "ttl":
      return (
        <label>
          {order.action === "ttl" ? "Seconds" : "Entries"}: a number, none, or declared (as the program says)
          <input required value={order.limit} onInput={(event) => set({ limit: event.currentTarget.value })} />
        </label>
      );
    case "freeze":
    case "thaw":
      return null;
  }
}
