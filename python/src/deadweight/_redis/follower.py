"""Follows the stream of clears and applies them to the entries of this process, or of all processes of the host.

Entries are answers only while their *lease* runs: until a while after the server has said that no clear is outstanding. So a
process that is cut off, stopped or asleep stops answering by itself, and whoever clears knows after which time it has. When the
data of the server has gone back (a restart from an old file, a failover, a flush), everything is cleared, and said.

Processes that have joined one table (`deadweight.join`) need one reader: it holds a lock file. When it keeps silent for a
lease, another one reads as well: clears may be applied twice without harm.
"""

import atexit
import json
import os
import platform
import random
import threading
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Tuple

from .._cache import registry
from .._cache import slots as _slots
from .._cache.host import current, start_ticks
from .breaker import log
from .connection import Refused
from .host_reader import HostReader
from .protocol import control_keys, settings_key
from .remote_settings import RemoteSettings
from .resp import Broken, Command, ReplyError
from .sightings import Sightings

if TYPE_CHECKING:
    from .connection import Connection
    from .tier import RedisTier

_BATCH = 1000
_MOST_PAUSE = 1.0
#: How often figures are said while somebody watches.
_WATCH_SECONDS = 0.2
Position = Tuple[int, int]


class Follower:
    """One thread for each process that uses the tier. Nothing of it is needed for a call but `lease_end`."""

    def __init__(self, tier: "RedisTier") -> None:
        self._tier = tier
        self._stream, self._members, self._epoch = control_keys(tier.app)
        self._settings_key = settings_key(tier.app)
        self._settings = RemoteSettings()
        #: Where in the stream we are, and in which life of the server's data. None: nowhere yet.
        self._position: Optional[Position] = None
        self._source: Optional[str] = None
        #: How often everything was cleared since the server's data was not what it had been.
        self.set_back = 0
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._thread: Optional[threading.Thread] = None
        self._connection: "Optional[Connection]" = None
        self._host_reader: Optional[HostReader] = None
        #: A lease of the host that ends before began before its reader knew of this process: no clear waits for us by it.
        self._named_from = 0.0
        self._lease_end = 0.0
        #: What is kept is an answer without a lease, too; not after it has left, when no clear waits for it.
        self.serves_stale = self._tier.on_partition == "serve_stale"
        self._is_silence_said = False
        self._has_left = False
        self._beat = 0
        self._sightings = Sightings()
        self._place = place_of()
        self._own = (os.getpid(), start_ticks(os.getpid()) or 0)
        #: Processes that we read for.
        self._processes = [self._own]
        self._is_receipt_due = False

    def after_fork(self) -> None:
        """In a child: entries and position are those of the parent at the fork; the rest begins anew."""
        inherited = self._connection
        if self._host_reader is not None:
            self._host_reader.abandon()
        self._reset()
        if inherited is not None:
            inherited.close()
        if current() is None:
            # Entries are answers by the lease of the parent, which nobody keeps for us: each is looked at anew. A table that is
            # shared goes on to be written by its reader.
            _slots.table.words[0] = _slots.fresh_token()

    def start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="deadweight redis", daemon=True)
                    self._thread.start()
                    atexit.register(self.leave)

    def lease_end(self) -> float:
        """On the monotonic clock, which is one for all processes of a host."""
        if self._has_left:
            return 0.0
        reader = self._host_reader
        if reader is None:
            return self._lease_end
        of_host = reader.lease_end()
        return max(self._lease_end, of_host if of_host > self._named_from else 0.0)

    def wait_confirmed(self, seconds: float) -> bool:
        """True as soon as the lease runs. For tests and for programs that want to be warm before they serve."""
        self.start()
        end = monotonic() + seconds
        while self.lease_end() <= monotonic():
            if monotonic() > end:
                return False
            sleep(0.002)
        return True

    def _run(self) -> None:
        failures = 0
        while not self._has_left:
            try:
                if self._is_idle():
                    sleep(self._tier.lease / 5)
                    continue
                self._turn()
                failures = 0
            except (OSError, ReplyError) as error:
                self._hang_up()
                if isinstance(error, (ReplyError, Refused)):
                    # A primary that has become a replica still answers on the connections it has.
                    self._tier.nodes.close()
                self._report_silence(error)
                failures = min(failures + 1, 6)
                sleep(min(_MOST_PAUSE, self._tier.lease / 5, 0.02 * 2**failures) * (0.5 + random.random() / 2))

    def _is_idle(self) -> bool:
        """Another process of this host reads for us."""
        host = current()
        if host is None:
            self._host_reader = None
            return False
        if self._host_reader is None or self._host_reader.host is not host:
            self._named_from = monotonic() + self._tier.lease
            self._host_reader = HostReader(
                host, "%s/%d/%s" % (self._tier.address.shown(), self._tier.address.database, self._stream)
            )
            # What the server says is set belongs into this table now.
            self._hang_up()
        reader = self._host_reader
        if reader.is_mine() or reader.is_standing_in() or reader.lease_end() <= monotonic() + self._tier.lease / 2:
            return False
        # Ours was for as long as nobody else read.
        self._hang_up()
        return True

    def _turn(self) -> None:
        """Asks once: says how far we have come, and waits for what comes next."""
        connection = self._connected()
        assert self._position is not None
        before = self._position
        asked = monotonic()
        # Without a lease the first answer is wanted at once.
        wait = min(1.0, self._tier.lease / 4) if self._lease_end > asked else 0.0
        if self._sightings.is_watched():
            wait = min(wait, _WATCH_SECONDS)
        epoch, first, _, found = self._run_commands(
            connection,
            [
                ("GET", self._epoch),
                ("XRANGE", self._stream, "-", "+", "COUNT", 1),
                ("HSET", self._members, *self._rows(before)),
                ("XREAD", "COUNT", _BATCH, *_blocking(wait), "STREAMS", self._stream, "%d-%d" % before),
            ],
            wait,
        )
        if epoch is None or self._source != _source_of(connection, epoch):
            self._unconfirm()
            self._hang_up()
            raise Broken("the server's data was removed or replaced")
        if not first or position_of(first[0][0]) > before:
            self._start_over(connection, "the stream was cut off beyond where we were")
            return
        entries = found[0][1] if found else []
        self._is_receipt_due = bool(entries)
        for name, words in entries:
            self._apply(connection, words)
            self._position = position_of(name)
        if len(entries) < _BATCH:
            self._confirm(asked + self._tier.lease)

    def _run_commands(self, connection: "Connection", commands: List[Command], wait: float) -> List[Any]:
        replies = connection.run(commands, wait)
        for reply in replies:
            if isinstance(reply, ReplyError):
                self._tier.nodes.moved(self._stream, reply, connection)
                raise reply
        return replies

    def _connected(self) -> "Connection":
        if self._connection is not None:
            return self._connection
        from .tier import new_token

        connection = self._tier.nodes.connect(self._stream)
        try:
            replies = connection.run([("SET", self._epoch, new_token(), "NX"), ("GET", self._epoch)])
            for reply in replies:
                if isinstance(reply, ReplyError):
                    self._tier.nodes.moved(self._stream, reply, connection)
                    raise reply
            self._take_over(connection, _source_of(connection, replies[1]))
            # After the place in the stream is known: what is set later comes as an entry.
            self._read_settings(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _take_over(self, connection: "Connection", source: str) -> None:
        """Goes on where this process, or the reader of this host, was; begins anew where that is not known."""
        reader = self._host_reader
        known = None if reader is None else reader.position(source)
        if known is not None and (self._source != source or self._position is None or known > self._position):
            self._source, self._position = source, known
        if self._source == source and self._position is not None:
            return
        because = None if self._source is None else "the server was restarted or replaced, or its data was"
        # First the place: a child that is born now must not take the old one for one in the new data.
        self._position = None
        self._source = source
        self._start_over(connection, because)

    def _start_over(self, connection: "Connection", because: Optional[str]) -> None:
        """From the end of the stream, with nothing kept. The end is read first: what comes after it will be seen."""
        self._unconfirm()
        last = self._run_commands(connection, [("XREVRANGE", self._stream, "+", "-", "COUNT", 1)], 0)[0]
        if not last:
            # Without an entry there is no place to be at.
            made = self._run_commands(connection, [("XADD", self._stream, "*", "kind", "start")], 0)[0]
            last = [[made]]
        renew_all()
        self._position = position_of(last[0][0])
        if because is not None:
            self.set_back += 1
            log.warning("%s: %s; everything that was kept here is cleared", self._tier.address.shown(), because)

    def _apply(self, connection: "Connection", words: List[bytes]) -> None:
        said = dict(zip(words[::2], words[1::2]))
        kind = said.get(b"kind")
        if kind not in (b"clear", b"undo", b"settings", b"look"):
            return
        self._sightings.begin(said, self._processes, self._host_reader)
        if kind == b"settings":
            self._read_settings(connection)
        if kind not in (b"clear", b"undo"):
            return
        try:
            scopes = [str(scope) for scope in json.loads(said[b"scopes"].decode("utf-8"))]
        except (KeyError, ValueError, TypeError):
            # Of a version that we do not know: too much is cleared rather than too little.
            renew_all()
            return
        apply_clear(scopes)

    def _read_settings(self, connection: "Connection") -> None:
        """Obeys what the server holds now: an entry of the stream only wakes."""
        text = self._run_commands(connection, [("GET", self._settings_key)], 0)[0]
        self._settings.apply(text, self._host_reader)

    def _rows(self, position: Position) -> List[str]:
        """For each process that we read for: who it is, what it has applied, and what a command wants to know of it."""
        self._beat += 1
        reader = self._host_reader
        row = {
            "applied": "%d-%d" % position,
            "leaseMs": int(self._tier.lease * 1000),
            "onPartition": self._tier.on_partition,
            "runtime": "python %s" % platform.python_version(),
            "codec": self._tier.codec.name,
            "beat": self._beat,
            "at": int(time() * 1000),
            # Who obeys bounds and times: this process has, or each will by its table at its next call.
            "settings": "own" if reader is None else "table",
            "place": self._place,
        }
        others = () if reader is None else reader.processes(self._is_receipt_due)
        self._processes = sorted({self._own, *others})
        seen = self._sightings.said(self._processes, reader)
        rows = []
        for process in self._processes:
            seen_here = seen.get(process)
            rows += [name_of(*process), json.dumps({**row, "seen": seen_here} if seen_here else row)]
        return rows

    def _confirm(self, until: float) -> None:
        self._lease_end = until
        if self._host_reader is not None and self._source is not None and self._position is not None:
            self._host_reader.publish(until, self._position, self._source)
        if self._has_left:
            self._lease_end = 0.0
        self._is_silence_said = False

    def _unconfirm(self) -> None:
        self._lease_end = 0.0
        if self._host_reader is not None:
            self._host_reader.withdraw()

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _report_silence(self, error: BaseException) -> None:
        if not self._is_silence_said and self.lease_end() <= monotonic():
            self._is_silence_said = True
            does = "goes on, and may be stale" if self.serves_stale else "is bypassed until it is"
            log.warning(
                "%s: the stream of clears is not heard (%s); what is kept here %s",
                self._tier.address.shown(),
                error,
                does,
            )

    def leave(self) -> None:
        """At the end of the process: nobody needs to wait for us. Nothing depends on it."""
        if self._thread is None or self._has_left or self._tier.breaker.is_open:
            return
        self._has_left = True
        self.serves_stale = False
        self._lease_end = 0.0
        # Entries have the lease of before, and nobody waits for it: each is looked at anew.
        _slots.table.words[0] = _slots.fresh_token()
        atexit.unregister(self.leave)
        try:
            connection = self._tier.nodes.connect(self._stream)
            connection.run([("HDEL", self._members, own_name())])
            connection.close()
        except (OSError, ReplyError):
            pass


def own_name() -> str:
    """HOST/PID/START: names one process for ever."""
    return name_of(os.getpid(), start_ticks(os.getpid()) or 0)


def name_of(pid: int, start: int) -> str:
    # `platform.node()` starts a program in 3.8.
    host = os.uname().nodename if hasattr(os, "uname") else platform.node()
    return "%s/%d/%d" % (host or "unknown", pid, start)


def place_of() -> str:
    """Boot and pid namespace: who says the same can look up whether our pid lives. "" where /proc does not say."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return "%s %s" % (file.read().strip(), os.readlink("/proc/self/ns/pid"))
    except OSError:
        return ""


def _blocking(seconds: float) -> "Tuple[Any, ...]":
    return ("BLOCK", int(seconds * 1000)) if seconds else ()


def position_of(name: bytes) -> Position:
    ms, _, seq = name.partition(b"-")
    return int(ms), int(seq or 0)


def apply_clear(scopes: Iterable[str]) -> None:
    """In the table of this process, which may be that of the host."""
    registry.clear(*scopes)


def renew_all() -> None:
    """Clears everything in the table of this process, twice as each clear does."""
    table = _slots.table
    for _ in range(2):
        fresh = memoryview(os.urandom(len(table.words) * 8)).cast("Q")
        table.words[1:] = fresh[1:]
        table.words[0] = _slots.fresh_token()


def _source_of(connection: "Connection", epoch: Any) -> str:
    return "%s %s" % (connection.run_id, epoch.decode("utf-8", "replace") if isinstance(epoch, bytes) else "")


__all__ = ["Follower", "apply_clear", "own_name", "position_of", "renew_all"]
