// `deadweight.race`: caches that are stale after a clear are told from caches that are not, on every version that there is.

import { describe, expect, it } from "vitest";
import { describeInterpreter, interpretersByMinor } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { programWithPackages, PythonFiles, startPython } from "./package-under-test.ts";

const PYTHONS = interpretersByMinor();

const SHOP = `
import functools, threading
@functools.lru_cache(maxsize=64)
def bounded(key): return 1 / 0
@functools.lru_cache(maxsize=None)
def unbounded(key, tax=1): return 1 / 0

def in_a_dict(function):
    held = {}
    @functools.wraps(function)
    def wrapper(key):
        if key not in held: held[key] = function(key)
        return held[key]
    return wrapper

def under_a_lock(function):
    held, lock = {}, threading.Lock()
    @functools.wraps(function)
    def wrapper(key):
        with lock:
            if key not in held: held[key] = function(key)
            return held[key]
    def cache_clear():
        with lock: held.clear()
    wrapper.cache_clear = cache_clear
    return wrapper

def checked(function, hands_on=False, replaces=False):
    """Keeps a value only if no clear came meanwhile; the faults are for the other ways to be stale."""
    held, loading, lock = {}, {}, threading.Lock()
    generation = [0]
    @functools.wraps(function)
    def wrapper(key):
        if key in held: return held[key]
        began = generation[0]
        if hands_on:
            with lock:
                ready = loading.get(key)
                if ready is None: mine = loading[key] = [threading.Event(), None]
            if ready is not None:
                ready[0].wait()
                return ready[1]
        value = function(key)
        if began == generation[0] or (replaces and key in held): held[key] = value
        if hands_on:
            mine[1] = value; del loading[key]; mine[0].set()
        return value
    def cache_clear():
        generation[0] += 1
        held.clear()
    wrapper.cache_clear = cache_clear
    return wrapper

FACTOR = 3
@in_a_dict
def own(key): return FACTOR
@under_a_lock
def locked(key): return FACTOR
@checked
def generation(key): return FACTOR
@functools.partial(checked, hands_on=True)
def single_flight(key): return FACTOR
@functools.partial(checked, replaces=True)
def replacing(key): return FACTOR
def outer():
    one, two = 1, 2
    @functools.lru_cache(None)
    def inner(key): return one + two
    return inner
closure = outer()
closure.__module__ = __name__
class Shop:
    @functools.lru_cache(maxsize=None)
    def price(self, item, *, tax=1): return item
    @functools.lru_cache()
    async def later(self): pass
@functools.lru_cache()
def rows(key): yield key
CACHE = {}
def load(key): return 1 / 0
def get(key):
    if key not in CACHE: CACHE[key] = load(key)
    return CACHE[key]
@functools.lru_cache()
def fails(key, *, needed): return key
def plain(key): return key
`;

const EXPECTED = {
  "shop.bounded": ["stale", "a load that ends after the clear is kept"],
  "shop.unbounded": ["stale", "a load that ends after the clear is kept"],
  "shop.own": ["stale", "a load that ends after the clear is kept"],
  "shop.outer.<locals>.inner": ["stale", "a load that ends after the clear is kept"],
  "shop.Shop.price": ["stale", "a load that ends after the clear is kept"],
  "shop.single_flight": ["stale", "a call after the clear is given the load from before it"],
  "shop.replacing": ["stale", "an old load replaces a newer one"],
  "shop.locked": ["fresh", "a clear waits for loads"],
  "shop.generation": ["fresh", "what was loaded before the clear is not kept"],
  "shop.Shop.later": ["not checked", expect.stringContaining("coroutine")],
  "shop.rows": ["not checked", expect.stringContaining("generator")],
  "shop.fails": ["not checked", expect.stringContaining("keyword-only")],
};

interface Report {
  readonly functions: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly because: string;
    readonly interleaving: readonly string[];
  }[];
}

const TESTS = `
import pytest, shop
from deadweight import race
def test_stale(racecheck): racecheck(shop.bounded)
def test_given(racecheck): racecheck(shop.get, load=shop.load, clear=shop.CACHE.clear, arguments=["tea"])
def test_fresh(racecheck): racecheck(shop.generation)
def test_code_is_restored():
    before = shop.own.__wrapped__.__code__
    assert race.check(shop.own).verdict == "stale"
    assert shop.own.__wrapped__.__code__ is before and shop.own("key") == 3
def test_nothing_to_check(racecheck):
    with pytest.raises(ValueError, match="give one as clear="): racecheck(shop.plain, load=shop.plain)
def test_not_cached():
    assert "right after a clear did not call the load" in str(race.check(shop.plain, load=shop.load, clear=dict().clear))
`;

