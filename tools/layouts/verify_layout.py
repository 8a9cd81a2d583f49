# Proves a layout table inside the interpreter it was generated for. Reads the table as JSON on stdin, prints a JSON
# list of disagreements (empty = proved) and the number of comparisons. Every mirror of private-structs.h is compared
# with the type's own sizes and with planted values, read back through ctypes at the offsets the table gives.

import array
import atexit
import builtins
import codecs
import collections
import contextvars
import ctypes
import functools
import gc
import importlib.util
import io
import itertools
import json
import os
import re
import sys
import tempfile
import threading
import types
import weakref

layout = json.load(sys.stdin)
problems = []
comparisons = 0


def same(what, expected, seen):
    global comparisons
    comparisons += 1
    if expected != seen:
        problems.append("%s: the table says %s, the interpreter %s" % (what, seen, expected))


def word(address, kind="Q"):
    size = {"Q": 8, "q": 8, "I": 4, "i": 4, "B": 1, "b": 1}[kind]
    return memoryview(ctypes.string_at(address, size)).cast(kind)[0]


def type_at(address):
    return ctypes.cast(word(address + layout["objectHead"]["type"]), ctypes.py_object).value


def group(path):
    found = layout
    for part in path.split("."):
        found = found[part]
    return found


def fields(path, target, kind="Q", **expected):
    """Compares members of one object with what they must hold; an object stands for its address."""
    offsets = group(path)
    for name, value in expected.items():
        if offsets[name] is None:
            continue
        value = value if isinstance(value, int) else id(value)
        same("%s.%s" % (path, name), value, word((target if isinstance(target, int) else id(target)) + offsets[name], kind))


def type_facts(path, python_type, **names):
    offsets = group(path)
    same(path + ".size", python_type.__basicsize__, offsets["size"])
    for attribute, member in names.items():
        if offsets[member] is not None:
            same("%s.%s" % (path, member), getattr(python_type, attribute), offsets[member])


class Planted:
    __slots__ = ("only",)


class Normal:
    pass


def verify_deque():
    items = [object() for _ in range(200)]
    planted = collections.deque(items)
    type_facts("private.deque", collections.deque, __weakrefoffset__="weakreflist")
    d = layout["private"]["deque"]
    block, index = word(id(planted) + d["leftBlock"]), word(id(planted) + d["leftIndex"])
    for item in items:
        same("deque item", id(item), word(block + d["blockItems"] + 8 * index))
        index += 1
        if index == d["blockLength"]:
            block, index = word(block + d["blockNext"]), 0
    same("deque.maxLength", 7, word(id(collections.deque(maxlen=7)) + d["maxLength"]))
    same("deque block", sys.getsizeof(planted) - sys.getsizeof(collections.deque([1])), 3 * d["blockSize"])


def verify_lru():
    @functools.lru_cache(maxsize=77)
    def cached(number):
        return [number]

    kept = [cached("key-%d" % i) for i in range(3)]
    for _ in range(5):
        cached("key-0")
    type_facts("private.lruCache", type(cached), __dictoffset__="dict", __weakrefoffset__="weakreflist")
    info = cached.cache_info()
    fields("private.lruCache", cached, hits=info.hits, misses=info.misses, maxsize=info.maxsize,
           function=cached.__wrapped__, cacheInfoType=type(info), dict=cached.__dict__)
    lru, link = layout["private"]["lruCache"], layout["private"]["lruLink"]
    oldest, newest = word(id(cached) + lru["rootNext"]), word(id(cached) + lru["rootPrevious"])
    fields("private.lruLink", oldest, result=kept[1])
    fields("private.lruLink", newest, result=kept[0], previous=word(oldest + link["next"]))
    same("lruLink.key", "key-1", ctypes.cast(word(oldest + link["key"]), ctypes.py_object).value)
    links = ctypes.cast(word(id(cached) + lru["cache"]), ctypes.py_object).value
    same("lruCache.cache", {oldest, newest, word(oldest + link["next"])}, set(map(id, links.values())))
    link_type = type_at(oldest)
    same("lruLink.size", link_type.__basicsize__, link["size"])


