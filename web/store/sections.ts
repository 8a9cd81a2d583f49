// The parts of the page, in the order of the navigation.

export interface Section {
  readonly path: string;
  readonly title: string;
  /** Pressed anywhere, it leads there. */
  readonly key: string;
}

export const SECTIONS: readonly Section[] = [
  { path: "processes", title: "Processes", key: "p" },
  { path: "heaps", title: "Heaps", key: "h" },
  { path: "diagnoses", title: "Diagnoses", key: "d" },
  { path: "caches", title: "Caches", key: "c" },
  { path: "findings", title: "Findings", key: "f" },
  { path: "audit", title: "Audit", key: "a" },
];
