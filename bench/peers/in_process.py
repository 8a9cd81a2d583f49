"""What each tool is asked inside the target, the way its documentation asks.

A hook is a generator: the time up to a yield is the step it names. It returns what the tool said about CACHE: the text in
which its user would look for the name, and the bytes it gives for it. `chosen` is an object that a user of the tool has
to pick by other means before the tool can say who holds it.
"""

import gc
import io
import sys


def count_reachable():
    """gc.get_objects() sees containers only; strings and numbers are found through them.

    As people write it, and so without the keys of most dicts: dict_traverse (3.11 Objects/dictobject.c) does not visit
    keys that are strings. target.py --truth counts them.
    """
    stack = gc.get_objects()
    seen = set(map(id, stack))
    objects = edges = size = 0
    get_size, get_referents = sys.getsizeof, gc.get_referents
    while stack:
        item = stack.pop()
        objects += 1
        size += get_size(item)
        for other in get_referents(item):
            edges += 1
            if id(other) not in seen:
                seen.add(id(other))
                stack.append(other)
    return {"objects": objects, "edges": edges, "bytes": size}


def walk(heap, printed):
    counted = count_reachable()
    yield "walk over everything reachable"
    return {"text": str(counted), "bytes": None}


def objgraph(heap, printed):
    import objgraph as tool

    yield "import"
    tool.show_most_common_types(limit=10)
    yield "show_most_common_types"
    tool.show_growth(limit=5)
    yield "show_growth, first"
    for number in range(10_000_000, 10_001_000):
        heap.remember(number)
    yield "1,000 requests"
    tool.show_growth(limit=5)
    yield "show_growth, second"
    chosen = heap.CACHE["req-10000500"]["items"]
    chain = tool.find_backref_chain(chosen, tool.is_proper_module)
    yield "find_backref_chain"
    picture = io.StringIO()
    tool.show_chain(chain, output=picture)
    yield "show_chain"
    return {"text": printed.getvalue() + picture.getvalue(), "bytes": None}


def pympler(heap, printed):
    from pympler import asizeof, muppy, summary

    yield "import"
    objects = muppy.get_objects()
    yield "muppy.get_objects"
    summary.print_(summary.summarize(objects), limit=10)
    yield "summary.summarize"
    del objects
    size = asizeof.asizeof(heap.CACHE)
    yield "asizeof(CACHE)"
    return {"text": printed.getvalue(), "bytes": size}


def guppy(heap, printed):
    from guppy import hpy

    yield "import"
    session = hpy()
    everything = session.heap()
    yield "heap()"
    print(everything)
    yield "print(heap)"
    print(everything.byrcs)
    yield "heap.byrcs"
    chosen = heap.CACHE["req-1500"]
    print(session.iso(chosen).shpaths)
    yield "iso(record).shpaths"
    size = session.iso(heap.CACHE).domisize
    yield "iso(CACHE).domisize"
    return {"text": printed.getvalue(), "bytes": size}
