"""What `cached` answers with, and what it keeps."""

import asyncio
import functools
import gc
import inspect
import threading
import time
import unittest
import weakref

from deadweight import cached


class Calls:
    """A loader that counts."""

    def __init__(self):
        self.made = []

    def __call__(self, *call):
        self.made.append(call)
        return list(call)


class Spellings(unittest.TestCase):
    def test_one_call_however_it_is_spelled(self):
        calls = Calls()

        @cached
        def quote(symbol, day=0, *, unit="usd"):
            return calls(symbol, day, unit)

        first = quote("A")
        for again in (quote(symbol="A"), quote("A", 0), quote("A", day=0), quote("A", unit="usd"), quote(unit="usd", symbol="A")):
            self.assertIs(again, first)
        self.assertEqual(quote.cache_info(), (5, 1, 128, 1))

    def test_classes_that_are_equal_stay_apart(self):
        @cached
        def show(value):
            return repr(value)

        values = [1, 1.0, True, "a", b"a", 0.0, -0.0, None, (1,), (1.0,), (True,), [1], (1, (1,)), (1, (True,))]
        self.assertEqual([show(value) for value in values], [repr(value) for value in values])
        self.assertEqual([show(value) for value in values], [repr(value) for value in values])
        self.assertEqual(show.cache_info()[:2], (len(values), len(values)))

    def test_values_that_cannot_be_hashed_are_keys_too(self):
        calls = Calls()

        @cached
        def total(rows, **more):
            calls(rows)
            return sum(rows)

        self.assertEqual([total([1, 2]), total([1, 2]), total([2, 1]), total([1, 2], a={"x": 1}), total([1, 2], a={"x": 1})], [3] * 5)
        self.assertEqual(len(calls.made), 3)

    def test_nan_is_found_again(self):
        @cached
        def kept(value):
            return object()

        self.assertIs(kept(float("nan")), kept(float("nan")))

    def test_every_kind_of_parameter(self):
        def kinds(a, b=2, *rest, c, d=4, **more):
            return (a, b, rest, c, d, more)

        made = cached(kinds)
        for args, kwargs in [((1,), {"c": 3}), ((1, 2, 5, 6), {"c": 3, "z": 0}), ((1,), {"b": 9, "c": 3, "d": 1})]:
            for _ in range(2):
                self.assertEqual(made(*args, **kwargs), kinds(*args, **kwargs))
        self.assertEqual(made.cache_info()[:2], (3, 3))
        with self.assertRaises(TypeError):
            made(1)
        namespace = {"cached": cached}
        exec("@cached\ndef f(a, /, b, *, c=3): return (a, b, c)", namespace)
        self.assertEqual(namespace["f"](1, b=2), (1, 2, 3))
        with self.assertRaises(TypeError):
            namespace["f"](a=1, b=2)

    def test_an_unknown_type_is_an_error_that_names_the_argument(self):
        class Session:
            pass

        @cached
        def load(session):
            return 1

        with self.assertRaisesRegex(TypeError, "session"):
            load(Session())
        with self.assertRaisesRegex(TypeError, "session"):
            load(lambda: 1)

    def test_key_and_normalize(self):
        calls = Calls()

        @cached(key=lambda row: row["id"])
        def by_id(row):
            return calls(row["id"])

        self.assertIs(by_id({"id": 1, "x": 2}), by_id({"id": 1, "x": 3}))

        @cached(normalize=lambda name: ((name.strip().lower(),), {}))
        def by_name(name):
            return calls(name)

        self.assertIs(by_name(" Ann"), by_name("ann "))


