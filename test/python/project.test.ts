import { describe, expect, it } from "vitest";
import { sitesThat } from "../../src/python/definitions.ts";
import { isUnder } from "../../src/python/facts.ts";
import { project } from "../support/python-project.ts";

describe("names over file borders", () => {
  it("follows re-exports, aliases and relative imports to the definition", () => {
    const shop = project({
      "app/__init__.py": "from .store import REGISTRY as registry, Store\n",
      "app/store.py": "REGISTRY = {}\nclass Store:\n    def get(self): pass\n",
      "app/views.py": "import app\nimport app.store as s\nfrom app import registry\nKEEP = s.REGISTRY\n",
    });
    expect(shop.resolve("app.registry")).toBe("app.store.REGISTRY");
    expect(shop.resolve("app.views.registry")).toBe("app.store.REGISTRY");
    expect(shop.resolve("app.views.KEEP")).toBe("app.store.REGISTRY");
    expect(shop.functionOf("app.Store.get")?.name).toBe("app.store.Store.get");
  });

  it("follows star imports, as far as __all__ lets it", () => {
    const shop = project({
      "a.py": "from b import *\n",
      "b.py": "__all__ = ['shown']\ndef shown(): pass\ndef hidden(): pass\n",
    });
    expect(shop.functionOf("a.shown")?.name).toBe("b.shown");
    expect(shop.functionOf("a.hidden")).toBeNull();
  });

  it("sees what is done to a container through a star import, and under the second name of `A = B = {}`", () => {
    const shop = project({
      "store.py": "ITEMS = ALL = {}\ndef drop():\n    ALL.clear()\n",
      "jobs.py": "from store import *\ndef sweep(key):\n    ITEMS.pop(key)\n",
      "views.py": "from store import ALL\ndef remove(key):\n    del ALL[key]\n",
    });
    const items = shop.containerOf("store.ITEMS");
    expect(shop.containers.map(({ name }) => name)).toEqual(["store.ITEMS"]);
    expect(items === null ? [] : sitesThat(items, "remove").map((site) => site.function?.name)).toEqual([
      "store.drop",
      "jobs.sweep",
      "views.remove",
    ]);
  });

  it("counts a container that is a default value as handed on", () => {
    const shop = project({ "a.py": "CACHE = {}\ndef trim(cache=CACHE):\n    cache.clear()\n" });
    const cache = shop.containerOf("a.CACHE");
    expect(cache === null ? [] : sitesThat(cache, "escape").map(({ fact }) => fact.how)).toEqual(["default"]);
  });

  it("ends where imports go in a circle", () => {
    const shop = project({ "a.py": "from b import x\n", "b.py": "from a import x\n" });
    expect(shop.functionOf("a.x")).toBeNull();
    const stars = project({ "a.py": "from b import *\n", "b.py": "from a import *\n" });
    expect(stars.functionOf("a.x")).toBeNull();
    const bases = project({ "a.py": "class A(B): pass\nclass B(A): pass\n" });
    expect(bases.methodOf("a.A", "run")).toBeNull();
  });

  it("finds methods in bases of other files and names bases of other packages", () => {
    const shop = project({
      "app/base.py": "class Base:\n    def close(self): pass\n",
      "app/child.py": "from threading import Thread\nfrom .base import Base\nclass Child(Base, Thread): pass\n",
    });
    expect(shop.methodOf("app.child.Child", "close")?.name).toBe("app.base.Base.close");
    expect(shop.isSubclass("app.child.Child", "threading.Thread")).toBe(true);
  });

  it("takes the short name of a module in a folder that is no regular package, and the long one in a namespace package", () => {
    const shop = project({
      "src/acme/shop/__init__.py": "",
      "src/acme/shop/store.py": "ITEMS = []\n",
      "jobs/tools.py": "def run(): pass\n",
      "jobs/main.py": "from tools import run\nrun()\n",
    });
    expect(shop.containerOf("acme.shop.store.ITEMS")?.name).toBe("acme.shop.store.ITEMS");
    expect(shop.functionOf("jobs.main.run")?.name).toBe("jobs.tools.run");
  });

  it("finds where objects of a class are made and what holds them", () => {
    const shop = project({
      "a.py": "class Store: pass\n",
      "b.py":
        "from a import Store\nstore = Store()\nclass Server:\n    def __init__(self):\n        self.own = Store()\n",
    });
    expect(shop.makingsOf("b.Store").map(({ caller, line }) => [caller?.name ?? null, line])).toEqual([
      [null, 2],
      ["b.Server.__init__", 5],
    ]);
    expect(shop.holdersOf("a.Store")).toEqual(["b.store", "b.Server.own"]);
  });

  it("lets a stub give way to the source beside it", () => {
    const shop = project({ "a.pyi": "def f() -> int: ...\n", "a.py": "def f():\n    return 1\n" });
    expect(shop.functionOf("a.f")?.module.path).toBe("a.py");
  });
});

