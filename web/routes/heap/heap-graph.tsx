// What stands around the object that is looked at.

import type { VNode } from "preact";
import type { NeighbourhoodReport } from "../../../src/model/page-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { Notice } from "../../parts/notice.tsx";
import { NeighbourhoodView } from "../../views/neighbourhood/neighbourhood-view.tsx";
import type { HeapCentreProps } from "./heap-centre.tsx";

export function HeapGraph({ store, id }: HeapCentreProps): VNode {
  const { address } = store.state();
  const selector = address.query["select"] ?? null;
  const { loaded } = useAnswer<NeighbourhoodReport>(
    store.api,
    selector === null ? null : `/api/snapshots/${id}/neighbourhood?limit=24&selector=${encodeURIComponent(selector)}`,
    "answer",
  );
  if (selector === null)
    return (
      <Notice kind="empty">
        Choose an object first: <a href={changedAddress(address, { view: "treemap" })}>in the treemap</a>, or with the
        search box.
      </Notice>
    );
  return (
    <Answer loaded={loaded} doing="Looking around the object">
      {(report) => (
        <NeighbourhoodView
          report={report}
          linkTo={(selected) => changedAddress(address, { select: selected, row: null })}
        />
      )}
    </Answer>
  );
}
