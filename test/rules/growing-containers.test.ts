// The two cases that DW201 was measured by: one that CPython confirmed as a bug, one that FastAPI declined.

import { expect, it } from "vitest";
import { scanSources } from "../support/scan-sources.ts";

// encodings/__init__.py of CPython 3.11, shortened (python/cpython#146054).
const ENCODINGS = `
import codecs
from . import aliases

_cache = {}
_unknown = '--unknown--'
_import_tail = ['*']
_aliases = aliases.aliases

def normalize_encoding(encoding):
    chars = []
    for c in encoding:
        chars.append(c)
    return ''.join(chars)

def search_function(encoding):
    entry = _cache.get(encoding, _unknown)
    if entry is not _unknown:
        return entry
    norm_encoding = normalize_encoding(encoding)
    try:
        mod = __import__('encodings.' + norm_encoding, fromlist=_import_tail, level=0)
    except ImportError:
        mod = None
    if mod is None:
        _cache[encoding] = None
        return None
    entry = mod.getregentry()
    _cache[encoding] = entry
    return entry

codecs.register(search_function)
`;

it("finds encodings._cache, with what is written, where the key comes from, and that nothing removes", async () => {
  const { findings } = await scanSources({
    "encodings/__init__.py": ENCODINGS,
    "encodings/aliases.py": "aliases = {'646': 'ascii'}\n",
  });
  const [cache, ...others] = findings.filter(({ code }) => code === "DW201");
  expect(others).toEqual([]);
  expect(cache).toMatchObject({ holder: "encodings._cache", confidence: "likely", line: 5 });
  expect(cache?.bound).toBe("one entry for each distinct encoding");
  expect(cache?.related.map(({ message }) => message)).toEqual([
    "grows here: the key comes from parameter encoding",
    "grows here, too",
    "nothing removes from it: 2 files were looked at",
  ]);
});

it("does not call a cache by the identity of endpoints a leak", async () => {
  const { findings } = await scanSources({
    "fastapi/routing.py": `
_endpoint_context_cache: dict[int, dict] = {}

def _extract_endpoint_context(func):
    func_id = id(func)
    if func_id in _endpoint_context_cache:
        return _endpoint_context_cache[func_id]
    ctx = {}
    _endpoint_context_cache[func_id] = ctx
    return ctx
`,
  });
  expect(findings.filter(({ code }) => code === "DW201")).toEqual([]);
});
