// What the probe adds to the start of an interpreter: CPU time (user and system) of `python -c pass` under the variables that
// `deadweight run` sets, against the same without them, in turns. Method: bench/method.md, "Start". Run: npx tsx bench/start-up.ts [PAIRS] [PYTHON]...

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { openProbeHub } from "../src/app/probe/probe-hub.ts";
import { findInterpreters } from "../test/support/interpreters.ts";

const [pairs = 40] = process.argv.slice(2, 3).map(Number);
const given = process.argv.slice(3);
/** Prints what one start costs: children of a shell of Python's own, so that only they are counted. */
const METER = `
import os, resource, sys
def cost():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pid = os.fork()
    if pid == 0: os.execv(sys.argv[1], [sys.argv[1], "-c", "pass"])
    os.waitpid(pid, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
print(cost())
`;
const METERING = findInterpreters().at(-1)?.path ?? "python3";
const WAYS: readonly (readonly [string, NodeJS.ProcessEnv])[] = [
  ["as it is", {}],
  ["PYTHONDONTWRITEBYTECODE=1", { PYTHONDONTWRITEBYTECODE: "1" }],
];

const opened = await openProbeHub({ connected: () => undefined, refused: (why) => console.log(why) });
if (!opened.ok) throw new Error(opened.error);
{
  await using hub = opened.value;
  for (const python of given.length > 0 ? given : findInterpreters().map(({ path }) => path))
    for (const [way, more] of WAYS)
      console.log(`${python}, ${way}: ${await compared(python, { ...process.env, ...more }, hub.environment)}`);
}

async function compared(
  python: string,
  plain: NodeJS.ProcessEnv,
  withProbe: (given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv,
): Promise<string> {
  const [without, probed]: [number[], number[]] = [[], []];
  // The first one compiles the probe's modules, once per user and version.
  await cost(python, withProbe(plain));
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) without.push(await cost(python, plain));
    probed.push(await cost(python, withProbe(plain)));
    if (pair % 2 === 1) without.push(await cost(python, plain));
  }
  const added = probed.map((value, at) => value - (without[at] ?? NaN)).toSorted((a, b) => a - b);
  const least = Math.min(...probed) - Math.min(...without);
  return `${Math.min(...without).toFixed(1)} ms, the probe adds ${least.toFixed(1)} ms (least), ${(added[added.length >> 1] ?? NaN).toFixed(1)} ms (median of pairs)`;
}

/** Milliseconds. Not a call that blocks: the hub has to greet who comes. */
async function cost(python: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await promisify(execFile)(METERING, ["-I", "-S", "-c", METER, python], { env: environment });
  return Number(stdout);
}
