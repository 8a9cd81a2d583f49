// The probe gets into every process of a program that was not changed, and the program does not notice.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { folderWith, openHub, plainEnvironment, type Program, startProgram, type TestHub } from "./probed-program.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly pids: readonly number[];
  readonly hub: TestHub;
  readonly program: Program;
}

async function run(
  python: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  folder?: string,
): Promise<Ran> {
  const hub = await openHub();
  const heard = join(folderWith({}), "heard");
  const own = plainEnvironment({ ...environment, HEARD: heard });
  const program = startProgram(python, args, hub.hub.environment(own), folder);
  let told = 0;
  const telling = setInterval(() => {
    if (hub.connections.length === told) return;
    told = hub.connections.length;
    writeFileSync(heard, "");
  }, 20);
  const code = await program.ended.finally(() => clearInterval(telling));
  const pids = hub.connections.map(({ hello }) => hello.pid);
  return { code, stdout: program.stdout(), stderr: program.stderr(), pids, hub, program };
}

/** Until the thread of the probe was heard, which a program of a millisecond does not wait for; 15 s at most, and at once where nobody hears. */
const WAIT =
  "import os, time; next((1 for _ in range(1500) if os.path.exists(os.environ.get('HEARD', '/')) or time.sleep(0.01)), 0)";

const WITH_CHILDREN = (method: string): string => `
import multiprocessing, time
def work():
    time.sleep(0.3)
if __name__ == "__main__":
    context = multiprocessing.get_context("${method}")
    children = [context.Process(target=work) for _ in range(2)]
    for child in children: child.start()
    print(*[child.pid for child in children], flush=True)
    for child in children: child.join()
`;

const THREADS = `
import threading, time
threads = [threading.Thread(target=time.sleep, args=(0.3,)) for _ in range(8)]
for thread in threads: thread.start()
print(threading.active_count())
for thread in threads: thread.join()
`;

const FORKS = `
import os, time
children = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.3)
        os._exit(0)
    children.append(pid)
print(*children, flush=True)
for child in children: os.waitpid(child, 0)
`;

