"""`cached`: the decorator."""

import functools
import inspect
import threading
from time import monotonic
from typing import Any, Callable, Dict, Hashable, Optional, Tuple

from . import registry
from .policy import SLICES, Policy, check
from .store import Store
from .wrapper import Shape, is_method, make_wrapper

Arguments = Dict[str, Any]


def cached(maxsize: Any = 128, **options: Any) -> Any:
    """Keeps results of a function or method, async ones too. See docs/cached.md for the options.

    `@cached` and `@cached(...)` both work. Options that cannot be meant are refused when the module is imported.
    """
    if callable(maxsize):
        return _decorate(maxsize, {})
    return lambda function: _decorate(function, {"maxsize": maxsize, **options})


def _decorate(function: Callable[..., Any], options: Arguments) -> Callable[..., Any]:
    name = options.pop("name", "%s.%s" % (function.__module__, function.__qualname__))
    unknown = sorted(set(options) - set(Policy._fields))
    if unknown:
        raise TypeError("cached() knows no option %r; it knows %s" % (unknown[0], ", ".join(Policy._fields[1:])))
    policy = Policy(name=name, **options)
    check(policy)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError("%s is a generator: its result is used up by the first caller. Cache a list of it." % name)
    return Cached(function, policy).wrapper


class Cached:
    """A decorated function: its store (one, or one per thread), its wrapper, and the slow part behind it."""

    def __init__(self, function: Callable[..., Any], policy: Policy) -> None:
        # Not with the first call: a child that is born of a fork in the middle of an import would wait for it for ever.
        from .. import _cache_keys  # noqa: F401

        self.function = function
        self.name = policy.name
        self.signature = inspect.signature(function)
        self.method = is_method(function, self.signature)
        kinds = {parameter.kind: parameter.name for parameter in self.signature.parameters.values()}
        #: Name of `*args`, or None.
        self._rest = kinds.get(inspect.Parameter.VAR_POSITIONAL)
        self.is_async = inspect.iscoroutinefunction(function)
        self.options = policy
        self.store = Store(policy, function)
        self._local = threading.local()
        self._names: Arguments = {"__name__": function.__module__, "monotonic": monotonic}
        self.wrapper = self._make_wrapper()

    def _make_wrapper(self) -> Callable[..., Any]:
        store, names = self.store, self._names
        names.update(
            store=store,
            get=store.entries.get,
            touch=store.entries.move_to_end,
            refs=store.instances.by_id,
            reference=lambda instance: self.store.instances.reference(instance, self.name),
            here=self._here,
            slow=self._slow_async if self.is_async else self._slow,
        )
        registry.add(store, names)
        wrapper = functools.update_wrapper(make_wrapper(self._shape(store.policy), names), self.function)
        store.on_policy = lambda policy: self._remake(wrapper, policy)
        wrapper.cache_info = self._info  # type: ignore[attr-defined]
        wrapper.cache_clear = store.clear  # type: ignore[attr-defined]
        wrapper.cache_parameters = lambda: {"maxsize": store.policy.maxsize, "typed": True}  # type: ignore[attr-defined]
        wrapper.cache = store  # type: ignore[attr-defined]
        wrapper.cache_curve = self._curve  # type: ignore[attr-defined]
        return wrapper

    def _shape(self, policy: Policy) -> Shape:
        shape = Shape(self.signature, self.method, self.is_async)
        shape.quick = policy.key is None and policy.normalize is None
        shape.expires = policy.ttl is not None or bool(policy.cache_errors) or policy.tier is not None
        shape.bounded = policy.maxsize is not None or policy.max_bytes is not None
        shape.sampled = policy.curve
        shape.errors, shape.weak, shape.per_thread = bool(policy.cache_errors), policy.weak, policy.per_thread
        return shape

    def _remake(self, wrapper: Any, policy: Policy) -> None:
        """Code for other options in the same function object: everybody who imported it has it at once."""
        wrapper.__code__ = make_wrapper(self._shape(policy), dict(self._names)).__code__

    def _here(self) -> Store:
        """The store of this thread."""
        store: Optional[Store] = getattr(self._local, "store", None)
        if store is None:
            store = self._local.store = Store(self.options, self.function)
            store.instances = self.store.instances
            registry.add(store, {})
        return store

    def _info(self) -> Any:
        return (self._here() if self.options.per_thread else self.store).info()

    def _curve(self) -> Any:
        """Bounds and the share of calls that would have missed with each: [(128, 0.31), ...]."""
        store = self._here() if self.options.per_thread else self.store
        if store.sketch is None:
            raise RuntimeError("%s counts no other bounds: write @cached(curve=True)" % self.name)
        return store.sketch.curve()

    def _slow(self, store: Store, quick: Any, ref: Any, instance: Any, arguments: Arguments) -> Any:
        key, scopes, call = self._prepare(store, quick, ref, instance, arguments)
        if store.sketch is not None:
            store.sketch.use(key)
        entry = store.find(key, scopes)
        if entry is not None:
            found, value = self._answer(store, entry)
            if found:
                return value
        stale = store.stale(key, scopes)
        if stale is not None:
            store.refresh(key, scopes, call, ref)
            return stale.value
        return store.load(key, scopes, call, ref)

    async def _slow_async(self, store: Store, quick: Any, ref: Any, instance: Any, arguments: Arguments) -> Any:
        from .async_load import load_async, refresh_async

        key, scopes, call = self._prepare(store, quick, ref, instance, arguments)
        if store.sketch is not None:
            store.sketch.use(key)
        entry = store.find(key, scopes)
        if entry is not None:
            found, value = self._answer(store, entry)
            if found:
                return value
        stale = store.stale(key, scopes)
        if stale is not None:
            refresh_async(store, key, scopes, call, ref)
            return stale.value
        return await load_async(store, key, scopes, call, ref)

    def _answer(self, store: Store, entry: Any) -> Tuple[bool, Any]:
        """Whether the entry has an answer, and which. A weak value may have died: that is no hit."""
        value = entry.value() if self.options.weak and entry.error is None else entry.value
        if self.options.weak and value is None and entry.error is None:
            return False, None
        next(store.hits)
        if entry.error is not None:
            raise entry.error
        return True, value

    def _prepare(self, store: Store, quick: Any, ref: Any, instance: Any, arguments: Arguments) -> Any:
        """Key, scopes and the call itself, of arguments that are bound to the signature."""
        args, kwargs = self._call_of(instance, arguments)
        call = functools.partial(self.function, *args, **kwargs)
        key = self._key(quick, ref, instance, arguments, args, kwargs)
        scopes = self._scopes(key, arguments, args, kwargs)
        if self.options.tier is not None:
            call = self._tiered(store, call, scopes, self._parts(instance, arguments, args, kwargs))
        return key, store.slots_of(scopes), call

    def _tiered(self, store: Store, call: Any, scopes: "list[str]", parts: Any) -> Any:
        from .._cache_keys import digest
        from .._redis.protocol import Place
        from .._redis.tier import TieredCall

        options = self.options
        place = Place(
            options.namespace or options.name,
            str(options.version),
            store.scopes + scopes,
            digest(parts, function=self.name).hex(),
        )
        return TieredCall(options.tier, place, call, lambda: _seconds_left(store.policy))

    def _parts(self, instance: Any, arguments: Arguments, args: Any, kwargs: Any) -> Any:
        """What stands for the call in every process: with `key=` that alone, for a method with the content of its instance."""
        if self.options.key is not None:
            return (("key", self.options.key(*args, **kwargs)),)
        own = (("self", instance),) if self.method else ()
        return own + self._own_parts(arguments, args, kwargs)

    def _call_of(self, instance: Any, arguments: Arguments) -> Tuple[Tuple[Any, ...], Arguments]:
        args: list = [instance] if self.method else []
        kwargs: Arguments = {}
        for parameter in self.signature.parameters.values():
            if parameter.name not in arguments:
                continue
            value = arguments[parameter.name]
            if parameter.kind is parameter.VAR_POSITIONAL:
                args.extend(value)
            elif parameter.kind is parameter.VAR_KEYWORD:
                kwargs.update(value)
            elif parameter.kind is parameter.KEYWORD_ONLY:
                kwargs[parameter.name] = value
            else:
                args.append(value)
        return tuple(args), kwargs

    def _key(self, quick: Any, ref: Any, instance: Any, arguments: Arguments, args: Any, kwargs: Any) -> Hashable:
        from .._cache_keys import FAST_TYPES, digest

        if self.options.key is not None:
            parts: Any = (("key", self.options.key(*args, **kwargs)),)
        elif self.options.normalize is None and quick is not None and self._is_quick(arguments, FAST_TYPES):
            return quick  # type: ignore[no-any-return]
        else:
            parts = self._own_parts(arguments, args, kwargs)
        canonical = digest(parts, function=self.name)
        return canonical if ref is None else (ref, canonical)

    def _own_parts(self, arguments: Arguments, args: Any, kwargs: Any) -> Any:
        if self.options.normalize is None:
            return tuple(arguments.items())
        own_args, own_kwargs = self.options.normalize(*args, **kwargs)
        bound = self.signature.bind(*own_args, **own_kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.items())[1 if self.method else 0 :]

    def _is_quick(self, arguments: Arguments, fast: "frozenset[type]") -> bool:
        """Each value stands beside its own class in the quick key; those of `*args` do, one by one."""
        for name, value in arguments.items():
            if name == self._rest:
                if not all(type(each) in fast for each in value):
                    return False
            elif type(value) not in fast:
                return False
        return True

    def _scopes(self, key: Hashable, arguments: Arguments, args: Any, kwargs: Any) -> "list[str]":
        """Scopes of this entry alone: its tags, and its slice of the namespace."""
        tags = self.options.tags
        names = tags(*args, **kwargs) if callable(tags) else [tag.format(**arguments) for tag in tags]
        scopes = ["tag:" + name for name in names]
        if self.options.namespace is not None:
            scopes.append("slice:%s:%d" % (self.options.namespace, self._slice(arguments)))
        return scopes

    def _slice(self, arguments: Arguments) -> int:
        """The same in every process and for every spelling of a call."""
        from .._cache_keys import digest

        return digest(tuple(arguments.items()), function=self.name)[0] % SLICES


def _seconds_left(policy: Policy) -> Optional[float]:
    """How long a value lives that is made now; None: for ever."""
    return None if policy.ttl is None else policy.expiry(False) - monotonic()
