// Which view an address stands for.

import type { VNode } from "preact";
import { Notice } from "../parts/notice.tsx";
import type { Store } from "../store/store.ts";
import { Audit } from "./audit.tsx";
import { Advice } from "./caches/advice.tsx";
import { Caches } from "./caches/caches.tsx";
import { Inventory } from "./caches/inventory.tsx";
import { Comparison } from "./comparison.tsx";
import { Diagnoses } from "./diagnosis/diagnoses.tsx";
import { DiagnosisPage } from "./diagnosis/diagnosis-page.tsx";
import { Findings, FindingsPage } from "./findings.tsx";
import { Heap } from "./heap/heap.tsx";
import { Heaps } from "./heaps.tsx";
import { Processes } from "./processes.tsx";
import { Process } from "./watch/process.tsx";

/** Takes a view and what stands behind it in the address. */
type View = (props: { readonly store: Store; readonly id: string }) => VNode;

/** By "section" and "section/*". */
const VIEWS: Readonly<Record<string, View>> = {
  processes: Processes,
  "processes/*": Process,
  heaps: Heaps,
  "heaps/*": Heap,
  comparison: Comparison,
  diagnoses: Diagnoses,
  "diagnoses/*": DiagnosisPage,
  caches: Caches,
  "caches/*": Inventory,
  "advice/*": Advice,
  findings: Findings,
  "findings/*": FindingsPage,
  audit: Audit,
};

export function Route({ store }: { readonly store: Store }): VNode {
  const { path } = store.state().address;
  const [section = "processes", id = ""] = path;
  const View = path.length > 2 ? undefined : VIEWS[id === "" ? section : `${section}/*`];
  if (View === undefined)
    return (
      <Notice kind="problem">
        There is no view at this address. <a href="/processes">Begin with the processes</a>.
      </Notice>
    );
  return <View key={path.join("/")} store={store} id={id} />;
}
