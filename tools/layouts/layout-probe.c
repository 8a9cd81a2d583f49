/* Prints the struct layout of the CPython whose headers it is compiled against, as JSON in the shape of
 * src/cpython/layout.ts. generate.ts compiles and runs it once per interpreter; every number of a version table
 * comes from here. A member that a version does not have is printed as null. */

#define Py_BUILD_CORE 1
#include <Python.h>
#include <frameobject.h>
#include <structmember.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "internal/pycore_pystate.h"
#include "internal/pycore_pymem.h"
#include "internal/pycore_object.h"
#include "internal/pycore_context.h"
#if PY_VERSION_HEX >= 0x03090000
#include "internal/pycore_interp.h"
#include "internal/pycore_runtime.h"
#include "internal/pycore_gc.h"
#endif
#if PY_VERSION_HEX >= 0x030B0000
#include "internal/pycore_code.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#endif
#if PY_VERSION_HEX >= 0x030C0000
#include "internal/pycore_obmalloc.h"
#endif
#if PY_VERSION_HEX >= 0x030D0000
#include "internal/pycore_ceval.h"
#endif
#if PY_VERSION_HEX >= 0x030E0000
#include "internal/pycore_interpframe_structs.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_stackref.h"
#include "internal/pycore_unicodeobject.h"
#endif
#include "private-structs.h"

#define SINCE_39 (PY_VERSION_HEX >= 0x03090000)
#define SINCE_310 (PY_VERSION_HEX >= 0x030A0000)
#define SINCE_311 (PY_VERSION_HEX >= 0x030B0000)
#define SINCE_312 (PY_VERSION_HEX >= 0x030C0000)
#define SINCE_313 (PY_VERSION_HEX >= 0x030D0000)
#define SINCE_314 (PY_VERSION_HEX >= 0x030E0000)
#define SINCE_315 (PY_VERSION_HEX >= 0x030F0000)
#ifdef Py_GIL_DISABLED
#define IS_FREE_THREADED 1
#else
#define IS_FREE_THREADED 0
#endif
/* 3.14.0 - 3.14.4 collect in increments: one young list, two old ones. */
#define IS_INCREMENTAL (PY_VERSION_HEX >= 0x030E0000 && PY_VERSION_HEX < 0x030E0500)

static int first = 1;
static void key(const char *name) { printf("%s\"%s\": ", first ? "" : ", ", name); first = 0; }
static void open_group(const char *name) { key(name); printf("{"); first = 1; }
static void close_group(void) { printf("}"); first = 0; }
static void number(const char *name, long long value) { key(name); printf("%lld", value); }
static void text(const char *name, const char *value) { key(name); printf("\"%s\"", value); }
static void truth(const char *name, int value) { key(name); printf(value ? "true" : "false"); }
static void absent(const char *name) { key(name); printf("null"); }
#define OFFSET(name, type, member) number(name, (long long)offsetof(type, member))
#define SIZE(name, type) number(name, (long long)sizeof(type))

static void print_runtime(void) {
    open_group("runtime");
    SIZE("size", _PyRuntimeState);
    OFFSET("interpretersHead", _PyRuntimeState, interpreters.head);
#if SINCE_39
    absent("gc");
#else
    OFFSET("gc", _PyRuntimeState, gc);
#endif
    close_group();
}

static void print_interpreter(void) {
    open_group("interpreter");
    SIZE("size", PyInterpreterState);
    OFFSET("id", PyInterpreterState, id);
    OFFSET("next", PyInterpreterState, next);
#if SINCE_311
    OFFSET("threadsHead", PyInterpreterState, threads.head);
#else
    OFFSET("threadsHead", PyInterpreterState, tstate_head);
#endif
#if SINCE_312
    OFFSET("modules", PyInterpreterState, imports.modules);
#else
    OFFSET("modules", PyInterpreterState, modules);
#endif
    OFFSET("sysdict", PyInterpreterState, sysdict);
    OFFSET("builtins", PyInterpreterState, builtins);
#if PY_VERSION_HEX >= 0x030C0000
    OFFSET("internedStrings", PyInterpreterState, cached_objects.interned_strings);
#else
    absent("internedStrings");
#endif
#if SINCE_39
    OFFSET("gc", PyInterpreterState, gc);
#else
    absent("gc");
#endif
#if SINCE_314
    absent("exitCallbacks");
    absent("exitCallbackCount");
    OFFSET("exitCallbackList", PyInterpreterState, atexit.callbacks);
    absent("exitModule");
#elif SINCE_310
    OFFSET("exitCallbacks", PyInterpreterState, atexit.callbacks);
    OFFSET("exitCallbackCount", PyInterpreterState, atexit.ncallbacks);
    absent("exitCallbackList");
    absent("exitModule");
#else
    absent("exitCallbacks");
    absent("exitCallbackCount");
    absent("exitCallbackList");
    OFFSET("exitModule", PyInterpreterState, pyexitmodule);
#endif
    close_group();
    open_group("interpreterParts");
#if SINCE_313
    OFFSET("codecSearchPath", PyInterpreterState, codecs.search_path);
    OFFSET("codecSearchCache", PyInterpreterState, codecs.search_cache);
    OFFSET("codecErrorRegistry", PyInterpreterState, codecs.error_registry);
#else
    OFFSET("codecSearchPath", PyInterpreterState, codec_search_path);
    OFFSET("codecSearchCache", PyInterpreterState, codec_search_cache);
    OFFSET("codecErrorRegistry", PyInterpreterState, codec_error_registry);
#endif
    OFFSET("beforeForkers", PyInterpreterState, before_forkers);
    OFFSET("afterForkersParent", PyInterpreterState, after_forkers_parent);
    OFFSET("afterForkersChild", PyInterpreterState, after_forkers_child);
    OFFSET("auditHooks", PyInterpreterState, audit_hooks);
    OFFSET("dict", PyInterpreterState, dict);
    close_group();
}

