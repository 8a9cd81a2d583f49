// The exported names of CPython that tell one object kind from another, or one build from another.
// Types are recognised by address: tp_name lies in read-only data that a core often leaves out (heap-prototype.md, 5.3).

/** Symbols handed to the decoders; a version that lacks one simply does not list it. */
export const INTERPRETER_SYMBOLS: readonly string[] = [
  "_PyRuntime",
  // Run a line of Python in a process (src/cpython/pending-calls.ts), and let gdb do so (src/app/attach/call-with-gdb.ts).
  "PyRun_SimpleString",
  "PyGILState_Ensure",
  "PyGILState_Release",
  "Py_MakePendingCalls",
  "PyType_Type",
  "PyBaseObject_Type",
  "PyDict_Type",
  "PyODict_Type",
  "PyFrozenDict_Type",
  "PyDictProxy_Type",
  "PyList_Type",
  "PyTuple_Type",
  "PySet_Type",
  "PyFrozenSet_Type",
  "PyUnicode_Type",
  "PyBytes_Type",
  "PyByteArray_Type",
  "PyMemoryView_Type",
  "_PyManagedBuffer_Type",
  "PyLong_Type",
  "PyBool_Type",
  "PyFloat_Type",
  "PyComplex_Type",
  "PySlice_Type",
  "PyRange_Type",
  "PyModule_Type",
  "PyCode_Type",
  "PyFrame_Type",
  "PyTraceBack_Type",
  "PyGen_Type",
  "PyCoro_Type",
  "PyAsyncGen_Type",
  "PyFunction_Type",
  "PyMethod_Type",
  "PyInstanceMethod_Type",
  "PyCFunction_Type",
  "PyCMethod_Type",
  "PyCell_Type",
  "PyProperty_Type",
  "PyStaticMethod_Type",
  "PyClassMethod_Type",
  "PyClassMethodDescr_Type",
  "PyGetSetDescr_Type",
  "PyMemberDescr_Type",
  "PyMethodDescr_Type",
  "PyWrapperDescr_Type",
  "PySuper_Type",
  "_PyWeakref_RefType",
  "_PyWeakref_ProxyType",
  "_PyWeakref_CallableProxyType",
  "PyCapsule_Type",
  "PyContext_Type",
  "PyContextVar_Type",
  "PyContextToken_Type",
  "PyDictKeys_Type",
  "PyDictValues_Type",
  "PyDictItems_Type",
  "PyDictIterKey_Type",
  "PyDictIterValue_Type",
  "PyDictIterItem_Type",
  "PyListIter_Type",
  "PyTupleIter_Type",
  "PySetIter_Type",
  "PySeqIter_Type",
  "PyCallIter_Type",
  "PyEnum_Type",
  "PyFilter_Type",
  "PyMap_Type",
  "PyZip_Type",
  "PyReversed_Type",
  "_PyNone_Type",
  "_PyNotImplemented_Type",
  "PyEllipsis_Type",
  "_Py_NoneStruct",
  "_Py_EllipsisObject",
  "_Py_NotImplementedStruct",
  "_Py_TrueStruct",
  "_Py_FalseStruct",
];

/** A function no other library defines, in every version since 2.x: whoever *defines* it is the interpreter. */
export const HOST_SYMBOL = "Py_GetVersion";

/** `const unsigned long Py_Version`, 3.11+. Python/getversion.c */
export const VERSION_SYMBOL = "Py_Version";

/**
 * Builds whose structs differ from the tables. Each symbol exists only under the macro named with it:
 * Py_GIL_DISABLED (Objects/object.c, 3.13), Py_REF_DEBUG and Py_TRACE_REFS (Objects/object.c, 3.8-3.13).
 */
export const BUILD_MARKERS: readonly { readonly symbol: string; readonly build: string }[] = [
  { symbol: "_Py_DecRefShared", build: "free-threaded" },
  { symbol: "_Py_AddToAllObjects", build: "trace-refs" },
  { symbol: "_Py_RefTotal", build: "debug" },
  { symbol: "_Py_NegativeRefcount", build: "debug" },
];
