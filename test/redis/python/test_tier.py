"""The shared tier on a real server: its address in TIER_URL. Each test has an application of its own."""

import asyncio
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
from dataclasses import dataclass

from deadweight import cached, redis_tier
from deadweight._cache_keys import UnstableKeyError
from deadweight._redis.codec import PickleCodec
from deadweight._redis.nodes import Ask, slot_of_key
from deadweight._redis.protocol import control_keys, generation_key

URL = os.environ["TIER_URL"]


made = []


def tier_of(app=None, **options):
    made.append(redis_tier(URL, app=app or "t" + uuid.uuid4().hex[:12], **options))
    return made[-1]


def ask(tier, key, *words):
    return tier.nodes.run([Ask(key, words)])[0].reply


def keys_of(tier):
    """Only tests may list keys. In a cluster each node lists its own."""
    found = [ask(tier, str(each), "KEYS", "*%s*" % tier.app) for each in range(12)]
    return sorted({key.decode() for keys in found for key in keys})


class Case(unittest.TestCase):
    def tearDown(self):
        # One that begins to follow its stream clears what all have kept in this process.
        while made:
            made.pop().close()

    def make(self, app=None, **options):
        loads = []
        own = {key: options.pop(key) for key in list(options) if key in ("codec", "secret", "lease", "on_partition", "timeout")}
        tier = tier_of(app, **own)

        @cached(tier=tier, name="shop.quote", **options)
        def quote(symbol, day=0):
            loads.append(symbol)
            return {"symbol": symbol, "day": day}

        return tier, quote, loads


class Values(Case):
    def test_one_process_loads_and_another_finds(self):
        tier, quote, loads = self.make()
        _, other, other_loads = self.make(tier.app)
        self.assertEqual(quote("A"), other(symbol="A", day=0))
        self.assertEqual((loads, other_loads), (["A"], []))

    def test_keys_have_namespace_version_token_and_hash_and_always_a_time_to_live(self):
        tier, quote, _ = self.make(namespace="prices", version=3)
        quote("A")
        (key,) = [each for each in keys_of(tier) if ":prices:v3:" in each and ":gen:" not in each]
        app, namespace, version, token, digest = key.split(":")
        self.assertEqual((app, namespace, version, len(token), len(digest)), (tier.app, "prices", "v3", 16, 32))
        self.assertGreater(ask(tier, key, "PTTL", key), 0)

    def test_the_time_to_live_is_that_of_the_cache(self):
        tier, quote, _ = self.make(namespace="n", ttl=50)
        quote("A")
        (key,) = [each for each in keys_of(tier) if ":n:v1:" in each and ":gen:" not in each]
        self.assertTrue(44_000 < ask(tier, key, "PTTL", key) <= 50_000)

    def test_what_comes_from_the_tier_does_not_live_longer_here(self):
        tier, quote, _ = self.make(namespace="n", ttl=500)
        quote("A")
        (key,) = [each for each in keys_of(tier) if ":n:v1:" in each and ":gen:" not in each]
        ask(tier, key, "PEXPIRE", key, 60_000)
        _, other, loads = self.make(tier.app, namespace="n", ttl=500)
        other("A")
        (entry,) = other.cache.entries.values()
        self.assertEqual(loads, [])
        self.assertLessEqual(entry.ends, time.monotonic() + 60)

    def test_a_clear_from_anywhere_is_a_new_token(self):
        tier, quote, loads = self.make(namespace="prices", maxsize=0, tags=["symbol:{symbol}"])
        for scope in ("ns:prices", "ns:prices:v1", "fn:shop.quote", "tag:symbol:A"):
            quote("A")
            quote("B")
            before = len(loads)
            key = generation_key(tier.app, scope)
            ask(tier, key, "SET", key, "another")
            quote("A")
            quote("B")
            # A tag concerns its own entries alone.
            self.assertEqual(len(loads) - before, 1 if scope.startswith("tag") else 2, scope)

    def test_a_value_loaded_before_a_clear_lies_where_nobody_looks(self):
        tier, _, _ = self.make()
        started, go_on = threading.Event(), threading.Event()
        source = ["old"]

        @cached(tier=tier, name="slow", maxsize=0)
        def slow():
            value = source[0]
            started.set()
            go_on.wait(5)
            return value

        thread = threading.Thread(target=slow)
        thread.start()
        started.wait(5)
        source[0] = "new"
        tier.clear("fn:slow")
        go_on.set()
        thread.join()
        self.assertEqual(slow(), "new")

    def test_evicted_tokens_are_made_anew(self):
        tier, quote, loads = self.make(maxsize=0)
        quote("A")
        key = generation_key(tier.app, "fn:shop.quote")
        ask(tier, key, "DEL", key)
        quote("A")
        quote("A")
        self.assertEqual(loads, ["A", "A"])

    def test_cache_clear_reaches_the_tier(self):
        tier, quote, loads = self.make()
        _, other, other_loads = self.make(tier.app)
        quote("A")
        other.cache_clear()
        other("A")
        self.assertEqual((loads, other_loads), (["A"], ["A"]))

    def test_two_functions_in_one_namespace_are_apart(self):
        tier = tier_of()
        one = cached(tier=tier, namespace="n", name="one")(lambda x: "one")
        two = cached(tier=tier, namespace="n", name="two")(lambda x: "two")
        self.assertEqual((one(1), two(1)), ("one", "two"))

    def test_methods_are_known_by_the_content_of_their_instance(self):
        tier = tier_of()
        loads = []

        @dataclass
        class Shop:
            name: str

            @cached(tier=tier, name="Shop.open")
            def open(self):
                loads.append(self.name)
                return True

        self.assertTrue(Shop("a").open() and Shop("a").open() and Shop("b").open())
        self.assertEqual(loads, ["a", "b"])

    def test_an_instance_without_a_key_is_refused(self):
        class Plain:
            @cached(tier=tier_of(), name="Plain.f")
            def f(self):
                return 1

        with self.assertRaises(UnstableKeyError):
            Plain().f()

    def test_coroutine_functions(self):
        tier = tier_of()
        loads = []

        def make():
            @cached(tier=tier, name="get", single_flight=2)
            async def get(x):
                loads.append(x)
                await asyncio.sleep(0.01)
                return [x]

            return get

        async def run():
            return await asyncio.gather(*[make()(each % 3) for each in range(3)]), await make()(2)

        self.assertEqual(asyncio.run(run()), ([[0], [1], [2]], [2]))
        self.assertEqual(sorted(loads), [0, 1, 2])

    def test_options_that_cannot_be_meant(self):
        for wrong in ({"tier": "redis://x"}, {"tier": tier_of(), "weak": True}):
            with self.assertRaises((TypeError, ValueError)):
                cached(**wrong)(lambda x: x)
        for wrong in ({"codec": "pickle"}, {"codec": "xml"}, {"secret": "s"}, {"lease": 0}, {"on_partition": "no"}):
            with self.assertRaises(ValueError):
                tier_of(**wrong)
        for url in ("http://x", "redis://x/a", "redis://x?what=1"):
            with self.assertRaises(ValueError):
                redis_tier(url, app="a")