def verify_ordered_dict():
    keys = [("key", i) for i in range(20)]
    planted = collections.OrderedDict((k, i) for i, k in enumerate(keys))
    planted.note = 1
    type_facts("private.orderedDict", collections.OrderedDict, __dictoffset__="dict", __weakrefoffset__="weakreflist")
    odict = layout["private"]["orderedDict"]
    fields("private.orderedDict", planted, dict=planted.__dict__)
    node = word(id(planted) + odict["first"])
    for k in keys:
        same("orderedDict node", id(k), word(node + odict["nodeKey"]))
        node = word(node + odict["nodeNext"])
    same("orderedDict last node", 0, node)
    node = word(id(planted) + odict["last"])
    for k in reversed(keys):
        same("orderedDict node from the end", (id(k), hash(k)), (word(node + odict["nodeKey"]), word(node + odict["nodeHash"], "q")))
        node = word(node + odict["nodePrevious"])
    same("orderedDict first node", 0, node)
    state = word(id(planted) + odict["state"])
    planted.move_to_end(keys[0])
    planted.move_to_end(keys[0])
    same("orderedDict.state, a node was taken out and put in", state + 2, word(id(planted) + odict["state"]))
    planted.move_to_end(keys[0], last=False)
    slots = word(id(planted) + odict["fastNodesSize"])
    table = word(id(planted) + odict["fastNodes"])
    same("orderedDict.fastNodes", 20, sum(1 for i in range(slots) if word(table + 8 * i)))
    extra = sys.getsizeof(planted) - sys.getsizeof(dict(planted)) - odict["size"] + layout["dict"]["size"]
    keys_differ = dict.__sizeof__(planted) - dict.__sizeof__(dict(planted)) - odict["size"] + layout["dict"]["size"]
    same("orderedDict.nodeSize", extra - keys_differ - 8 * slots, 20 * odict["nodeSize"])


def verify_count():
    counter = itertools.count(77)
    next(counter)
    type_facts("private.count", itertools.count)
    same("count.count", 78, word(id(counter) + layout["private"]["count"]["count"]))


def verify_buffers():
    numbers = array.array("i", [7, 8, 9])
    type_facts("private.array", array.array, __weakrefoffset__="weakreflist")
    a = layout["private"]["array"]
    same("array.items", numbers.tobytes(), ctypes.string_at(word(id(numbers) + a["items"]), 12))
    same("array.descriptorItemSize", 4, word(word(id(numbers) + a["descriptor"]) + a["descriptorItemSize"], "i"))
    same("array.allocated", sys.getsizeof(numbers) - sys.getsizeof(array.array("i")), 4 * word(id(numbers) + a["allocated"]))
    content = b"deadweight" * 10
    type_facts("private.bytesIO", io.BytesIO)
    fields("private.bytesIO", io.BytesIO(content), buffer=content)
    text = io.StringIO()
    text.write("dead\u20ac")
    text.seek(0)
    text.write("d")  # not at the end: leaves the accumulator for the buffer
    type_facts("private.stringIO", io.StringIO)
    s = layout["private"]["stringIO"]
    units = word(id(text) + s["bufferSize"])
    seen = ctypes.string_at(word(id(text) + s["buffer"]), 20).decode("utf-32-le")
    same("stringIO.buffer", "dead\u20ac", seen)
    same("stringIO.bufferSize", True, 5 <= units < 200)
    for kind in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom):
        raw = io.BytesIO(content)
        planted = kind(raw, 12345)
        type_facts("private.buffered", kind)
        fields("private.buffered", planted, raw=raw, bufferSize=12345)
        same("buffered.buffer", True, word(id(planted) + layout["private"]["buffered"]["buffer"]) > 4096)
    view = memoryview(content)
    managed = word(id(view) + layout["buffers"]["memoryviewManagedBuffer"])
    fields("private.managedBuffer", managed, object=content)
    same("memoryviewView", id(content), word(id(view) + layout["buffers"]["memoryviewView"] + 8))
    same("managedBuffer.size", type_at(managed).__basicsize__,
         layout["private"]["managedBuffer"]["size"])
    growing = bytearray(b"x" * 300)
    beyond = sys.getsizeof(growing) - sys.getsizeof(bytearray())
    fields("buffers", growing, bytearrayAlloc=beyond - layout["buffers"]["bytearrayOverhead"])
    same("bytesHeader", content, ctypes.string_at(id(content) + layout["buffers"]["bytesHeader"], len(content)))


def verify_module():
    name = "planted module"
    planted = types.ModuleType(name)
    type_facts("private.module", types.ModuleType, __dictoffset__="dict", __weakrefoffset__="weaklist")
    fields("private.module", planted, dict=planted.__dict__, name=name, state=0)
    if layout["private"]["module"]["definition"] is None:
        size = word(id(array) + layout["private"]["module"]["stateSize"])
        same("module.stateSize", True, 8 <= size < 4096 and word(id(planted) + layout["private"]["module"]["stateSize"]) == 0)
        return
    definition = word(id(array) + layout["private"]["module"]["definition"])
    state_size = word(definition + layout["private"]["moduleDefinition"]["stateSize"], "q")
    same("moduleDefinition.stateSize", True, -1 <= state_size < 4096)


