// How long work tells the outside about itself. The CLI draws it on stderr; tests and the page may listen too.

/** `done` and `total` share a unit that `unit` names; total is null while unknown. */
export interface ProgressStep {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: "bytes" | "objects" | "files" | "steps" | "seconds";
}
export type Progress = (step: ProgressStep) => void;
