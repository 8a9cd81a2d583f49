// Lines of functions of a process that was started without us.

import { describe, expect, it, vi } from "vitest";
import { watchProcessLines } from "../../../src/app/lines/watch-process-lines.ts";
import { describeInterpreter } from "../../support/interpreters.ts";
import { attachableInterpreters, QUIETLY, startAsked } from "../attach/attach-target.ts";

describe.each(attachableInterpreters().map((each) => [describeInterpreter(each), each] as const))(
  "Python %s",
  (_, { path, version, minor }) => {
    it("says which line grows, and leaves no trace function", { timeout: 120_000 }, async () => {
      await using target = await startAsked(path);
      const { files } = (await target.ask("state")) as { readonly files: unknown };
      const said: string[] = [];
      const report = await watchProcessLines({
        ...QUIETLY,
        pid: target.pid,
        functions: ["handle", "__main__:Session.__init__"],
        modules: [],
        forSeconds: 2,
        say: (sentence) => said.push(sentence),
        progress: () => {},
        signal: new AbortController().signal,
      });
      if (!report.ok) throw new Error(JSON.stringify(report.error));
      expect(report.value).toMatchObject({ python: version, exitCode: 0 });
      const [session, handle] = report.value.functions;
      expect([session?.function, handle?.function]).toEqual(["Session.__init__", "handle"]);
      const grown = (session?.lines ?? []).toSorted((a, b) => (b.incrementBytes ?? 0) - (a.incrementBytes ?? 0))[0];
      expect(grown?.source.trim()).toBe("self.data = bytearray(4000)");
      // What finds room that the attach left free shows nothing (docs/lines.md): some 2 MiB of more than 10.
      expect(grown?.incrementBytes).toBeGreaterThan(0);
      expect(said.some((sentence) => sentence.includes("the main thread"))).toBe(minor < 12);
      await vi.waitUntil(async () => ((await target.ask("state")) as { threads: number }).threads === 1, 20_000);
      expect(await target.ask("state")).toMatchObject({ modules: [], traced: false, files });
    });
  },
);