// They wait for threads that wait for each other.
describe.concurrent.each(PYTHONS.map((python) => ({ name: describeInterpreter(python), python })))(
  "race on $name",
  { timeout: 120_000 },
  ({ python }) => {
    it("finds the caches of a module and tells stale from fresh", async () => {
      using files = new PythonFiles({ "shop.py": SHOP });
      const { code, stdout, stderr } = await startPython(
        python.path,
        ["-m", "deadweight", "race", "--json", "shop"],
        files.folder,
      );
      expect([code, stderr]).toEqual([1, ""]);
      const { functions } = JSON.parse(stdout) as Report;
      expect(Object.fromEntries(functions.map(({ name, verdict, because }) => [name, [verdict, because]]))).toEqual(
        EXPECTED,
      );
      expect(functions.find(({ name }) => name === "shop.bounded")?.interleaving).toEqual([
        "thread 1  bounded('race-key') begins to load",
        "thread 2  cache_clear() returns",
        "thread 1  its load ends",
        "thread 3  bounded('race-key') returns what was loaded BEFORE the clear",
      ]);
    });

    // pytest itself takes most of its time.
    it.runIf(python === PYTHONS[0] || python === PYTHONS.at(-1))(
      "the pytest fixture fails what is stale, and the program's functions are as before",
      async () => {
        using files = new PythonFiles({ "shop.py": SHOP, "test_shop.py": TESTS });
        const words = [
          "-m",
          "pytest",
          "-p",
          "deadweight._pytest_plugin",
          "-p",
          "no:cacheprovider",
          "-q",
          "test_shop.py",
        ];
        const { stdout } = await startPython(programWithPackages(python), words, files.folder);
        expect(stdout).toContain("2 failed, 4 passed");
        expect(stdout).toContain("FAILED test_shop.py::test_stale");
        expect(stdout).toMatch(/thread 3 {2}get\('tea'\) returns what was loaded BEFORE the clear/);
      },
    );
  },
);

describe.concurrent("python -m deadweight race", { timeout: 120_000 }, () => {
  const python = PYTHONS.at(-1)!;
  const race = async (
    ...words: readonly string[]
  ): Promise<{ readonly code: number | null; readonly said: string }> => {
    using files = new PythonFiles({ "shop.py": SHOP });
    const ended = await startPython(python.path, ["-m", "deadweight", "race", ...words], files.folder);
    return { code: ended.code, said: ended.stdout + ended.stderr };
  };

  it("one function, with what loads and what clears", async () => {
    const words = ["shop:get", "--load", "shop:load", "--clear", "shop:CACHE.clear"];
    expect(await race(...words)).toMatchObject({ code: 1, said: expect.stringContaining("shop.get: stale") });
    expect(await race("shop:generation")).toMatchObject({
      code: 0,
      said: expect.stringMatching(/1 cached function, 0 stale/),
    });
  });

  it("says what it cannot do", async () => {
    expect(await race("shop:rows")).toMatchObject({ code: 2, said: expect.stringContaining("not checked") });
    expect(await race("nowhere")).toMatchObject({ code: 2, said: "ModuleNotFoundError: No module named 'nowhere'\n" });
    expect((await race("shop:nothing")).code).toBe(2);
    expect((await race("shop", "--clear", "shop:CACHE.clear")).code).toBe(2);
  });
});

const CACHETOOLS = `
import threading, cachetools
class Own(cachetools.LRUCache): pass
@cachetools.cached(cachetools.TTLCache(64, 300), lock=threading.Lock())
def locked(key): return key
@cachetools.cached(Own(64))
def plain(key): return key
`;

it.concurrent("caches of cachetools, with a lock and without, keep an old load", { timeout: 120_000 }, async () => {
  const venv = packageVenv(PYTHONS.findLast(({ minor }) => minor >= 10) ?? PYTHONS.at(-1)!, ["cachetools>=5"]);
  if ("reason" in venv) throw new Error(venv.reason);
  using files = new PythonFiles({ "prices.py": CACHETOOLS });
  const { stdout } = await startPython(venv.program, ["-m", "deadweight", "race", "prices"], files.folder);
  expect(stdout).toContain("prices.locked: stale");
  expect(stdout).toContain("prices.plain: stale");
});
