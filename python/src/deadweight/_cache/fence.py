"""Clears a `functools.lru_cache` that nobody prepared, so that nothing loaded before the clear is an answer after it.

Sent into the process as text by `deadweight caches clear --pid`. `cache_clear()` alone is not enough: a load under way puts its
value in afterwards. So the cache is cleared, the calls of the function that run at this moment are waited for, and it is
cleared again. The waiting is done by a thread; the program's own threads go on.
"""

import functools
import gc
import json
import os
import sys
import threading
import time

_LOOK_SECONDS = 0.003
_WRAPPER = type(functools.lru_cache()(lambda: None))


def fenced_clear(name, folder, seconds):
    """Begins; the outcome appears as `folder`/outcome, JSON. Answers what was found, JSON, or why nothing was."""
    wrappers = _find(name)
    if not wrappers:
        return json.dumps({"error": _why_none(name)})
    before = [wrapper.cache_info() for wrapper in wrappers]
    for wrapper in wrappers:
        wrapper.cache_clear()
    codes = [_code_of(wrapper.__wrapped__) for wrapper in wrappers]
    greenlets = _greenlets()
    running = [frame for frame in _frames(greenlets) if frame.f_code in codes]
    found = {
        "entries": sum(info.currsize for info in before),
        "caches": len(wrappers),
        "hits": sum(info.hits for info in before),
        "misses": sum(info.misses for info in before),
        "loads": len(running),
        "isBlind": None in codes,
    }
    wait = threading.Thread(
        target=_finish, args=(wrappers, running, greenlets, found, folder, seconds), name="deadweight clear"
    )
    wait.daemon = True
    wait.start()
    return json.dumps(found)


def _finish(wrappers, running, greenlets, found, folder, seconds):
    start = time.monotonic()
    left = running
    while left and time.monotonic() - start < seconds:
        time.sleep(_LOOK_SECONDS)
        now = {id(frame) for frame in _frames(greenlets)}
        # The frames are held on to, so that no other one can have their ids.
        left = [frame for frame in left if id(frame) in now]
    # Between the end of a call and the moment its result is put in, the thread may lose the interpreter once.
    time.sleep(2 * sys.getswitchinterval())
    for wrapper in wrappers:
        wrapper.cache_clear()
    outcome = dict(found, waitedMs=(time.monotonic() - start) * 1000, left=len(left))
    del left, running, greenlets
    try:
        with open(os.path.join(folder, "outcome.part"), "w") as file:
            json.dump(outcome, file)
        os.rename(os.path.join(folder, "outcome.part"), os.path.join(folder, "outcome"))
    except OSError:
        # The tool has gone, and its folder with it.
        pass


def _frames(greenlets):
    """Every frame of every thread, but those of this one, and of greenlets that wait."""
    own = threading.get_ident()
    tops = [(thread == own, frame) for thread, frame in sys._current_frames().items()]
    for is_own, frame in tops + [(False, each.gr_frame) for each in greenlets]:
        # Below our own frames in the main thread may be the program's.
        while frame is not None:
            if not is_own or frame.f_code.co_filename != __file_of_fence:
                yield frame
            frame = frame.f_back


def _greenlets():
    """Those of gevent and eventlet: while one waits it is on no thread's stack."""
    kind = getattr(sys.modules.get("greenlet"), "greenlet", None)
    return [] if kind is None else [each for each in gc.get_objects() if isinstance(each, kind)]


def _code_of(function):
    """The code whose frames are calls of it, or None: calls of C cannot be seen."""
    while isinstance(function, functools.partial):
        function = function.func
    for each in (function, getattr(type(function), "__call__", None)):
        code = getattr(each, "__code__", None)
        if code is not None:
            return code
    return None


__file_of_fence = (lambda: None).__code__.co_filename


def _find(name):
    """All lru_cache wrappers of a function: by its place first, and anywhere in the heap (decorated twice, replaced, nested)."""
    found = []
    for candidate in gc.get_objects():
        if type(candidate) is _WRAPPER and name in (_name_of(candidate), _name_of(candidate).replace(".<locals>", "")):
            found.append(candidate)
    return found


def _name_of(wrapper):
    return "%s.%s" % (getattr(wrapper, "__module__", ""), getattr(wrapper, "__qualname__", ""))


def _kept_by(name):
    """The library whose decorator made a function of this name, or None."""
    for each in gc.get_objects():
        # Attributes of anything else might run code of the program.
        is_wrapper = type(each).__module__.startswith("cachetools.") or type(each) is type(_kept_by)
        named = vars(each) if is_wrapper and hasattr(each, "__dict__") else {}
        if "__wrapped__" in named and "cache" in named and _name_of(each) == name:
            return (type(named["cache"]).__module__ or "").partition(".")[0]
    return None


def _why_none(name):
    registry, host = (sys.modules.get("deadweight._cache." + each) for each in ("registry", "host"))
    if registry is not None and any(store.policy.name == name for store in registry.stores()):
        joined = host.current() if host is not None else None
        how = "--app %s" % joined.app if joined else "--app, after the program has called deadweight.join()"
        return "%s is kept by deadweight.cached, and cleared with %s instead" % (name, how)
    other = _kept_by(name)
    if other is not None:
        return "%s is kept by %s, which cannot be cleared from outside; only functools.lru_cache can" % (name, other)
    last = name.rpartition(".")[2]
    near = sorted({_name_of(each) for each in gc.get_objects() if type(each) is _WRAPPER and _name_of(each).endswith("." + last)})
    return "it has no lru_cache called %s%s" % (name, "; it has %s" % ", ".join(near[:3]) if near else "")