def verify_exit_callbacks(interpreter):
    def planted():
        pass

    args, kwargs = object(), object()
    atexit.register(planted, args, option=kwargs)
    offsets = layout["interpreter"]
    if offsets["exitCallbackList"] is not None:
        held = ctypes.cast(word(interpreter + offsets["exitCallbackList"]), ctypes.py_object).value
        same("exit callbacks", (planted, (args,), {"option": kwargs}), held[0])
        same("exit callbacks in their order", atexit._ncallbacks(), len(held))
        atexit.unregister(planted)
        return
    if offsets["exitCallbacks"] is None:
        same("interpreter.exitModule", id(atexit), word(interpreter + offsets["exitModule"]))
        state = word(id(atexit) + layout["private"]["module"]["state"])
        callbacks = state + layout["private"]["exitModuleState"]["callbacks"]
        count = state + layout["private"]["exitModuleState"]["count"]
    else:
        callbacks, count = interpreter + offsets["exitCallbacks"], interpreter + offsets["exitCallbackCount"]
    same("exit callbacks", atexit._ncallbacks(), word(count, "i"))
    callback = word(word(callbacks) + (word(count, "i") - 1) * 8)
    fields("private.exitCallback", callback, function=planted)
    same("exitCallback.args", id(args), word(word(callback + layout["private"]["exitCallback"]["args"]) + layout["tupleItems"]))
    held = ctypes.cast(word(callback + layout["private"]["exitCallback"]["kwargs"]), ctypes.py_object).value
    same("exitCallback.kwargs", {"option": kwargs}, held)
    atexit.unregister(planted)


def verify_interpreter_parts(interpreter):
    parts = layout["interpreterParts"]

    def held(name):
        address = word(interpreter + parts[name])
        return ctypes.cast(address, ctypes.py_object).value if address else None

    def planted(*_args):
        pass

    codecs.register(planted)
    codecs.register_error("planted", planted)
    codecs.lookup("latin-1")
    same("codecSearchPath", True, planted in held("codecSearchPath"))
    same("codecSearchCache", codecs.lookup("latin-1"), held("codecSearchCache").get("latin-1") or held("codecSearchCache").get("latin_1"))
    same("codecErrorRegistry", planted, held("codecErrorRegistry").get("planted"))
    hooks = {"beforeForkers": "before", "afterForkersParent": "after_in_parent", "afterForkersChild": "after_in_child"}
    for name, option in hooks.items():
        os.register_at_fork(**{option: planted})
        same(name, planted, held(name)[0 if name == "beforeForkers" and held(name)[0] is planted else -1])
    sys.addaudithook(planted)
    same("auditHooks", True, planted in held("auditHooks"))
    get = ctypes.pythonapi.PyInterpreterState_GetDict
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    same("dict", get(interpreter), word(interpreter + parts["dict"]))


def verify_context():
    name, default = "planted variable", object()
    planted = contextvars.ContextVar(name, default=default)
    type_facts("private.contextVariable", contextvars.ContextVar)
    fields("private.contextVariable", planted, name=name, default=default)