/* Where calls wait for a thread that runs Python, and the word that makes it look. */
static void print_pending_calls(void) {
#if SINCE_314
    /* Nothing is written there any more: these versions take scripts from outside (PEP 768). */
    absent("pendingCalls");
#else
    open_group("pendingCalls");
    OFFSET("mainInterpreter", _PyRuntimeState, interpreters.main);
    OFFSET("mainThread", _PyRuntimeState, main_thread);
#if SINCE_39
    text("queueIn", "interpreter");
    OFFSET("queue", PyInterpreterState, ceval.pending);
#else
    text("queueIn", "runtime");
    OFFSET("queue", _PyRuntimeState, ceval.pending);
#endif
#if SINCE_312
    OFFSET("mainQueue", _PyRuntimeState, ceval.pending_mainthread);
#else
    absent("mainQueue");
#endif
#if SINCE_313
    text("lockForm", "mutex");
    OFFSET("lock", struct _pending_calls, mutex);
    OFFSET("waiting", struct _pending_calls, npending);
    OFFSET("mostWaiting", struct _pending_calls, max);
    number("mostWaitingAny", MAXPENDINGCALLS);
    number("mostWaitingMain", MAXPENDINGCALLS_MAIN);
    number("slotCount", PENDINGCALLSARRAYSIZE);
    text("breakerIn", "thread");
    OFFSET("breaker", PyThreadState, eval_breaker);
    number("breakerBit", _PY_CALLS_TO_DO_BIT);
    OFFSET("instrumentationVersion", PyInterpreterState, ceval.instrumentation_version);
    OFFSET("mainThreadState", _PyRuntimeState, main_tstate);
#else
    text("lockForm", "semaphore");
    OFFSET("lock", struct _pending_calls, lock);
    OFFSET("waiting", struct _pending_calls, calls_to_do);
    absent("mostWaiting");
    absent("mostWaitingAny");
    absent("mostWaitingMain");
    number("slotCount", NPENDINGCALLS);
#if SINCE_39
    text("breakerIn", "interpreter");
    OFFSET("breaker", PyInterpreterState, ceval.eval_breaker);
#else
    text("breakerIn", "runtime");
    OFFSET("breaker", _PyRuntimeState, ceval.eval_breaker);
#endif
    number("breakerBit", 1);
    absent("instrumentationVersion");
    absent("mainThreadState");
#endif
    OFFSET("slots", struct _pending_calls, calls);
    number("slotSize", sizeof(((struct _pending_calls *)0)->calls[0]));
    OFFSET("first", struct _pending_calls, first);
#if SINCE_313
    OFFSET("last", struct _pending_calls, next);
#else
    OFFSET("last", struct _pending_calls, last);
#endif
    close_group();
#endif
}

/* Counts of collections: a record for each generation, or from 3.15 on rings of the latest records. */
static void print_collection_statistics(void) {
    open_group("statistics");
    OFFSET("at", struct _gc_runtime_state, generation_stats);
    SIZE("recordSize", struct gc_generation_stats);
    OFFSET("collections", struct gc_generation_stats, collections);
    OFFSET("collected", struct gc_generation_stats, collected);
    OFFSET("uncollectable", struct gc_generation_stats, uncollectable);
#if SINCE_315
    open_group("rings");
    SIZE("size", struct gc_stats);
    OFFSET("young", struct gc_stats, young.items);
    OFFSET("youngLatest", struct gc_stats, young.index);
    OFFSET("middle", struct gc_stats, old[0].items);
    OFFSET("middleLatest", struct gc_stats, old[0].index);
    OFFSET("old", struct gc_stats, old[1].items);
    OFFSET("oldLatest", struct gc_stats, old[1].index);
    close_group();
#else
    absent("rings");
#endif
    close_group();
}

