// Python that loads parts of our package in a target under a name of their own, and leaves no module behind.

import { pythonPackagePath } from "../python-package.ts";

export interface InsideCall {
  /** Modules of the package, imported as names of their own. */
  readonly modules: readonly string[];
  /** An expression; its value is the answer. */
  readonly expression: string;
  /** Something goes on when this has returned: it takes the modules out of `sys.modules` when it ends. */
  readonly goesOn: boolean;
}

export function insideCall({ modules, expression, goesOn }: InsideCall): string {
  return `
import sys
def call():
    written = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    package = type(sys)("${PACKAGE}")
    package.__path__ = [${JSON.stringify(pythonPackagePath("").replace(/\/$/, ""))}]
    sys.modules["${PACKAGE}"] = package
    goes_on = False
    try:
        from ${PACKAGE} import ${modules.join(", ")}
        answer = ${expression}
        goes_on = ${goesOn ? "True" : "False"}
        return answer or ""
    finally:
        sys.dont_write_bytecode = written
        if not goes_on:
            for name in [name for name in list(sys.modules) if name.split(".")[0] == "${PACKAGE}"]:
                # Functions and their globals hold each other: in a program without a collector they would stay.
                sys.modules.pop(name).__dict__.clear()
answer = call()
`;
}

const PACKAGE = "_deadweight_inside";
