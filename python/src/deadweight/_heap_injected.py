"""Entry for the tool, which has this process import it under a private name: takes a snapshot in a thread of its own.

The thread that the tool borrowed goes on at once.
"""

from __future__ import annotations

import _thread
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def start(folder: str, leash_path: str, values: bool, write: Any) -> None:
    """`folder` is the tool's: `heap` appears there when the snapshot is done, `failed` with a sentence when it is not.

    `write` is `_heap_snapshot.write_snapshot`. Raises RuntimeError when no thread can be started.
    """
    if _is_threadless():
        raise RuntimeError("this uWSGI worker runs without threads; start it with --enable-threads")
    _thread.start_new_thread(_take, (folder, leash_path, values, write))


def _take(folder: str, leash_path: str, values: bool, write: Any) -> None:
    import _socket

    leash = None
    try:
        leash = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        leash.settimeout(5)
        leash.connect(leash_path)
        write(os.path.join(folder, "heap"), values=values, leash=leash.fileno())
    except BaseException as error:
        _say(os.path.join(folder, "failed"), str(error) or type(error).__name__)
    finally:
        if leash is not None:
            leash.close()
        _leave(sys.modules, __name__.rpartition(".")[0])


def _leave(modules: Any, package: str) -> None:
    """Functions and their globals hold each other: in a program without a collector they would stay."""
    for name in [name for name in list(modules) if name.partition(".")[0] == package]:
        modules.pop(name).__dict__.clear()


def _say(path: str, sentence: str) -> None:
    try:
        file = os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.write(file, sentence.encode("utf-8", "replace"))
        os.close(file)
        os.rename(path + ".part", path)
    except OSError:
        # The tool is gone, and its folder with it.
        return


def _is_threadless() -> bool:
    from ._heap_twin import is_threadless

    return is_threadless(sys.modules)
