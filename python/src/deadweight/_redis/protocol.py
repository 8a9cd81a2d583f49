"""What lies on the server under which name. src/client/tier-protocol.ts says the same; test/redis/conformance.json holds both to it.

    app:gen:SCOPE                    the token of a scope: a text that changes when the scope is cleared
    app:NS:vN:TOKEN:HASH             a value, always with a time to live
    {app}:inv                        stream of clears
    {app}:members                    hash: who follows the stream, and how far each has come
    {app}:epoch                      a text that is lost when the data of the server is
    {app}:settings                   bounds, times and freezes that were set, by function: JSON

All commands may be sent twice without harm. Tokens are compared with `==` only.
"""

from hashlib import sha256
from typing import Iterable, List, NamedTuple, Tuple

#: Most entries of the stream. Who is behind by more clears everything it keeps.
STREAM_ENTRIES = 10_000


class Place(NamedTuple):
    """Which value is meant."""

    #: That of the cache, or the name of its function.
    namespace: str
    version: str
    #: All whose clear concerns the value.
    scopes: List[str]
    #: Of the arguments, hex.
    digest: str


class Generation(NamedTuple):
    """A scope as the server knows it: its token, and the run of the server that said so."""

    scope: str
    run_id: str
    token: str


def generation_key(app: str, scope: str) -> str:
    return "%s:gen:%s" % (app, scope)


def control_keys(app: str) -> Tuple[str, str, str]:
    """Stream, members, epoch: in one slot of a cluster, since one connection follows them."""
    return "{%s}:inv" % app, "{%s}:members" % app, "{%s}:epoch" % app


def settings_key(app: str) -> str:
    """In the slot of the control keys."""
    return "{%s}:settings" % app


def value_token(codec: str, generations: Iterable[Generation]) -> str:
    """What a value's key has of its scopes, 16 hex digits: another one after a clear, after a restart, and for another codec.

    With the run of the server in it, tokens that come back with an old RDB file lead to no value of before.
    """
    hasher = sha256(b"deadweight tier 1\n%s\n" % codec.encode())
    lines = []
    for scope, run_id, token in generations:
        name = scope.encode("utf-8", "surrogatepass")
        lines.append((name, b"%s %s %d:%s\n" % (run_id.encode(), token.encode(), len(name), name)))
    for _, line in sorted(lines):
        hasher.update(line)
    return hasher.hexdigest()[:16]


def value_key(app: str, place: Place, token: str) -> str:
    return "%s:%s:v%s:%s:%s" % (app, place.namespace, place.version, token, place.digest)
