"""One connection to one server, from the handshake to its end. A connection that has failed is closed and never used again."""

# A name is looked up by this codec, which Python would import with the first: a child that is born of a fork meanwhile never had it.
import encodings.idna  # noqa: F401
import os
import socket
from typing import Any, List, Optional, Sequence

from .address import Address
from .resp import Broken, Command, Incoming, ReplyError, packed, read_reply

#: Connecting may take longer than a command: TLS, another continent.
_CONNECT_FACTOR = 4


class Refused(ConnectionError):
    """The server is there and does not let us in, or is none that we can use. The sentence says what to do."""


class Connection:
    """Knows the run of the server at its other end: `run_id` is another one after each restart."""

    def __init__(self, address: Address, host: str, port: int, timeout: float) -> None:
        self.pid = os.getpid()
        self.timeout = timeout
        self.shown = address.path or "%s:%d" % (host, port)
        self._socket = _connect(address, host, port, timeout * _CONNECT_FACTOR)
        self._stream = Incoming(self._socket)
        try:
            self._socket.settimeout(timeout * _CONNECT_FACTOR)
            facts = self._shake_hands(address)
        except BaseException:
            self.close()
            raise
        self.run_id = facts["run_id"]
        self.is_cluster = facts.get("cluster_enabled") == "1"

    def run(self, commands: Sequence[Command], wait: float = 0.0) -> List[Any]:
        """The replies, errors among them as values. `wait`: seconds that the server may take longer than usual."""
        try:
            self._socket.settimeout(self.timeout + wait)
            self._socket.sendall(packed(commands))
            return [read_reply(self._stream) for _ in commands]
        except BaseException:
            # A reply may still be on its way, and would be taken for that of the next command.
            self.close()
            raise

    def close(self) -> None:
        """Closes without a farewell: in a child of a fork the other end of the conversation is the parent's."""
        try:
            self._socket.close()
        except (OSError, AttributeError):
            # It was never connected.
            pass

    def __del__(self) -> None:
        self.close()

    def _shake_hands(self, address: Address) -> "dict[str, str]":
        commands: List[Command] = []
        if address.password is not None:
            commands.append(("AUTH", *([address.user] if address.user else []), address.password))
        if address.database:
            commands.append(("SELECT", address.database))
        setup = len(commands)
        commands += [("INFO", "server"), ("INFO", "cluster"), ("INFO", "replication")]
        self._socket.sendall(packed(commands))
        replies = [read_reply(self._stream) for _ in commands]
        failure: Optional[ReplyError] = next((each for each in replies if isinstance(each, ReplyError)), None)
        if failure is not None:
            hint = (
                ""
                if replies.index(failure) < setup
                else " The user needs +info: it says which run of the server this is."
            )
            raise Refused("%s refuses: %s.%s" % (self.shown, str(failure).rstrip("."), hint))
        facts = _facts(b"\n".join(replies[setup:]).decode("utf-8", "replace"))
        if "run_id" not in facts:
            raise Refused(
                "%s does not say its run_id; a proxy cannot be used, give the address of the server." % self.shown
            )
        if facts.get("role") != "master":
            raise Refused(
                "%s is a replica, and may not know of the last clears; give the address of the primary." % self.shown
            )
        return facts


def _facts(text: str) -> "dict[str, str]":
    return dict(line.split(":", 1) for line in text.replace("\r", "").split("\n") if ":" in line)


def _connect(address: Address, host: str, port: int, timeout: float) -> socket.socket:
    if address.path is not None:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(timeout)
        made.connect(address.path)
        return made
    made = socket.create_connection((host, port), timeout)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if address.context is None:
        return made
    try:
        return address.context.wrap_socket(made, server_hostname=host)
    except BaseException:
        made.close()
        raise


__all__ = ["Broken", "Connection", "Refused"]
