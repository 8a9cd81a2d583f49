// What CPython's functions do with references, as the "Return value" and "steals a reference" notes of the C API reference
// say it (docs.python.org/3/c-api, 3.8 to 3.14; names of Python 2 stay for what still compiles on it). The ones that people
// get wrong are spelled out in test/csource/read-c-facts.test.ts.
//
// Names without a note take their arguments as loans and return no reference: numbers, pointers into objects, nothing.

/** new: the caller owns what it gets. borrowed: it must not release it. plain: no reference comes back. */
export type ReferenceResult = "new" | "borrowed" | "plain";

export interface ReferenceNote {
  readonly result: ReferenceResult;
  /** Positions of arguments, from 0, whose reference the function takes over. */
  readonly steals: readonly number[];
  /** It takes them over only when it succeeds: the caller keeps them on failure. */
  readonly stealsOnSuccess: boolean;
  /** False: what comes back is never NULL. */
  readonly mayFail: boolean;
}

const NEW = `
PyObject_GetAttr PyObject_GetAttrString PyObject_GenericGetAttr PyObject_GenericGetDict PyObject_RichCompare
PyObject_Repr PyObject_ASCII PyObject_Str PyObject_Unicode PyObject_Bytes PyObject_GetItem PyObject_Dir
PyObject_GetIter PyObject_GetAIter PyObject_SelfIter PyObject_Format PyObject_Copy
PyObject_Call PyObject_CallNoArgs PyObject_CallOneArg PyObject_CallObject PyObject_CallFunction PyObject_CallMethod
PyObject_CallFunctionObjArgs PyObject_CallMethodObjArgs PyObject_CallMethodNoArgs PyObject_CallMethodOneArg
PyObject_Vectorcall PyObject_VectorcallDict PyObject_VectorcallMethod PyVectorcall_Call PyEval_CallObject
PyEval_CallObjectWithKeywords PyEval_CallFunction PyEval_CallMethod _PyObject_CallNoArgs _PyObject_CallNoArg
_PyObject_CallOneArg _PyObject_CallMethodId _PyObject_CallMethodIdNoArgs _PyObject_CallMethodIdOneArg
_PyObject_CallMethodIdObjArgs _PyObject_CallMethod _PyObject_CallFunction_SizeT _PyObject_CallMethod_SizeT
_PyObject_GetAttrId _PyObject_Vectorcall _PyObject_FastCall _PyObject_FastCallDict _PyObject_Call _PyObject_New
_PyObject_NewVar _PyObject_GC_New _PyObject_GC_NewVar PyObject_New PyObject_NewVar PyObject_NEW PyObject_NEW_VAR
PyObject_GC_New PyObject_GC_NewVar PyType_GenericAlloc PyType_GenericNew
PyNumber_Add PyNumber_Subtract PyNumber_Multiply PyNumber_MatrixMultiply PyNumber_FloorDivide PyNumber_TrueDivide
PyNumber_Divide PyNumber_Remainder PyNumber_Divmod PyNumber_Power PyNumber_Negative PyNumber_Positive PyNumber_Absolute
PyNumber_Invert PyNumber_Lshift PyNumber_Rshift PyNumber_And PyNumber_Xor PyNumber_Or PyNumber_InPlaceAdd
PyNumber_InPlaceSubtract PyNumber_InPlaceMultiply PyNumber_InPlaceMatrixMultiply PyNumber_InPlaceFloorDivide
PyNumber_InPlaceTrueDivide PyNumber_InPlaceRemainder PyNumber_InPlacePower PyNumber_InPlaceLshift
PyNumber_InPlaceRshift PyNumber_InPlaceAnd PyNumber_InPlaceXor PyNumber_InPlaceOr PyNumber_Int PyNumber_Long
PyNumber_Float PyNumber_Index PyNumber_ToBase
PySequence_Concat PySequence_Repeat PySequence_InPlaceConcat PySequence_InPlaceRepeat PySequence_GetItem
PySequence_ITEM PySequence_GetSlice PySequence_List PySequence_Tuple PySequence_Fast
PyMapping_GetItemString PyMapping_Keys PyMapping_Values PyMapping_Items
PyIter_Next PySeqIter_New PyCallIter_New
PyLong_FromLong PyLong_FromUnsignedLong PyLong_FromSsize_t PyLong_FromSize_t PyLong_FromLongLong
PyLong_FromUnsignedLongLong PyLong_FromDouble PyLong_FromString PyLong_FromUnicode PyLong_FromUnicodeObject
PyLong_FromVoidPtr PyLong_FromInt32 PyLong_FromUInt32 PyLong_FromInt64 PyLong_FromUInt64 PyLong_FromNativeBytes
PyLong_FromUnsignedNativeBytes PyLong_GetInfo _PyLong_FromByteArray _PyLong_Copy _PyLong_New PyInt_FromLong
PyInt_FromSsize_t PyInt_FromSize_t PyInt_FromString
PyFloat_FromDouble PyFloat_FromString PyFloat_GetInfo PyComplex_FromDoubles PyComplex_FromCComplex
PyBytes_FromString PyBytes_FromStringAndSize PyBytes_FromFormat PyBytes_FromFormatV PyBytes_FromObject
PyBytes_DecodeEscape PyBytes_Join PyByteArray_FromObject PyByteArray_FromStringAndSize PyByteArray_Concat
PyString_FromString PyString_FromStringAndSize PyString_FromFormat PyString_FromFormatV PyString_Format
PyString_InternFromString PyString_AsEncodedObject PyString_AsDecodedObject
PyUnicode_New PyUnicode_FromString PyUnicode_FromStringAndSize PyUnicode_FromFormat PyUnicode_FromFormatV
PyUnicode_FromKindAndData PyUnicode_FromObject PyUnicode_FromEncodedObject PyUnicode_FromOrdinal
PyUnicode_FromUnicode PyUnicode_FromWideChar PyUnicode_InternFromString PyUnicode_BuildEncodingMap PyUnicode_Substring
PyUnicode_Decode PyUnicode_AsEncodedString PyUnicode_AsEncodedObject PyUnicode_AsDecodedObject
PyUnicode_AsDecodedUnicode PyUnicode_AsEncodedUnicode PyUnicode_Encode PyUnicode_DecodeUTF8
PyUnicode_DecodeUTF8Stateful PyUnicode_AsUTF8String PyUnicode_EncodeUTF8 PyUnicode_DecodeUTF16
PyUnicode_DecodeUTF16Stateful PyUnicode_AsUTF16String PyUnicode_EncodeUTF16 PyUnicode_DecodeUTF32
PyUnicode_DecodeUTF32Stateful PyUnicode_AsUTF32String PyUnicode_DecodeUTF7 PyUnicode_DecodeUnicodeEscape
PyUnicode_AsUnicodeEscapeString PyUnicode_DecodeRawUnicodeEscape PyUnicode_AsRawUnicodeEscapeString
PyUnicode_DecodeLatin1 PyUnicode_AsLatin1String PyUnicode_EncodeLatin1 PyUnicode_DecodeASCII PyUnicode_AsASCIIString
PyUnicode_EncodeASCII PyUnicode_DecodeCharmap PyUnicode_AsCharmapString PyUnicode_Translate PyUnicode_DecodeMBCS
PyUnicode_AsMBCSString PyUnicode_EncodeCodePage PyUnicode_DecodeFSDefault PyUnicode_DecodeFSDefaultAndSize
PyUnicode_EncodeFSDefault PyUnicode_DecodeLocale PyUnicode_DecodeLocaleAndSize PyUnicode_EncodeLocale
PyUnicode_Concat PyUnicode_Split PyUnicode_Splitlines PyUnicode_Partition PyUnicode_RPartition PyUnicode_RSplit
PyUnicode_Join PyUnicode_Replace PyUnicode_RichCompare PyUnicode_Format PyUnicodeWriter_Finish
PyList_New PyList_GetSlice PyList_AsTuple PyList_GetItemRef PyTuple_New PyTuple_Pack PyTuple_GetSlice
PyTuple_FromArray PyDict_New PyDict_Copy PyDict_Keys PyDict_Values PyDict_Items PyDictProxy_New
PySet_New PyFrozenSet_New PySet_Pop PyStructSequence_New PyStructSequence_NewType
PySlice_New PyMemoryView_FromObject PyMemoryView_FromMemory PyMemoryView_FromBuffer PyMemoryView_GetContiguous
PyBuffer_FromObject PyBuffer_FromMemory PyBuffer_FromReadWriteMemory PyBuffer_New
PyCapsule_New PyCObject_FromVoidPtr PyCObject_FromVoidPtrAndDesc PyCell_New PyCell_Get PyCode_New PyCode_NewEmpty
PyCode_NewWithPosOnlyArgs PyCode_GetCode PyCode_GetVarnames PyCode_GetCellvars PyCode_GetFreevars
PyFunction_New PyFunction_NewWithQualName PyMethod_New PyInstanceMethod_New PyCFunction_New PyCFunction_NewEx
PyCMethod_New PyStaticMethod_New PyClassMethod_New PyDescr_NewGetSet PyDescr_NewMember PyDescr_NewMethod
PyDescr_NewWrapper PyDescr_NewClassMethod PyWrapper_New PyGen_New PyGen_NewWithQualName PyCoro_New
PyImport_Import PyImport_ImportModule PyImport_ImportModuleEx PyImport_ImportModuleLevel
PyImport_ImportModuleLevelObject PyImport_ImportModuleNoBlock PyImport_ImportModuleAttr PyImport_ImportModuleAttrString
PyImport_ReloadModule PyImport_ExecCodeModule PyImport_ExecCodeModuleEx PyImport_ExecCodeModuleObject
PyImport_ExecCodeModuleWithPathnames PyImport_GetModule PyImport_GetImporter PyImport_AddModuleRef
PyModule_New PyModule_NewObject PyModule_Create PyModule_Create2 PyModule_FromDefAndSpec PyModule_FromDefAndSpec2
PyModule_GetFilenameObject PyModule_GetNameObject Py_InitModule5
PyType_FromSpec PyType_FromSpecWithBases PyType_FromModuleAndSpec PyType_FromMetaclass PyType_GetName
PyType_GetQualName PyType_GetModuleName PyType_GetFullyQualifiedName PyType_GetDict
PyErr_NewException PyErr_NewExceptionWithDoc PyErr_ProgramText PyErr_GetRaisedException PyErr_GetHandledException
PyException_GetTraceback PyException_GetContext PyException_GetCause PyException_GetArgs PyUnicodeDecodeError_Create
PyUnicodeDecodeError_GetEncoding PyUnicodeDecodeError_GetObject PyUnicodeDecodeError_GetReason
PyUnicodeEncodeError_GetEncoding PyUnicodeEncodeError_GetObject PyUnicodeEncodeError_GetReason
PyUnicodeTranslateError_GetObject PyUnicodeTranslateError_GetReason
PyFile_FromFd PyFile_GetLine PyFile_FromFile PyFile_FromString PyOS_FSPath PyMarshal_ReadObjectFromString
PyMarshal_ReadObjectFromFile PyMarshal_ReadLastObjectFromFile PyMarshal_WriteObjectToString
PyCodec_Encode PyCodec_Decode PyCodec_Encoder PyCodec_Decoder PyCodec_IncrementalEncoder PyCodec_IncrementalDecoder
PyCodec_StreamReader PyCodec_StreamWriter PyCodec_LookupError
PyCodec_StrictErrors PyCodec_IgnoreErrors PyCodec_ReplaceErrors PyCodec_XMLCharRefReplaceErrors
PyCodec_BackslashReplaceErrors PyCodec_NameReplaceErrors
PyWeakref_NewRef PyWeakref_NewProxy PyContext_New PyContext_Copy PyContext_CopyCurrent PyContextVar_New
PyContextVar_Set PyFrame_GetCode PyFrame_GetBack PyFrame_GetBuiltins PyFrame_GetGlobals PyFrame_GetLocals
PyFrame_GetGenerator PyFrame_GetVar PyFrame_GetVarString PyThreadState_GetFrame PyEval_GetFrameBuiltins
PyEval_GetFrameGlobals PyEval_GetFrameLocals PyEval_EvalCode PyEval_EvalCodeEx PyRun_String PyRun_StringFlags
PyRun_File PyRun_FileEx PyRun_FileFlags PyRun_FileExFlags Py_CompileString Py_CompileStringFlags
Py_CompileStringExFlags Py_CompileStringObject Py_BuildValue Py_VaBuildValue _Py_BuildValue_SizeT Py_GenericAlias
PyDate_FromDate PyDateTime_FromDateAndTime PyDateTime_FromDateAndTimeAndFold PyTime_FromTime PyTime_FromTimeAndFold
PyDelta_FromDSU PyTimeZone_FromOffset PyTimeZone_FromOffsetAndName PyDateTime_FromTimestamp PyDate_FromTimestamp
PyState_GetModule PySys_GetAttr PySys_GetAttrString PyConfig_Get PyInstance_New PyInstance_NewRaw PyClass_New
_PyBytes_FormatEx _PyUnicode_FormatLong _PyUnicode_AsASCIIString
`;

