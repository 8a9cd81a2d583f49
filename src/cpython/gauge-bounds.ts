// How much a container may hold at most, where the program says so: `maxlen` of a deque, `maxsize` of the queue or cache
// around it. A snapshot does not keep values of ints, so they are asked for in the running process.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import type { Gauge } from "../model/gauge.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";
import { wordAt } from "./outside-words.ts";

/** The gauges with the bounds that could be read. One or two small reads for each deque and each that has a `boundAt`. */
export function withBounds(
  gauges: readonly Gauge[],
  layout: Layout,
  interpreter: Interpreter,
  memory: OutsideReader,
): readonly Gauge[] {
  const intType = interpreter.symbols.get("PyLong_Type") ?? 0;
  return gauges.map((gauge) => {
    if (gauge.bound !== null) return gauge;
    const around = gauge.boundAt === null ? null : positiveIntAt(memory, layout, gauge.boundAt, intType);
    const bound = around ?? (gauge.kind === "deque" ? maxLengthOf(memory, layout, gauge) : null);
    return bound === null ? gauge : { ...gauge, bound };
  });
}

/** `maxlen`; -1, which an unbounded deque has, is no exact number and too large to be one. */
function maxLengthOf(memory: OutsideReader, layout: Layout, { address, typeAddress }: Gauge): number | null {
  if (wordAt(memory, address + layout.objectHead.type) !== typeAddress) return null;
  const length = wordAt(memory, address + layout.private.deque.maxLength);
  return length === null || length > Number.MAX_SAFE_INTEGER ? null : length;
}

/** Value of an int object; null for 0 and less, which mean "no bound", and for anything else that lies there. */
function positiveIntAt(memory: OutsideReader, layout: Layout, address: Addr, intType: number): number | null {
  const { long, objectHead } = layout;
  const bytes = memory.read(address, long.digits + 8);
  if (bytes.length < long.digits + 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = view.getUint32(objectHead.type, true) + view.getUint32(objectHead.type + 4, true) * HIGH_WORD;
  if (type !== intType) return null;
  // Objects/longobject.c: the sign is that of ob_size, or the two low bits of lv_tag (0 positive), in one and the same word.
  const head = view.getInt32(objectHead.itemCount, true);
  const digits = long.form === "tag" ? ((head & 3) === 0 ? head >>> 3 : 0) : head;
  if (digits < 1 || digits > 2) return null;
  const high = digits === 2 ? view.getUint32(long.digits + 4, true) : 0;
  return view.getUint32(long.digits, true) + high * 2 ** long.bitsPerDigit;
}
