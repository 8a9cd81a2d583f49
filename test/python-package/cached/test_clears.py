"""A clear is certain: what was loaded before it is never an answer after it."""

import asyncio
import os
import threading
import time
import unittest

from deadweight import cached
from deadweight._cache import registry
from deadweight._cache.slots import SLOT_COUNT, SlotTable, slot_of


class Source:
    """A value that changes, and a loader that can be stopped between reading it and returning it."""

    def __init__(self):
        self.version = 0
        self.has_read = threading.Event()
        self.may_return = threading.Event()
        self.may_return.set()

    def load(self, key):
        read = self.version
        self.has_read.set()
        self.may_return.wait(20)
        return read


def in_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    return thread, found


class ClearsAndLoads(unittest.TestCase):
    def test_a_clear_while_another_thread_loads(self):
        for single_flight in (None, 10):
            with self.subTest(single_flight=single_flight):
                source = Source()
                made = cached(single_flight=single_flight)(source.load)
                source.may_return.clear()
                thread, old = in_thread(lambda: made("k"))
                source.has_read.wait(20)
                source.version = 1
                made.cache_clear()
                source.may_return.set()
                self.assertEqual(made("k"), 1)
                thread.join()
                self.assertEqual(old, [0])
                self.assertEqual(made("k"), 1)

    def test_a_caller_after_the_clear_does_not_join_the_load_before_it(self):
        source = Source()
        made = cached(single_flight=20)(source.load)
        source.may_return.clear()
        thread, _ = in_thread(lambda: made("k"))
        source.has_read.wait(20)
        source.version = 1
        made.cache_clear()
        source.has_read.clear()
        other, new = in_thread(lambda: made("k"))
        # It loads by itself: it reads while the first still waits.
        self.assertTrue(source.has_read.wait(20))
        source.may_return.set()
        thread.join(), other.join()
        self.assertEqual(new, [1])

    def test_a_clear_while_a_task_loads(self):
        version = [0]

        @cached(single_flight=10)
        async def load(key):
            read = version[0]
            await asyncio.sleep(0.05)
            return read

        async def main():
            task = asyncio.ensure_future(load("k"))
            await asyncio.sleep(0.01)
            version[0] = 1
            load.cache_clear()
            return await load("k"), await task, await load("k")

        self.assertEqual(asyncio.run(main()), (1, 0, 1))

    def test_a_clear_by_the_loader_itself(self):
        @cached
        def load(key):
            load.cache_clear()
            return object()

        self.assertIsNot(load(1), load(1))

    def test_two_clears_end_with_a_token_nobody_captured(self):
        table = SlotTable()
        seen = {table.words[slot_of("fn:a")]}
        for _ in range(100):
            ((_, before, after),) = table.renew(["fn:a"])
            self.assertIn(before, seen)
            self.assertNotIn(after, seen)
            seen.add(after)

    def test_nested_caches_are_cleared_together(self):
        source = Source()
        inner = cached(namespace="nested", name="inner")(source.load)
        outer = cached(namespace="nested", name="outer")(lambda key: inner(key))
        self.assertEqual(outer("k"), 0)
        source.version = 1
        registry.clear("ns:nested")
        self.assertEqual(outer("k"), 1)

    def test_under_many_threads_nothing_old_comes_back(self):
        source = Source()
        made = cached(single_flight=5, maxsize=8)(lambda key: (source.version, time.sleep(0.0005))[0])
        floor = [0]
        wrong, calls = [], [0]
        stop = time.monotonic() + 2.0

        def ask(seed):
            done = 0
            while time.monotonic() < stop:
                done += 1
                least = floor[0]
                got = made((seed + done) % 12)
                if got < least:
                    wrong.append((got, least))
            calls[0] += done

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        while time.monotonic() < stop:
            source.version += 1
            made.cache_clear()
            floor[0] = source.version
            time.sleep(0.003)
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertGreater(calls[0], 500)
        self.assertGreater(source.version, 50)


class Scopes(unittest.TestCase):
    def setUp(self):
        self.source = Source()
        source = self.source

        @cached(namespace="users", version=3, tags=["user:{user_id}", "all-users"], name="scopes.profile")
        def profile(user_id, lang="en"):
            return source.load(user_id)

        self.profile = profile
        for user in (1, 2):
            profile(user)
        source.version = 1

    def values(self):
        return [self.profile(1), self.profile(2)]

    def test_by_tag(self):
        registry.clear("tag:user:1")
        self.assertEqual(self.values(), [1, 0])

    def test_by_namespace_and_version(self):
        registry.clear("ns:users:v2")
        self.assertEqual(self.values(), [0, 0])
        registry.clear("ns:users:v3")
        self.assertEqual(self.values(), [1, 1])

    def test_by_function(self):
        registry.clear("fn:scopes.profile")
        self.assertEqual(self.values(), [1, 1])

    def test_by_slices_until_all_are_cleared(self):
        self.assertEqual(self.values(), [0, 0])
        registry.clear(*["slice:users:%d" % each for each in range(256)])
        self.assertEqual(self.values(), [1, 1])

    def test_undo_makes_entries_that_lie_there_answers_again(self):
        changes = registry.clear("ns:users")
        registry.undo(changes)
        self.assertEqual(self.values(), [0, 0])

    def test_undo_does_not_touch_what_was_loaded_meanwhile_or_cleared_again(self):
        changes = registry.clear("ns:users")
        self.assertEqual(self.profile(1), 1)
        later = registry.clear("ns:users")
        lost = registry.undo(changes)
        self.assertEqual(lost, [slot_of("ns:users")])
        self.source.version = 2
        self.assertEqual(self.profile(1), 2)
        self.assertEqual(len(later), 1)

    def test_two_scopes_in_one_word_only_clear_too_much(self):
        other = next(name for name in map(str, range(10**7)) if slot_of("tag:" + name) == slot_of("tag:user:1"))
        registry.clear("tag:" + other)
        self.assertEqual(self.values(), [1, 0])

    def test_another_table_makes_everything_void(self):
        from deadweight._cache import slots

        before = slots.table
        try:
            registry.use(SlotTable(memoryview(bytearray(os.urandom(SLOT_COUNT * 8))).cast("Q")))
            self.assertEqual(self.values(), [1, 1])
        finally:
            registry.use(before)


