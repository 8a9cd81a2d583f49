// What capture finds out about the interpreter before any object is read.

import type { Addr } from "../base/brand.ts";

/** Addresses of exported symbols and the version, as found in the mapped interpreter or libpython. */
export interface Interpreter {
  /** `PY_VERSION_HEX`, for example 0x030b07f0 for 3.11.7 final. */
  readonly versionHex: number;
  /** Built without a GIL (`--disable-gil`): its structs are others. */
  readonly freeThreaded: boolean;
  /** Path of the file that holds the interpreter, as the target sees it. */
  readonly file: string;
  /** Symbol name -> address in the target. Always holds `_PyRuntime` and `PyType_Type`. */
  readonly symbols: ReadonlyMap<string, Addr>;
}