def verify_dict():
    planted = {("key", i): object() for i in range(7)}
    names = {"name%d" % i: object() for i in range(7)}
    fields("dict", planted, used=7, values=0)
    d, keys = layout["dict"], layout["dictKeys"]
    for target in (planted, names):
        address = word(id(target) + d["keys"])
        fields("dictKeys", address, refcount=1, entryCount=7)
        if keys["form"] == "sized":
            slots = word(address + keys["size"])
            index_bytes, entry, key_at = slots, keys["entrySize"], 8
        else:
            slots = 1 << word(address + keys["size"], "B")
            index_bytes = 1 << word(address + keys["log2IndexBytes"], "B")
            general = word(address + keys["kind"], "B") == 0
            same("dictKeys.kind", target is planted, general)
            entry, key_at = (keys["entrySize"], 8) if general else (keys["unicodeEntrySize"], 0)
        same("dictKeys.usable", slots * 2 // 3 - 7, word(address + keys["usable"]))
        for i, (key, value) in enumerate(target.items()):
            at = address + keys["indices"] + index_bytes + i * entry
            same("dict entry", (id(key), id(value)), (word(at + key_at), word(at + key_at + 8)))


def verify_managed_dict():
    planted = Normal()
    planted.first, planted.second = object(), object()
    m = layout["managedDict"]
    if m["form"] == "none":
        return
    if m["form"] == "before-object":
        values = word(id(planted) - m["valuesBefore"])
    elif m["form"] == "tagged":
        values = word(id(planted) - m["dictBefore"])
        same("managedDict tag", 1, values & 1)
        values += 1
    else:
        values = id(planted) + Normal.__basicsize__
        same("managedDict.valid", 1, word(values + m["valuesValid"], "B"))
        same("managedDict.embedded", 1, word(values + m["valuesEmbedded"], "B"))
        same("managedDict.valuesSize", 2, word(values + m["valuesSize"], "B"))
        same("managedDict.capacity", True, word(values + m["valuesCapacity"], "B") >= 2)
    first = values + m["values"]
    same("managedDict.values", (id(planted.first), id(planted.second)), (word(first), word(first + 8)))
    shown = planted.__dict__
    same("managedDict.dictBefore", id(shown), word(id(planted) - m["dictBefore"]))
    if m["form"] == "inline" and (sys.version_info < (3, 13) or sys.version_info >= (3, 14)):
        same("managedDict.dictHoldsInline", m["dictHoldsInline"], any(each is planted.first for each in gc.get_referents(shown)))


def verify_types():
    for kind in (int, dict, Normal, Planted, type):
        fields("type", kind, basicsize=kind.__basicsize__, itemsize=kind.__itemsize__, flags=kind.__flags__,
               weaklistoffset=max(kind.__weakrefoffset__, 0) or word(id(kind) + layout["type"]["weaklistoffset"]),
               dictoffset=kind.__dictoffset__ % 2 ** 64, base=kind.__base__, bases=kind.__bases__, mro=kind.__mro__)
        name = ctypes.string_at(word(id(kind) + layout["type"]["name"]))
        same("type.name", kind.__name__, name.decode().rpartition(".")[2])
    same("type.size", type.__basicsize__, layout["heapType"]["size"])
    fields("heapType", Normal, name=Normal.__name__, qualname=Normal.__qualname__)
    slots = ctypes.cast(word(id(Planted) + layout["heapType"]["slots"]), ctypes.py_object).value
    same("heapType.slots", ("only",), slots)
    member = word(id(Planted) + layout["type"]["members"])
    same("member.name", b"only", ctypes.string_at(word(member + layout["member"]["name"])))
    fields("member", member, "i", type=layout["member"]["objectEx"])
    fields("member", member, offset=layout["objectHead"]["size"])
    same("heapType.cachedKeys", True, word(id(Normal) + layout["heapType"]["cachedKeys"]) > 4096)
    flags = layout["typeFlags"]
    same("typeFlags.heapType", (True, False), (bool(Normal.__flags__ & flags["heapType"]), bool(int.__flags__ & flags["heapType"])))
    same("typeFlags.haveGc", (True, False), (bool(dict.__flags__ & flags["haveGc"]), bool(int.__flags__ & flags["haveGc"])))
    same("typeFlags.typeSubclass", (True, False), (bool(type.__flags__ & flags["typeSubclass"]), bool(int.__flags__ & flags["typeSubclass"])))
    for name, on in (("managedDict", (True, False)), ("inlineValues", (True, False)), ("managedWeakref", (True, False))):
        if flags[name] is not None:
            same("typeFlags." + name, on, (bool(Normal.__flags__ & flags[name]), bool(Planted.__flags__ & flags[name])))


def verify_functions():
    enclosed = [1]

    def planted(a, b=(1, 2), *, c={}) -> None:
        """documented"""
        return enclosed, a, b, c

    planted.note = 1
    planted.__annotations__
    fields("function", planted, code=planted.__code__, globals=planted.__globals__, name=planted.__name__,
           qualname=planted.__qualname__, defaults=planted.__defaults__, kwdefaults=planted.__kwdefaults__,
           closure=planted.__closure__, doc=planted.__doc__, dict=planted.__dict__, module=planted.__module__,
           builtins=builtins.__dict__, annotations=planted.__annotations__)
    cell = planted.__closure__[0]
    same("cellReference", id(enclosed), word(id(cell) + layout["cellReference"]))
    code, c = planted.__code__, layout["code"]
    fields("code", code, name=code.co_name, filename=code.co_filename, qualname=getattr(code, "co_qualname", None))
    fields("code", code, "i", firstLine=code.co_firstlineno, stackSize=code.co_stacksize,
           localCount=3 if sys.version_info < (3, 11) else 4)
    if c["varnames"] is not None:
        names = [ctypes.cast(word(id(code) + c[n]), ctypes.py_object).value for n in ("varnames", "cellvars", "freevars")]
        def both(argument):
            return lambda: argument

        array_at = word(id(both.__code__) + c["cellToArgument"])
        same("code.cellToArgument", (True, 0, 0), (array_at != 0, word(array_at), word(id(verify_leaves.__code__) + c["cellToArgument"])))
        same("code names", [code.co_varnames, code.co_cellvars, code.co_freevars], names)
    else:
        names = ctypes.cast(word(id(code) + c["localsplusNames"]), ctypes.py_object).value
        kinds = ctypes.cast(word(id(code) + c["localsplusKinds"]), ctypes.py_object).value
        same("code.localsplusNames", code.co_varnames + code.co_cellvars + code.co_freevars, names)
        same("code.freeKind", [False, False, False, True], [bool(kind & c["freeKind"]) for kind in kinds])
    same("code.size", types.CodeType.__basicsize__, c["size"] if c["varnames"] is not None else c["ownedEnd"])
    same("code.weakreflist", types.CodeType.__weakrefoffset__, c["weakreflist"])


def verify_frames():
    def suspended(marker):
        local = [marker]
        yield local

    marker = object()
    generator = suspended(marker)
    local = next(generator)
    g, frame = layout["generator"], generator.gi_frame
    fields("generator", generator, name=generator.__name__, qualname=generator.__qualname__)
    same("generator.weakreflist", types.GeneratorType.__weakrefoffset__, g["weakreflist"])
    f = layout["frameObject"]
    if layout["interpreterFrame"] is None:
        fields("generator", generator, frame=frame)
        fields("frameObject", frame, code=frame.f_code, builtins=frame.f_builtins, globals=frame.f_globals,
               generator=generator, localsplus=marker)
        same("frameObject.localsplus[1]", id(local), word(id(frame) + f["localsplus"] + 8))
        return
    inner = id(generator) + g["interpreterFrame"]
    fields("interpreterFrame", inner, globals=frame.f_globals, builtins=frame.f_builtins, frameObject=frame, locals=0)
    offsets = layout["interpreterFrame"]
    for name, value in (("code", frame.f_code), ("localsplus", marker)):
        same("interpreterFrame." + name, id(value), word(inner + offsets[name]) & ~(offsets["tagMask"] or 0))
    fields("interpreterFrame", inner, "B", owner=layout["interpreterFrame"]["ownedByGenerator"])
    same("interpreterFrame.localsplus[1]", id(local), word(inner + offsets["localsplus"] + 8) & ~(offsets["tagMask"] or 0))
    if layout["interpreterFrame"]["stackPointer"] is None:
        same("interpreterFrame.stacktop", True, 2 <= word(inner + layout["interpreterFrame"]["stacktop"], "i") < 9)
    else:
        stack = word(inner + layout["interpreterFrame"]["stackPointer"]) - inner - layout["interpreterFrame"]["localsplus"]
        same("interpreterFrame.stackPointer", True, 2 <= stack // 8 < 9)
    fields("frameObject", frame, interpreterFrame=inner)
    same("generator alive", True, word(id(generator) + g["frameState"], "b") < g["aliveBelow"])
    list(generator)
    same("generator finished", False, word(id(generator) + g["frameState"], "b") < g["aliveBelow"])


def verify_leaves():
    items = [object(), object()]
    same("list.items", id(items[1]), word(word(id(items) + layout["list"]["items"]) + 8))
    same("list.allocated", sys.getsizeof(items) - sys.getsizeof([]), 8 * word(id(items) + layout["list"]["allocated"]))
    pair = tuple(items)
    same("tupleItems", id(pair[1]), word(id(pair) + layout["tupleItems"] + 8))
    small, big = {1, 2, 3}, set(range(1000, 1100))
    s = layout["set"]
    same("set.size", set.__basicsize__, s["size"])
    fields("set", small, fill=3, used=3, mask=7, table=id(small) + s["smallTable"])
    slots = word(id(big) + s["mask"]) + 1
    same("set.entrySize", sys.getsizeof(big) - sys.getsizeof(set()), slots * s["entrySize"])
    table = word(id(big) + s["table"])
    seen = {word(table + i * s["entrySize"] + s["entryKey"]) for i in range(slots)} - {0}
    same("set.entryKey", set(map(id, big)), seen)
    same("set.entryHash", set(map(hash, big)), {word(table + i * s["entrySize"] + s["entryHash"]) for i in range(slots)} - {0})
    target = Normal()
    callback = lambda _: None
    reference = weakref.ref(target, callback)
    same("weakref.size", weakref.ref.__basicsize__, layout["weakref"]["size"])
    fields("weakref", reference, object=target, callback=callback)
    long_number = (3 << 60) + (5 << 30) + 7
    digits = [word(id(long_number) + layout["long"]["digits"] + 4 * i, "I") for i in range(3)]
    same("long.digits", long_number, sum(digit << layout["long"]["bitsPerDigit"] * i for i, digit in enumerate(digits)))


def verify_unicode():
    u = layout["unicode"]
    for sample, kind, is_ascii in (("dead", 1, 1), ("d\xe9ad", 1, 0), ("d\u20acad", 2, 0), ("d\U0001f600ad", 4, 0)):
        state = word(id(sample) + u["state"], "I")
        seen = (state >> u["kindShift"] & u["kindMask"], state >> u["compactBit"] & 1, state >> u["asciiBit"] & 1)
        same("unicode state of %a" % sample, (kind, 1, is_ascii), seen)
        same("unicode.length", len(sample), word(id(sample) + u["length"]))
        header = u["asciiSize"] if is_ascii else u["compactSize"]
        encoding = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[kind]
        same("unicode characters", sample, ctypes.string_at(id(sample) + header, len(sample) * kind).decode(encoding))
    as_utf8 = ctypes.pythonapi.PyUnicode_AsUTF8
    as_utf8.restype, as_utf8.argtypes = ctypes.c_void_p, [ctypes.py_object]
    text = "".join(["d\u20acad", "weight"])
    fields("unicode", text, utf8=as_utf8(text), utf8Length=len(text.encode()))
    subclass = type("Text", (str,), {})("not compact")
    same("unicode.data", b"not compact", ctypes.string_at(word(id(subclass) + u["data"]), 11))
    same("unicode.fullSize", str.__basicsize__, u["fullSize"])


def verify_runtime():
    get = getattr(ctypes.pythonapi, "PyInterpreterState_Get", None) or ctypes.pythonapi._PyInterpreterState_Get
    get.restype = ctypes.c_void_p
    interpreter = get()
    runtime = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
    fields("runtime", runtime, interpretersHead=interpreter)
    fields("interpreter", interpreter, id=0, next=0, modules=sys.modules, sysdict=sys.__dict__, builtins=builtins.__dict__)
    if layout["interpreter"]["internedStrings"] is not None:
        interned = ctypes.cast(word(interpreter + layout["interpreter"]["internedStrings"]), ctypes.py_object).value
        name = sys.intern("interned by verify_layout " + str(id(layout)))
        same("interpreter.internedStrings", True, type(interned) is dict and interned.get(name) is name)
        del interned
    verify_exit_callbacks(interpreter)
    verify_interpreter_parts(interpreter)
    thread = word(interpreter + layout["interpreter"]["threadsHead"])
    fields("thread", thread, next=0, interp=interpreter, threadId=threading.get_ident())
    if hasattr(threading, "get_native_id"):
        fields("thread", thread, nativeThreadId=threading.get_native_id())
    base = runtime + layout["runtime"]["gc"] if layout["interpreter"]["gc"] is None else interpreter + layout["interpreter"]["gc"]
    gc.set_threshold(701, 11, 12)
    gc.disable()
    fields("collector", base, "i", enabled=0, collecting=0)
    fields("collector", base, garbage=gc.garbage)
    c = layout["collector"]
    heads = [base + c["generations"] + i * c["generationSize"] for i in range(3)]
    same("collector thresholds", [701, 11, 12], [word(head + c["generationThreshold"], "i") for head in heads])
    counts = [word(head + c["generationCount"], "i") for head in heads]
    same("collector counts", list(gc.get_count())[1:], counts[1:])
    gc.collect(0)
    gc.collect(1)
    gc.collect(1)
    gc.collect()
    names = ("collections", "collected", "uncollectable")
    records = [statistics_record(base, c["statistics"], i) for i in range(3)]
    statistics = [{name: word(record + c["statistics"][name]) for name in names} for record in records]
    same("collector.statistics", [{name: s[name] for name in names} for s in gc.get_stats()], statistics)
    if layout["freeThreading"] is not None:
        free_threading().verify(layout, word, same, interpreter, runtime)
        return
    gc.freeze()
    frozen = gc.get_freeze_count()
    head, found = base + c["permanent"], 0
    at = word(head) & ~3
    while at != head:
        found, at = found + 1, word(at) & ~3
    same("collector.permanent", frozen, found)


def free_threading():
    """The module beside this script, which runs with -I and so does not see it."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verify_free_threading.py")
    spec = importlib.util.spec_from_file_location("verify_free_threading", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def statistics_record(base, s, generation):
    """Address of the latest record of a generation."""
    if s["rings"] is None:
        return base + s["at"] + s["recordSize"] * generation
    name = ("young", "middle", "old")[generation]
    rings = word(base + s["at"])
    return rings + s["rings"][name] + s["recordSize"] * word(rings + s["rings"][name + "Latest"], "b")


def runtime_address():
    return ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))


def pending_queue(is_main_only):
    """Address of a queue of pending calls, and of the word that makes a thread look at it.

    None from 3.13 on: each thread has its own, and one that is at calls already takes the bit back before we can look.
    """
    p, runtime = layout["pendingCalls"], runtime_address()
    interpreter = word(runtime + p["mainInterpreter"])
    base = runtime if p["queueIn"] == "runtime" else interpreter
    queue = runtime + p["mainQueue"] if is_main_only and p["mainQueue"] is not None else base + p["queue"]
    if p["breakerIn"] == "thread":
        return queue, None
    return queue, (runtime if p["breakerIn"] == "runtime" else interpreter) + p["breaker"]


def add_pending_call(function, is_main_only):
    """Adds a call as C code would; from 3.12 on the API's own way leads to the main thread's queue."""
    api = ctypes.pythonapi
    if is_main_only or layout["pendingCalls"]["mainQueue"] is None:
        return api.Py_AddPendingCall(function, None)
    api.PyInterpreterState_Main.restype = ctypes.c_void_p
    return api._PyEval_AddPendingCall(ctypes.c_void_p(api.PyInterpreterState_Main()), function, None, 0)


def verify_pending_calls():
    """A call that adds another one and looks: the second one waits, because calls do not nest."""
    p = layout["pendingCalls"]
    if p is None:
        return
    same("pendingCalls.mainThread", threading.main_thread().ident, word(runtime_address() + p["mainThread"]))
    kind = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
    for is_main_only in (False, True):
        queue, breaker = pending_queue(is_main_only)
        ran = []
        second = kind(lambda _: ran.append("second") or 0)

        def look(_):
            before = word(queue + p["last"], "i")
            same("pendingCalls.waiting before", 0, word(queue + p["waiting"], "i"))
            same("pendingCalls.first before", before, word(queue + p["first"], "i"))
            add_pending_call(second, is_main_only)
            same("pendingCalls.waiting", 1, word(queue + p["waiting"], "i"))
            same("pendingCalls.first", before, word(queue + p["first"], "i"))
            same("pendingCalls.last", (before + 1) % p["slotCount"], word(queue + p["last"], "i"))
            function = ctypes.cast(second, ctypes.c_void_p).value
            same("pendingCalls.slots", function, word(queue + p["slots"] + before * p["slotSize"]))
            if breaker is not None:
                same("pendingCalls.breakerBit", word(breaker, "I") & p["breakerBit"], p["breakerBit"])
            lock = word(queue + p["lock"], "B") if p["lockForm"] == "mutex" else word(word(queue + p["lock"]), "I") ^ 1
            same("pendingCalls.lock", 0, lock)
            ran.append("first")
            return 0

        first = kind(look)
        add_pending_call(first, is_main_only)
        for _ in range(1000):
            if len(ran) == 2:
                break
        same("pendingCalls ran", ["first", "second"], ran)
        if p["mostWaiting"] is not None:
            most = p["mostWaitingMain" if is_main_only else "mostWaitingAny"]
            same("pendingCalls.mostWaiting", most, word(queue + p["mostWaiting"], "i"))
    if p["instrumentationVersion"] is not None:
        # Makes it another one than the 0 of the start.
        sys.setprofile(lambda *_: None)
        sys.setprofile(None)
        version = word(word(runtime_address() + p["mainInterpreter"]) + p["instrumentationVersion"])
        main_thread = word(runtime_address() + p["mainThreadState"])
        same("pendingCalls.mainThreadState", threading.get_ident(), word(main_thread + layout["thread"]["threadId"]))
        same("pendingCalls.instrumentationVersion > 0", True, version > 0)
        same("pendingCalls.instrumentationVersion", version, word(main_thread + p["breaker"]) & ~0xFF)


def verify_object_head():
    planted = [object() for _ in range(321)]
    fields("objectHead", planted, type=list, itemCount=321)
    if layout["freeThreading"] is not None:
        return
    # Since 3.14 a call borrows what a local already holds.
    counted = sys.getrefcount(planted) - (0 if layout["objectHead"]["flagBits"] else 1)
    same("objectHead.refcount", counted, word(id(planted) + layout["objectHead"]["refcount"], "I"))
    flags = [word(id(each) + layout["objectHead"]["refcount"] + 4, "I") for each in (planted, None, int, "immortal", 1)]
    same("objectHead.flagBits", 0, max(each & ~layout["objectHead"]["flagBits"] for each in flags if not each >> 31))


def allocator_statistics():
    """The figures that pymalloc prints about itself: {"bytes/arena": ..., "bytes in allocated blocks": ...}."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        sys._debugmallocstats()
        os.dup2(kept, 2)
        os.close(kept)
        file.seek(0)
        printed = file.read().decode()
    return {name: int(number) for number, name in re.findall(r"(?:arenas|pools) \* (\d+) (bytes(?:/arena)?)", printed)}


def data_around(address):
    """(start, end) of the writable mappings that lie without a gap around an address: data and zeroed data of one file."""
    with open("/proc/self/maps") as maps:
        lines = [line.split() for line in maps]
    runs = []
    for line in lines:
        start, end = (int(part, 16) for part in line[0].split("-"))
        if not runs or runs[-1][-1][1] != start:
            runs.append([])
        runs[-1].append((start, end, "w" in line[1]))
    around = next(run for run in runs if run[0][0] <= address < run[-1][1])
    return [(start, end) for start, end, writable in around if writable]


def arena_tables(pools):
    """Words of the interpreter's own data that lead to a table whose entry N is the arena around each pool that says N.

    One pool alone is not enough: a word that leads somewhere else has been seen to agree with it by chance.
    """
    a = layout["allocator"]
    indices = {pool: word(pool + a["poolArenaIndex"], "I") for pool in pools}
    found = []
    with open("/proc/self/mem", "rb", 0) as memory:
        for start, end in data_around(ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))):
            memory.seek(start)
            for candidate in set(memoryview(memory.read(end - start)).cast("Q")):
                if candidate % 16 or not 1 << 16 < candidate < 1 << 47:
                    continue
                if all(names_arena(memory, candidate + index * a["arenaEntrySize"], pool) for pool, index in indices.items()):
                    found.append(candidate)
    return found