static void print_collector(void) {
    open_group("collector");
    OFFSET("enabled", struct _gc_runtime_state, enabled);
/* Without a GIL there is one list of numbers whatever the collector with a GIL does, and no list of objects. */
#if IS_INCREMENTAL || (IS_FREE_THREADED && SINCE_314)
    OFFSET("generations", struct _gc_runtime_state, young);
#else
    OFFSET("generations", struct _gc_runtime_state, generations);
#endif
    SIZE("generationSize", struct gc_generation);
    OFFSET("generationThreshold", struct gc_generation, threshold);
    OFFSET("generationCount", struct gc_generation, count);
    OFFSET("permanent", struct _gc_runtime_state, permanent_generation);
    OFFSET("collecting", struct _gc_runtime_state, collecting);
    print_collection_statistics();
    OFFSET("garbage", struct _gc_runtime_state, garbage);
    close_group();
}

static void print_thread(void) {
    open_group("thread");
    SIZE("size", PyThreadState);
    /* From 3.14 on what follows the part that is public holds objects, too: the running loop and task of asyncio. */
#if SINCE_314
    SIZE("wholeSize", _PyThreadStateImpl);
#else
    SIZE("wholeSize", PyThreadState);
#endif
    OFFSET("next", PyThreadState, next);
    OFFSET("interp", PyThreadState, interp);
    OFFSET("threadId", PyThreadState, thread_id);
#if SINCE_311
    OFFSET("nativeThreadId", PyThreadState, native_thread_id);
#else
    absent("nativeThreadId");
#endif
    OFFSET("dict", PyThreadState, dict);
    OFFSET("context", PyThreadState, context);
#if SINCE_313
    absent("frame");
    absent("cframe");
    absent("cframeCurrentFrame");
    OFFSET("currentFrame", PyThreadState, current_frame);
#elif SINCE_311
    absent("frame");
    OFFSET("cframe", PyThreadState, cframe);
    OFFSET("cframeCurrentFrame", _PyCFrame, current_frame);
    absent("currentFrame");
#else
    OFFSET("frame", PyThreadState, frame);
    absent("cframe");
    absent("cframeCurrentFrame");
    absent("currentFrame");
#endif
    close_group();
}

static void print_frame_object(void) {
    open_group("frameObject");
    SIZE("size", PyFrameObject);
    OFFSET("back", PyFrameObject, f_back);
    OFFSET("trace", PyFrameObject, f_trace);
#if SINCE_311
    absent("code");
    absent("builtins");
    absent("globals");
    absent("locals");
    absent("valuestack");
    absent("stacktop");
    absent("stackdepth");
    absent("generator");
    absent("localsplus");
    OFFSET("interpreterFrame", PyFrameObject, f_frame);
    OFFSET("embeddedFrame", PyFrameObject, _f_frame_data);
#else
    OFFSET("code", PyFrameObject, f_code);
    OFFSET("builtins", PyFrameObject, f_builtins);
    OFFSET("globals", PyFrameObject, f_globals);
    OFFSET("locals", PyFrameObject, f_locals);
    OFFSET("valuestack", PyFrameObject, f_valuestack);
#if SINCE_310
    absent("stacktop");
    OFFSET("stackdepth", PyFrameObject, f_stackdepth);
#else
    OFFSET("stacktop", PyFrameObject, f_stacktop);
    absent("stackdepth");
#endif
    OFFSET("generator", PyFrameObject, f_gen);
    OFFSET("localsplus", PyFrameObject, f_localsplus);
    absent("interpreterFrame");
    absent("embeddedFrame");
#endif
#if SINCE_313
    OFFSET("extraLocals", PyFrameObject, f_extra_locals);
    OFFSET("localsCache", PyFrameObject, f_locals_cache);
#else
    absent("extraLocals");
    absent("localsCache");
#endif
#if SINCE_314
    OFFSET("overwrittenLocals", PyFrameObject, f_overwritten_fast_locals);
#else
    absent("overwrittenLocals");
#endif
    close_group();
}

static void print_interpreter_frame(void) {
#if !SINCE_311
    absent("interpreterFrame");
#else
    open_group("interpreterFrame");
    OFFSET("previous", _PyInterpreterFrame, previous);
#if SINCE_313
    OFFSET("code", _PyInterpreterFrame, f_executable);
#else
    OFFSET("code", _PyInterpreterFrame, f_code);
#endif
#if SINCE_312
    OFFSET("function", _PyInterpreterFrame, f_funcobj);
#else
    OFFSET("function", _PyInterpreterFrame, f_func);
#endif
    OFFSET("globals", _PyInterpreterFrame, f_globals);
    OFFSET("builtins", _PyInterpreterFrame, f_builtins);
    OFFSET("locals", _PyInterpreterFrame, f_locals);
    OFFSET("frameObject", _PyInterpreterFrame, frame_obj);
#if SINCE_314
    absent("stacktop");
    OFFSET("stackPointer", _PyInterpreterFrame, stackpointer);
#else
    OFFSET("stacktop", _PyInterpreterFrame, stacktop);
    absent("stackPointer");
#endif
    OFFSET("owner", _PyInterpreterFrame, owner);
    OFFSET("localsplus", _PyInterpreterFrame, localsplus);
    number("ownedByThread", FRAME_OWNED_BY_THREAD);
    number("ownedByGenerator", FRAME_OWNED_BY_GENERATOR);
    number("ownedByFrameObject", FRAME_OWNED_BY_FRAME_OBJECT);
    /* The first of the owners that have no function: the C stack, and from 3.14 on the interpreter's own entry frames. */
#if SINCE_314
    number("ownedByNoFunction", FRAME_OWNED_BY_INTERPRETER);
#elif SINCE_312
    number("ownedByNoFunction", FRAME_OWNED_BY_CSTACK);
#else
    absent("ownedByNoFunction");
#endif
#if SINCE_314
    /* Bit 0 of a word of a frame: the reference is borrowed. Both bits: no reference, a number. */
    number("borrowedTag", Py_TAG_REFCNT);
    number("tagMask", Py_TAG_BITS);
#else
    absent("borrowedTag");
    absent("tagMask");
#endif
    close_group();
#endif
}

