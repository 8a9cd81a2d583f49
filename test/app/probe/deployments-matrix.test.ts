// `deadweight run` over the ways in which programs are deployed: the probe is in every process, answers over its own connection, and the
// program's own `sitecustomize` has run as well. On the oldest interpreter there is, on 3.11 and on the newest.

import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { attachProbe } from "../../../src/app/attach/attach-probe.ts";
import type { ProbeConnection } from "../../../src/app/probe/probe-connection.ts";
import { openProbeHub } from "../../../src/app/probe/probe-hub.ts";
import { descendantsOf, listProcesses } from "../../../src/capture/list-processes.ts";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { describeInterpreter, findInterpreters, type TestInterpreter } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";
import { QUIETLY } from "../attach/attach-target.ts";
import { type Deployment, deploy, PACKAGES } from "../diagnose/deployments.ts";
import { programWithPackages, PythonFiles } from "../../python-package/package-under-test.ts";
import { answer, folderWith, openHub, plainEnvironment, startProgram, until } from "./probed-program.ts";

const gunicorn = (name: string, ...options: readonly string[]): Served => ({
  name: `gunicorn, ${name}`,
  packages: PACKAGES,
  words: (port) => ["-m", "gunicorn", "-w", "2", "--bind", `127.0.0.1:${port}`, ...options, "web:wsgi"],
  isSupervised: true,
  work: "http",
  processes: 3,
});

interface Served extends Deployment {
  readonly packages: readonly string[];
  /** Python processes at least. */
  readonly processes: number;
}

const SERVED: readonly Served[] = [
  gunicorn("sync"),
  gunicorn("gthread", "--worker-class", "gthread", "--threads", "2"),
  gunicorn("preload", "--preload"),
  {
    name: "uvicorn, 2 workers",
    packages: PACKAGES,
    words: (port) => ["-m", "uvicorn", "--port", `${port}`, "--log-level", "warning", "--workers", "2", "web:asgi"],
    isSupervised: true,
    work: "http",
    processes: 3,
  },
  {
    name: "celery, prefork",
    packages: PACKAGES,
    words: () => ["-m", "celery", "-A", "tasks", "worker", "--concurrency", "2", "--loglevel", "WARNING"],
    isSupervised: true,
    work: "queue",
    processes: 3,
  },
];

/** uWSGI forks without telling Python, unless it is asked to; from 3.13 on its way of telling ends its workers. */
const uwsgi = (name: string, processes: number, ...options: readonly string[]): Served => ({
  name: `uWSGI, ${name}`,
  packages: ["pyuwsgi"],
  words: (port) => [
    "-c",
    "import sys, pyuwsgi; pyuwsgi.run(sys.argv[1:])",
    "--http-socket",
    `127.0.0.1:${port}`,
    "--master",
    "-p",
    "2",
    "--module",
    "web:wsgi",
    ...options,
  ],
  isSupervised: true,
  work: "http",
  processes,
});
const served = (minor: number): readonly Served[] =>
  minor >= 13
    ? [...SERVED, uwsgi("the master only", 1)]
    : [...SERVED, uwsgi("the master only", 1), uwsgi("all, with --py-call-osafterfork", 3, "--py-call-osafterfork")];

const found = findInterpreters();
const PYTHONS = [...new Set([found[0]!, found.find(({ minor }) => minor === 11) ?? found[0]!, found.at(-1)!])];
const LONGEST_MS = 120_000;

