# A process whose heap stands still. It fills app.py's heap, prints "READY", and from then on sleeps in read(2): whoever
# looks from outside between two commands sees exactly the heap that the next `truth` describes.
#   target.py ENTRIES
# Commands, one per line on stdin; each is answered by one line, "DONE <json>":
#   truth FOLDER    writes what Python itself knows of the heap (see write_truth) into FOLDER
#   grow N          adds N records to app.cache
#   collect         runs the collector and says how many objects it found unreachable

import array
import bisect
import gc
import io
import json
import os
import random
import sys
import tempfile
import threading
import types

import app

SAMPLE = 2000
PER_TYPE = 30


def main():
    gc.collect()
    gc.disable()
    app.fill(int(sys.argv[1]))
    worker = app.start_worker()
    gc.collect()
    app.plant_garbage()
    baseline = array.array("Q")
    with tempfile.TemporaryDirectory() as scratch:
        # Imports, method caches, encoders and the like are made now rather than while the truth is told.
        write_truth(scratch, take_baseline(), worker)
    # Nothing of a command may stay in this frame: up to 3.10 frames are objects, and their locals part of the heap.
    commands, buffer = io.FileIO(0, closefd=False), bytearray(4096)
    baseline.extend(take_baseline())
    answer("READY", {"pid": os.getpid(), "baseline": len(baseline)})
    while obey(buffer, commands.readinto(buffer), baseline, worker):
        pass
    os._exit(0)  # event loops and threads are still there on purpose


def obey(buffer, length, baseline, worker):
    name, _, argument = buffer[:length].decode().strip().partition(" ")
    if name == "truth":
        answer("DONE", write_truth(argument, baseline, worker))
    elif name == "grow":
        app.grow(int(argument))
        baseline[:] = take_baseline()
        answer("DONE", {"entries": len(app.cache)})
    elif name == "collect":
        found = gc.collect()
        baseline[:] = take_baseline()
        answer("DONE", {"unreachable": found})
    return length > 0


def answer(word, content):
    os.write(1, ("%s %s\n" % (word, json.dumps(content))).encode())


def take_baseline():
    """Sorted addresses of all objects that the collector tracks; an array, so that it adds no object of its own."""
    return array.array("Q", sorted(map(id, gc.get_objects())))


def in_baseline(baseline, address):
    at = bisect.bisect_left(baseline, address)
    return at < len(baseline) and baseline[at] == address


def write_truth(folder, baseline, worker):
    """
    Columns of little-endian u64, one file each:
      gc-id, gc-type, gc-size         every object the collector tracks (permanent generation excepted)
      leaf-id, leaf-type, leaf-size   every further object that gc.get_referents leads to from those; on 3.12 and later
                                      also the permanent generation, which gc.get_objects leaves out
      sample-id, sample-count, sample-target   referents: first SAMPLE random gc objects, then PER_TYPE of each type
    and truth.json for the rest. Objects this function made itself are left out and listed in own-id.
    """
    tracked = gc.get_objects()
    own = array.array("Q", (id(o) for o in tracked if not in_baseline(baseline, id(o))))
    tracked = [o for o in tracked if in_baseline(baseline, id(o))]
    leaves = find_leaves(tracked, own)
    columns = {"own-id": own}
    add_columns(columns, "gc", tracked)
    add_columns(columns, "leaf", leaves)
    random_objects = random.Random(1).sample(tracked, min(SAMPLE, len(tracked)))
    add_sample(columns, random_objects + some_of_each_type(tracked, leaves))
    for name, column in columns.items():
        with open(os.path.join(folder, name + ".u64"), "wb") as file:
            column.tofile(file)
    facts = {
        "random": len(random_objects),
        "types": describe_types(tracked, leaves),
        "caches": describe_caches(tracked),
        "garbage": app.garbage,
        "collector": {"enabled": gc.isenabled(), "stats": [{name: each[name] for name in ("collections", "collected", "uncollectable")} for each in gc.get_stats()], "thresholds": gc.get_threshold(), "frozen": gc.get_freeze_count()},
        "landmarks": landmarks(worker),
        "numpy": app.numpy is not None,
    }
    with open(os.path.join(folder, "truth.json"), "w") as file:
        file.write(json.dumps(facts))  # json.dump would leave cycles behind
    return {"gc": len(tracked), "leaves": len(leaves), "own": len(own)}


