// Who owns what on which path. The pages of the rules (docs/rules/DW9*.md) hold the plain cases; here are the forks.

import { describe, expect, it } from "vitest";
import { readC } from "../support/c-sources.ts";

const { losses } = await readC();

describe("a reference has an owner", () => {
  it.each([
    ["returned through a cast", "Foo *x = (Foo *)PyObject_New(Foo, &Foo_Type);\nreturn (PyObject *)x;"],
    ["NULL on the path that returns", "PyObject *x = PyList_New(0);\nif (!x)\n  return NULL;\nreturn x;"],
    [
      "assigned in a test",
      "PyObject *x;\nif ((x = PyList_New(0)) == NULL) return NULL;\nPy_DECREF(x);\nPy_RETURN_NONE;",
    ],
    ["released by a loop", "PyObject *x;\nwhile ((x = PyIter_Next(arg))) { Py_DECREF(x); }\nreturn NULL;"],
    ["in an array that somebody releases", "PyObject *all[2];\nall[0] = PyList_New(0);\nuse(all);\nreturn NULL;"],
    ["in a local struct", "struct pair p;\np.first = PyList_New(0);\nuse(&p);\nreturn NULL;"],
    ["given to a function we do not know", "PyObject *x = PyList_New(0);\nkeep(x);\nreturn NULL;"],
    ["its address is known elsewhere", "PyObject *x = PyList_New(0);\nfill(&x);\nreturn NULL;"],
    [
      "in a static variable",
      "static PyObject *cache;\nif (!cache) cache = PyDict_New();\nPy_INCREF(cache);\nreturn cache;",
    ],
    ["in a global variable", "shared = PyDict_New();\nreturn NULL;"],
    ["taken over by N", 'return Py_BuildValue("(N)", PyList_New(0));'],
    ["one of two by condition", "PyObject *x = arg ? PyList_New(0) : PyDict_New();\nreturn x;"],
    [
      "released by Py_XDECREF when NULL",
      "PyObject *x = NULL;\nif (arg) x = PyList_New(0);\nPy_XDECREF(x);\nreturn NULL;",
    ],
    ["by Py_CLEAR and again", "PyObject *x = PyList_New(0);\nPy_CLEAR(x);\nx = PyDict_New();\nreturn x;"],
    ["an abort", 'PyObject *x = PyList_New(0);\nif (!arg) Py_FatalError("no");\nreturn x;'],
    ["asserted", "PyObject *x = PyList_New(0);\nassert(x != NULL);\nreturn x;"],
    ["unlikely", "PyObject *x = PyList_New(0);\nif (unlikely(x == NULL)) return NULL;\nreturn x;"],
  ])("%s", (_, body) => expect(losses(body)).toEqual([]));
});

describe("a reference is lost", () => {
  it.each([
    [
      "after a label that forgets it",
      "PyObject *x = PyList_New(0);\nif (!x) goto out;\nuse(arg);\nout:\nreturn NULL;",
      "PyList_New return",
    ],
    [
      "in one case of a switch",
      "PyObject *x = PyList_New(0);\nswitch (kind(arg)) {\ncase 1: return x;\ncase 2: return NULL;\ndefault: break;\n}\nreturn x;",
      "PyList_New return",
    ],
    ["by a second assignment", "PyObject *x = PyList_New(0);\nx = PyDict_New();\nreturn x;", "PyList_New overwritten"],
    [
      "by a break",
      "PyObject *x;\nwhile ((x = PyIter_Next(arg))) {\nif (PyObject_IsTrue(x)) break;\nPy_DECREF(x);\n}\nreturn NULL;",
      "PyIter_Next return",
    ],
    ["in a test", "if (PyObject_CallNoArgs(arg) == NULL) return NULL;\nPy_RETURN_NONE;", "PyObject_CallNoArgs ignored"],
    ["as an argument", "PyList_Append(arg, PyLong_FromLong(1));\nPy_RETURN_NONE;", "PyLong_FromLong argument"],
    ["by casting it to nothing", "(void)PyObject_CallNoArgs(arg);\nPy_RETURN_NONE;", "PyObject_CallNoArgs ignored"],
    [
      "for a part of it",
      "Spam *x = (Spam *)PyObject_CallNoArgs(arg);\nif (!x) return NULL;\nreturn Py_NewRef(x->name);",
      "PyObject_CallNoArgs return",
    ],
  ])("%s", (_, body, loss) => expect(losses(body)).toEqual([loss]));
});

describe("one question has one answer", () => {
  it.each([
    [
      "a flag",
      "PyObject *x = NULL;\nint own = flag(arg);\nif (own) x = PyList_New(0);\nuse(arg);\nif (own) Py_XDECREF(x);\nreturn NULL;",
    ],
    [
      "a number that was set",
      "int ok = 0;\nPyObject *x = PyList_New(0);\nif (use(arg)) ok = 1;\nif (ok == 0) Py_XDECREF(x);\nif (ok == 1) return x;\nreturn NULL;",
    ],
    [
      "a sign",
      "PyObject *x = NULL;\nint r = next(arg);\nif (r > 0) x = PyList_New(0);\nif (r < 0) return NULL;\nif (r == 0) return NULL;\nreturn x;",
    ],
    [
      "#ifdef",
      "PyObject *x = NULL;\n#ifdef FAST\nx = PyList_New(0);\n#endif\nuse(arg);\n#ifdef FAST\nPy_XDECREF(x);\n#endif\nreturn NULL;",
    ],
  ])("%s", (_, body) => expect(losses(body)).toEqual([]));
});

describe("macros", () => {
  it("may do anything with the names in their bodies", () => {
    const fail = "#define FAIL() do { Py_DECREF(x); return NULL; } while (0)";
    expect(losses("PyObject *x = PyList_New(0);\nif (!arg) { FAIL(); return NULL; }\nreturn x;", fail)).toEqual([]);
  });

  it("without a semicolon do not tear the function apart", () => {
    const body =
      "int n;\nPy_BEGIN_ALLOW_THREADS\nn = work();\nPy_END_ALLOW_THREADS\nif (n) return NULL;\nreturn PyLong_FromLong(n);";
    expect(losses(body)).toEqual([]);
  });
});

describe("memory", () => {
  it.each([
    ["a pointer into it is kept", "char *x = malloc(8);\nself->end = x + 8;\nreturn NULL;"],
    ["a field of it is kept", "struct s *x = malloc(8);\nregister_it(&x->node);\nreturn NULL;"],
    ["the object has it", "self->data = malloc(8);\nreturn NULL;"],
    ["a field was resized", "self->data = realloc(self->data, 8);\nreturn NULL;"],
  ])("has an owner: %s", (_, body) => expect(losses(body)).toEqual([]));

  it("is lost when realloc fails", () => {
    const body =
      "char *y, *x = malloc(8);\nif (!x) return NULL;\ny = realloc(x, 16);\nif (!y) return NULL;\nfree(y);\nreturn NULL;";
    expect(losses(body)).toEqual(["malloc return"]);
  });
});