static void print_code(void) {
    open_group("code");
#if SINCE_311
    OFFSET("localCount", PyCodeObject, co_nlocalsplus);
#else
    OFFSET("localCount", PyCodeObject, co_nlocals);
#endif
    OFFSET("argumentCount", PyCodeObject, co_argcount);
    OFFSET("stackSize", PyCodeObject, co_stacksize);
    OFFSET("firstLine", PyCodeObject, co_firstlineno);
    OFFSET("name", PyCodeObject, co_name);
#if SINCE_311
    OFFSET("qualname", PyCodeObject, co_qualname);
#else
    absent("qualname");
#endif
    OFFSET("filename", PyCodeObject, co_filename);
#if SINCE_311
    absent("varnames");
    absent("cellvars");
    absent("freevars");
    absent("cellToArgument");
    OFFSET("localsplusNames", PyCodeObject, co_localsplusnames);
    OFFSET("localsplusKinds", PyCodeObject, co_localspluskinds);
    number("freeKind", CO_FAST_FREE);
    OFFSET("ownedEnd", PyCodeObject, co_code_adaptive);
#else
    OFFSET("varnames", PyCodeObject, co_varnames);
    OFFSET("cellvars", PyCodeObject, co_cellvars);
    OFFSET("freevars", PyCodeObject, co_freevars);
    OFFSET("cellToArgument", PyCodeObject, co_cell2arg);
    absent("localsplusNames");
    absent("localsplusKinds");
    absent("freeKind");
    SIZE("ownedEnd", PyCodeObject);
#endif
    OFFSET("weakreflist", PyCodeObject, co_weakreflist);
    SIZE("size", PyCodeObject);
    close_group();
}

static void print_generator(void) {
    open_group("generator");
#if SINCE_311
    OFFSET("interpreterFrame", PyGenObject, gi_iframe);
    OFFSET("frameState", PyGenObject, gi_frame_state);
    /* gen_traverse (Objects/genobject.c) visits the frame while the state is below FRAME_CLEARED. */
    number("aliveBelow", FRAME_CLEARED);
    absent("frame");
#else
    absent("interpreterFrame");
    absent("frameState");
    absent("aliveBelow");
    OFFSET("frame", PyGenObject, gi_frame);
#endif
    OFFSET("weakreflist", PyGenObject, gi_weakreflist);
    OFFSET("name", PyGenObject, gi_name);
    OFFSET("qualname", PyGenObject, gi_qualname);
    close_group();
}

static void print_type(void) {
    open_group("type");
    SIZE("size", PyTypeObject);
    OFFSET("name", PyTypeObject, tp_name);
    OFFSET("basicsize", PyTypeObject, tp_basicsize);
    OFFSET("itemsize", PyTypeObject, tp_itemsize);
    OFFSET("flags", PyTypeObject, tp_flags);
    OFFSET("traverse", PyTypeObject, tp_traverse);
    OFFSET("weaklistoffset", PyTypeObject, tp_weaklistoffset);
    OFFSET("dictoffset", PyTypeObject, tp_dictoffset);
    OFFSET("members", PyTypeObject, tp_members);
    OFFSET("base", PyTypeObject, tp_base);
    OFFSET("dict", PyTypeObject, tp_dict);
    OFFSET("bases", PyTypeObject, tp_bases);
    OFFSET("mro", PyTypeObject, tp_mro);
    OFFSET("cache", PyTypeObject, tp_cache);
    OFFSET("subclasses", PyTypeObject, tp_subclasses);
    OFFSET("weaklist", PyTypeObject, tp_weaklist);
    close_group();
    open_group("heapType");
    SIZE("size", PyHeapTypeObject);
    OFFSET("name", PyHeapTypeObject, ht_name);
    OFFSET("slots", PyHeapTypeObject, ht_slots);
    OFFSET("qualname", PyHeapTypeObject, ht_qualname);
    OFFSET("cachedKeys", PyHeapTypeObject, ht_cached_keys);
#if SINCE_39
    OFFSET("module", PyHeapTypeObject, ht_module);
#else
    absent("module");
#endif
    close_group();
    open_group("member");
    SIZE("size", PyMemberDef);
    OFFSET("name", PyMemberDef, name);
    OFFSET("type", PyMemberDef, type);
    OFFSET("offset", PyMemberDef, offset);
    number("objectEx", T_OBJECT_EX);
    number("object", T_OBJECT);
    close_group();
}