describe("containers", () => {
  const actions = (shop: ReturnType<typeof project>, name: string): readonly string[] =>
    (shop.containerOf(name)?.sites ?? []).map(({ module, fact }) => `${module.module} ${fact.action} ${fact.how}`);

  it("brings writes and removals of other files to the container", () => {
    const shop = project({
      "app/state.py": "SEEN = {}\n",
      "app/write.py": "from .state import SEEN\ndef note(user):\n    SEEN[user.id] = user\n",
      "app/sweep.py": "from app import state\ndef sweep():\n    state.SEEN.clear()\n",
      "app/reset.py": "import app.state\ndef reset():\n    app.state.SEEN = {}\n",
    });
    expect(actions(shop, "app.state.SEEN")).toEqual([
      "app.write grow []=",
      "app.sweep remove clear",
      "app.reset rebind =",
    ]);
  });

  it("follows local names, defaults of instances, and objects of known classes", () => {
    const shop = project({
      "app/store.py": [
        "class Store:",
        "    def __init__(self):",
        "        self.items = []",
        "    def add(self, item):",
        "        items = self.items",
        "        items.append(item)",
        "store = Store()",
      ].join("\n"),
      "app/use.py": "from app.store import store\ndef use(x):\n    store.items.append(x)\n",
    });
    const items = shop.containerOf("app.store.Store.items");
    expect(items?.fact.holder).toBe("instance-attribute");
    expect(sitesThat(items!, "grow").map(({ function: f }) => f?.name)).toEqual(["app.store.Store.add", "app.use.use"]);
    expect(isUnder(sitesThat(items!, "grow")[0]!.fact, "alias")).toBe(true);
  });

  it("knows attributes of classes and those that each instance gets anew", () => {
    const shop = project({
      "a.py": [
        "class A:",
        "    shared = {}",
        "    own = {}",
        "    def __init__(self):",
        "        self.own = {}",
        "    def put(self, k, v):",
        "        self.shared[k] = v",
      ].join("\n"),
    });
    expect(shop.containerOf("a.A.shared")?.fact.holder).toBe("class-attribute");
    expect(shop.containerOf("a.A.own")?.fact.holder).toBe("instance-attribute");
    expect(actions(shop, "a.A.shared")).toEqual(["a grow []="]);
  });

  it("keeps variables of functions only when an inner function uses them", () => {
    const shop = project({
      "a.py": [
        "def memo(f):",
        "    seen = {}",
        "    plain = {}",
        "    plain['a'] = 1",
        "    def wrapper(x):",
        "        seen[x] = f(x)",
        "        return seen[x]",
        "    return wrapper",
        "def load(x, seen=[]):",
        "    seen.append(x)",
      ].join("\n"),
    });
    expect(shop.containers.map(({ name, fact }) => [name, fact.holder])).toEqual([
      ["a.memo.<locals>.seen", "closure-cell"],
      ["a.load.<defaults>.seen", "function-default"],
    ]);
    expect(actions(shop, "a.load.<defaults>.seen")).toEqual(["a grow append"]);
    expect(shop.functionOf("a.memo.<locals>.wrapper")?.fact.escapes).toBe(true);
  });

  it("reads the bound of queues and deques, and what weak containers are", () => {
    const shop = project({
      "a.py": [
        "import queue, collections, weakref",
        "from collections import deque",
        "Q = queue.Queue()",
        "B = queue.Queue(100)",
        "D = deque(maxlen=10)",
        "E = deque([], SIZE)",
        "W = weakref.WeakValueDictionary()",
        "N = queue.Queue(-1)",
      ].join("\n"),
    });
    const bounds = Object.fromEntries(shop.containers.map(({ fact }) => [fact.path, `${fact.family} ${fact.bound}`]));
    expect(bounds).toEqual({
      Q: "queue null",
      B: "queue 100",
      D: "sequence 10",
      E: "sequence some",
      W: "weak null",
      N: "queue null",
    });
  });

  it("tells growth from replacing, taking out and handing on", () => {
    const shop = project({
      "a.py": [
        "L = [None]",
        "Q = __import__",
        "D = {}",
        "def f(x, fut):",
        "    global L",
        "    L[0] = x",
        "    D[x] = L",
        "    D[x].append(1)",
        "    del D[x]",
        "    L = L + [x]",
        "    L[:] = []",
        "    L[:] = [*L, x]",
        "    L[2:] = [x]",
        "    fut.add_done_callback(L.remove)",
        "    return D",
      ].join("\n"),
    });
    expect(actions(shop, "a.L")).toEqual([
      "a set []=",
      "a escape =",
      "a grow = +",
      "a read operation",
      "a remove [:]=",
      "a grow [:]=",
      "a read starred",
      "a grow [:]=",
      "a remove remove",
    ]);
    expect(actions(shop, "a.D")).toEqual(["a grow []=", "a grow [].append", "a remove del", "a escape return"]);
  });

  it("counts a queue's get as taking out, and a mapping's as reading", () => {
    const shop = project({
      "a.py": "import queue\nQ = queue.Queue()\nD = {}\ndef f(k):\n    Q.put(k)\n    D.get(k)\n    return Q.get()\n",
    });
    expect(actions(shop, "a.Q")).toEqual(["a grow put", "a remove get"]);
    expect(actions(shop, "a.D")).toEqual(["a read get"]);
  });

  it("sees a queue's get in other files, and handed over to be called", () => {
    const shop = project({
      "a.py": "import queue\njobs = queue.Queue()\nother = queue.Queue()\ntable = {}\n",
      "b.py": "from a import jobs\ndef work():\n    jobs.get(timeout=1)\n",
      "c.py":
        "import a\ndef drain():\n    for job in iter(a.other.get, None): print(job)\n    return map(a.table.get, [])\n",
    });
    const actions = (name: string): readonly string[] =>
      shop.containerOf(name)?.sites.map(({ fact }) => fact.action) ?? [];
    expect(actions("a.jobs")).toEqual(["remove"]);
    expect(actions("a.other")).toEqual(["remove"]);
    expect(actions("a.table")).toEqual([]);
  });

  it("tells tables that begin with entries from containers that begin empty", () => {
    const shop = project({ "a.py": "FULL = {1: 2}\nEMPTY = {}\nMORE = [1]\nNONE = set()\n" });
    expect(shop.containers.map(({ fact }) => [fact.path, fact.isFilled])).toEqual([
      ["FULL", true],
      ["EMPTY", undefined],
      ["MORE", true],
      ["NONE", undefined],
    ]);
  });

  it("takes the inner key where the outer one is a constant", () => {
    const shop = project({ "a.py": "S = {}\ndef put(user):\n    S['users'][user] = 1\n" });
    expect(shop.containerOf("a.S")?.sites[0]?.fact.key).toEqual({ from: "parameter", name: "user" });
  });

  it("sees guards, locks, loops and handlers around a site", () => {
    const shop = project({
      "a.py": [
        "C = {}",
        "def f(k):",
        "    with LOCK:",
        "        if len(C) > 100:",
        "            C.clear()",
        "        if k not in C:",
        "            for v in k:",
        "                C[k] = v",
      ].join("\n"),
    });
    const [site] = sitesThat(shop.containerOf("a.C")!, "grow");
    const under = (["loop", "endless", "lengthGuard", "memberGuard", "lock", "main"] as const).filter((flag) =>
      isUnder(site!.fact, flag),
    );
    expect(under).toEqual(["loop", "lengthGuard", "memberGuard", "lock"]);
  });

  it("gives the containers of subclasses what a base class does", () => {
    const shop = project({
      "base.py": "class Base:\n    def close(self):\n        self.items.clear()\n",
      "child.py":
        "from base import Base\nclass Child(Base):\n    def __init__(self):\n        self.items = []\n    def add(self, x):\n        self.items.append(x)\n",
    });
    expect(actions(shop, "child.Child.items")).toEqual(["base remove clear", "child grow append"]);
  });
});
