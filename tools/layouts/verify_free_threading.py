# What verify_layout.py asks of an interpreter without a GIL: counts in two parts, and all objects that its collector knows
# found in the pages of mimalloc, at the offsets that the table gives. Segment of a page and first block of it:
# Objects/mimalloc/segment.c, _mi_segment_page_start_from_slice.

import ctypes
import gc
import sys
import threading


class Node:
    pass


def tracked_objects(layout, word, interpreter):
    """Addresses of all objects whose bits say that the collector knows them; none is looked at twice."""
    f = layout["freeThreading"]
    thread = word(interpreter + layout["interpreter"]["threadsHead"])
    found = set()
    while thread:
        if word(thread + f["heapsReady"], "i"):
            for heap, before in ((f["heapGc"], 0), (f["heapGcPre"], 16)):
                for page in pages_of_heap(f, word, thread + heap):
                    found.update(tracked_in_page(f, word, page, before))
        thread = word(thread + layout["thread"]["next"])
    for page in abandoned_pages(f, word, interpreter):
        tag = word(page + f["pageTag"], "B") >> f["pageTagShift"] & 15
        if tag in (f["tagGc"], f["tagGcPre"]):
            found.update(tracked_in_page(f, word, page, 16 if tag == f["tagGcPre"] else 0))
    return found


def pages_of_heap(f, word, heap):
    for queue in range(f["queueCount"]):
        page = word(heap + f["queues"] + queue * f["queueSize"] + f["queueFirst"])
        while page:
            yield page
            page = word(page + f["pageNext"])


def abandoned_pages(f, word, interpreter):
    for pool in (f["abandoned"], f["abandonedVisited"]):
        # The lowest bits of a segment's address are a counter.
        segment = word(interpreter + pool) // f["segmentBytes"] * f["segmentBytes"]
        while segment:
            slice_at, end = segment + f["segmentSlices"], segment + f["segmentSlices"] + word(segment + f["segmentEntries"]) * f["pageSize"]
            while slice_at < end:
                # A slice that is in use has blocks; one that is free says so by a size of 0.
                if word(slice_at + f["pageBlockBytes"], "I"):
                    yield slice_at
                slice_at += max(1, word(slice_at + f["pageSlices"], "I")) * f["pageSize"]
            segment = word(segment + f["segmentNext"]) // f["segmentBytes"] * f["segmentBytes"]


def tracked_in_page(f, word, page, before):
    segment = page // f["segmentBytes"] * f["segmentBytes"]
    size = word(page + f["pageBlockBytes"], "I")
    index = (page - segment - f["segmentSlices"]) // f["pageSize"]
    start = segment + index * f["sliceBytes"] + (3 * size if size <= 64 else size if size <= 512 else 0)
    capacity = word(page + f["pageCapacity"], "I") & 0xFFFF
    # What we make meanwhile comes out of these pages: look at a copy.
    lists = [word(page + f[name]) for name in ("pageFree", "pageLocalFree", "pageThreadFree")]
    copy = ctypes.string_at(start, size * capacity)
    free = set()
    for first in lists:
        # The lowest bits of the head may be flags.
        at = (first & ~3) - start
        while 0 <= at < len(copy) and at not in free:
            free.add(at)
            at = int.from_bytes(copy[at : at + 8], sys.byteorder) - start
    for at in range(0, size * capacity, size):
        if at not in free and copy[at + before + f["gcBits"]] & f["tracked"]:
            yield start + at + before


def verify(layout, word, same, interpreter, runtime):
    f = layout["freeThreading"]
    head = layout["objectHead"]
    kept = []
    thread = threading.Thread(target=lambda: kept.extend(Node() for _ in range(5000)))
    thread.start()
    thread.join()
    kept.extend([] for _ in range(5000))
    planted = [object() for _ in range(321)]
    before = word(id(planted) + head["refcount"], "I")
    again = [planted] * 7
    same("objectHead.refcount", before + 7, word(id(planted) + head["refcount"], "I"))
    # The thread that made these is gone: whoever refers to them now counts in the shared part.
    shared = word(id(kept[0]) + f["sharedRefcount"], "q") >> f["sharedShift"]
    others = [kept[0]] * 5
    same("sharedRefcount", shared + 5, word(id(kept[0]) + f["sharedRefcount"], "q") >> f["sharedShift"])
    same("immortal", f["immortal"], word(id(None) + head["refcount"], "I"))
    same("mutex", 0, word(id(planted) + f["mutex"], "B"))
    same("deferred", True, bool(word(id(verify) + f["gcBits"], "B") & f["deferred"]) or word(id(verify) + head["refcount"], "I") == f["immortal"])
    del again, others
    gc.disable()
    known = set(map(id, gc.get_objects()))
    found = tracked_objects(layout, word, interpreter)
    same("objects that were not found in the pages", 0, len(known - found - {id(known)}))
    missed = set(map(id, kept)) - found
    same("planted objects that were not found", 0, len(missed))
    extra = found - known
    # What this function makes meanwhile.
    same("objects in the pages that the collector does not know", True, len(extra) < 50)
    gc.freeze()
    same("frozen", True, bool(word(id(kept[1]) + f["gcBits"], "B") & f["frozen"]))
    gc.unfreeze()
    same("debugAllocator", int(sys.flags.dev_mode), word(runtime + f["debugAllocator"], "B"))