static void print_dict(void) {
    open_group("dict");
    SIZE("size", PyDictObject);
    OFFSET("used", PyDictObject, ma_used);
    OFFSET("keys", PyDictObject, ma_keys);
    OFFSET("values", PyDictObject, ma_values);
    close_group();
    open_group("dictKeys");
    text("form", SINCE_311 ? "log2" : "sized");
    OFFSET("refcount", dw_dict_keys, dk_refcnt);
#if SINCE_311
    OFFSET("size", dw_dict_keys, dk_log2_size);
    OFFSET("log2IndexBytes", dw_dict_keys, dk_log2_index_bytes);
    OFFSET("kind", dw_dict_keys, dk_kind);
#else
    OFFSET("size", dw_dict_keys, dk_size);
    absent("log2IndexBytes");
    absent("kind");
#endif
    OFFSET("usable", dw_dict_keys, dk_usable);
    OFFSET("entryCount", dw_dict_keys, dk_nentries);
    OFFSET("indices", dw_dict_keys, dk_indices);
    SIZE("entrySize", dw_dict_entry);
#if SINCE_311
    SIZE("unicodeEntrySize", PyDictUnicodeEntry);
#else
    absent("unicodeEntrySize");
#endif
    close_group();
}

/* The words before an object are found by asking CPython's own accessors where they are. */
static void print_managed_dict(void) {
    open_group("managedDict");
#if SINCE_311
    static char memory[256];
    char *object = memory + 128;
#endif
#if SINCE_313
    text("form", "inline");
    number("dictBefore", object - (char *)_PyObject_ManagedDictPointer((PyObject *)object));
    absent("valuesBefore");
#elif SINCE_312
    text("form", "tagged");
    number("dictBefore", object - (char *)_PyObject_DictOrValuesPointer((PyObject *)object));
    absent("valuesBefore");
#elif SINCE_311
    text("form", "before-object");
    number("dictBefore", object - (char *)_PyObject_ManagedDictPointer((PyObject *)object));
    number("valuesBefore", object - (char *)_PyObject_ValuesPointer((PyObject *)object));
#else
    text("form", "none");
    absent("dictBefore");
    absent("valuesBefore");
#endif
#if SINCE_311
    OFFSET("values", PyDictValues, values);
#else
    absent("values");
#endif
#if SINCE_313
    OFFSET("valuesCapacity", PyDictValues, capacity);
    OFFSET("valuesSize", PyDictValues, size);
    OFFSET("valuesEmbedded", PyDictValues, embedded);
    OFFSET("valuesValid", PyDictValues, valid);
#else
    absent("valuesCapacity");
    absent("valuesSize");
    absent("valuesEmbedded");
    absent("valuesValid");
#endif
    /* PyObject_VisitManagedDict (Objects/dictobject.c) since gh-130327. */
    truth("dictHoldsInline", SINCE_314);
    close_group();
}

static void print_type_flags(void) {
    open_group("typeFlags");
    number("heapType", Py_TPFLAGS_HEAPTYPE);
    number("ready", Py_TPFLAGS_READY);
    number("haveGc", Py_TPFLAGS_HAVE_GC);
    number("typeSubclass", Py_TPFLAGS_TYPE_SUBCLASS);
#if SINCE_311
    number("managedDict", Py_TPFLAGS_MANAGED_DICT);
#else
    absent("managedDict");
#endif
#if SINCE_312
    number("managedWeakref", Py_TPFLAGS_MANAGED_WEAKREF);
#else
    absent("managedWeakref");
#endif
#if SINCE_313
    number("inlineValues", Py_TPFLAGS_INLINE_VALUES);
#else
    absent("inlineValues");
#endif
    close_group();
}

static void print_containers(void) {
    open_group("list");
    OFFSET("items", PyListObject, ob_item);
    OFFSET("allocated", PyListObject, allocated);
    close_group();
    OFFSET("tupleItems", PyTupleObject, ob_item);
    open_group("set");
    SIZE("size", PySetObject);
    OFFSET("fill", PySetObject, fill);
    OFFSET("used", PySetObject, used);
    OFFSET("mask", PySetObject, mask);
    OFFSET("table", PySetObject, table);
    OFFSET("smallTable", PySetObject, smalltable);
    SIZE("entrySize", setentry);
    OFFSET("entryKey", setentry, key);
    OFFSET("entryHash", setentry, hash);
    close_group();
}

