// What the state of an interpreter holds besides its own machinery; see heap/walk/interpreter-parts.ts for the names.

import type { Offset } from "./layout.ts";

/** Objects that `PyInterpreterState` holds for the program: what it registers with the interpreter, and what is kept of its calls. */
export interface InterpreterPartsLayout {
  /** A list: `codecs.register`. */
  readonly codecSearchPath: Offset;
  /** A dict by the name that was looked up. */
  readonly codecSearchCache: Offset;
  /** A dict: `codecs.register_error`. */
  readonly codecErrorRegistry: Offset;
  /** Lists: `os.register_at_fork`. */
  readonly beforeForkers: Offset;
  readonly afterForkersParent: Offset;
  readonly afterForkersChild: Offset;
  /** A list: `sys.addaudithook`. */
  readonly auditHooks: Offset;
  /** `PyInterpreterState_GetDict`: what extension modules keep for each interpreter. */
  readonly dict: Offset;
}
