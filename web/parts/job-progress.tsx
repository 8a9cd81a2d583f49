// Work under way: what is done, how much, and a way to end it.

import type { VNode } from "preact";
import type { Job } from "../../src/model/page-reports.ts";
import type { ProgressStep } from "../../src/model/progress.ts";
import { formatBytes } from "../../src/base/format-bytes.ts";
import { formatCount } from "../../src/base/format-count.ts";

export interface JobProgressProps {
  readonly job: Job | null;
  /** "Diagnosing" */
  readonly doing: string;
  readonly onCancel: () => void;
  /** What the button says. */
  readonly cancelText?: string;
}

export function JobProgress({ job, doing, onCancel, cancelText = "Cancel" }: JobProgressProps): VNode {
  const step = job?.progress ?? null;
  const name = `${doing}${job === null ? "" : ` ${job.about}`}`;
  return (
    <div class="job">
      <p role="status">
        {name}: {step === null ? "starting" : stepText(step)}
      </p>
      {step?.total === null || step === null ? (
        <progress aria-label={name} />
      ) : (
        <progress aria-label={name} value={step.done} max={Math.max(1, step.total)} />
      )}
      <button type="button" onClick={onCancel}>
        {cancelText}
      </button>
    </div>
  );
}

function stepText({ phase, done, total, unit }: ProgressStep): string {
  const amount = (value: number): string => (unit === "bytes" ? formatBytes(value) : formatCount(Math.round(value)));
  if (total === null && done === 0) return phase;
  const unitText = unit === "bytes" ? "" : ` ${unit}`;
  return `${phase}, ${amount(done)}${total === null ? "" : ` of ${amount(total)}`}${unitText}`;
}