static void print_function(void) {
    open_group("function");
    SIZE("size", PyFunctionObject);
    OFFSET("code", PyFunctionObject, func_code);
    OFFSET("globals", PyFunctionObject, func_globals);
#if SINCE_310
    OFFSET("builtins", PyFunctionObject, func_builtins);
#else
    absent("builtins");
#endif
    OFFSET("name", PyFunctionObject, func_name);
    OFFSET("qualname", PyFunctionObject, func_qualname);
    OFFSET("defaults", PyFunctionObject, func_defaults);
    OFFSET("kwdefaults", PyFunctionObject, func_kwdefaults);
    OFFSET("closure", PyFunctionObject, func_closure);
    OFFSET("doc", PyFunctionObject, func_doc);
    OFFSET("dict", PyFunctionObject, func_dict);
    OFFSET("weakreflist", PyFunctionObject, func_weakreflist);
    OFFSET("module", PyFunctionObject, func_module);
    OFFSET("annotations", PyFunctionObject, func_annotations);
    close_group();
    OFFSET("cellReference", PyCellObject, ob_ref);
    open_group("exception");
    OFFSET("dict", PyBaseExceptionObject, dict);
    OFFSET("args", PyBaseExceptionObject, args);
#if PY_VERSION_HEX >= 0x030B0000
    OFFSET("notes", PyBaseExceptionObject, notes);
#else
    absent("notes");
#endif
    OFFSET("traceback", PyBaseExceptionObject, traceback);
    OFFSET("context", PyBaseExceptionObject, context);
    OFFSET("cause", PyBaseExceptionObject, cause);
    close_group();
    open_group("weakref");
    SIZE("size", PyWeakReference);
    OFFSET("object", PyWeakReference, wr_object);
    OFFSET("callback", PyWeakReference, wr_callback);
    close_group();
}

/* Bit fields have no offsetof: set one, look where it went. */
static unsigned state_word(const PyASCIIObject *sample) {
    unsigned word;
    memcpy(&word, (const char *)sample + offsetof(PyASCIIObject, state), sizeof word);
    return word;
}

static void print_unicode(void) {
    static PyASCIIObject kind, compact, ascii;
    kind.state.kind = 7;
    compact.state.compact = 1;
    ascii.state.ascii = 1;
    int shift = __builtin_ctz(state_word(&kind));
    open_group("unicode");
    SIZE("asciiSize", PyASCIIObject);
    SIZE("compactSize", PyCompactUnicodeObject);
    SIZE("fullSize", PyUnicodeObject);
    OFFSET("length", PyASCIIObject, length);
    OFFSET("state", PyASCIIObject, state);
    OFFSET("utf8", PyCompactUnicodeObject, utf8);
    OFFSET("utf8Length", PyCompactUnicodeObject, utf8_length);
    OFFSET("data", PyUnicodeObject, data);
    number("kindShift", shift);
    number("kindMask", state_word(&kind) >> shift);
    number("compactBit", __builtin_ctz(state_word(&compact)));
    number("asciiBit", __builtin_ctz(state_word(&ascii)));
    close_group();
}

static void print_leaves(void) {
    open_group("long");
#if SINCE_312
    text("form", "tag");
    OFFSET("digits", PyLongObject, long_value.ob_digit);
#else
    text("form", "ob-size");
    OFFSET("digits", PyLongObject, ob_digit);
#endif
    number("bitsPerDigit", PyLong_SHIFT);
    close_group();
    open_group("buffers");
    OFFSET("bytesHeader", PyBytesObject, ob_sval);
    OFFSET("bytearrayAlloc", PyByteArrayObject, ob_alloc);
#if SINCE_315
    number("bytearrayOverhead", offsetof(PyBytesObject, ob_sval) + 1);
#else
    number("bytearrayOverhead", 0);
#endif
    OFFSET("memoryviewManagedBuffer", PyMemoryViewObject, mbuf);
    OFFSET("memoryviewView", PyMemoryViewObject, view);
    close_group();
}

