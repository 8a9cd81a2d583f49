// Functions of C and of Python.h that hand out, take back or merely look at raw memory.

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What comes back belongs to the caller until it is given to FREES. May be NULL. */
export const ALLOCATES: ReadonlySet<string> = set(`
malloc calloc strdup strndup wcsdup _strdup _wcsdup aligned_alloc
PyMem_Malloc PyMem_Calloc PyMem_MALLOC PyMem_New PyMem_NEW PyMem_RawMalloc PyMem_RawCalloc
PyObject_Malloc PyObject_Calloc PyObject_MALLOC _PyMem_Strdup _PyMem_RawStrdup _PyMem_RawWcsdup
PyUnicode_AsUCS4Copy PyUnicode_AsWideCharString Py_DecodeLocale Py_EncodeLocale
`);

/** First argument: what it was; what comes back replaces it, unless it is NULL. */
export const REALLOCATES: ReadonlySet<string> = set(`
realloc reallocarray PyMem_Realloc PyMem_REALLOC PyMem_RawRealloc PyObject_Realloc PyObject_REALLOC
PyMem_Resize PyMem_RESIZE
`);

export const FREES: ReadonlySet<string> = set(`
free cfree PyMem_Free PyMem_FREE PyMem_Del PyMem_DEL PyMem_RawFree PyObject_Free PyObject_FREE PyObject_Del
PyObject_DEL PyObject_GC_Del _aligned_free
`);

/** They look at memory or at an object, keep nothing and release nothing. */
export const LOOKS: ReadonlySet<string> = set(`
memcpy memmove memset memcmp memchr strlen strnlen strcmp strncmp strcasecmp strncasecmp strcpy strncpy strcat strncat
strchr strrchr strstr strspn strcspn strtol strtoul strtoll strtoull strtod atoi atol atof sprintf snprintf vsprintf
vsnprintf printf fprintf vfprintf puts fputs fread fwrite read write fgets fputc fclose fflush sscanf qsort bzero bcopy
wcslen wcscpy wcscmp wmemcpy isalpha isdigit isspace toupper tolower abs labs sizeof Py_MEMCPY Py_ARRAY_LENGTH
likely unlikely Py_LIKELY Py_UNLIKELY __builtin_expect Py_REFCNT Py_TYPE Py_SIZE Py_IS_TYPE Py_SET_TYPE Py_SET_SIZE
Py_Is Py_IsNone Py_IsTrue Py_IsFalse Py_SAFE_DOWNCAST Py_UNUSED Py_VISIT Py_EnterRecursiveCall Py_LeaveRecursiveCall
Py_ReprEnter Py_ReprLeave Py_BEGIN_ALLOW_THREADS Py_END_ALLOW_THREADS Py_CHARMASK Py_MIN Py_MAX Py_ABS errno
Py_AtExit Py_IsInitialized Py_GetVersion Py_IS_NAN Py_IS_INFINITY Py_IS_FINITE time clock getpid
`);

/** Members of the C API that keep a pointer which they are given. */
export const KEEPS_POINTER: ReadonlySet<string> = set(`
PyCapsule_New PyCapsule_SetPointer PyCapsule_SetContext PyCObject_FromVoidPtr PyCObject_FromVoidPtrAndDesc
PyMemoryView_FromMemory PyMemoryView_FromBuffer PyBuffer_FromMemory PyBuffer_FromReadWriteMemory PyBuffer_FillInfo
PyLong_FromVoidPtr PyArray_SimpleNewFromData PyArray_New PyObject_Init PyObject_InitVar PyObject_INIT PyObject_INIT_VAR
PyErr_SetInterruptEx PyThread_start_new_thread PyModule_Create PyModule_AddFunctions PyImport_AppendInittab
PyType_FromSpec PyCFunction_New PyCFunction_NewEx PyStructSequence_NewType PyEval_SetProfile PyEval_SetTrace
PySys_SetArgv PySys_SetArgvEx PyThread_set_key_value PyThread_tss_set PyGILState_Ensure PyDescr_NewGetSet
PyDescr_NewMethod PyType_Ready PyObject_GC_Track
`);

/** The path ends here, and with it the program or the frame. */
export const NEVER_RETURNS: ReadonlySet<string> = set(`
abort exit _exit Py_FatalError Py_Exit Py_UNREACHABLE __builtin_unreachable longjmp siglongjmp png_error
`);

/** Statements that return an object of their own. */
export const RETURN_MACROS: ReadonlySet<string> = set(`
Py_RETURN_NONE Py_RETURN_TRUE Py_RETURN_FALSE Py_RETURN_NOTIMPLEMENTED Py_RETURN_NAN Py_RETURN_INF
Py_RETURN_RICHCOMPARE
`);

/** Objects that exist once; from Python 3.12 on they are immortal (PEP 683). */
export const SINGLETONS: ReadonlySet<string> = set("Py_None Py_True Py_False Py_NotImplemented Py_Ellipsis");