def find_leaves(tracked, own):
    seen = set(map(id, tracked))
    seen.update(own)
    pending, leaves = list(tracked), []
    while pending:
        batch, pending = pending, []
        for thing in batch:
            for referent in gc.get_referents(thing):
                if id(referent) not in seen:
                    seen.add(id(referent))
                    leaves.append(referent)
                    pending.append(referent)
    return leaves


def add_columns(columns, name, objects):
    columns[name + "-id"] = array.array("Q", map(id, objects))
    columns[name + "-type"] = array.array("Q", map(id, map(type, objects)))
    columns[name + "-size"] = array.array("Q", map(size_of, objects))


def size_of(thing):
    try:
        return sys.getsizeof(thing)
    except Exception:  # a __sizeof__ that needs more than the object: the type itself, say
        return 0


def some_of_each_type(*groups):
    chosen, counts = [], {}
    for objects in groups:
        for thing in objects:
            count = counts.get(id(type(thing)), 0)
            if count < PER_TYPE:
                counts[id(type(thing))] = count + 1
                chosen.append(thing)
    return chosen


def add_sample(columns, objects):
    ids, counts, targets = array.array("Q"), array.array("Q"), array.array("Q")
    for thing in objects:
        referents = gc.get_referents(thing)
        ids.append(id(thing))
        counts.append(len(referents))
        targets.extend(map(id, referents))
    columns.update({"sample-id": ids, "sample-count": counts, "sample-target": targets})


def describe_types(*groups):
    types = {}
    for objects in groups:
        for thing in objects:
            for kind in (type(thing), thing):
                if issubclass(type(kind), type) and id(kind) not in types:  # a proxy would fool isinstance
                    types[id(kind)] = {
                        "id": id(kind),
                        "name": type_name(kind),
                        "flags": kind.__flags__,
                        "basicsize": kind.__basicsize__,
                    }
    return list(types.values())


def type_name(kind):
    module = type.__dict__["__module__"].__get__(kind)
    return kind.__qualname__ if module == "builtins" else "%s.%s" % (module, kind.__qualname__)


def describe_caches(objects):
    wrapper = type(app.bounded)
    return [
        dict(zip(("hits", "misses", "maxsize", "currsize"), cache.cache_info()), id=id(cache), name=cache.__qualname__)
        for cache in objects
        if type(cache) is wrapper
    ]


def landmarks(worker):
    """Things at known places, for tests of names and paths."""
    handle = sys._current_frames()[worker.ident]
    while handle.f_code is not app.handle.__code__:
        handle = handle.f_back
    closure = next(thing for thing in app.exotic if type(thing) is types.FunctionType)
    delegating = next(thing for thing in app.exotic if type(thing) is types.GeneratorType and thing.gi_yieldfrom is not None)
    entries = max((thing for thing in gc.get_referents(app.unbounded) if type(thing) is dict), key=len)
    seventh = next(result for result in entries.values() if type(result) is list and result[0] == 7)
    return {
        "sys.modules": id(sys.modules),
        "app.cache": id(app.cache),
        "app.registry['users']": id(app.registry["users"]),
        "app.registry['users'][7].address": id(app.registry["users"][7].address),
        "app.cache['k7']['meta']": id(app.cache["k7"]["meta"]),
        "app.registry['points'][7].x": id(app.registry["points"][7].x),
        "app.WithMeta.shared": id(app.WithMeta.shared),
        "closure rows": id(closure.__closure__[0].cell_contents),
        "generator before": id(delegating.gi_frame.f_locals["before"]),
        "app.unbounded entry 7": id(seventh),
        "app.bounded": id(app.bounded),
        "worker-1 handle rows": id(handle.f_locals["rows"]),
        "worker-1 thread": id(worker),
        "main thread": id(threading.main_thread()),
    }


main()
