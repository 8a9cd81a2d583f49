// The values of the heap language: objects, containers and the parts of programs. Statements are in snapshot-language.ts.

import { CLASS_LABEL, DICT_LABEL, POSITIONAL_LABEL, UNNAMED_LABEL } from "../../src/heap/snapshot.ts";
import { attributeLabel, type Draft, type SnapshotBuilder } from "./snapshot-builder.ts";
import { TokenReader, unquote } from "./token-reader.ts";

const BUILTINS = new Set([
  "str",
  "int",
  "bytes",
  "float",
  "dict",
  "list",
  "tuple",
  "set",
  "frozenset",
  "deque",
  "OrderedDict",
  "cell",
  "method",
  "ndarray",
  "partial",
  "SimpleQueue",
  "object",
]);
const SIZES: Readonly<Record<string, number>> = {
  str: 50,
  int: 28,
  dict: 64,
  list: 56,
  tuple: 40,
  set: 216,
  bytes: 33,
};
const DEFAULT_SIZE = 48;

export class ValueReader extends TokenReader {
  protected readonly build: SnapshotBuilder;
  protected readonly named: Map<string, Draft> = new Map<string, Draft>();
  protected readonly forward: Map<string, Draft> = new Map<string, Draft>();
  readonly #modules: Draft;
  readonly #namespaces = new Map<string, Draft>();
  protected module = "app";

  constructor(text: string, build: SnapshotBuilder) {
    super(text);
    this.build = build;
    this.#modules = build.node("dict", 0);
    build.root(this.#modules, "modules", { kind: "sys.modules" });
  }

  protected namespaceOf(name: string): Draft {
    const known = this.#namespaces.get(name);
    if (known !== undefined) return known;
    const module = this.build.node("module", 0);
    const namespace = this.build.node("dict", 0);
    this.build.field(module, "__dict__", namespace);
    this.entry(this.#modules, this.nameKey(name), module);
    this.#namespaces.set(name, namespace);
    return namespace;
  }

  // Values.

  /** An object, or `@name` for one that is named here or later. */
  protected value(): Draft {
    if (!this.skip("@")) return this.#object();
    const name = this.take("word").text;
    const known = this.named.get(name) ?? this.forward.get(name);
    if (known !== undefined) return known;
    const draft = this.build.forward();
    this.forward.set(name, draft);
    return draft;
  }

  #object(): Draft {
    const token = this.next();
    if (token.kind === "string") return this.build.text(this.build.node("str", SIZES["str"]!), unquote(token.text));
    if (token.kind === "number") return this.build.text(this.build.node("int", SIZES["int"]!), token.text);
    if (token.kind !== "word") throw new Error(`a value cannot begin with ${token.text}`);
    if (!this.skip("@")) return this.#typed(token.text);
    const address = this.isNext("number") ? Number(this.next().text) : undefined;
    const node = this.#typed(this.take("word").text, address);
    this.named.set(token.text, node);
    return node;
  }

  #typed(word: string, address?: number): Draft {
    switch (word) {
      case "def":
        return this.#function(address);
      case "lru_cache":
        return this.#lruCache();
      case "class":
        return this.#class();
      case "exception":
        return this.#exception();
      case "generator":
      case "coroutine":
        return this.#suspended(word);
      case "thread-local":
        return this.#threadLocal();
      default:
        return this.#plain(word, address);
    }
  }

