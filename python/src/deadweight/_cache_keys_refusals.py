"""Why a class of values has no stable key, and what to write instead: each kind its own sentence."""

import io
import types
from typing import Tuple

from ._cache_keys_errors import Refused

# Names that live connections go by, in whatever library: they say who asks, not what is asked.
_CONNECTIONS = ("Session", "Connection", "Client", "Engine", "Cursor", "Pool", "Redis", "Socket", "socket")
_LOCKS = ("lock", "RLock", "Lock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier")
_WAITING = ("Future", "Task")


def refusal_of(cls: type) -> Refused:
    """The refusal of a class whose content is not known."""
    what, fix = _reason(cls)
    return Refused(what, fix)


def _reason(cls: type) -> Tuple[str, str]:
    leave_out = "leave it out of the key with key=lambda ...: of the other arguments"
    name = cls.__name__
    if _is_function(cls):
        return "is a function, and two functions cannot be compared by content", "pass its name, or " + leave_out
    if issubclass(cls, type):
        return "is a class, and not a value", "pass its name, or " + leave_out
    if issubclass(cls, (types.CoroutineType, types.AsyncGeneratorType)) or name in _WAITING:
        return "is still to be awaited", "await it before the call"
    if issubclass(cls, types.GeneratorType) or (hasattr(cls, "__next__") and not issubclass(cls, io.IOBase)):
        return "can be read only once, as all iterators", "pass a list or a tuple of its items"
    if issubclass(cls, io.IOBase):
        return "is an open file", "pass its path, or its content"
    if name in _LOCKS:
        return "is a lock, and belongs to this process alone", leave_out
    if issubclass(cls, types.ModuleType):
        return "is a module", "pass its name"
    if any(each.__name__.endswith(_CONNECTIONS) for each in cls.__mro__):
        return "is a live connection (%s), not a value" % _path(cls), leave_out
    return _unknown(cls, name)


def _is_function(cls: type) -> bool:
    kinds = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.CodeType)
    more = (types.WrapperDescriptorType, types.MethodDescriptorType, types.MethodWrapperType)
    return issubclass(cls, kinds + more) or cls.__name__ in ("partial", "_lru_cache_wrapper", "ufunc")


def _unknown(cls: type, name: str) -> Tuple[str, str]:
    if cls is object:
        return "is a bare object, known by its identity alone", "pass a text or an Enum member instead"
    base = next((each for each in cls.__mro__[1:] if each in _BUILT_IN), None)
    if base is not None:
        what = "is a %s, which may hold more than the %s it is made from" % (_path(cls), base.__name__)
        return what, "pass %s(...) of it, or give the class a method __cache_key__(self)" % base.__name__
    what = "is a %s, whose content is not known" % _path(cls)
    own = "give %s a method __cache_key__(self)" % name
    return what, "write key=lambda ...: with what the result depends on, or " + own


_BUILT_IN = (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset)


def _path(cls: type) -> str:
    return "%s.%s" % (cls.__module__, cls.__qualname__)