class Codecs(Case):
    def test_json_keeps_what_it_can_say_and_nothing_else(self):
        tier = tier_of()
        loads = []

        @cached(tier=tier, name="f", maxsize=0, key=lambda value: repr(value))
        def give(value):
            loads.append(value)
            return value

        kept = [None, True, 2**53 - 1, -1.5, "é\ud800\n", [1, [2]], {"a": {"b": None}}]
        not_kept = [2**53, float("nan"), (1,), {1: 2}, {1}, b"a", [object()], True + 1j]
        for value in kept + not_kept:
            self.assertEqual(repr(give(value)), repr(give(value)))
        self.assertEqual(len(loads), len(kept) + 2 * len(not_kept))
        self.assertEqual(tier.info().unstorable, 2 * len(not_kept))

    def test_pickles_with_a_signature(self):
        tier, quote, loads = self.make(codec="pickle", secret="s1", maxsize=0)
        quote("A")
        quote("A")
        self.assertEqual(loads, ["A"])
        other_tier, other, other_loads = self.make(tier.app, codec="pickle", secret=b"another", maxsize=0)
        other("A")
        self.assertEqual((other_loads, other_tier.info().unreadable), (["A"], 1))

    def test_a_forged_pickle_is_not_opened(self):
        tier, quote, loads = self.make(codec="pickle", secret="s1", maxsize=0, namespace="n")
        quote("A")
        (key,) = [each for each in keys_of(tier) if ":n:v1:" in each and ":gen:" not in each]
        head = ask(tier, key, "GET", key).split(b"\n")[0] + b"\n"
        forged = pickle.dumps(Bomb())
        for content in (forged, b"\0" * 32 + forged, PickleCodec(b"guess").encode(Bomb(), key)):
            ask(tier, key, "SET", key, head + content, "PX", 60_000)
            self.assertEqual(quote("A")["symbol"], "A")
        self.assertEqual((len(loads), Bomb.went_off), (4, False))

    def test_pickles_of_another_version_are_misses(self):
        tier, quote, loads = self.make(codec="unsigned-pickle", maxsize=0, namespace="n")
        quote("A")
        tier.codec.name = "pickle-unsigned/3.99/9"
        quote("A")
        self.assertEqual(loads, ["A", "A"])

    def test_damage_is_a_miss(self):
        tier, quote, loads = self.make(maxsize=0, namespace="n")
        quote("A")
        (key,) = [each for each in keys_of(tier) if ":n:v1:" in each and ":gen:" not in each]
        for content in ("", "dw1 json\n", "dw1 json\n{", "dw0 json\n1", "\x80\x04K\x01."):
            ask(tier, key, "SET", key, content, "PX", 60_000)
            quote("A")
        ask(tier, key, "SET", key, 'dw1 json\n"for ever"')
        quote("A")
        self.assertEqual(len(loads), 7)


