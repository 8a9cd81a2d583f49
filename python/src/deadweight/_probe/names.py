"""From objects to the names of module globals and back, without running any code of the program.

Attributes are looked up in dictionaries only: a module that loads itself when it is touched, a property and a
`__getattr__` stay as they are.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def contents(holder: Any) -> dict[str, Any]:
    """The dictionary of a module, class or instance; {} when it has none."""
    try:
        own = (
            object.__getattribute__(holder, "__dict__")
            if not isinstance(holder, type)
            else type.__dict__["__dict__"].__get__(holder)
        )
    except AttributeError:
        return {}
    return own if type(own) is dict else dict(own)


def of_globals(objects: list[Any]) -> dict[int, str]:
    """For each object that is a module's global: `module.NAME`, by `id`. The first in order of import wins."""
    wanted = {id(each) for each in objects}
    places: dict[int, str] = {}
    for module_name, module in list(sys.modules.items()):
        for name, value in list(contents(module).items()):
            if id(value) in wanted:
                places.setdefault(id(value), "%s.%s" % (module_name, name))
    return places


def resolve(path: str) -> Any:
    """The object at `package.module.NAME.attribute`. Raises LookupError with a sentence when there is none."""
    words = path.split(".")
    for length in range(len(words), 0, -1):
        module = sys.modules.get(".".join(words[:length]))
        if module is not None:
            return _walk(module, words[length:], path)
    raise LookupError("no module of %s is imported in this process" % (path,))


def _walk(start: Any, words: list[str], path: str) -> Any:
    here = start
    for word in words:
        found = _lookup(here, word)
        if found is _NOTHING:
            raise LookupError("%s: there is no %s in a %s" % (path, word, type(here).__name__))
        here = found
    return here


_NOTHING = object()


def _lookup(holder: Any, word: str) -> Any:
    own = contents(holder)
    if word in own:
        return own[word]
    kinds = type.__dict__["__mro__"].__get__(holder if isinstance(holder, type) else type(holder))
    for kind in kinds:
        if word in contents(kind):
            value = contents(kind)[word]
            # A slot's value lies in the instance; its descriptor is C code and safe to ask.
            return value.__get__(holder) if type(value).__name__ == "member_descriptor" else value
    return _NOTHING
