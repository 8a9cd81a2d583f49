"""Joins the caches of this process to those of all processes of the application on this host.

What is shared is a file in memory, about a MiB, that the `deadweight` command writes and every process reads on each
hit. So a clear reaches all of them at once, without a server, a thread or a message that could be lost; a process that is
stopped, forked or busy has it, too. Each process has a row that says who it is, so that a clear can name them all.
"""

import fcntl
import mmap
import os
import stat
import time
from typing import TYPE_CHECKING, Callable, Optional, TypeVar

from . import layout, registry
from .figures import Figures
from .names import Names
from .orphans import orphans_of
from .slots import SlotTable, fresh_token

if TYPE_CHECKING:
    from .store import Store

T = TypeVar("T")

_IN_MEMORY = "/dev/shm"
#: How long a process waits for its row when it joins, when it is born of a fork, and when it comes by later.
_JOIN_SECONDS = 5.0
_FORK_SECONDS = 1.0
_LATER_SECONDS = 0.0


class JoinError(OSError):
    """The shared table cannot be used; the sentence says why and what to do."""


def folder_of(app: str) -> str:
    """Where the files of an application lie: DEADWEIGHT_CACHES, or memory that is gone with the machine."""
    if not app or "/" in app or app.startswith("."):
        raise ValueError("the name of an application is a file name, not %r" % (app,))
    base = os.environ.get("DEADWEIGHT_CACHES") or os.path.join(_IN_MEMORY, "deadweight-%d" % os.getuid())
    return os.path.join(base, app)


def join(app: str) -> "Host":
    """Joins; the caches of this process obey `deadweight caches ... --app APP` from now on. Children of a fork join too."""
    global _host
    if _host is not None and _host.app == app and _host.pid == os.getpid():
        return _host
    _host = Host(app)
    return _host


def current() -> "Optional[Host]":
    """The table this process has joined, or None."""
    return _host


class Host:
    """The shared file, mapped, and this process's row in it."""

    def __init__(self, app: str) -> None:
        self.app = app
        self.pid = os.getpid()
        self.start_ticks = start_ticks(self.pid) or 0
        folder = folder_of(app)
        _make_private(folder)
        self.path = os.path.join(folder, "table")
        self._fd = _open_table(self.path)
        if not _lock(self._fd, _JOIN_SECONDS):
            raise JoinError(
                "%s has been locked by another process for %d s; is one of them stopped (state T in ps)?"
                % (self.path, _JOIN_SECONDS)
            )
        try:
            is_new = _prepare(self._fd, self.path)
            self._map = mmap.mmap(self._fd, layout.TOTAL_BYTES, mmap.MAP_SHARED)
            self.words = memoryview(self._map).cast("Q")
            self.row = self._enter(self.pid)
            if is_new:
                for pid in orphans_of(folder, os.fstat(self._fd).st_ino):
                    self._enter(pid)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
        self.table_id = self.words[3]
        slots = self.words[layout.HEAD_WORDS : layout.HEAD_WORDS + layout.SLOT_WORDS]
        registry.use(SlotTable(slots))
        #: The sequence of settings this process has obeyed.
        self.applied = 0
        #: Word 0 when figures were last marked.
        self._marked = 0
        registry.on_change = self.look
        self.figures = Figures(self)
        registry.on_load = self.figures.note
        names = Names(folder)
        registry.on_add = lambda store: self._added(store, names)
        names.add([store.declared for store in registry.stores()])
        self.look()

    def _added(self, store: "Store", names: Names) -> None:
        names.add([store.declared])
        # What was set before it came is for it, too: it looks at its first call.
        self.applied = 0

    def _enter(self, owner: int) -> int:
        """Gives a process a row: an empty one, or that of a process that is no more. The file is locked."""
        shift, namespace = _shift_ticks(), _pid_namespace()
        for row in range(layout.MEMBER_ROWS):
            at = layout.MEMBERS_AT + row * layout.MEMBER_WORDS
            pid = self.words[at]
            # Who has a pid of another container is nobody that could be looked up here: the row stays its own.
            if pid and self.words[at + 5] not in (0, namespace):
                continue
            if pid and start_ticks(pid, shift) == self.words[at + 1]:
                continue
            # The pid last: a row with a pid is whole.
            self.words[at] = 0
            self.words[at + 1] = start_ticks(owner, shift) or 0
            self.words[at + 2] = int(time.time() * 1000)
            self.words[at + 3] = 0
            self.words[at + 4] = 0
            self.words[at + 5] = namespace
            self.words[at] = owner
            return row
        raise JoinError(
            "%s has %d members that are alive, more than it has rows: is one application name used for several?"
            % (self.path, layout.MEMBER_ROWS)
        )

    def members_elsewhere(self) -> "set[tuple[int, int]]":
        """pid and start of members in other containers, of whom nobody here can say that they are no more."""
        found, namespace = set(), _pid_namespace()
        for row in range(layout.MEMBER_ROWS):
            at = layout.MEMBERS_AT + row * layout.MEMBER_WORDS
            if self.words[at] and self.words[at + 5] not in (0, namespace):
                found.add((self.words[at], self.words[at + 1]))
        return found

    def after_fork(self) -> None:
        """In the child: the mapping is the same, the row is not."""
        self.pid = os.getpid()
        self.start_ticks = start_ticks(self.pid) or 0
        self.row = -1
        self.applied = 0
        # A descriptor of its own: a lock belongs to the open file, which parent and child share.
        self._fd = os.open("/proc/self/fd/%d" % self._fd, os.O_RDWR | os.O_CLOEXEC)
        self._enter_within(_FORK_SECONDS)
        self.figures = Figures(self)
        registry.on_load = self.figures.note

    def with_lock(self, work: "Callable[[], T]") -> "Optional[T]":
        """What `work` answers while nobody else changes rows; None when somebody was at it for long."""
        if not _lock(self._fd, _FORK_SECONDS):
            return None
        try:
            return work()
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def _enter_within(self, seconds: float) -> None:
        """Takes a row if nobody is at it for long; a clear reaches this process in any case."""
        if _lock(self._fd, seconds):
            try:
                self.row = self._enter(self.pid)
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Gives the row up; caches go on with a table of their own."""
        global _host
        at = layout.MEMBERS_AT + self.row * layout.MEMBER_WORDS
        if self.words[at] == self.pid:
            self.words[at] = 0
        registry.use(SlotTable())
        registry.on_change = registry.on_add = registry.on_load = None
        self.figures.leave()
        if _host is self:
            _host = None

    def look(self) -> None:
        """Obeys settings that are new. Called when word 0 has changed, which every change of settings does."""
        from .settings import apply_settings

        now = self.words[layout.HEAD_WORDS]
        if now != self._marked:
            self._marked = now
            self.figures.mark()

        if self.row < 0:
            self._enter_within(_LATER_SECONDS)
        apply_settings(self)


_host: Optional[Host] = None


def start_ticks(pid: int, shift: Optional[int] = None) -> Optional[int]:
    """When a process started, in clock ticks since boot; None when there is none. With the pid it names one process.

    `shift`: by how many ticks our time namespace is ahead; looked up without it.
    """
    if shift is None:
        shift = _shift_ticks()
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            text = file.read()
    except OSError:
        return None
    # The name in parentheses may hold anything; what counts stands behind the last one. A zombie works no more.
    fields = text[text.rindex(b")") + 2 :].split()
    return None if fields[0] in (b"Z", b"X") else int(fields[19]) - shift


def _pid_namespace() -> int:
    """The namespace in which this process has its pid: containers have one each (pid_namespaces(7)). 0 where nobody says."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _shift_ticks() -> int:
    """How far boot is moved in our time namespace (time_namespaces(7)); almost always 0. Other processes may be in another one."""
    try:
        with open("/proc/self/timens_offsets", "rb") as file:
            seconds = [line.split()[1] for line in file if line.startswith(b"boottime")]
    except OSError:
        return 0
    return int(seconds[0]) * os.sysconf("SC_CLK_TCK") if seconds else 0


