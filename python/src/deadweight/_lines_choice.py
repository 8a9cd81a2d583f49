"""Which functions are watched: by `module:qualname` and module patterns, without a decorator."""

import fnmatch
from types import CodeType
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

_NEW_LOCALS = 0x2


class Choice(NamedTuple):
    """`functions` are `module:qualname` or `qualname` (of any module); `modules` are module names; globs in both."""

    functions: Tuple[str, ...]
    modules: Tuple[str, ...]

    def takes(self, module: str, qualname: str) -> bool:
        """Whether a function is chosen. Lambdas and comprehensions only by a pattern that has a `<` of its own."""
        for pattern in self.functions:
            wanted_module, colon, wanted_name = pattern.rpartition(":")
            if colon and not fnmatch.fnmatchcase(module, wanted_module):
                continue
            if fnmatch.fnmatchcase(qualname, wanted_name) and _may_match(qualname, wanted_name):
                return True
        return any(fnmatch.fnmatchcase(module, pattern) for pattern in self.modules) and _may_match(qualname, "*")


def _may_match(qualname: str, pattern: str) -> bool:
    return "<" in pattern or not qualname.rpartition(".")[2].startswith("<")


def parse_choice(functions: Sequence[str], modules: Sequence[str]) -> Choice:
    """The patterns of a command line. `shop/cart.py` is no module: the caller says so to a person."""
    return Choice(tuple(functions), tuple(modules))


class QualifiedNames:
    """Qualified names of code objects. 3.11 knows them; before, the file is compiled once more and looked through."""

    def __init__(self) -> None:
        self._by_file: Dict[str, Dict[Tuple[str, int], str]] = {}

    def of(self, code: CodeType) -> str:
        """`Class.method`, `outer.<locals>.inner`; the plain name when the source is not there."""
        known: Optional[str] = getattr(code, "co_qualname", None)
        if known is not None:
            return known
        names = self._by_file.get(code.co_filename)
        if names is None:
            names = self._by_file[code.co_filename] = _names_in_file(code.co_filename)
        return names.get((code.co_name, code.co_firstlineno), code.co_name)


def _names_in_file(file: str) -> Dict[Tuple[str, int], str]:
    names: Dict[Tuple[str, int], str] = {}
    try:
        with open(file, "rb") as source:
            whole = compile(source.read(), file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError):
        return names
    pending: List[Tuple[CodeType, str]] = [(whole, "")]
    while pending:
        outer, prefix = pending.pop()
        for each in outer.co_consts:
            if isinstance(each, CodeType):
                qualname = prefix + each.co_name
                names[each.co_name, each.co_firstlineno] = qualname
                # A class body has no locals of its own kind; a function's inner names are under <locals>.
                inside = ".<locals>." if each.co_flags & _NEW_LOCALS and each.co_flags & 0x1 else "."
                pending.append((each, qualname + inside))
    return names


def module_of(code: CodeType, global_names: Dict[str, Any]) -> str:
    """Name of the module a function's globals are of."""
    name = global_names.get("__name__")
    return name if isinstance(name, str) else code.co_filename