class Settings(unittest.TestCase):
    """What `deadweight caches resize`, `ttl` and `freeze` do inside: the same function object obeys from the next call on."""

    def obey(self, made, frozen=False, bypassed=False, **options):
        made.cache.obey(made.cache.declared._replace(**options), frozen, bypassed)

    def test_another_bound(self):
        made = cached(maxsize=50)(lambda key: [key])
        for key in range(50):
            made(key)
        self.obey(made, maxsize=5)
        self.assertEqual(made.cache_info()[2:], (5, 5))
        self.obey(made)
        self.assertEqual(made.cache_parameters()["maxsize"], 50)

    def test_a_time_where_the_program_has_none(self):
        made = cached(lambda key: [key])
        self.obey(made, ttl=0.05, jitter=0)
        first = made(1)
        self.assertIs(made(1), first)
        time.sleep(0.1)
        self.assertIsNot(made(1), first)

    def test_no_bound_where_the_program_has_one(self):
        made = cached(maxsize=2)(lambda key: [key])
        self.obey(made, maxsize=None)
        kept = [made(key) for key in range(100)]
        self.assertTrue(all(made(key) is value for key, value in enumerate(kept)))

    def test_frozen_entries_neither_end_nor_come_nor_go_but_clears_count(self):
        made = cached(maxsize=2, ttl=0.05)(lambda key: [key])
        first = made(1)
        self.obey(made, frozen=True)
        time.sleep(0.1)
        self.assertIs(made(1), first)
        self.assertIsNot(made(2), made(2))
        made.cache_clear()
        self.assertIsNot(made(1), first)

    def test_bypassed_every_call_loads(self):
        made = cached(lambda key: [key])
        first = made(1)
        self.obey(made, bypassed=True)
        self.assertIsNot(made(1), first)
        self.assertIsNot(made(1), made(1))


class Flights(unittest.TestCase):
    def test_many_callers_one_load(self):
        loads = []
        start = threading.Barrier(8)

        @cached(single_flight=20)
        def load(key):
            loads.append(key)
            time.sleep(0.1)
            return object()

        def ask():
            start.wait()
            return load("k")

        pairs = [in_thread(ask) for _ in range(8)]
        for thread, _ in pairs:
            thread.join()
        self.assertEqual(len(loads), 1)
        self.assertEqual(len({id(found[0]) for _, found in pairs}), 1)

    def test_all_waiting_callers_get_the_error(self):
        source = Source()
        source.may_return.clear()

        @cached(single_flight=20)
        def load(key):
            source.load(key)
            raise LookupError(key)

        def ask():
            try:
                return load("k")
            except LookupError as error:
                return error.args

        pairs = [in_thread(ask) for _ in range(3)]
        source.has_read.wait(20)
        time.sleep(0.05)
        source.may_return.set()
        for thread, found in pairs:
            thread.join()
            self.assertEqual(found, [("k",)])

    def test_waiting_has_an_end(self):
        source = Source()
        source.may_return.clear()
        made = cached(single_flight=0.1)(lambda key: source.load(key) if source.version == 0 else "own")
        thread, _ = in_thread(lambda: made("k"))
        source.has_read.wait(20)
        source.version = 1
        self.assertEqual(made("k"), "own")
        source.may_return.set()
        thread.join()

    def test_a_loader_that_calls_itself_with_the_same_key_does_not_wait_for_itself(self):
        depth = []

        @cached(single_flight=60)
        def load(key):
            depth.append(key)
            return "end" if len(depth) > 1 else load(key)

        self.assertEqual(load("k"), "end")


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class Forks(unittest.TestCase):
    def exit_code(self, work):
        pid = os.fork()
        if pid == 0:
            code = 2
            try:
                code = 0 if work() else 1
            finally:
                os._exit(code)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return status >> 8
            time.sleep(0.01)
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        return "hangs"

    def test_while_a_load_is_in_flight(self):
        source = Source()
        made = cached(single_flight=60)(source.load)
        source.may_return.clear()
        thread, _ = in_thread(lambda: made("k"))
        source.has_read.wait(20)

        def child():
            source.may_return.set()
            return made("k") == 0

        self.assertEqual(self.exit_code(child), 0)
        source.may_return.set()
        thread.join()

    def test_while_another_thread_holds_the_lock(self):
        made = cached(lambda key: [key])
        made(1)
        held, free = threading.Event(), threading.Event()

        def hold():
            with made.cache._lock:
                held.set()
                free.wait(20)

        thread, _ = in_thread(hold)
        held.wait(20)
        self.assertEqual(self.exit_code(lambda: made(2) == [2] and made(1) == [1]), 0)
        free.set()
        thread.join()

    def test_the_child_clears_for_itself(self):
        source = Source()
        made = cached(source.load)
        made("k")
        source.version = 1

        def child():
            made.cache_clear()
            return made("k") == 1

        self.assertEqual(self.exit_code(child), 0)
        self.assertEqual(made("k"), 0)


if __name__ == "__main__":
    unittest.main()