class LikeFunctools(unittest.TestCase):
    def test_introspection(self):
        @cached(maxsize=7)
        def area(width: int, height: int = 2) -> int:
            """Doc."""
            return width * height

        self.assertEqual([area.__name__, area.__doc__, area.__module__], ["area", "Doc.", __name__])
        self.assertEqual(str(inspect.signature(area)), str(inspect.signature(area.__wrapped__)))
        self.assertEqual(area.cache_parameters()["maxsize"], 7)
        self.assertEqual(area(3), 6)
        area.cache_clear()
        self.assertEqual(tuple(area.cache_info()), (0, 0, 7, 0))

    def test_the_least_recently_used_goes_first(self):
        calls = Calls()

        @cached(maxsize=3)
        def kept(key):
            return calls(key)

        for key in "abcadab":
            kept(key)
        # b went when d came, since a had been used again; then b came back.
        self.assertEqual([call[0] for call in calls.made], ["a", "b", "c", "d", "b"])
        self.assertEqual(kept.cache_info(), functools.lru_cache(3)(lambda key: 0).cache_info()._replace(hits=2, misses=5, currsize=3))

    def test_no_room_and_no_bound(self):
        nothing, everything = cached(maxsize=0)(lambda x: [x]), cached(maxsize=None)(lambda x: [x])
        self.assertIsNot(nothing(1), nothing(1))
        self.assertEqual(len({id(everything(x)) for x in list(range(500)) * 2}), 500)

    def test_options_that_cannot_be_meant(self):
        for wrong, options in [
            (TypeError, {"maxsize": "7"}),
            (ValueError, {"maxsize": -1}),
            (ValueError, {"ttl": 0}),
            (ValueError, {"stale_while_revalidate": 3}),
            (TypeError, {"tags": "user:{x}"}),
            (TypeError, {"max_size": 3}),
            (ValueError, {"jitter": 1.5}),
        ]:
            with self.subTest(options=options), self.assertRaises(wrong):
                cached(**options)(lambda x: x)

    def test_a_generator_is_refused(self):
        def rows():
            yield 1

        with self.assertRaisesRegex(TypeError, "generator"):
            cached(rows)


class Lives(unittest.TestCase):
    def test_a_function_that_nobody_has_any_more_is_gone_with_its_entries(self):
        def make():
            @cached(ttl=60)
            def look(key):
                return key

            look(1)
            return look

        made = make()
        store = weakref.ref(made.cache)
        del made
        gc.collect()
        self.assertIsNone(store())

    def test_counters_begin_anew_with_a_clear(self):
        @cached
        def look(key):
            return key

        look(1), look(1), look.cache_clear(), look(1), look(1), look(1)
        self.assertEqual(look.cache_info(), (2, 1, 128, 1))
        # Who reads them from outside never sees them fall.
        self.assertEqual((repr(look.cache.tally.hits), look.cache.tally.words[0]), ("count(3)", 2))


