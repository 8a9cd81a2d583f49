// A folder that only the owner can enter, where a process finds what it is asked to run and leaves what came of it.

import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { CALL_BEGINS } from "../../cpython/pending-calls.ts";
import type { AttachError } from "../../model/attach-error.ts";
import { pythonPackagePath } from "../python-package.ts";

export interface ExchangeFolder extends Disposable {
  readonly path: string;
  /** The line of Python that the process is to run. */
  readonly line: string;
  /** A file with that line. */
  readonly lineFile: string;
  /** False when the process has taken the call: then it runs, or has run. */
  readonly isWaiting: () => boolean;
  /** Takes the call back; false when the process was quicker. */
  readonly withdraw: () => boolean;
  /** Null until the process has answered. */
  readonly outcome: () => string | null;
}

/** A slot of the shortest ring has 16 bytes, and the line may take half of 32. */
const LONGEST_LINE = 255;

/** `source` is run once by process `pid`, which must see the same files as we do. */
export function makeExchangeFolder(pid: number, source: string): Result<ExchangeFolder, AttachError> {
  const made = makeFolder();
  if (!made.ok) return made;
  const path = made.value;
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  try {
    const line = `${CALL_BEGINS},{"file":f}))(__import__("_io").FileIO(${JSON.stringify(join(path, "call"))}))\nexcept:0\n`;
    writeFileSync(join(path, "source"), source, { mode: 0o600 });
    writeFileSync(join(path, "line"), line, { mode: 0o600 });
    copyFileSync(pythonPackagePath("_attach/call.py"), join(path, "call"));
    chmodSync(join(path, "call"), 0o600);
    if (isSeenBy(pid, path)) {
      process.once("exit", remove);
      return ok(folder(path, line, () => (process.off("exit", remove), remove())));
    }
    remove();
    return fail({ code: "attach-elsewhere", pid });
  } catch (error) {
    remove();
    return fail({ code: "attach-no-folder", detail: error instanceof Error ? error.message : String(error) });
  }
}

function folder(path: string, line: string, remove: () => void): ExchangeFolder {
  const call = join(path, "call");
  return {
    path,
    line,
    lineFile: join(path, "line"),
    isWaiting: () => statSync(call, { throwIfNoEntry: false }) !== undefined,
    withdraw: () => {
      try {
        unlinkSync(call);
        return true;
      } catch {
        return false;
      }
    },
    outcome: () => {
      try {
        return readFileSync(join(path, "outcome"), "utf8");
      } catch {
        return null;
      }
    },
    [Symbol.dispose]: remove,
  };
}

function makeFolder(): Result<string, AttachError> {
  const wanted = tmpdir();
  const parent = wanted.length < LONGEST_LINE / 2 && /^[\x21-\x7e]+$/.test(wanted) ? wanted : "/tmp";
  try {
    return ok(mkdtempSync(join(parent, "deadweight-")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail({ code: "attach-no-folder", detail: `no folder can be made in ${parent} (${why})` });
  }
}

/** Another mount namespace, or a service's own /tmp: the same path is another place there. */
function isSeenBy(pid: number, path: string): boolean {
  const theirs = statSync(`/proc/${pid}/root${path}`, { throwIfNoEntry: false });
  const ours = statSync(path);
  return theirs !== undefined && theirs.ino === ours.ino && theirs.dev === ours.dev;
}
