// How a helper thread reads what the copy of the target does not hold (names of types in read-only files): it asks the
// main thread, which has the files open, and sleeps until the answer is there. Few hundred questions per heap.
//
// Memory of the mailbox: [state, length] as Int32, the address as Float64, then the bytes of the answer.

import type { Addr } from "../base/brand.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";

const IDLE = 0;
const ASKED = 1;
const ANSWER_START = 16;
/** No name is longer; what is longer is cut, as readers of the port expect. */
const ANSWER_LIMIT = 4096;

export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(ANSWER_START + ANSWER_LIMIT);
}

/** The helper's reader. `ring` tells the main thread that a question waits; it may be busy and look later. */
export function askingReader(mailbox: SharedArrayBuffer, ring: () => void): OutsideReader {
  const control = new Int32Array(mailbox, 0, 2);
  const question = new Float64Array(mailbox, 8, 1);
  return {
    read(address, length) {
      question[0] = address;
      control[1] = Math.min(length, ANSWER_LIMIT);
      Atomics.store(control, 0, ASKED);
      ring();
      Atomics.wait(control, 0, ASKED);
      return new Uint8Array(mailbox, ANSWER_START, control[1]).slice();
    },
  };
}

/** Answers the question in the mailbox if there is one. Cheap: one atomic load when there is none. */
export function answer(mailbox: SharedArrayBuffer, reader: OutsideReader): void {
  const control = new Int32Array(mailbox, 0, 2);
  if (Atomics.load(control, 0) !== ASKED) return;
  const address = new Float64Array(mailbox, 8, 1)[0] as Addr;
  const bytes = reader.read(address, control[1] ?? 0);
  new Uint8Array(mailbox, ANSWER_START).set(bytes);
  control[1] = bytes.length;
  Atomics.store(control, 0, IDLE);
  Atomics.notify(control, 0);
}
