"""Records that expire: the empty list of each name stays in the cache (python-zeroconf PR #233)."""

import zeroconf

CACHE = zeroconf.DNSCache()
calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        record = zeroconf.DNSAddress(f"host-{calls}.local.", 1, 1, 120, b"\x7f\0\0\1")
        CACHE.add(record)
        CACHE.remove(record)


def held():
    return len(CACHE.cache)