static void print_collections_private(void) {
    open_group("deque");
    SIZE("size", dw_deque);
    OFFSET("leftBlock", dw_deque, leftblock);
    OFFSET("leftIndex", dw_deque, leftindex);
    OFFSET("maxLength", dw_deque, maxlen);
    number("blockLength", DEQUE_BLOCKLEN);
    SIZE("blockSize", dw_deque_block);
    OFFSET("blockItems", dw_deque_block, data);
    OFFSET("blockNext", dw_deque_block, rightlink);
    OFFSET("weakreflist", dw_deque, weakreflist);
    close_group();
    open_group("lruCache");
    SIZE("size", dw_lru_cache);
    OFFSET("rootPrevious", dw_lru_cache, root.prev);
    OFFSET("rootNext", dw_lru_cache, root.next);
    OFFSET("cache", dw_lru_cache, cache);
    OFFSET("hits", dw_lru_cache, hits);
    OFFSET("function", dw_lru_cache, func);
    OFFSET("maxsize", dw_lru_cache, maxsize);
    OFFSET("misses", dw_lru_cache, misses);
    OFFSET("cacheInfoType", dw_lru_cache, cache_info_type);
    OFFSET("dict", dw_lru_cache, dict);
#if SINCE_39
    OFFSET("weakreflist", dw_lru_cache, weakreflist);
#else
    absent("weakreflist");
#endif
    close_group();
    open_group("lruLink");
    SIZE("size", dw_lru_link);
    OFFSET("previous", dw_lru_link, prev);
    OFFSET("next", dw_lru_link, next);
    OFFSET("key", dw_lru_link, key);
    OFFSET("result", dw_lru_link, result);
    close_group();
    open_group("orderedDict");
    SIZE("size", dw_odict);
    OFFSET("fastNodes", dw_odict, od_fast_nodes);
    OFFSET("fastNodesSize", dw_odict, od_fast_nodes_size);
    OFFSET("first", dw_odict, od_first);
    OFFSET("last", dw_odict, od_last);
    OFFSET("state", dw_odict, od_state);
    OFFSET("dict", dw_odict, od_inst_dict);
    OFFSET("weakreflist", dw_odict, od_weakreflist);
    SIZE("nodeSize", dw_odict_node);
    OFFSET("nodeKey", dw_odict_node, key);
    OFFSET("nodeHash", dw_odict_node, hash);
    OFFSET("nodeNext", dw_odict_node, next);
    OFFSET("nodePrevious", dw_odict_node, prev);
    close_group();
    open_group("count");
    SIZE("size", dw_count);
    OFFSET("count", dw_count, cnt);
    close_group();
}

static void print_buffers_private(void) {
    open_group("array");
    SIZE("size", dw_array);
    OFFSET("items", dw_array, ob_item);
    OFFSET("allocated", dw_array, allocated);
    OFFSET("descriptor", dw_array, ob_descr);
    OFFSET("descriptorItemSize", dw_array_descriptor, itemsize);
    OFFSET("weakreflist", dw_array, weakreflist);
    close_group();
    open_group("bytesIO");
    SIZE("size", dw_bytes_io);
    OFFSET("buffer", dw_bytes_io, buf);
    close_group();
    open_group("stringIO");
    SIZE("size", dw_string_io);
    OFFSET("buffer", dw_string_io, buf);
    OFFSET("bufferSize", dw_string_io, buf_size);
    close_group();
    open_group("buffered");
    SIZE("size", dw_buffered);
    OFFSET("raw", dw_buffered, raw);
    OFFSET("buffer", dw_buffered, buffer);
    OFFSET("bufferSize", dw_buffered, buffer_size);
    close_group();
}

static void print_modules_private(void) {
    open_group("module");
    SIZE("size", dw_module);
    OFFSET("dict", dw_module, md_dict);
#if SINCE_315
    absent("definition");
    OFFSET("stateSize", dw_module, md_state_size);
#else
    OFFSET("definition", dw_module, md_def);
    absent("stateSize");
#endif
    OFFSET("state", dw_module, md_state);
    OFFSET("name", dw_module, md_name);
    OFFSET("weaklist", dw_module, md_weaklist);
    close_group();
    open_group("moduleDefinition");
    OFFSET("stateSize", PyModuleDef, m_size);
    close_group();
#if SINCE_310
    absent("exitModuleState");
#else
    open_group("exitModuleState");
    OFFSET("callbacks", dw_exit_state, callbacks);
    OFFSET("count", dw_exit_state, count);
    close_group();
#endif
    open_group("exitCallback");
    OFFSET("function", dw_exit_callback, func);
    OFFSET("args", dw_exit_callback, args);
    OFFSET("kwargs", dw_exit_callback, kwargs);
    close_group();
    open_group("contextVariable");
    SIZE("size", PyContextVar);
    OFFSET("name", PyContextVar, var_name);
    OFFSET("default", PyContextVar, var_default);
    close_group();
    open_group("managedBuffer");
    SIZE("size", _PyManagedBufferObject);
    OFFSET("object", _PyManagedBufferObject, master.obj);
    close_group();
}

static void print_object_head(void) {
    open_group("objectHead");
    SIZE("size", PyObject);
    /* Bits that may stand in the upper half of a refcount's word: flags since 3.14, which have a place of their own without a GIL. */
#if SINCE_314 && IS_FREE_THREADED
    number("flagBits", 0xff);
#elif SINCE_314
    number("flagBits", 0x00ff0000);
#else
    number("flagBits", 0);
#endif
#ifdef Py_GIL_DISABLED
    OFFSET("refcount", PyObject, ob_ref_local);
#else
    OFFSET("refcount", PyObject, ob_refcnt);
#endif
    OFFSET("type", PyObject, ob_type);
    OFFSET("itemCount", PyVarObject, ob_size);
    close_group();
}