class Bounds(unittest.TestCase):
    def test_bytes(self):
        @cached(maxsize=None, max_bytes=100_000, size=len)
        def blob(number):
            return bytes(30_000)

        for number in range(10):
            blob(number)
        self.assertEqual(blob.cache_info().currsize, 3)
        self.assertEqual(blob.cache.bytes, 90_000)

    def test_a_value_larger_than_the_bound_is_not_kept_and_puts_nothing_out(self):
        @cached(max_bytes=1000, size=len)
        def blob(size):
            return bytes(size)

        blob(400), blob(5000)
        self.assertEqual([entry.size for entry in blob.cache.entries.values()], [400])

    def test_deep_size_by_default(self):
        @cached(max_bytes=10_000_000)
        def rows(count):
            return [bytes(1000) for _ in range(count)]

        rows(50)
        self.assertGreater(rows.cache.bytes, 50_000)

    def test_time_to_live_with_jitter(self):
        calls = Calls()

        @cached(ttl=0.2, jitter=0.5)
        def kept(key):
            return calls(key)

        first = [kept(key) for key in range(20)]
        self.assertTrue(all(kept(key) is value for key, value in enumerate(first)))
        ends = sorted(entry.expires for entry in kept.cache.entries.values())
        self.assertGreater(ends[-1] - ends[0], 0.02)
        time.sleep(0.25)
        self.assertTrue(all(kept(key) is not value for key, value in enumerate(first)))

    def test_resize(self):
        kept = cached(maxsize=100)(lambda key: [key])
        for key in range(100):
            kept(key)
        kept.cache.resize(10)
        self.assertEqual(kept.cache_info()[2:], (10, 10))

    def test_stale_while_it_is_loaded_anew(self):
        versions = iter(range(100))

        @cached(ttl=0.1, jitter=0, stale_while_revalidate=30)
        def current(key):
            return next(versions)

        self.assertEqual(current("k"), 0)
        time.sleep(0.15)
        self.assertEqual(current("k"), 0)
        deadline = time.monotonic() + 10
        while current.cache.refreshes == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(current("k"), 1)
        current.cache_clear()
        self.assertNotEqual(current("k"), 1)

    def test_errors(self):
        calls = Calls()

        @cached(cache_errors=(KeyError,), error_ttl=0.2)
        def find(key):
            calls(key)
            raise KeyError(key) if key == "missing" else ValueError(key)

        for _ in range(3):
            self.assertRaises(KeyError, find, "missing")
            self.assertRaises(ValueError, find, "wrong")
        self.assertEqual([call[0] for call in calls.made].count("missing"), 1)
        self.assertEqual([call[0] for call in calls.made].count("wrong"), 3)
        time.sleep(0.25)
        self.assertRaises(KeyError, find, "missing")
        self.assertEqual([call[0] for call in calls.made].count("missing"), 2)

    def test_each_thread_has_its_own(self):
        made = cached(per_thread=True)(lambda key: object())
        found = []
        threads = [threading.Thread(target=lambda: found.append((made(1), made(1)))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(all(one is other for one, other in found))
        self.assertEqual(len({id(one) for one, _ in found}), 4)

    def test_weak_values_live_as_long_as_others_keep_them(self):
        class Row:
            pass

        made = cached(weak=True)(lambda key: Row())
        row = made(1)
        self.assertIs(made(1), row)
        gone = weakref.ref(row)
        del row
        gc.collect()
        self.assertIsNone(gone())
        before = made.cache_info()
        self.assertIsInstance(made(1), Row)
        self.assertEqual(made.cache_info()[:2], (before.hits, before.misses + 1))


class Methods(unittest.TestCase):
    def test_instances_are_kept_apart_and_not_alive(self):
        class Client:
            def __init__(self, name):
                self.name = name

            @cached(maxsize=50)
            def fetch(self, path="/"):
                return [self.name, path]

        one, two = Client("one"), Client("two")
        self.assertEqual([one.fetch(), two.fetch(), one.fetch("/")], [["one", "/"], ["two", "/"], ["one", "/"]])
        self.assertEqual(Client.fetch.cache_info()[:2], (1, 2))
        gone = weakref.ref(one)
        del one
        gc.collect()
        self.assertIsNone(gone())
        self.assertEqual(Client.fetch.cache_info().currsize, 1)

    def test_an_address_used_again_is_another_instance(self):
        class Client:
            def __init__(self, name):
                self.name = name

            @cached
            def fetch(self):
                return self.name

        for name in range(200):
            self.assertEqual(Client(name).fetch(), name)

    def test_instances_that_are_equal_are_kept_apart(self):
        class Client(tuple):
            @cached
            def fetch(self):
                return object()

        class Same:
            def __eq__(self, other):
                return True

            __hash__ = None

            @cached
            def fetch(self):
                return object()

        one, two = Same(), Same()
        self.assertIsNot(one.fetch(), two.fetch())
        self.assertIs(one.fetch(), one.fetch())
        with self.assertRaisesRegex(TypeError, "weak"):
            Client().fetch()

    def test_static_and_class_methods(self):
        class Tool:
            @staticmethod
            @cached
            def double(x):
                return [x * 2]

            @classmethod
            @cached
            def named(cls, x):
                return [cls.__name__, x]

        class Special(Tool):
            pass

        self.assertIs(Tool.double(2), Tool().double(2))
        self.assertEqual([Tool.named(1), Special.named(1)], [["Tool", 1], ["Special", 1]])
        self.assertIs(Special.named(1), Special.named(1))


class Coroutines(unittest.TestCase):
    def test_results_not_coroutines_are_kept(self):
        @cached(ttl=60)
        async def load(key):
            return [key]

        async def main():
            first = await load(1)
            return first is await load(key=1)

        self.assertTrue(asyncio.run(main()))
        self.assertTrue(inspect.iscoroutinefunction(load))

    def test_single_flight_and_cancellation(self):
        loads = []

        @cached(single_flight=10)
        async def load(key):
            loads.append(key)
            await asyncio.sleep(0.05)
            return [key]

        async def main():
            first = asyncio.ensure_future(load(1))
            await asyncio.sleep(0.01)
            others = [asyncio.ensure_future(load(1)) for _ in range(5)]
            await asyncio.sleep(0)
            first.cancel()
            return await asyncio.gather(*others)

        self.assertEqual(len({id(value) for value in asyncio.run(main())}), 1)
        self.assertEqual(loads, [1])

    def test_methods(self):
        class Client:
            @cached
            async def fetch(self, path):
                return [path]

        async def main():
            client = Client()
            return await client.fetch("/") is await client.fetch(path="/")

        self.assertTrue(asyncio.run(main()))


if __name__ == "__main__":
    unittest.main()