def _make_private(folder: str) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for path in (os.path.dirname(folder), folder):
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or (path == folder and found.st_uid != os.getuid()):
            raise JoinError("%s is not a folder of this user, so caches cannot be shared there." % path)
        if path == folder and stat.S_IMODE(found.st_mode) & 0o077:
            raise JoinError("%s can be read or written by others; make it private: chmod 700 %s" % (path, path))


def _open_table(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _prepare(fd: int, path: str) -> bool:
    """Writes the head of a new file; checks that of an old one. A table of an earlier boot starts anew. True when it is new."""
    size = os.fstat(fd).st_size
    head = memoryview(bytearray(os.pread(fd, 32, 0).ljust(32, b"\0"))).cast("Q")
    if size == layout.TOTAL_BYTES and head[0] == layout.MAGIC and head[1] == layout.VERSION:
        if head[2] == _boot_id():
            return False
    elif size and (head[0] != layout.MAGIC or head[1] != layout.VERSION):
        raise JoinError(
            "%s is no table of this version of deadweight; stop what uses it and remove the file." % path
        )
    os.ftruncate(fd, max(size, layout.TOTAL_BYTES))
    words = memoryview(bytearray(32)).cast("Q")
    words[1], words[2], words[3] = layout.VERSION, _boot_id(), fresh_token()
    # Every token anew: what an entry elsewhere has captured from before the boot must not match.
    tokens = b"".join(fresh_token().to_bytes(8, "little") for _ in range(layout.SLOT_WORDS))
    os.pwrite(fd, tokens, layout.HEAD_WORDS * 8)
    os.pwrite(fd, bytes(layout.TOTAL_BYTES - layout.MEMBERS_AT * 8), layout.MEMBERS_AT * 8)
    os.pwrite(fd, bytes(layout.HEAD_WORDS * 8 - 32), 32)
    words[0] = layout.MAGIC
    os.pwrite(fd, words.tobytes(), 0)
    return True


def _boot_id() -> int:
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            return int(file.read(18).replace(b"-", b""), 16)
    except OSError:
        return 1


def _lock(fd: int, seconds: float) -> bool:
    """Takes the lock of everybody who changes rows, or answers False. It is given up when its holder dies."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.002)