/* Bit fields have no offsetof: set one, look where it went. */
#if IS_FREE_THREADED
static void print_page_tag(void) {
    static mi_page_t page;
    page.tag = 15;
    const unsigned char *bytes = (const unsigned char *)&page;
    int at = 0;
    while (bytes[at] == 0) at++;
    number("pageTag", at);
    number("pageTagShift", __builtin_ctz(bytes[at]));
}
#endif

/* Without a GIL: counts in two parts, and objects found in the pages of mimalloc, which has heaps of its own for those that
 * the collector knows. */
static void print_free_threading(void) {
#if !IS_FREE_THREADED
    absent("freeThreading");
#else
    open_group("freeThreading");
    OFFSET("gcBits", PyObject, ob_gc_bits);
    OFFSET("mutex", PyObject, ob_mutex);
    OFFSET("sharedRefcount", PyObject, ob_ref_shared);
    number("sharedShift", _Py_REF_SHARED_SHIFT);
    number("immortal", _Py_IMMORTAL_REFCNT_LOCAL);
    number("tracked", _PyGC_BITS_TRACKED);
    number("frozen", _PyGC_BITS_FROZEN);
    number("deferred", _PyGC_BITS_DEFERRED);
    OFFSET("debugAllocator", _PyRuntimeState, allocators.is_debug_enabled);
    OFFSET("heapsReady", _PyThreadStateImpl, mimalloc.initialized);
    OFFSET("heapGc", _PyThreadStateImpl, mimalloc.heaps[_Py_MIMALLOC_HEAP_GC]);
    OFFSET("heapGcPre", _PyThreadStateImpl, mimalloc.heaps[_Py_MIMALLOC_HEAP_GC_PRE]);
    number("tagGc", _Py_MIMALLOC_HEAP_GC);
    number("tagGcPre", _Py_MIMALLOC_HEAP_GC_PRE);
    OFFSET("queues", mi_heap_t, pages);
    number("queueCount", MI_BIN_FULL + 1);
    SIZE("queueSize", mi_page_queue_t);
    OFFSET("queueFirst", mi_page_queue_t, first);
    SIZE("pageSize", mi_page_t);
    OFFSET("pageSlices", mi_page_t, slice_count);
    OFFSET("pageSliceOffset", mi_page_t, slice_offset);
    OFFSET("pageCapacity", mi_page_t, capacity);
    OFFSET("pageBlockBytes", mi_page_t, xblock_size);
    OFFSET("pageFree", mi_page_t, free);
    OFFSET("pageLocalFree", mi_page_t, local_free);
    OFFSET("pageThreadFree", mi_page_t, xthread_free);
    OFFSET("pageNext", mi_page_t, next);
    print_page_tag();
    number("segmentBytes", MI_SEGMENT_SIZE);
    number("sliceBytes", MI_SEGMENT_SLICE_SIZE);
    OFFSET("segmentSlices", mi_segment_t, slices);
    OFFSET("segmentEntries", mi_segment_t, slice_entries);
    OFFSET("segmentNext", mi_segment_t, abandoned_next);
    OFFSET("abandoned", PyInterpreterState, mimalloc.abandoned_pool.abandoned);
    OFFSET("abandonedVisited", PyInterpreterState, mimalloc.abandoned_pool.abandoned_visited);
    close_group();
#endif
}

static void print_allocator(void) {
    open_group("allocator");
    number("arenaBytes", ARENA_SIZE);
    number("poolBytes", POOL_SIZE);
    number("alignment", ALIGNMENT);
    SIZE("arenaEntrySize", struct arena_object);
    OFFSET("arenaAddress", struct arena_object, address);
    OFFSET("arenaNextPool", struct arena_object, pool_address);
    OFFSET("arenaFreePools", struct arena_object, nfreepools);
    OFFSET("arenaTotalPools", struct arena_object, ntotalpools);
    OFFSET("arenaNext", struct arena_object, nextarena);
    SIZE("poolHeaderSize", struct pool_header);
    OFFSET("poolUsedBlocks", struct pool_header, ref.count);
    OFFSET("poolArenaIndex", struct pool_header, arenaindex);
    OFFSET("poolSizeIndex", struct pool_header, szidx);
    close_group();
}

int main(void) {
    printf("{");
    number("versionHex", PY_VERSION_HEX);
    truth("freeThreaded", IS_FREE_THREADED);
    open_group("layout");
#ifdef Py_GIL_DISABLED
    number("gcHeadSize", 0);
#else
    SIZE("gcHeadSize", PyGC_Head);
#endif
    print_object_head();
    print_free_threading();
    print_allocator();
    print_runtime();
    print_interpreter();
    print_pending_calls();
    print_collector();
    print_thread();
    print_frame_object();
    print_interpreter_frame();
    print_code();
    print_generator();
    print_type();
    print_dict();
    print_managed_dict();
    print_type_flags();
    print_containers();
    print_function();
    print_unicode();
    print_leaves();
    open_group("private");
    print_collections_private();
    print_buffers_private();
    print_modules_private();
    close_group();
    close_group();
    printf("}\n");
    return 0;
}