/** New as well, and never NULL unless the argument is. */
const NEW_NEVER_NULL = "PyObject_Type Py_NewRef Py_XNewRef _Py_NewRef _Py_XNewRef";

const BORROWED = `
PyList_GetItem PyList_GET_ITEM PyTuple_GetItem PyTuple_GET_ITEM PySequence_Fast_GET_ITEM PyStructSequence_GetItem
PyStructSequence_GET_ITEM PyDict_GetItem PyDict_GetItemString PyDict_GetItemWithError PyDict_SetDefault
_PyDict_GetItem_KnownHash _PyDict_GetItemId _PyDict_GetItemIdWithError _PyDict_GetItemStringWithError
PyCell_GET PyWeakref_GetObject PyWeakref_GET_OBJECT PyModule_GetDict PyImport_AddModule PyImport_AddModuleObject
PyImport_GetModuleDict PyErr_Occurred PySys_GetObject PySys_GetXOptions PyThreadState_GetDict PyEval_GetBuiltins
PyEval_GetLocals PyEval_GetGlobals PyEval_GetFrame PyFunction_GetCode PyFunction_GetGlobals PyFunction_GetModule
PyFunction_GetDefaults PyFunction_GetClosure PyFunction_GetAnnotations PyFunction_GET_CODE PyMethod_Function
PyMethod_GET_FUNCTION PyMethod_Self PyMethod_GET_SELF PyInstanceMethod_Function PyInstanceMethod_GET_FUNCTION
PyCFunction_GetSelf PyCFunction_GET_SELF PyType_GetModule PyType_GetModuleByDef PyState_FindModule
_PyObject_GetDictPtr _PyType_Lookup _PyUnicode_FromId PyInterpreterState_GetDict PyGen_GetCode
PyUnstable_InterpreterState_GetMainModule Py_TYPE Py_GetConstantBorrowed PyDateTime_GET_TZINFO
PyErr_SetFromErrno PyErr_SetFromErrnoWithFilename PyErr_SetFromErrnoWithFilenameObject
PyErr_SetFromErrnoWithFilenameObjects PyErr_SetFromWindowsErr PyErr_SetExcFromWindowsErr PyErr_SetImportError
PyErr_SetImportErrorSubclass PyErr_Format PyErr_FormatV PyErr_NoMemory
`;

