// What `deadweight explain` asks of the use case, and how it ends.

import { describe, expect, it } from "vitest";
import { fail } from "../../src/base/result.ts";
import { explainText } from "../../src/report/explain-text.ts";
import { explainOfAll, explainOfCycles } from "../report/example-explanations.ts";
import { run } from "./fake-world.ts";

const STYLE = { width: 80, colours: false };

describe("explain", () => {
  it("lists the topics without one", async () => {
    const { code, calls, stdout } = await run(["explain"]);
    expect([code, calls[0]?.given, stdout()]).toEqual([0, [null], explainText(explainOfAll, STYLE)]);
  });
  it("prints the page of a topic", async () => {
    const { code, calls, stdout } = await run(["explain", "L7"]);
    expect([code, calls[0]?.given, stdout()]).toEqual([0, ["L7"], explainText(explainOfCycles, STYLE)]);
  });
  it("prints the document with --json", async () => {
    const { stdout } = await run(["explain", "L7", "--json"]);
    expect(JSON.parse(stdout())).toEqual(explainOfCycles);
  });
  it("ends with 2 when there is no such topic", async () => {
    const actions = { explain: async () => fail({ code: "no-topic", message: "there is no topic 'L99'" }) };
    const { code, stdout, stderr } = await run(["explain", "L99"], { actions });
    expect([code, stdout(), stderr()]).toEqual([2, "", "deadweight: there is no topic 'L99'\n"]);
  });
});
