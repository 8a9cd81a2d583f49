"""Loading for coroutine functions: the same rules, with tasks instead of threads."""

import asyncio
from time import monotonic
from typing import Any, Callable, Hashable, Sequence

from . import slots as _slots
from .store import Store


async def load_async(store: Store, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any) -> Any:
    """Awaits and keeps. With single flight the first caller's task loads, and no caller's cancellation ends it."""
    limit = store.policy.single_flight
    if limit is None or store.bypassed or not store.is_confirmed():
        return await _load_and_keep(store, key, scopes, call, instance)
    loop = asyncio.get_running_loop()
    place = (key, _slots.table.tokens(scopes), id(loop))
    task = store.tasks.get(place)
    if task is not None and task is not asyncio.current_task() and not task.done():
        try:
            return await asyncio.wait_for(asyncio.shield(task), limit)
        except asyncio.TimeoutError:
            return await _load_and_keep(store, key, scopes, call, instance)
    task = loop.create_task(_load_and_keep(store, key, scopes, call, instance))
    store.tasks[place] = task
    task.add_done_callback(lambda done: _landed(store, place, done))
    return await asyncio.shield(task)


def _landed(store: Store, place: Any, task: "asyncio.Task[Any]") -> None:
    if store.tasks.get(place) is task:
        del store.tasks[place]
    # Somebody awaits it unless all were cancelled: then its error is nobody's, and must not be reported as lost.
    if not task.cancelled():
        task.exception()


async def _load_and_keep(
    store: Store, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any
) -> Any:
    ticket = store.ticket(scopes)
    store.tally.begin()
    started = monotonic()
    try:
        value = await getattr(call, "load", call)()
    except BaseException as error:
        seconds = monotonic() - started
        if isinstance(error, store.policy.cache_errors):
            store.keep(key, store.entry(ticket, None, error), instance)
        # A caller who goes away is no failure of the load.
        store.loaded(seconds, not isinstance(error, asyncio.CancelledError))
        raise
    seconds = monotonic() - started
    store.keep(key, store.entry(ticket, value, None, call), instance)
    store.loaded(seconds, False)
    return value


def refresh_async(store: Store, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any) -> None:
    """Loads anew in a task of its own; one at a time for each key and loop."""
    place = ("refresh", key, id(asyncio.get_running_loop()))
    if place in store.tasks:
        return

    async def run() -> None:
        try:
            await _load_and_keep(store, key, scopes, call, instance)
            store.refreshes += 1
        except Exception:  # The stale entry stays until its grace is over; then a caller gets the error itself.
            pass

    task = asyncio.get_running_loop().create_task(run())
    store.tasks[place] = task
    task.add_done_callback(lambda done: _landed(store, place, done))
