"""Dates formatted with patterns that tenants wrote: each pattern stays parsed (python-babel/babel #962)."""

from babel import dates

calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        dates.parse_pattern(f"yyyy-MM-dd 'tenant {calls}'")


def held():
    for name in ("_pattern_cache", "_cached_parse_pattern"):
        cache = getattr(dates, name, None)
        if cache is not None:
            return len(cache) if isinstance(cache, dict) else cache.cache_info().currsize
    return dates.parse_pattern.cache_info().currsize
