"""The probe's end of the socket: a thread that waits for requests and answers them.

The thread sleeps in `recv` without the GIL, so an idle connection costs the program nothing. It never makes the program
wait: nothing of ours is called by the program's own threads, except for the hooks that the tool asks for and that are
gone with it.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _socket
import _thread
import errno
import os
import sys
import time

from . import identity, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: Waits between attempts to reach a tool that is gone: 0.05 s, doubled up to this; then the probe gives up for good.
_LONGEST_BACKOFF_SECONDS = 30.0
_FIRST_BACKOFF_SECONDS = 0.05
#: For a guest, whose tool waits for it: the same, but it gives up after less than four seconds.
_LONGEST_GUEST_BACKOFF_SECONDS = 1.6
#: The tool accepts at once or is stopped.
_CONNECT_SECONDS = 5.0
#: How long the rest of an answer may take once its beginning has gone out.
_FINISH_SECONDS = 2.0
#: Longer than the first request takes to import what answers it.
_IMPORT_SECONDS = 0.5
#: A thread that is in the middle of an answer ends it first.
_END_SECONDS = 2.0
#: Signals of the thread itself, which cannot be blocked without hiding a crash.
_FAULTS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGABRT", "SIGSYS")


class Connection:
    """One per process. `restart` gives a forked child its own."""

    def __init__(self, path: str) -> None:
        #: Of the tool's socket.
        self.path = path
        self._pid = 0
        self._socket: _socket.socket | None = None
        self._tasks: Any = None
        self.answers_dropped = 0
        self.faults = 0
        #: Ends with its tool: the probe was attached to a process that had none.
        self.is_guest = False
        #: It is on its way out of the process.
        self.is_leaving = False
        #: Why there is no connection, for a tool that waits for one.
        self._failure = ""
        #: Takes the probe out of the process.
        self.leave: Callable[[], None] | None = None
        self._importing = _thread.allocate_lock()
        self._holds_imports = False
        self._set_up()

    def _set_up(self) -> None:
        """What the thread and `end` tell each other by: locks that are held until the event."""
        self._is_ending = False
        self._wake_up = _thread.allocate_lock()
        self._gone = _thread.allocate_lock()
        self._wake_up.acquire()
        self._gone.acquire()

    def begin(self) -> None:
        """Starts the thread. A process that may not have one stays without a probe."""
        self._pid = os.getpid()
        try:
            _thread.start_new_thread(self._run, ())
        except RuntimeError:
            self._gone.release()

    def end(self) -> None:
        """At exit: waits until the thread is gone, a fraction of a millisecond.

        Before 3.11.4 an interpreter that ends while a thread is being born frees what the thread begins with.
        """
        if self._is_ending or self._pid != os.getpid():
            return
        self._is_ending = True
        self._wake_up.release()
        link = self._socket
        if link is not None:
            try:
                link.shutdown(_socket.SHUT_RDWR)
            except OSError:
                pass
        self._gone.acquire(True, _END_SECONDS)

    def is_alive(self) -> bool:
        """Whether the thread runs, in this process."""
        return self._pid == os.getpid() and self._gone.locked()

    def dismiss(self) -> None:
        """Ends the thread and takes the probe out of the process. Called in a thread of the program."""
        self.end()
        if self.leave is not None:
            self.leave()

    def before_fork(self) -> None:
        """Waits for an import of ours to end, a few milliseconds once in a process.

        A child that is forked in the middle of it would have its lock without the thread that gives it back.
        """
        if self._importing.acquire(True, _IMPORT_SECONDS):
            self._holds_imports = True

    def after_fork_in_parent(self) -> None:
        if self._holds_imports:
            self._holds_imports = False
            self._importing.release()

    def restart(self) -> None:
        """In a forked child: the parent's socket is not ours, and its thread is not here."""
        try:
            self._importing = _thread.allocate_lock()
            self._holds_imports = False
            self._set_up()
            inherited, self._socket = self._socket, None
            if inherited is not None:
                inherited.close()
            tasks, self._tasks = self._tasks, None
            if tasks is not None:
                tasks.forget()
            self.answers_dropped = self.faults = 0
            self.begin()
        except Exception:
            # Raised from here it would be printed in the program's name.
            return

    def _run(self) -> None:
        pid, gone = self._pid, self._gone
        is_over = False
        try:
            _block_signals()
            wait = _FIRST_BACKOFF_SECONDS
            longest = _LONGEST_GUEST_BACKOFF_SECONDS if self.is_guest else _LONGEST_BACKOFF_SECONDS
            while wait <= longest and os.getpid() == pid:
                served = self._serve_once()
                if served is None or self._is_ending or (served and self.is_guest):
                    is_over = served is None or self.is_guest
                    return
                if served:
                    wait = _FIRST_BACKOFF_SECONDS
                if self._wake_up.acquire(True, wait):
                    return
                wait *= 2
            is_over = self.is_guest
            self._tell_failure()
        except BaseException as error:
            # Also at interpreter exit, when modules lose their contents under us.
            is_over = self.is_guest
            self._failure = "%s: %s" % (type(error).__name__, error)
            self._tell_failure()
        finally:
            if is_over and self.leave is not None and not self._is_ending and os.getpid() == pid:
                self.leave()
            gone.release()

    def _serve_once(self) -> bool | None:
        """True after a connection that was of use, False when there was none, None when the tool sent us away."""
        link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            link.settimeout(_CONNECT_SECONDS)
            link.connect(self.path)
            link.settimeout(None)
            if not _is_our_tool(link):
                self._failure = "the socket belongs to another user"
                self._tell_failure()
                return None
            self._socket = link
            if self._is_ending:
                return None
            self._send(link, identity.hello(link.fileno()))
            return self._answer_requests(link)
        except (OSError, ValueError) as error:
            self._failure = "%s: %s" % (type(error).__name__, error)
            return False
        finally:
            tasks, self._tasks = self._tasks, None
            if tasks is not None:
                tasks.end()
            self._socket = None
            link.close()

    def _tell_failure(self) -> None:
        """A guest leaves beside the socket why it could not come. Nobody asks anybody else."""
        if not self.is_guest or self._is_ending:
            return
        try:
            fd = os.open(os.path.dirname(self.path) + "/failure", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.write(fd, self._failure.encode("utf-8", "replace"))
            os.close(fd)
        except OSError:
            # The tool is gone, and its folder with it.
            return

    def _answer_requests(self, link: _socket.socket) -> bool | None:
        waiting = b""
        answered = False
        while True:
            link.settimeout(None if self._tasks is None else self._tasks.tend())
            try:
                received = link.recv(65536)
            except _socket.timeout:
                continue
            if not received:
                return answered
            lines = (waiting + received).split(b"\n")
            waiting = lines.pop()
            if len(waiting) > wire.LONGEST_REQUEST_BYTES:
                self.faults += 1
                return False
            for line in lines:
                if line.strip() and not self._answer(link, line):
                    return None
                answered = True

    def _answer(self, link: _socket.socket, line: bytes) -> bool:
        """Answers one request. False when the tool said goodbye."""
        try:
            request = wire.decode(line)
        except ValueError as error:
            self.faults += 1
            self._send(link, {"id": None, "error": "the request is not understood: %s" % (error,)})
            return True
        if "bye" in request:
            return False
        self._send(link, self._result_of(request))
        return True

    def _result_of(self, request: Any) -> Any:
        number = request.get("id")
        if type(number) is not int:
            self.faults += 1
            return {"id": None, "error": "a request needs an id that is a whole number"}
        try:
            if self._tasks is None:
                with self._importing:
                    from . import tasks
                self._tasks = tasks.Tasks()
            return {"id": number, "ok": self._tasks.do(request, self)}
        except Exception as error:
            return {"id": number, "error": "%s: %s" % (type(error).__name__, error)}

    def _send(self, link: _socket.socket, message: Any) -> None:
        """Drops an answer that nobody takes, and counts it. Raises OSError when a line cannot be ended."""
        line = wire.encode(message)
        if len(line) > wire.LONGEST_ANSWER_BYTES:
            line = wire.encode({"id": message.get("id"), "error": "the answer is too long: ask for fewer rows"})
        flags = getattr(_socket, "MSG_NOSIGNAL", 0)
        link.settimeout(0)
        try:
            sent = link.send(line, flags)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK):
                raise
            self.answers_dropped += 1
            return
        deadline = time.monotonic() + _FINISH_SECONDS
        while sent < len(line):
            link.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                sent += link.send(line[sent:], flags)
            except OSError:
                self.answers_dropped += 1
                raise


def _is_our_tool(link: _socket.socket) -> bool:
    """The socket's owner is us or root: nobody else may ask. Where the system cannot say, the file's mode has to do."""
    option = getattr(_socket, "SO_PEERCRED", None)
    if option is None:
        return True
    credentials = link.getsockopt(_socket.SOL_SOCKET, option, 12)
    uid = int.from_bytes(credentials[4:8], sys.byteorder)
    return uid in (0, os.geteuid())


def _block_signals() -> None:
    """Signals are the program's: delivered to our thread, one would not interrupt what the program waits for."""
    faults: list[int] = [getattr(_signal, name) for name in _FAULTS if hasattr(_signal, name)]
    _signal.pthread_sigmask(_signal.SIG_BLOCK, set(_signal.valid_signals()) - set(faults))
