// A small language for heaps: a test says what the program holds, not how the columns look.
//
//   heap(`
//     modules['app'].cache: dict { 'k1': Session { user: str(80) }, 'k2': 3 * int }
//     modules['app'].Service: class Service { registry: list [ @s ] }
//     modules['app'].handler: def 'make.<locals>.handler' at '/srv/app.py':31 { closure rows: list(900) [] }
//     modules['app'].compute: lru_cache(None) def 'compute' at '/srv/app.py':5 [ list [], list [] ]
//     thread 'worker-1' handle() rows: list [ s@Session {} ]
//     native: ndarray(4096)
//     atexit: def 'close' at '/srv/app.py':40 {}
//     garbage: a@Node { other: Node { other: @a } }
//   `)
//
// Statements stand one per line (or apart by `;`). `(n)` is the shallow size. `Name { }` keeps its attributes inline, `Name ~{ }`
// in a `__dict__`. `name@` gives an object a name, `@name` refers to it, `name@0x7f12` also gives it an address. Types without a
// module belong to the module of the statement, builtins excepted. A key in quotes or digits has a text; `str` has none.

import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { SnapshotMeta } from "../../src/model/snapshot-meta.ts";
import { type Draft, SnapshotBuilder } from "./snapshot-builder.ts";
import { ValueReader } from "./snapshot-values.ts";

export interface HeapOptions {
  /** Where the first object lies: another value makes another process. */
  readonly firstAddress?: number;
  readonly meta?: Partial<SnapshotMeta>;
}

export function heap(text: string, { firstAddress, meta }: HeapOptions = {}): Snapshot {
  return new HeapReader(text, new SnapshotBuilder(firstAddress)).read(meta);
}

/** A heap whose classes RowOne and RowTwo are both called Row, as those of a module that was loaded twice. */
export function classesOfOneName(text: string): Snapshot {
  const snapshot = heap(text);
  return {
    ...snapshot,
    types: snapshot.types.map((type) => ({ ...type, name: type.name.replace(/^Row(?:One|Two)$/, "Row") })),
  };
}

class HeapReader extends ValueReader {
  #exitCallbacks = 0;

  read(meta: Partial<SnapshotMeta> | undefined): Snapshot {
    while (!this.isNext("end")) {
      if (this.skip(";") || this.isNext("newline")) this.skipNewlines();
      else this.#statement();
    }
    for (const [name, draft] of this.forward) {
      const node = this.named.get(name);
      if (node === undefined) throw new Error(`no object is named ${name}@`);
      this.build.resolve(draft, node);
    }
    return this.build.finish(meta);
  }

  // Statements: a place, a colon, a value.

  #statement(): void {
    const word = this.take("word").text;
    if (word === "modules") return this.#moduleStatement();
    if (word === "thread") return this.#threadStatement();
    if (word === "native" || word === "stale" || word === "interpreter") return this.#outsideStatement(word);
    if (word === "atexit") return this.#exitStatement();
    if (word === "garbage") return void this.#afterColon();
    if (word === "type") return this.#staticTypeStatement();
    throw new Error(`a statement cannot begin with ${word}`);
  }

  /** `modules['app'].name: value`, or `modules['app']` alone. */
  #moduleStatement(): void {
    this.expect("[");
    this.module = this.string();
    this.expect("]");
    const namespace = this.namespaceOf(this.module);
    if (!this.skip(".")) return;
    const name = this.take("word").text;
    this.expect(":");
    this.entry(namespace, this.nameKey(name), this.value());
  }

  /** `thread 'w' handle() rows: value`, `thread 'w' dict: value`. */
  #threadStatement(): void {
    const thread = this.string();
    const word = this.take("word").text;
    if (word === "dict") {
      const origin = { kind: "thread", thread: this.build.thread(thread), part: "dict" } as const;
      const node = this.#afterColon();
      this.build.root(node, "interpreter", origin);
      this.build.excess(node, 1);
      return;
    }
    this.expect("(");
    this.expect(")");
    const place = this.build.frame(thread, word);
    const name = this.take("word").text;
    this.build.root(this.#afterColon(), "frames", { kind: "frame-local", ...place, name });
  }

  /** `native: value` has a reference nobody explains; `stale: value` is a word of the interpreter without one. */
  #outsideStatement(word: string): void {
    const node = this.#afterColon();
    if (word !== "native") this.build.root(node, "interpreter", { kind: "interpreter", offset: 8, part: null });
    if (word !== "stale") this.build.excess(node, 1);
  }

  /** Callbacks are numbered in the order in which they are written. */
  #exitStatement(): void {
    const origin = { kind: "exit-callback", index: this.#exitCallbacks++, part: "function" } as const;
    this.build.root(this.#afterColon(), "interpreter", origin);
  }

  #staticTypeStatement(): void {
    const name = this.take("word").text;
    const type = this.build.node("type", 400);
    this.build.classNode(name, type, null);
    this.build.root(type, "static-types", { kind: "static-type" });
  }

  #afterColon(): Draft {
    this.expect(":");
    return this.value();
  }
}