def names_arena(memory, address, pool):
    """Whether an entry of the table at `address` gives an arena that has the pool in it."""
    a = layout["allocator"]
    try:
        memory.seek(address + a["arenaAddress"])
        start = memory.read(8)
    except OSError:
        return False
    return len(start) == 8 and 0 <= pool - int.from_bytes(start, sys.byteorder) < a["arenaBytes"]


def verify_allocator():
    if layout["freeThreading"] is not None:
        return  # Without a GIL all blocks are mimalloc's.
    a = layout["allocator"]
    planted = [Planted() for _ in range(20000)]
    pool = id(planted[10000]) // a["poolBytes"] * a["poolBytes"]
    inside = sorted(id(each) - pool for each in planted if pool <= id(each) < pool + a["poolBytes"])
    size = (word(pool + a["poolSizeIndex"], "I") + 1) * a["alignment"]
    same("allocator.poolSizeIndex", size, min(after - before for before, after in zip(inside, inside[1:])))
    used = word(pool + a["poolUsedBlocks"], "I")
    same("allocator.poolUsedBlocks", True, len(inside) <= used <= (a["poolBytes"] - a["poolHeaderSize"]) // size)
    same("allocator.poolHeaderSize", 0, (inside[0] - layout["gcHeadSize"] - a["poolHeaderSize"]) % size)
    printed = allocator_statistics()
    same("allocator sizes", {"bytes/arena": a["arenaBytes"], "bytes": a["poolBytes"]}, printed)
    pools = sorted({id(each) // a["poolBytes"] * a["poolBytes"] for each in planted})
    tables = arena_tables([pool, *pools])
    same("allocator.poolArenaIndex", True, len(tables) > 0)
    # Also `usable_arenas` may lead to a table, or into the middle of one: the lowest is the table itself.
    entry = min(tables) + word(pool + a["poolArenaIndex"], "I") * a["arenaEntrySize"]
    start, next_pool = word(entry + a["arenaAddress"]), word(entry + a["arenaNextPool"])
    same("allocator.arenaNextPool", True, pool < next_pool <= start + a["arenaBytes"] and next_pool % a["poolBytes"] == 0)
    free, total = word(entry + a["arenaFreePools"], "I"), word(entry + a["arenaTotalPools"], "I")
    same("allocator.arenaTotalPools", True, total in (a["arenaBytes"] // a["poolBytes"], a["arenaBytes"] // a["poolBytes"] - 1))
    same("allocator.arenaFreePools", True, free < total)


if threading.active_count() == 1:
    for verify in (verify_deque, verify_lru, verify_ordered_dict, verify_count, verify_buffers, verify_module, verify_context,
                   verify_dict, verify_managed_dict, verify_types, verify_functions, verify_frames, verify_leaves, verify_unicode,
                   verify_runtime, verify_pending_calls, verify_object_head, verify_allocator):
        verify()
print(json.dumps({"problems": problems, "comparisons": comparisons}))