class Bomb:
    went_off = False

    def __reduce__(self):
        return (_explode, ())


def _explode():
    Bomb.went_off = True


class Stream(Case):
    def test_a_clear_in_the_stream_reaches_what_is_kept_here(self):
        tier, quote, loads = self.make(namespace="prices")
        self.assertTrue(tier.follower().wait_confirmed(5))
        quote("A")
        quote("A")
        _, other, _ = self.make(tier.app, namespace="prices")
        elsewhere = tier_of(tier.app)
        made = announce_elsewhere(elsewhere, ["ns:prices"])
        wait_for(lambda: applied(tier) >= made)
        quote("A")
        self.assertEqual(loads, ["A", "A"])

    def test_it_says_who_it_is_and_how_far_it_is(self):
        tier, quote, _ = self.make()
        quote("A")
        self.assertTrue(tier.follower().wait_confirmed(5))
        members = ask(tier, *[control_keys(tier.app)[1]], "HGETALL", control_keys(tier.app)[1])
        name, row = members[0].decode(), json.loads(members[1])
        self.assertEqual(name.split("/")[1], str(os.getpid()))
        self.assertEqual((row["leaseMs"], row["onPartition"], row["codec"]), (5000, "bypass", "json"))

    def test_without_a_word_in_time_nothing_kept_is_an_answer(self):
        tier, quote, loads = self.make(lease=1)
        follower = tier.follower()
        self.assertTrue(follower.wait_confirmed(5))
        wait_for(lambda: quote("A") and quote.cache_info().hits > 0)
        follower._turn = broken
        wait_for(lambda: follower.lease_end() <= time.monotonic())
        hits = quote.cache_info().hits
        quote("A")
        self.assertEqual((quote.cache_info().hits, loads), (hits, ["A"]))
        self.assertGreater(tier.info().unconfirmed, 0)

    def test_who_may_be_stale_says_so_and_goes_on(self):
        tier, quote, _ = self.make(lease=0.2, timeout=0.1, on_partition="serve_stale")
        tier.follower()._turn = broken
        time.sleep(0.4)
        quote("A")
        quote("A")
        self.assertEqual(quote.cache_info().hits, 1)

    def test_a_stream_that_was_cut_off_clears_everything(self):
        tier, quote, loads = self.make(maxsize=10)
        follower = tier.follower()
        self.assertTrue(follower.wait_confirmed(5))
        quote("A")
        stream = control_keys(tier.app)[0]
        # As if this process had slept: the entry after its position is gone.
        follower._position = (1, 0)
        wait_for(lambda: follower.set_back == 1)
        quote("A")
        self.assertEqual(quote.cache_info().hits, 0)
        self.assertEqual(ask(tier, stream, "XLEN", stream), 1)

    def test_flushed_data_clears_everything(self):
        tier, quote, loads = self.make()
        follower = tier.follower()
        self.assertTrue(follower.wait_confirmed(5))
        quote("A")
        for key in keys_of(tier):
            ask(tier, key, "DEL", key)
        wait_for(lambda: follower.set_back == 1)
        quote("A")
        self.assertEqual(loads, ["A", "A"])


def broken():
    raise OSError("cut off")


def announce_elsewhere(tier, scopes):
    """Not through `clear`, which would clear this process, too."""
    for _ in range(2):
        made = tier._announce(tuple(scopes))
    return tuple(map(int, made.split("-")))


def applied(tier):
    return tier.follower()._position


def wait_for(is_true, seconds=5):
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in %s s" % seconds)
        time.sleep(0.01)


