// Objects of C extensions that keep references outside themselves: read on every interpreter, counted by path.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";

const PROGRAM = `
import os, queue, threading, xml.etree.ElementTree as ET
class Payload: pass
class Leaf: pass
waiting = queue.SimpleQueue()
for i in range(50): waiting.put(Payload())
for i in range(20): waiting.get()
for i in range(40): waiting.put(Payload())
tree = ET.Element("root")
for i in range(30):
    child = ET.SubElement(tree, "item", {"leaf": Leaf()})
    for k in range(6): ET.SubElement(child, "sub")
del child
batch = [Payload() for i in range(3)]
class Secretive: pass
odd = Secretive()
setattr(odd, "alice@example.com pw=hunter2", 1)
setattr(odd, "sk_live_51H8xExampleKey", 2)
threading.Thread(target=threading.Event().wait, name="pool postgres://bob:s3cretpw@db", daemon=True).start()
print("ready", flush=True)
os.read(0, 1)
`;

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  test("queues, XML trees, and nothing secret", async () => {
    const child = spawn(python.path, ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const read = await readProcess(child.pid ?? 0, { maxPauseMs: 5000, values: false, progress: () => {} });
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      const snapshot = read.value;
      const pathsOf = (selector: string): Map<string, number> => {
        const report = queryWhy(snapshot, selector);
        if (!report.ok) throw new Error(report.error.sentence);
        return new Map(report.value.groups.map(({ pattern, count }) => [pattern, count]));
      };
      const payloads = [...pathsOf("Payload")];
      expect(payloads.find(([path]) => path.startsWith("sys.modules['__main__'].waiting"))?.[1]).toBe(70);
      expect([...pathsOf("Leaf").keys()]).toEqual([expect.stringContaining("sys.modules['__main__'].tree")]);

      const names = JSON.stringify([snapshot.types.map((row) => row.attributes), snapshot.threads, snapshot.codes]);
      const texts = new TextDecoder().decode(snapshot.texts.utf8);
      for (const secret of ["hunter2", "sk_live_51H8", "s3cretpw"]) {
        expect(names).not.toContain(secret);
        expect(texts).not.toContain(secret);
      }
      expect(snapshot.threads.map(({ name }) => name)).toContain("pool postgres://bob:(hidden)@db");
    } finally {
      child.kill("SIGKILL");
    }
  });
});