const THREADED_FORK = `
import os, threading, warnings
stop = threading.Event()
threading.Thread(target=stop.wait).start()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    if os.fork() == 0: os._exit(0)
    os.wait()
stop.set()
print(len(caught))
`;

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "CPython %s",
  (_, { path, minor }) => {
    it("a script: one connection, same output, same path", async () => {
      const folder = folderWith({ "app.py": `import sys\nprint(sys.path, "sitecustomize" in sys.modules)\n${WAIT}\n` });
      const { code, stdout, stderr, pids, program, hub } = await run(path, [join(folder, "app.py")]);
      const plain = execFileSync(path, ["app.py"], { cwd: folder, env: plainEnvironment(), encoding: "utf8" });
      expect([code, stderr, pids]).toEqual([0, "", [program.pid]]);
      expect(stdout.split("]")[0]).toBe(plain.split("]")[0]);
      expect(hub.connections[0]?.hello).toMatchObject({
        parentPid: process.pid,
        implementation: "cpython",
        command: [path, join(folder, "app.py")],
      });
    });

    it("the options -s, -B, -O, -Xdev -W error, and -P", async () => {
      const options = [["-s"], ["-B"], ["-O"], ["-Xdev", "-W", "error"], ...(minor >= 11 ? [["-P"]] : [])];
      const ran = await Promise.all(options.map((words) => run(path, [...words, "-c", WAIT])));
      expect(ran.map(({ code, stderr, pids }, at) => [options[at], code, stderr, pids])).toEqual(
        ran.map(({ program }, at) => [options[at], 0, "", [program.pid]]),
      );
    });

    it("a sitecustomize of the program's own runs as well", async () => {
      const folder = folderWith({ "sitecustomize.py": "import sys\nsys.own = __file__\n" });
      const { stdout, pids } = await run(
        path,
        ["-c", `import sys, sitecustomize; print(sys.own, sitecustomize.__file__); ${WAIT}`],
        {
          PYTHONPATH: folder,
        },
      );
      const own = join(folder, "sitecustomize.py");
      expect([stdout, pids.length]).toEqual([`${own} ${own}\n`, 1]);
    });

    it.each([
      ["raise ImportError('mine')", "mine"],
      ["1/0", "ZeroDivisionError"],
    ])("a sitecustomize that fails with %s looks as it would without us", async (text, word) => {
      const folder = folderWith({ "sitecustomize.py": text });
      const plain = startProgram(path, ["-c", WAIT], plainEnvironment({ PYTHONPATH: folder }));
      const [plainCode, { code, stderr }] = await Promise.all([
        plain.ended,
        run(path, ["-c", WAIT], { PYTHONPATH: folder }),
      ]);
      expect(code).toBe(plainCode);
      expect(stderr.includes(word)).toBe(plain.stderr().includes(word));
    });

    it("a virtual environment", async () => {
      const folder = folderWith({});
      execFileSync(path, ["-m", "venv", "--without-pip", join(folder, "env")], { env: plainEnvironment() });
      const site = join(folder, "env", "lib", `python3.${minor}`, "site-packages", "sitecustomize.py");
      writeFileSync(site, "import sys; sys.own = 1");
      const python = join(folder, "env", "bin", "python");
      const text = "import sys; print(hasattr(sys, 'own'), sys.prefix)";
      // A distribution's own sitecustomize comes first, with us as without us.
      const plain = execFileSync(python, ["-c", text], { env: plainEnvironment(), encoding: "utf8" });
      const { stdout, pids } = await run(python, ["-c", `${text}; ${WAIT}`]);
      expect([stdout, pids.length]).toEqual([plain, 1]);
    });

    it("a program whose own package is called deadweight keeps it", async () => {
      const folder = folderWith({ "deadweight/__init__.py": "mine = 1" });
      const { stdout, pids } = await run(
        path,
        ["-c", `import deadweight; print(deadweight.mine); ${WAIT}`],
        {},
        folder,
      );
      expect([stdout, pids.length]).toEqual(["1\n", 1]);
    });

    it("threads: one connection, and none of them is ours", async () => {
      const { stdout, pids } = await run(path, ["-c", THREADS]);
      expect([stdout, pids.length]).toEqual(["9\n", 1]);
    });

    it("forked children each have a connection of their own; -W error stays silent", async () => {
      const { code, stdout, stderr, pids, program, hub } = await run(path, ["-W", "error", "-c", FORKS]);
      const children = stdout.trim().split(" ").map(Number);
      expect([code, stderr]).toEqual([0, ""]);
      expect(new Set(pids)).toEqual(new Set([program.pid, ...children]));
      expect(pids).toHaveLength(4);
      const parents = hub.connections.flatMap(({ hello }) => (hello.pid === program.pid ? [] : [hello.parentPid]));
      expect(parents).toEqual(children.map(() => program.pid));
    });

    it("a fork of a program with threads of its own warns as it would without us", async () => {
      const { stdout } = await run(path, ["-c", THREADED_FORK]);
      expect(stdout).toBe(minor >= 12 ? "1\n" : "0\n");
    });

    it.each(["fork", "spawn", "forkserver"])("multiprocessing with %s: every worker, once", async (method) => {
      const folder = folderWith({ "app.py": WITH_CHILDREN(method) });
      const { code, stdout, stderr, pids, program, hub } = await run(path, [join(folder, "app.py")]);
      const workers = stdout.trim().split(" ").map(Number);
      expect([code, stderr, hub.refused]).toEqual([0, "", []]);
      expect(pids).toEqual(expect.arrayContaining([program.pid, ...workers]));
      expect(new Set(pids).size).toBe(pids.length);
    });

    it("a process that replaces itself connects again", async () => {
      const again = `import os, sys\n${WAIT}\nif "again" not in sys.argv:\n    os.remove(os.environ["HEARD"])\n    os.execv(sys.executable, [sys.executable, sys.argv[0], "again"])\n`;
      const folder = folderWith({ "app.py": again });
      const { code, pids, program, hub } = await run(path, [join(folder, "app.py")]);
      expect([code, hub.refused]).toEqual([0, []]);
      expect(pids).toEqual([program.pid, program.pid]);
    });

    it("-I, -E and -S: the program runs as if we were not there", async () => {
      const ran = await Promise.all(["-I", "-E", "-S"].map((option) => run(path, [option, "-c", "print(1)"])));
      for (const { code, stdout, stderr } of ran) expect([code, stdout, stderr]).toEqual([0, "1\n", ""]);
    });
  },
  120_000,
);
