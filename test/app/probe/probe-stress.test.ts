// A program under load whose tool comes and goes: no crash, no wrong answer, nothing left behind.

import { describe, expect, it } from "vitest";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { compileDriver } from "../../capture/compile-driver.ts";
import { answer, openHub, plainEnvironment, startProgram, until } from "./probed-program.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";

/** Two threads compute something that can be checked, and fork now and then; the main thread says whether all of it was right. */
const LOAD = `
import functools, gc, hashlib, json, os, sys, threading, time
EXPECTED = {}
stop = threading.Event()
rounds, wrong = [0] * 2, []
@functools.lru_cache(maxsize=100)
def squared(number): return number * number
def work(index):
    while not stop.is_set():
        number = rounds[index] % 1000
        table = {str(key): [key, squared(key)] for key in range(number, number + 50)}
        cycle = [table]; cycle.append(cycle)
        digest = hashlib.md5(json.dumps(table, sort_keys=True).encode()).hexdigest()
        if EXPECTED.setdefault(number, digest) != digest: wrong.append(number)
        rounds[index] += 1
threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
for thread in threads: thread.start()
print("ready", flush=True)
forks = 0
for line in sys.stdin:
    if line == "fork\\n":
        child = os.fork()
        if child == 0: os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7 if sys.version_info >= (3, 9) else os.waitpid(child, 0)[1] == 7 << 8
        forks += 1
    if line == "end\\n": break
stop.set()
for thread in threads: thread.join()
# The probe lets go when it sees the end of its connection, which may be after the last line was read here.
given_up = time.monotonic() + 20
while gc.callbacks and time.monotonic() < given_up: time.sleep(0.01)
print("wrong", wrong, "busy", min(rounds) > 0, "forks", forks, "left", len(gc.callbacks), threading.active_count(), flush=True)
`;

/** Each coming takes the time of the probe's patience with a hub that has gone: many on one Python, some on the others. */
const cases = findInterpreters().map((python, at, all) => ({
  name: describeInterpreter(python),
  python,
  comings: at === all.length - 1 ? 50 : 10,
}));

describe.each(cases)("under load on $name", { timeout: 120_000 }, ({ python, comings }) => {
  it(`the tool comes and goes ${comings} times, and asks at once each time`, async () => {
    const { hub, connections, refused } = await openHub();
    const program = startProgram(python.path, ["-W", "ignore", "-c", LOAD], hub.environment(plainEnvironment()));
    await program.says("ready");
    for (let coming = 0; coming < comings; coming++) {
      await until(() => connections.some(({ isOpen, hello }) => isOpen && hello.pid === program.pid));
      const probe = connections.findLast(({ isOpen, hello }) => isOpen && hello.pid === program.pid);
      const [pong, , statistics] = await Promise.all([
        answer<{ readonly pid: number }>(probe, "ping"),
        answer(probe, "gc-events"),
        answer<{ readonly threads: number }>(probe, "stats"),
      ]);
      expect([pong.pid, statistics.threads]).toEqual([program.pid, 3]);
      if (coming % 10 === 0) {
        expect(JSON.stringify(await answer(probe, "caches"))).toContain("__main__.squared");
        program.child.stdin?.write("fork\n");
      }
      // In the middle of an answer, too.
      if (coming % 3 === 0) void probe?.request("caches");
      probe?.close();
      await probe?.closed;
    }
    program.child.stdin?.write("end\n");
    expect([await program.ended, program.stderr(), refused]).toEqual([0, "", []]);
    expect(program.stdout()).toBe(`ready\nwrong [] busy True forks ${comings / 10} left 0 1\n`);
  });
});

describe("a tool that dies or sleeps", { timeout: 120_000 }, () => {
  it("while it floods a program with requests: the program does not notice", async () => {
    using driver = compileDriver("test/app/probe/hub-driver.ts");
    // What the tool makes stays when it is killed.
    using _own = ownTemporaries();
    const tool = startProgram(process.execPath, [driver.file], plainEnvironment());
    await tool.says("socket");
    const socket = /^socket (.*)$/m.exec(tool.stdout())?.[1] ?? "";
    const { hub } = await openHub();
    const python = findInterpreters().at(-1)!.path;
    const environment = { ...hub.environment(plainEnvironment()), DEADWEIGHT_PROBE: socket };
    const program = startProgram(python, ["-W", "ignore", "-c", LOAD], environment);
    await tool.says("asking");
    for (let times = 0; times < 5; times++) {
      tool.child.kill("SIGSTOP");
      program.child.stdin?.write("fork\n");
      tool.child.kill("SIGCONT");
    }
    tool.child.kill("SIGSTOP");
    tool.child.kill("SIGKILL");
    await tool.ended;
    program.child.stdin?.write("fork\nend\n");
    expect([await program.ended, program.stderr()]).toEqual([0, ""]);
    expect(program.stdout()).toBe("ready\nwrong [] busy True forks 6 left 0 1\n");
  });
});