class Forks(Case):
    def test_children_have_connections_and_a_thread_of_their_own(self):
        tier, quote, _ = self.make(namespace="n")
        self.assertTrue(tier.follower().wait_confirmed(5))
        wait_for(lambda: quote("A") and quote.cache_info().hits > 0)
        before = quote.cache_info().hits
        read, write = os.pipe()
        children = []
        for _ in range(3):
            pid = os.fork()
            if pid == 0:
                own = tier.follower().wait_confirmed(5)
                quote("A")
                hits = quote.cache_info().hits - before
                quote("B")
                os.write(write, b"%d%d " % (own, hits))
                os._exit(0)
            children.append(pid)
        for pid in children:
            os.waitpid(pid, 0)
        # What the parent had is warm in its children.
        self.assertEqual(os.read(read, 100), b"11 " * 3)
        quote("C")
        self.assertEqual(tier.info().bypassed, 0)

    def test_a_first_call_imports_nothing(self):
        # A child that is born of a fork in the middle of an import has half of it, or waits for it for ever.
        program = """if True:
            import sys, deadweight
            tier = deadweight.redis_tier(%r, app="imports")
            @deadweight.cached(tier=tier, namespace="n", tags=["t:{x}"], single_flight=5)
            def same(x): return x
            before = set(sys.modules)
            same("a"), tier.follower().wait_confirmed(5), same("a"), same("a")
            print(sorted(set(sys.modules) - before))
            """
        done = subprocess.run([sys.executable, "-c", program % URL], stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout.decode().strip(), "[]")

    def test_a_child_answers_with_nothing_of_its_parent_while_it_has_no_lease_of_its_own(self):
        tier = tier_of(lease=60.0)
        is_child = False

        @cached(tier=tier, name="shop.quote", namespace="n")
        def quote(symbol):
            if is_child:
                raise LookupError(symbol)
            return symbol

        self.assertTrue(tier.follower().wait_confirmed(5))
        wait_for(lambda: quote("A") and quote.cache_info().hits > 0)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            is_child = True
            # Where nothing listens: it cannot follow, and nothing is found on the server.
            tier.nodes._first = ("127.0.0.1", 1)
            for _ in range(3):
                try:
                    os.write(write, quote("A").encode())
                except LookupError:
                    os.write(write, b"-")
            os._exit(0)
        os.waitpid(pid, 0)
        self.assertEqual(os.read(read, 100), b"---")

    def test_who_has_left_answers_with_nothing_that_was_kept(self):
        for on_partition in ("bypass", "serve_stale"):
            self.leave_and_ask(on_partition)

    def leave_and_ask(self, on_partition):
        tier, quote, loads = self.make(namespace="n", lease=2.0, on_partition=on_partition)
        self.assertTrue(tier.follower().wait_confirmed(5))
        wait_for(lambda: quote("A") and quote.cache_info().hits > 0)
        tier.close()
        # What it was waiting for when it left it may still hear.
        tier._follower._thread.join(5)
        announce_elsewhere(tier, ["ns:n"])
        before = len(loads)
        quote("A")
        self.assertEqual(len(loads), before + 1)


class Hosts(Case):
    def test_a_new_process_does_not_go_on_by_the_lease_of_a_reader_that_is_gone(self):
        # Nobody reads for the table any more, and no clear waits for who has joined it since.
        program = """if True:
            import os, sys, deadweight
            deadweight.join("one")
            tier = deadweight.redis_tier(%r, app="one", lease=30.0)
            if sys.argv[1] == "cut off":
                tier.nodes._first = ("127.0.0.1", 1)
            os.write(1, b"%%d" %% tier.follower().wait_confirmed(float(sys.argv[2])))
            os._exit(0)
            """
        with tempfile.TemporaryDirectory() as folder:
            env = dict(os.environ, DEADWEIGHT_CACHES=folder)
            answers = [
                subprocess.run(
                    [sys.executable, "-c", program % URL, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
                ).stdout
                for words in (("reads", "10"), ("cut off", "0.5"), ("reads", "10"))
            ]
        self.assertEqual(answers, [b"1", b"0", b"1"])


class Slots(unittest.TestCase):
    def test_slots_of_keys_are_those_of_the_specification(self):
        self.assertEqual((slot_of_key("123456789"), slot_of_key("foo"), slot_of_key("{foo}.bar")), (0x31C3, 12182, 12182))
        self.assertEqual(slot_of_key("a{}b"), slot_of_key("a{}b"))
        self.assertNotEqual(slot_of_key("foo{}{bar}"), slot_of_key("bar"))
        self.assertEqual(slot_of_key("foo{{bar}}zap"), slot_of_key("{bar"))


if __name__ == "__main__":
    unittest.main()