/** A new reference by the letter; but these objects are there for the life of the process, and one more keeps nothing. */
const CONSTANTS = "PyBool_FromLong Py_GetConstant";

/** Name, positions of the stolen arguments. What comes back is plain. */
const STEALS: Readonly<Record<string, readonly number[]>> = {
  PyTuple_SetItem: [2],
  PyTuple_SET_ITEM: [2],
  PyList_SetItem: [2],
  PyList_SET_ITEM: [2],
  PyStructSequence_SetItem: [2],
  PyStructSequence_SET_ITEM: [2],
  PyException_SetCause: [1],
  PyException_SetContext: [1],
  PyErr_Restore: [0, 1, 2],
  _PyErr_ChainExceptions: [0, 1, 2],
  _PyErr_ChainExceptions1: [0],
  PyErr_SetRaisedException: [0],
  PyErr_SetExcInfo: [0, 1, 2],
  PyCell_SET: [1],
  PyString_ConcatAndDel: [1],
  PyBytes_ConcatAndDel: [1],
  PyUnicode_AppendAndDel: [1],
  PyUnicodeWriter_Discard: [0],
};

const STEALS_ON_SUCCESS: Readonly<Record<string, readonly number[]>> = {
  PyModule_AddObject: [2],
  _PyModule_Add: [2],
};

