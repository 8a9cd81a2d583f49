import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { completionScript, SHELLS } from "../../src/cli/completion-script.ts";
import { expectGolden } from "../golden/expect-golden.ts";

/** What bash offers after `words`; the last one is being typed. */
function offered(...words: readonly string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const script = `${completionScript("bash", COMMANDS)}
    compopt() { :; }
    COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _deadweight; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-c", script], { cwd: import.meta.dirname, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash", () => {
  it("offers commands", () => expect(offered("deadweight", "s")).toEqual(["snapshot", "serve", "scan"]));
  it("offers options of the command", () =>
    expect(offered("deadweight", "why", "--l")).toEqual(["--largest", "--limit"]));
  it("offers files where a source stands", () =>
    expect(offered("deadweight", "top", "completion.te")).toEqual(["completion.test.ts"]));
  it("offers files as the value of -o", () =>
    expect(offered("dw", "snapshot", "1", "-o", "fake")).toEqual(["fake-world.ts"]));
  it("offers nothing where a number stands", () => expect(offered("deadweight", "top", "--limit", "")).toEqual([]));
  it("offers files where a path stands", () =>
    expect(offered("deadweight", "scan", "completion.te")).toEqual(["completion.test.ts"]));
  it("offers the values of an option that has few", () =>
    expect(offered("deadweight", "scan", "--format", "s")).toEqual(["sarif"]));
  it("offers those of this command where another has an option of the same name", () =>
    expect(offered("deadweight", "export", "-f", "s")).toEqual(["speedscope"]));
  it("offers shells", () => expect(offered("deadweight", "completion", "f")).toEqual(["fish"]));
  it("offers topics of help", () => expect(offered("deadweight", "help", "dif")).toEqual(["diff"]));
});

describe("scripts", () => {
  it.each(SHELLS)("%s knows every command and option", (shell) => {
    const script = completionScript(shell, COMMANDS);
    for (const command of COMMANDS) {
      for (const word of command.name.split(" ")) expect(script).toContain(word);
      for (const option of Object.keys(command.options)) expect(script).toMatch(new RegExp(`(--|-l )${option}\\b`));
    }
  });
  it.each(SHELLS)("%s, as committed", (shell) =>
    expectGolden(`cli/completion.${shell}`, completionScript(shell, COMMANDS)),
  );
});
