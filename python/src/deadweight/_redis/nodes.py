"""The servers behind one address: one, or the nodes of a cluster. Keeps connections, and finds out who has which key.

Safe in threads and after a fork: a connection belongs to one thread while it is in use, and to one process for ever.
"""

import binascii
import os
import threading
import time
import weakref
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .address import Address
from .connection import Connection, Refused
from .resp import Broken, Command, ReplyError, Word

_SLOTS = 16384
_REDIRECTIONS = 5
_TRY_AGAIN_SECONDS = 0.01
_IDLE = 8

Node = Tuple[str, int]


class Ask(NamedTuple):
    """A command and the key that says which node it is for."""

    key: str
    command: Command


class Answer(NamedTuple):
    """A reply, and the run of the server it comes from."""

    reply: Any
    run_id: str


def slot_of_key(key: str) -> int:
    """Of 16384; only what stands in the first braces counts, if anything does (Redis Cluster specification)."""
    content = key.encode("utf-8", "surrogatepass")
    start = content.find(b"{")
    end = content.find(b"}", start + 1) if start >= 0 else -1
    # CRC-16/XMODEM, which the standard library has under this name.
    return binascii.crc_hqx(content[start + 1 : end] if end > start + 1 else content, 0) % _SLOTS


class Nodes:
    """Runs commands where they belong. Raises OSError when a server cannot be reached in time, or refuses."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        self.timeout = timeout
        self._first: Node = (address.host, address.port)
        self.after_fork()
        _all.add(self)

    def after_fork(self) -> None:
        """In a child the connections are the parent's, and the lock may be held by a thread that is not there."""
        self._lock = threading.Lock()
        self._idle: Dict[Node, List[Connection]] = {}
        #: Of a cluster; filled in when the first node says that it is one.
        self._owners: Dict[int, Node] = {}
        self._is_cluster: Optional[bool] = None

    def run(self, asks: Sequence[Ask]) -> List[Answer]:
        """Each with its answer, in order. A ReplyError of the server is raised."""
        answers: List[Optional[Answer]] = [None] * len(asks)
        left: Dict[int, Tuple[Node, bool]] = {at: (self._owner(ask.key), False) for at, ask in enumerate(asks)}
        for _ in range(_REDIRECTIONS):
            if not left:
                break
            left = self._round(asks, left, answers)
        if left:
            raise Broken("the cluster sends us from node to node")
        return [answer for answer in answers if answer is not None]

    def connect(self, key: str) -> Connection:
        """A connection of its own to the node of a key, for who waits on it."""
        node = self._owner(key)
        return Connection(self.address, node[0], node[1], self.timeout)

    def moved(self, key: str, error: ReplyError, connection: Connection) -> bool:
        """Learns from the error that a key has moved; True if that is what it says."""
        return self._redirect(slot_of_key(key), error, self._owner(key)) is not None

    def close(self) -> None:
        """Closes what is idle."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                connection.close()

    def _round(
        self, asks: Sequence[Ask], left: "Dict[int, Tuple[Node, bool]]", answers: List[Optional[Answer]]
    ) -> "Dict[int, Tuple[Node, bool]]":
        """Sends what is left, by node. Answers what has to be sent again, and where."""
        by_node: Dict[Node, List[int]] = {}
        for at, (node, _) in left.items():
            by_node.setdefault(node, []).append(at)
        again: Dict[int, Tuple[Node, bool]] = {}
        for node, places in by_node.items():
            commands: List[Command] = []
            for at in places:
                commands += [("ASKING",), asks[at].command] if left[at][1] else [asks[at].command]
            replies, run_id = self._exchange(node, commands)
            found = iter(replies)
            for at in places:
                if left[at][1]:
                    next(found)
                reply = next(found)
                target = None
                if isinstance(reply, ReplyError):
                    target = self._redirect(slot_of_key(asks[at].key), reply, node)
                    if target is None:
                        self._give_up(node, reply)
                if target is None:
                    answers[at] = Answer(reply, run_id)
                else:
                    again[at] = target
        return again

    def _give_up(self, node: Node, error: ReplyError) -> None:
        # A primary that has become a replica: whoever is the primary now, it is not at the end of these connections.
        if str(error).startswith("READONLY"):
            with self._lock:
                self._idle.pop(node, None)
                self._owners.clear()
        raise error

    def _redirect(self, slot: int, error: ReplyError, node: Node) -> "Optional[Tuple[Node, bool]]":
        words = str(error).split()
        if words[0] == "TRYAGAIN":
            time.sleep(_TRY_AGAIN_SECONDS)
            return node, False
        if words[0] not in ("MOVED", "ASK"):
            return None
        host, _, port = words[2].rpartition(":")
        target = (host or node[0], int(port))
        if words[0] == "MOVED":
            self._owners[slot] = target
        return target, words[0] == "ASK"

    def _owner(self, key: str) -> Node:
        if self._is_cluster is None or (self._is_cluster and not self._owners):
            self._learn()
        return self._owners.get(slot_of_key(key), self._first) if self._is_cluster else self._first

    def _learn(self) -> None:
        """Asks a node, the one of the address or any other we know, who has which slots."""
        known = list(dict.fromkeys([self._first, *self._owners.values()]))
        for node in known:
            try:
                connection = self._take(node)[0]
                replies = connection.run([("CLUSTER", "SLOTS")]) if connection.is_cluster else []
            except OSError:
                if node == known[-1]:
                    raise
                continue
            self._is_cluster = connection.is_cluster
            self._give_back(node, connection)
            for first, last, primary, *_ in replies[0] if replies and isinstance(replies[0], list) else []:
                owner = (primary[0].decode() or node[0], int(primary[1]))
                self._owners.update(dict.fromkeys(range(first, last + 1), owner))
            return

    def _exchange(self, node: Node, commands: Sequence[Command]) -> "Tuple[List[Any], str]":
        connection, is_new = self._take(node)
        try:
            replies = connection.run(commands)
        except OSError as error:
            # A server that was restarted has closed what lay idle. What we send may be sent twice: see protocol.py.
            if is_new or isinstance(error, TimeoutError) or "timed out" in str(error):
                self._forget(node)
                raise
            self._drop(node)
            connection = Connection(self.address, node[0], node[1], self.timeout)
            replies = connection.run(commands)
        self._give_back(node, connection)
        return replies, connection.run_id

    def _take(self, node: Node) -> "Tuple[Connection, bool]":
        with self._lock:
            idle = self._idle.get(node)
            connection = idle.pop() if idle else None
        if connection is not None:
            return connection, False
        try:
            return Connection(self.address, node[0], node[1], self.timeout), True
        except OSError:
            self._forget(node)
            raise

    def _give_back(self, node: Node, connection: Connection) -> None:
        with self._lock:
            idle = self._idle.setdefault(node, [])
            if len(idle) < _IDLE and connection.pid == os.getpid():
                idle.append(connection)
                return
        connection.close()

    def _drop(self, node: Node) -> None:
        with self._lock:
            idle = self._idle.pop(node, [])
        for connection in idle:
            connection.close()

    def _forget(self, node: Node) -> None:
        """A node that cannot be reached may have been replaced: ask anew who has what."""
        self._drop(node)
        if self._is_cluster:
            self._is_cluster = None


_all: "weakref.WeakSet[Nodes]" = weakref.WeakSet()


def _after_fork() -> None:
    for nodes in list(_all):
        nodes.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

__all__ = ["Address", "Answer", "Ask", "Nodes", "Refused", "Word", "slot_of_key"]
