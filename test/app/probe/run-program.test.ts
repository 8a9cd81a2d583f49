// `deadweight run` on real programs.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../../src/app/probe/run-program.ts";
import { optionThatKeepsProbeOut } from "../../../src/app/probe/interpreter-options.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { findInterpreters } from "../../support/interpreters.ts";
import { compileDriver } from "../../capture/compile-driver.ts";
import { folderWith, plainEnvironment, startProgram, until } from "./probed-program.ts";

const python = findInterpreters().at(-1)?.path ?? "python3";

async function run(
  ...words: readonly string[]
): Promise<{ readonly report: RunReport; readonly said: readonly string[] }> {
  const said: string[] = [];
  const report = await runProgram({ words, everySeconds: 0.1, say: (sentence) => said.push(sentence) });
  if (!report.ok) throw new Error(report.error.message);
  return { report: report.value, said };
}

const WITH_WORKERS = `
import gc, multiprocessing, time
def work():
    gc.collect()
    time.sleep(0.6)
if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        child = multiprocessing.get_context(method).Process(target=work)
        child.start()
        child.join()
`;

describe("a program with workers", () => {
  it("each is named, asked, and told apart from multiprocessing's helpers", async () => {
    const file = join(folderWith({ "app.py": WITH_WORKERS }), "app.py");
    const { report, said } = await run(python, file);
    expect(report).toMatchObject({ schema: "deadweight/run@1", command: [python, file], exitCode: 0, signal: null });
    const programs = report.processes.filter(({ role }) => role === "program");
    expect([programs.length, said.length, report.refused]).toEqual([4, 4, []]);
    for (const each of programs) {
      expect(each.last?.collections).toHaveLength(3);
      expect(each.requests).toBeGreaterThan(2);
      expect(each.endedAfterMs).toBeGreaterThan(each.connectedAfterMs);
    }
    expect(said[0]).toContain(
      `process ${report.processes[0]?.pid} (Python ${report.processes[0]?.python}) is connected: ${python}`,
    );
  });
});

describe("how it ended", () => {
  it.each([
    ["raise SystemExit(3)", { exitCode: 3, signal: null }],
    ["import os; os.kill(os.getpid(), 9)", { exitCode: null, signal: "SIGKILL" }],
  ])("%s", async (text, ending) => {
    expect((await run(python, "-c", text)).report).toMatchObject(ending);
  });

  it("a program that is not there", async () => {
    expect(await runProgram({ words: ["/nowhere/python"], everySeconds: 1, say: () => undefined })).toMatchObject({
      ok: false,
      error: { code: "cannot-start", message: expect.stringContaining("`/nowhere/python` could not be started") },
    });
  });

  it("a program without Python", async () => {
    expect((await run("true")).report).toMatchObject({ exitCode: 0, processes: [] });
  });

  it("a signal to the tool is the program's, and the summary comes all the same", async () => {
    using driver = compileDriver("test/app/probe/run-driver.ts");
    const text =
      "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); print('up', flush=True); signal.pause()";
    const tool = startProgram(process.execPath, [driver.file, python, "-c", text], plainEnvironment());
    await until(() => tool.stderr().includes("up"));
    tool.child.kill("SIGTERM");
    await tool.says('ended {"exitCode":5');
    expect(await tool.ended).toBe(0);
  });
});

describe("options that keep the probe out", () => {
  it.each([
    ["python -I app.py", "-I"],
    ["/usr/bin/python3.11 -uE app.py", "-E"],
    ["python3 -W error -S -m app", "-S"],
    ["python -Werror -X dev -sBI app.py", "-I"],
    ["python -Xutf8 --check-hash-based-pycs always -I -c 1", "-I"],
    ["python app.py -I", null],
    ["python -c -I", null],
    ["python -mS -I", null],
    ["python -uc S -I", null],
    ["python -WIgnore app.py", null],
    ["python - -I", null],
    ["python --version", null],
    ["gunicorn -I", null],
    ["", null],
  ])("%s", (line, option) => {
    expect(optionThatKeepsProbeOut(line.split(" "))).toBe(option);
  });

  it("are refused with a sentence", async () => {
    const refused = await runProgram({ words: ["python", "-I", "my app.py"], everySeconds: 1, say: () => undefined });
    expect(refused).toMatchObject({ ok: false, error: { code: "usage" } });
    expect(refused.ok ? "" : refused.error.message).toContain('deadweight diagnose -- python -I "my app.py"');
  });
});
