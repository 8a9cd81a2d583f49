// Objects that keep references outside of what their type says of them: read on every interpreter, counted by path.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";

const PROGRAM = `
import os, queue, threading, time, xml.etree.ElementTree as ET
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
class Field: pass
class Plain(tuple): pass
status = os.stat_result([Field() for _ in range(os.stat_result.n_fields)])
moment = time.struct_time([Field() for _ in range(time.struct_time.n_fields)])
plain = Plain([Field(), Field()])
class Secretive: pass
odd = Secretive()
setattr(odd, "alice@example.com pw=hunter2", 1)
setattr(odd, "sk_live_51H8xExampleKey", 2)
threading.Thread(target=threading.Event().wait, name="pool postgres://bob:s3cretpw@db", daemon=True).start()
print("%d %d" % (os.stat_result.n_fields, os.stat_result.n_sequence_fields), flush=True)
os.read(0, 1)
`;

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    test("queues, XML trees, fields beyond a length, and nothing secret", async () => {
      const child = spawn(python.path, ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        const [line] = (await once(child.stdout, "data")) as [Buffer];
        const [fields, length] = line.toString().split(" ").map(Number) as [number, number];
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

        const report = queryWhy(snapshot, "Field", { paths: 1, subjects: 100 });
        if (!report.ok) throw new Error(report.error.sentence);
        const places = report.value.subjects.flatMap(({ paths }) => paths.map(({ path }) => path));
        const within = (name: string): readonly string[] =>
          places.filter((path) => path.includes(`'__main__'].${name}`));
        expect([within("status").length, within("plain").length]).toEqual([fields, 2]);
        expect(within("status").filter((path) => /\.status\.st_\w+$/.test(path))).toHaveLength(fields - length);
        expect(within("moment").filter((path) => /\.moment\.tm_(?:zone|gmtoff)$/.test(path))).toHaveLength(2);

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
  },
);