describe.each(PYTHONS.map((python) => ({ name: describeInterpreter(python), python })))(
  "deployed on $name",
  { timeout: LONGEST_MS },
  ({ python }) => {
    for (const each of served(python.minor)) {
      const venv = packageVenv(python, each.packages, true);
      const reason = "reason" in venv ? ` SKIPPED: ${venv.reason}` : "";
      it.skipIf("reason" in venv).concurrent(`${each.name}${reason}`, async () => {
        await everyProcessAnswers(python, "program" in venv ? venv.program : "", each);
      });
    }

    const withUwsgi = packageVenv(python, ["pyuwsgi"]);
    const noUwsgi = "reason" in withUwsgi ? ` SKIPPED: ${withUwsgi.reason}` : "";
    it.skipIf("reason" in withUwsgi)(`uWSGI, workers without threads, attached${noUwsgi}`, async () => {
      await workersCanBeAttached("program" in withUwsgi ? withUwsgi.program : "");
    });

    it.each(["fork", "spawn", "forkserver"])("multiprocessing, %s, in a pool", async (method) => {
      const { hub, connections } = await openHub();
      const text = `import multiprocessing, time\ndef work(number): time.sleep(0.5); return number\nif __name__ == "__main__":\n  with multiprocessing.get_context("${method}").Pool(2) as pool: print(sum(pool.map(work, range(4), 1)))\n`;
      const folder = folderWith({ "app.py": text });
      const program = startProgram(python.path, [join(folder, "app.py")], hub.environment(plainEnvironment()));
      expect([await program.ended, program.stdout(), program.stderr()]).toEqual([0, "6\n", ""]);
      expect(connections.length).toBeGreaterThanOrEqual(3);
    });

    it("pytest", async () => {
      const { hub, connections } = await openHub();
      const folder = folderWith({ "test_one.py": "import time\ndef test_one(): time.sleep(0.3)\n" });
      const words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", folder];
      const program = startProgram(programWithPackages(python), words, hub.environment(plainEnvironment()), folder);
      expect([await program.ended, program.stderr()]).toEqual([0, ""]);
      expect(connections).toHaveLength(3);
    });
  },
);

/** Started in a virtual environment, with -P where there is one and a `sitecustomize` of its own. */
async function everyProcessAnswers(
  { minor }: TestInterpreter,
  program: string,
  { processes, ...served }: Served,
): Promise<void> {
  const connections: ProbeConnection[] = [];
  const refused: string[] = [];
  const opened = await openProbeHub({
    connected: (connection) => connections.push(connection),
    refused: (why) => refused.push(why),
  });
  if (!opened.ok) throw new Error(opened.error);
  // Tests that run at the same time clean up after themselves: whose turn it is to finish is not known in them.
  await using hub = opened.value;
  using own = new PythonFiles({ "sitecustomize.py": "OWN = 'the program has run this'\n" });
  const chained = (given: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
    hub.environment({ ...given, PYTHONPATH: [own.folder, given["PYTHONPATH"]].join(delimiter) });
  const options = minor >= 11 ? ["-P"] : [];
  const words = (port: number): readonly string[] => [...options, ...served.words(port)];
  await using running = await deploy(program, { ...served, words }, chained, 0);
  const isComplete = (): boolean => connections.length >= processes;
  await until(isComplete).catch((error: unknown) => {
    throw new Error(`${connections.length} connections. ${running.complaints()}`, { cause: error });
  });
  // Whatever Python there is below what was started has said who it is.
  const below = descendantsOf(listProcesses(openProcFs()), running.pid).map(({ pid }) => pid);
  const connected = (): readonly number[] => connections.filter(({ isOpen }) => isOpen).map(({ hello }) => hello.pid);
  if (processes > 1) await until(() => below.every((pid) => connected().includes(pid) || !isAlive(pid)));
  for (const connection of connections.filter(({ isOpen }) => isOpen)) {
    expect(await answer(connection, "ping")).toMatchObject({ pid: connection.hello.pid });
    expect(await answer(connection, "stats")).toMatchObject({ answersDropped: 0, faults: 0 });
    expect(await answer(connection, "sizeof", { path: "sitecustomize.OWN" })).toMatchObject({ objects: 1 });
  }
  expect(refused).toEqual([]);
}

/** The way into the workers where `--py-call-osafterfork` ends them (3.13), and where nobody thought of it. */
async function workersCanBeAttached(program: string): Promise<void> {
  await using running = await deploy(program, uwsgi("attached", 1), plainEnvironment, 0);
  const workers = (): readonly number[] =>
    descendantsOf(listProcesses(openProcFs()), running.pid)
      .map(({ pid }) => pid)
      .filter((pid) => pid !== running.pid);
  await until(() => workers().length === 2);
  for (const pid of workers()) {
    const attached = await attachProbe(pid, QUIETLY);
    if (!attached.ok) throw new Error(`${JSON.stringify(attached.error)} ${running.complaints()}`);
    await using probe = attached.value;
    expect(await answer(probe.connection, "ping")).toMatchObject({ pid });
    expect(await answer(probe.connection, "stats")).toMatchObject({ answersDropped: 0, faults: 0 });
  }
  expect(workers()).toHaveLength(2);
}

function isAlive(pid: number): boolean {
  return listProcesses(openProcFs()).some((each) => each.pid === pid);
}