  /** `Name(size) { attributes }`, `list [ ... ]`, `dict { ... }`, `str(80)`. */
  #plain(name: string, address?: number): Draft {
    const bytes = this.size() ?? SIZES[name] ?? DEFAULT_SIZE;
    const typeName = name.includes(".") || BUILTINS.has(name) ? name : `${this.module}.${name}`;
    const where = address === undefined ? {} : { address };
    if (this.skip("[")) return this.#sequence(this.build.node(typeName, bytes, where));
    const isMapping = name === "dict" || name === "OrderedDict";
    if (this.skip("{"))
      return isMapping
        ? this.#mapping(this.build.node(typeName, bytes, where))
        : this.#instance(typeName, bytes, where);
    if (this.skip("~{")) return this.#instanceWithDict(this.build.node(typeName, bytes, where));
    return this.build.node(typeName, bytes, where);
  }

  #sequence(node: Draft): Draft {
    this.list("]", () => this.#repeated((value) => this.build.edge(node, POSITIONAL_LABEL, value)));
    return node;
  }

  #mapping(node: Draft): Draft {
    this.list("}", () => {
      const key = this.#object();
      this.expect(":");
      this.entry(node, key, this.value());
    });
    return node;
  }

  protected entry(node: Draft, key: Draft, value: Draft): void {
    this.build.edge(node, POSITIONAL_LABEL, key);
    this.build.edge(node, POSITIONAL_LABEL, value);
  }

  protected nameKey(name: string): Draft {
    return this.build.text(this.build.node("str", 0), name);
  }

  /** Values after one another: attributes share their names with all instances that have the same ones. */
  #instance(typeName: string, bytes: number, where: { address?: number }): Draft {
    const start = this.at;
    const names = this.#attributeNames();
    this.at = start;
    const node = this.build.node(typeName, bytes, { ...where, attributes: names });
    this.list("}", () => {
      const name = this.take("word").text;
      this.expect(":");
      this.build.edge(node, labelOf(name, names.indexOf(name)), this.value());
    });
    return node;
  }

  /** Looks ahead over `{ a: ..., b: ... }` for the names at this depth. */
  #attributeNames(): string[] {
    const names: string[] = [];
    for (let depth = 0; depth >= 0; ) {
      const token = this.next();
      if (token.kind === "end") throw new Error("a brace is not closed");
      if (token.kind === "word" && depth === 0 && this.isNext("sign", ":")) names.push(token.text);
      if (["{", "~{", "[", "("].includes(token.text)) depth++;
      if (["}", "]", ")"].includes(token.text)) depth--;
    }
    return names;
  }

  #instanceWithDict(node: Draft): Draft {
    const dict = this.build.node("dict", SIZES["dict"]!);
    this.build.edge(node, DICT_LABEL, dict);
    this.list("}", () => this.#namedEntry(dict));
    return node;
  }

  #namedEntry(dict: Draft): void {
    const key = this.nameKey(this.take("word").text);
    this.expect(":");
    this.entry(dict, key, this.value());
  }

  // Parts of programs.

  /** `def 'qualname' at 'file':line { closure rows: value, default seen: value, keyword seen: value, attribute cache: value }`. */
  #function(address?: number): Draft {
    const node = this.build.node("function", 0, address === undefined ? {} : { address });
    const code = this.build.node("code", 0);
    this.build.field(node, "__code__", code);
    this.build.field(node, "__globals__", this.namespaceOf(this.module));
    const place = this.#codePlace();
    const parts = this.skip("{") ? this.#functionParts(node) : { closure: [], default: [] };
    this.build.code(code, { ...place, freeVariables: parts.closure, parameters: ["first", ...parts.default] });
    return node;
  }

  #functionParts(node: Draft): { closure: string[]; default: string[] } {
    const parts = { closure: [] as string[], default: [] as string[] };
    const containers = new Map<string, Draft>();
    const container = (field: string, type: string): Draft => {
      const known = containers.get(field);
      if (known !== undefined) return known;
      const made = this.build.node(type, 0);
      this.build.field(node, field, made);
      containers.set(field, made);
      return made;
    };
    this.list("}", () => {
      const part = this.take("word").text;
      if (part === "keyword") return this.#namedEntry(container("__kwdefaults__", "dict"));
      if (part === "attribute") return this.#namedEntry(container("__dict__", "dict"));
      const name = this.take("word").text;
      this.expect(":");
      parts[part as "closure" | "default"].push(name);
      if (part === "default")
        return this.build.edge(container("__defaults__", "tuple"), POSITIONAL_LABEL, this.value());
      const cell = this.build.node("cell", 0);
      this.build.edge(container("__closure__", "tuple"), POSITIONAL_LABEL, cell);
      return this.build.field(cell, "cell_contents", this.value());
    });
    return parts;
  }

  /** `'qualname' at 'file':line`. */
  #codePlace(): { qualname: string; file: string; firstLine: number } {
    const qualname = this.string();
    if (this.take("word").text !== "at") throw new Error("expected: at 'file':line");
    const file = this.string();
    this.expect(":");
    return { qualname, file, firstLine: Number(this.take("number").text) };
  }

  /** `lru_cache(None) def ... [ results ]` is unbounded, `lru_cache(128)` keeps its entries in links. */
  #lruCache(): Draft {
    this.expect("(");
    const limit = this.next().text;
    this.expect(")");
    const node = this.build.node("_lru_cache_wrapper", 100);
    const entries = this.build.node("dict", 64);
    this.build.field(node, "cache", entries);
    if (this.take("word").text !== "def") throw new Error("expected: def");
    this.build.field(node, "__wrapped__", this.#function());
    let count = 0;
    this.expect("[");
    this.list("]", () =>
      this.#repeated((value) => {
        count++;
        this.build.edge(entries, POSITIONAL_LABEL, this.build.node("tuple", 40));
        if (limit === "None") return this.build.edge(entries, POSITIONAL_LABEL, value);
        const link = this.build.node("_lru_list_elem", 56);
        this.build.edge(entries, POSITIONAL_LABEL, link);
        this.build.field(link, "result", value);
      }),
    );
    this.build.cache(node, {
      hits: 10,
      misses: count,
      maxsize: limit === "None" ? null : Number(limit),
      entries: count,
    });
    return node;
  }

  /** `class Service(logging.Handler) { registry: value, method: def ... }`. */
  #class(): Draft {
    const name = this.take("word").text;
    const base = this.skip("(") ? this.take("word").text : null;
    if (base !== null) this.expect(")");
    const node = this.build.node("type", 0);
    const dict = this.build.node("dict", 0);
    this.build.field(node, "__dict__", dict);
    this.build.classNode(name.includes(".") ? name : `${this.module}.${name}`, node, base);
    if (this.skip("{")) this.list("}", () => this.#namedEntry(dict));
    return node;
  }

  /** `exception ValueError { frame 'load' at 'app.py':9 { batch: value }, frame ... }`, outermost frame first. */
  #exception(): Draft {
    const node = this.build.node(this.take("word").text, 80, { role: "exception" });
    let holder = node;
    let field: string | null = "__traceback__";
    this.expect("{");
    this.list("}", () => {
      if (this.take("word").text !== "frame") throw new Error("expected: frame");
      const traceback = this.build.node("traceback", 64);
      // Python keeps no member names for tb_next and tb_frame.
      if (field === null) this.build.edge(holder, UNNAMED_LABEL, traceback);
      else this.build.field(holder, field, traceback);
      this.build.edge(traceback, UNNAMED_LABEL, this.#withLocals("frame"));
      holder = traceback;
      field = null;
    });
    return node;
  }

  #suspended(role: "generator" | "coroutine"): Draft {
    return this.#withLocals(role);
  }

  /** `'name' at 'file':line { local: value }` of a frame, generator or coroutine. */
  #withLocals(type: string): Draft {
    const code = this.build.node("code", 0);
    this.build.code(code, { ...this.#codePlace(), freeVariables: [], parameters: [] });
    this.expect("{");
    const node = this.#instance(type, 112, {});
    this.build.field(node, "code", code);
    return node;
  }

  /** `thread-local [ { conn: value }, { ... } ]`: one dict per thread. */
  #threadLocal(): Draft {
    const node = this.build.node("_local", 60);
    const dummies = this.build.node("dict", 64);
    this.build.edge(node, UNNAMED_LABEL, dummies);
    this.expect("[");
    this.list("]", () => {
      this.expect("{");
      const dict = this.build.node("dict", 64);
      this.build.edge(dummies, POSITIONAL_LABEL, this.build.node("weakref", 64));
      this.build.edge(dummies, POSITIONAL_LABEL, dict);
      this.list("}", () => this.#namedEntry(dict));
    });
    return node;
  }

  /** `3 * value`: the value is read three times. */
  #repeated(use: (node: Draft) => void): void {
    const isRepeated = this.isNext("number") && this.tokens[this.at + 1]?.text === "*";
    const times = isRepeated ? Number(this.next().text) : 1;
    if (isRepeated) this.expect("*");
    const start = this.at;
    for (let time = 0; time < times; time++) {
      this.at = start;
      use(this.value());
    }
  }
}

function labelOf(name: string, index: number): number {
  if (name === "<unnamed>") return UNNAMED_LABEL;
  return name === "__class__" ? CLASS_LABEL : attributeLabel(index);
}
