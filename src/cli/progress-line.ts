// One line on stderr that says how far long work is. Only on a terminal, only after a second, gone when the work ends.
// Drawn from inside the progress calls: most of our work is synchronous, so a timer would never fire.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import { formatPercent } from "../base/format-percent.ts";
import { printable } from "../base/format-printable.ts";
import { elideMiddle } from "../base/format-width.ts";
import type { Progress, ProgressStep } from "../model/progress.ts";
import type { World } from "./world.ts";

const QUIET_MS = 1000;
const REDRAW_MS = 100;
const ERASE = "\r\u001b[K";

export class ProgressLine implements Disposable {
  readonly #world: World;
  readonly #startedMs: number;
  readonly #interruption: Disposable;
  #phase = "";
  #phaseStartedMs = 0;
  #phaseStartedAt = 0;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #visible = false;

  constructor(world: World) {
    this.#world = world;
    this.#startedMs = world.nowMs();
    this.#interruption = world.whenInterrupted(() => this.#erase());
  }

  readonly show: Progress = (step) => {
    const now = this.#world.nowMs();
    if (step.phase !== this.#phase) {
      this.#phase = step.phase;
      this.#phaseStartedMs = now;
      this.#phaseStartedAt = step.done;
    }
    if (!this.#world.err.isTerminal || now - this.#startedMs < QUIET_MS || now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    this.#visible = true;
    const text = progressText(step, step.done - this.#phaseStartedAt, now - this.#phaseStartedMs);
    this.#write(ERASE + elideMiddle(text, (this.#world.err.columns ?? 80) - 1));
  };

  [Symbol.dispose](): void {
    this.#interruption[Symbol.dispose]();
    this.#erase();
  }

  #erase(): void {
    if (this.#visible) this.#write(ERASE);
    this.#visible = false;
  }

  #write(text: string): void {
    // A progress line that cannot be written is no reason to stop the work.
    this.#world.err.write(text).catch(() => undefined);
  }
}

/** "copying memory  212 MiB of 425 MiB (49.9 %)  1.4 GiB/s". */
export function progressText(step: ProgressStep, doneInPhase: number, phaseMs: number): string {
  const amount = step.unit === "bytes" ? formatBytes : formatCount;
  const total =
    step.total === null || step.total <= 0
      ? ""
      : ` of ${amount(step.total)} (${formatPercent(Math.min(1, step.done / step.total))})`;
  const perSecond =
    phaseMs > 0 && step.unit !== "steps" && step.unit !== "seconds"
      ? `  ${amount((doneInPhase / phaseMs) * 1000)}${step.unit === "bytes" ? "/s" : " per second"}`
      : "";
  const unit = step.unit === "bytes" ? "" : ` ${step.unit}`;
  return printable(`${step.phase}  ${amount(step.done)}${total}${unit}${perSecond}`);
}
