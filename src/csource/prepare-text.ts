// Macros of Python.h that are no expressions and no declarations would tear the grammar apart. They are overwritten by
// something of the same length that means the same to the analysis, so that every offset stays true.

/** Statement-like macros that people write without a semicolon, and markers in front of types. */
const NOTHING =
  /\b(?:Py_BEGIN_ALLOW_THREADS|Py_END_ALLOW_THREADS|Py_BLOCK_THREADS|Py_UNBLOCK_THREADS|_Py_COMP_DIAG_\w+|Py_(?:BEGIN|END)_CRITICAL_SECTION2?(?:_MUT)?\([^()]*\)|Py_EXIT_CRITICAL_SECTION\(\)|NPY_(?:BEGIN|END)_(?:ALLOW_)?THREADS(?:_DEF|_DESCR)?(?:\([^()]*\))?|NPY_NO_EXPORT|NPY_GCC_\w+|Py_ALWAYS_INLINE|Py_NO_INLINE|Py_DEPRECATED\([^()]*\)|__attribute__\s*\(\([^()]*(?:\([^()]*\))?[^()]*\)\)|__inline__|__inline|__forceinline|CYTHON_INLINE|CYTHON_UNUSED);?/g;
/** A function of this type: `Py_LOCAL(PyObject *)`, `DL_EXPORT(void)`. */
const RESULT_TYPE = /\b(?:Py_LOCAL|Py_LOCAL_INLINE|PyAPI_FUNC|DL_EXPORT|PyMODINIT_FUNC_T)\(([^()]*)\)/g;
const HEAD = /\bPyObject_HEAD\b([ \t]*;)?/g;
const VAR_HEAD = /\bPyObject_VAR_HEAD\b([ \t]*;)?/g;
const HEAD_INIT = /\b(?:PyVarObject_HEAD_INIT\([^()]*\)\s*,?|PyObject_HEAD_INIT\([^()]*\)\s*,?\s*0\s*,)/g;

/** Markers of a project's own in front of a declaration: `RAISES static int f(`. A type follows, and a name. */
const MARKER = /^[A-Z][A-Z0-9_]{3,}(?=[ \t]+[A-Za-z_]\w*(?:[ \t]*\n|[ \t]+[*A-Za-z_]|[ \t]*\*))/gm;

/** Spaces of the same length; line ends stay. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

const filled = (text: string, by: string): string => by + blank(text.slice(by.length));

/** The text as the grammar shall see it: the same length, the same lines. O(length). */
export function prepareText(text: string): string {
  return text
    .replace(NOTHING, (found) => (found.endsWith(";") ? `${blank(found.slice(0, -1))};` : blank(found)))
    .replace(MARKER, blank)
    .replace(RESULT_TYPE, (found, type: string) => filled(found, type))
    .replace(HEAD, (found) => filled(found, "PyObject H;"))
    .replace(VAR_HEAD, (found) => filled(found, "PyVarObject H;"))
    .replace(HEAD_INIT, (found) => filled(found, "0,"));
}
