// The whole terminal for one program: entered once, left on every way out, so that a person's shell looks as it did before.

import type { Line } from "../../report/text-style.ts";
import { changesBetween, type Frame, frameOf } from "./frame.ts";
import type { TerminalDevice, TerminalSize } from "./terminal-device.ts";

/** Also saves where the shell's cursor is: to be written once only. */
const ALTERNATE = "\u001b[?1049h";
/** No cursor, no line wrap. */
const PREPARE = "\u001b[?25l\u001b[?7l\u001b[2J";
const LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

export class FullScreen implements Disposable {
  readonly #device: TerminalDevice;
  readonly #colours: boolean;
  readonly #interruption: Disposable;
  readonly #leave = (): void => this.#restore();
  #shown: Frame | null = null;
  #shownSize: TerminalSize | null = null;
  #isEntered = false;

  /** `whenInterrupted` as in World: a signal that ends the program runs what it is given. */
  constructor(device: TerminalDevice, colours: boolean, whenInterrupted: (cleanUp: () => void) => Disposable) {
    this.#device = device;
    this.#colours = colours;
    this.#interruption = whenInterrupted(this.#leave);
    // A bug of ours ends the program through process.exit: its report goes to the shell's screen.
    process.on("exit", this.#leave);
    process.on("uncaughtExceptionMonitor", this.#leave);
    this.enter();
  }

  draw(lines: readonly Line[]): void {
    if (!this.#isEntered) return;
    const size = this.#device.size();
    const isResized = size.columns !== this.#shownSize?.columns || size.rows !== this.#shownSize.rows;
    const frame = frameOf(lines, size);
    const changes = changesBetween(isResized ? null : this.#shown, frame, this.#colours);
    if (changes !== "") this.#device.writeNow((isResized ? "\u001b[2J" : "") + changes);
    this.#shown = frame;
    this.#shownSize = size;
  }

  /** Gives the shell its screen back until `enter`; what is drawn meanwhile is not seen. */
  leave(): void {
    this.#restore();
  }

  /** Takes the terminal, again if need be. What was on it is not relied on. */
  enter(): void {
    this.#device.writeNow(this.#isEntered ? PREPARE : ALTERNATE + PREPARE);
    this.#isEntered = true;
    this.#shown = null;
    this.#shownSize = null;
  }

  [Symbol.dispose](): void {
    this.#interruption[Symbol.dispose]();
    process.off("exit", this.#leave);
    process.off("uncaughtExceptionMonitor", this.#leave);
    this.#restore();
  }

  #restore(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#device.writeNow(LEAVE);
  }
}
