// A program with one leak. `# made` marks the line that makes the holder, `# fills` the best line that fills it, `# empties`
// one that takes out.

import type { HolderKind } from "../../src/model/holder.ts";

export interface LeakingProgram {
  readonly name: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly kind: HolderKind;
  readonly path: RegExp;
  readonly cause: string;
  readonly start?: readonly string[];
  /** The reference is not marked: something speaks against it, or nobody can say. */
  readonly isDoubtful?: true;
}
