"""Makes the function that stands in for a cached one.

Its code is written for the signature of the function, so that the interpreter itself binds the arguments: `quote("A")`,
`quote(symbol="A")` and `quote("A", day=0)` arrive alike, with defaults filled in. What is left for a hit is a tuple, a look
into a dict, and one comparison of a word.

The quick key holds each argument beside its class, so that 1, 1.0 and True never meet. It is used only where all classes
are among those whose values may stand for themselves (FAST_TYPES); entries of other calls lie under the digest of their
canonical encoding and are found in the slow part.
"""

import inspect
from inspect import Parameter
from typing import Any, Callable, Dict, List

_LINE = "\n    "


def is_method(function: Callable[..., Any], signature: inspect.Signature) -> bool:
    """True for a function that a class body defines with `self` or `cls` in front."""
    first = next(iter(signature.parameters.values()), None)
    if first is None or first.name not in ("self", "cls"):
        return False
    if first.kind not in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
        return False
    outer = function.__qualname__.rpartition(".")[0]
    return outer != "" and not outer.endswith("<locals>")


class Shape:
    """What the source of a wrapper depends on."""

    def __init__(self, signature: inspect.Signature, method: bool, is_async: bool) -> None:
        self.signature = signature
        self.method = method
        self.is_async = is_async
        #: The raw arguments are a key; not where `key=` or `normalize=` says otherwise.
        self.quick = True
        self.expires = False
        self.bounded = True
        self.errors = False
        self.weak = False
        self.per_thread = False
        #: Hits are counted in a sketch, too.
        self.sampled = False


def make_wrapper(shape: Shape, names: Dict[str, Any]) -> Callable[..., Any]:
    """Compiles the wrapper. `names`: its globals - `store`, `slow`, `words`, `refs`, `reference`; defaults are added."""
    source = source_of(shape, names)
    exec(compile(source, "<deadweight.cached>", "exec"), names)
    made = names["cached_call"]
    return made  # type: ignore[no-any-return]


def source_of(shape: Shape, names: Dict[str, Any]) -> str:
    """The source; defaults of the parameters are put into `names`."""
    parameters = list(shape.signature.parameters.values())
    head = "%sdef cached_call(%s):" % ("async " if shape.is_async else "", _parameters(parameters, names))
    body: List[str] = []
    first = parameters[0].name if shape.method else None
    if first is not None:
        body += [
            "_ref = refs.get(id(%s))" % first,
            "if _ref is None or _ref() is not %s:" % first,
            "    _ref = reference(%s)" % first,
        ]
    else:
        body += ["_ref = None"]
    if shape.per_thread:
        body += ["_store = here()", "_entries = _store.entries"]
    keyed = parameters[1:] if shape.method else parameters
    if shape.quick and not any(parameter.kind is Parameter.VAR_KEYWORD for parameter in keyed):
        body += _quick_part(shape, keyed)
    else:
        body += ["_key = None"]
    body += _slow_part(shape, keyed)
    return head + _LINE + _LINE.join(body) + "\n"


def _quick_part(shape: Shape, keyed: List[Parameter]) -> List[str]:
    get, touch = ("_entries.get", "_entries.move_to_end") if shape.per_thread else ("get", "touch")
    store = "_store" if shape.per_thread else "store"
    found = ["_entry is not None", "_entry.seen == words[0]"]
    if shape.expires:
        found.append("_entry.expires > monotonic()")
    hit: List[str] = []
    if shape.bounded:
        hit += ["try:", "    %s(_key)" % touch, "except KeyError:", "    pass"]
    count = "next(%s.hits)" % store
    if shape.sampled:
        count += "; %s.sketch.use(_key)" % store
    if shape.errors:
        hit += ["if _entry.error is not None:", "    " + count, "    raise _entry.error"]
    if shape.weak:
        # A value that has died is no hit.
        hit += ["_value = _entry.value()", "if _value is not None:", "    " + count, "    return _value"]
    else:
        hit += [count, "return _entry.value"]
    return [
        "_key = %s" % _key(shape, keyed),
        "try:",
        "    _entry = %s(_key)" % get,
        "except TypeError:",
        "    _entry = None",
        "if %s:" % " and ".join(found),
        *["    " + line for line in hit],
    ]


def _key(shape: Shape, keyed: List[Parameter]) -> str:
    parts = ["_ref"] if shape.method else []
    for parameter in keyed:
        if parameter.kind is Parameter.VAR_POSITIONAL:
            parts += [parameter.name, "tuple(map(type, %s))" % parameter.name]
        else:
            parts += [parameter.name, "type(%s)" % parameter.name]
    return "(%s)" % "".join(part + ", " for part in parts)


def _slow_part(shape: Shape, keyed: List[Parameter]) -> List[str]:
    """Hands the bound arguments over by name; `*args` as a tuple, `**kwargs` as a dict."""
    store = "_store" if shape.per_thread else "store"
    values = ", ".join("%r: %s" % (parameter.name, parameter.name) for parameter in keyed)
    instance = next(iter(shape.signature.parameters)) if shape.method else "None"
    wait = "await " if shape.is_async else ""
    return ["return %sslow(%s, _key, _ref, %s, {%s})" % (wait, store, instance, values)]


def _parameters(parameters: List[Parameter], names: Dict[str, Any]) -> str:
    words: List[str] = []
    kinds = [parameter.kind for parameter in parameters]
    for at, parameter in enumerate(parameters):
        if parameter.kind is Parameter.KEYWORD_ONLY and Parameter.VAR_POSITIONAL not in kinds and "*" not in words:
            words.append("*")
        word = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "") + parameter.name
        if parameter.default is not Parameter.empty:
            names["_default_%d" % at] = parameter.default
            word += "=_default_%d" % at
        words.append(word)
        is_last = parameter.kind is Parameter.POSITIONAL_ONLY and kinds[at + 1 : at + 2] != [Parameter.POSITIONAL_ONLY]
        # Python 3.7 and older have no mark for it; 3.8, the oldest we run on, has.
        if is_last:
            words.append("/")
    return ", ".join(words)
