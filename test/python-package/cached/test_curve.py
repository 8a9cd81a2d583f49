"""What `cache_curve` says of other bounds, beside caches with those bounds."""

import functools
import random
import threading
import unittest

from deadweight import cached
from deadweight._cache.sketch import Sketch


def missed(keys, size):
    """By a real functools.lru_cache."""
    other = functools.lru_cache(maxsize=size)(lambda key: key)
    for key in keys:
        other(key)
    info = other.cache_info()
    return info.misses / (info.hits + info.misses)


def worst(keys, most):
    sketch = Sketch(most)
    for key in keys:
        sketch.use(key)
    return max(abs(ratio - missed(keys, size)) for size, ratio in sketch.curve()[::6] if size >= 8)


def skewed(count, seed):
    chance = random.Random(seed)
    return ["key %d" % (chance.paretovariate(0.8) * 10) for _ in range(count)]


class Curves(unittest.TestCase):
    def test_exact_while_all_keys_are_kept(self):
        self.assertLess(worst(skewed(20_000, 1), 100_000), 0.03)

    def test_a_loop_falls_at_its_length(self):
        sketch = Sketch()
        for at in range(5000):
            sketch.use(at % 100)
        (size, ratio), = sketch.curve()
        self.assertTrue(100 <= size <= 110)
        self.assertAlmostEqual(ratio, 100 / 5000)

    def test_near_with_few_keys_kept(self):
        self.assertLess(worst(skewed(60_000, 2), 2048), 0.08)

    def test_falls_as_bounds_rise(self):
        sketch = Sketch(256)
        for key in skewed(10_000, 5):
            sketch.use(key)
        sizes, ratios = zip(*sketch.curve())
        self.assertEqual(list(sizes), sorted(set(sizes)))
        self.assertEqual(list(ratios), sorted(ratios, reverse=True))

    def test_keeps_no_more_than_it_may(self):
        sketch = Sketch(100)
        for at in range(10_000):
            sketch.use("%d" % at)
        self.assertEqual(len(sketch._last), 100)
        self.assertEqual(len(sketch._times), 100)
        self.assertEqual(sketch.curve(), [])

    def test_counts_each_call_once_in_whatever_way_it_is_answered(self):
        @cached(maxsize=50, curve=True)
        def load(key, unit="m"):
            return key

        for key in skewed(3000, 3):
            load(key)
            load(key, unit="m")
        self.assertEqual(load.cache.sketch._calls, 6000)
        self.assertTrue(all(0 <= ratio <= 1 for _, ratio in load.cache_curve()))

    def test_is_off_unless_asked_for(self):
        @cached
        def load(key):
            return key

        load(1)
        self.assertIsNone(load.cache.sketch)
        with self.assertRaisesRegex(RuntimeError, "curve=True"):
            load.cache_curve()

    def test_threads_do_not_break_it(self):
        sketch = Sketch(64)

        def ask(seed):
            for key in skewed(3000, seed):
                sketch.use(key)

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(sketch._last), len(sketch._times))

    def test_methods_and_coroutines(self):
        import asyncio

        class Shop:
            @cached(curve=True)
            def price(self, key):
                return key

        @cached(curve=True)
        async def fetch(key):
            return key

        async def all_of_them():
            for key in skewed(200, 4):
                await fetch(key)

        shop = Shop()
        for key in skewed(200, 4):
            shop.price(key)
        asyncio.run(all_of_them())
        self.assertEqual(Shop.price.cache.sketch._calls, 200)
        self.assertEqual(fetch.cache.sketch._calls, 200)


class Figures(unittest.TestCase):
    def test_loads_are_timed_and_their_errors_counted(self):
        @cached
        def load(key):
            if key < 0:
                raise ValueError(key)
            return key

        load(1)
        load(1)
        with self.assertRaises(ValueError):
            load(-1)
        tally = load.cache.tally
        self.assertEqual((tally.calls(), tally.load_errors), ((1, 2), 1))
        self.assertGreater(tally.load_nanoseconds, 0)


if __name__ == "__main__":
    unittest.main()