/** Steals whatever comes: PyModule_Add takes the reference over on failure too. */
const STEALS_ALWAYS: Readonly<Record<string, readonly number[]>> = { PyModule_Add: [2] };

/** Families of the C API. A member without a note lends its arguments and returns no reference that anybody owns. */
const FAMILY =
  /^_?Py(?:Object|Number|Sequence|Mapping|Iter|Long|Int|Bool|Float|Complex|Bytes|ByteArray|String|Unicode|UnicodeWriter|List|Tuple|Dict|Set|FrozenSet|AnySet|Slice|MemoryView|Buffer|Capsule|CObject|Cell|Code|Function|Method|CFunction|Module|Import|Type|Err|Exception|Eval|Gen|Coro|Weakref|Context|ContextVar|Frame|ThreadState|Sys|Arg|Callable|Date|DateTime|Time|Delta|TZInfo|File|OS|Marshal|Codec|Index|Mem|GC|GILState|Interpreter|State|StructSequence|Descr|Callable|Run|Traceback|TraceBack|Thread|Signal|Vectorcall|Indexable|UnicodeDecodeError|UnicodeEncodeError)_[A-Za-z]/;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const LENT: ReferenceNote = { result: "plain", steals: [], stealsOnSuccess: false, mayFail: true };

const NOTES: ReadonlyMap<string, ReferenceNote> = new Map([
  ...words(NEW).map((name) => [name, { ...LENT, result: "new" }] as const),
  ...words(NEW_NEVER_NULL).map((name) => [name, { ...LENT, result: "new", mayFail: false }] as const),
  ...words(`${BORROWED} ${CONSTANTS}`).map((name) => [name, { ...LENT, result: "borrowed" }] as const),
  ...Object.entries({ ...STEALS, ...STEALS_ALWAYS }).map(([name, steals]) => [name, { ...LENT, steals }] as const),
  ...Object.entries(STEALS_ON_SUCCESS).map(
    ([name, steals]) => [name, { ...LENT, steals, stealsOnSuccess: true }] as const,
  ),
]);

/** What is known of a function of the C API; null for a name that is not one. */
export function referenceNote(name: string): ReferenceNote | null {
  return NOTES.get(name) ?? (FAMILY.test(name) ? LENT : null);
}
