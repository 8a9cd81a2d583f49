"""Where a server is and how to get in: `redis://user:password@host:port/db`, `rediss://` with TLS, `unix:///path`."""

import ssl
from typing import Any, Dict, NamedTuple, Optional
from urllib.parse import parse_qsl, unquote, urlsplit

_PLAIN = ("redis", "valkey")
_SECURE = ("rediss", "valkeys")
_DEFAULT_PORT = 6379
_KNOWN = ("ca", "cert", "key")


class Address(NamedTuple):
    """What a URL says. `path` is that of a socket file; then host and port are not used."""

    host: str
    port: int
    path: Optional[str]
    database: int
    user: Optional[str]
    password: Optional[str]
    context: Optional[ssl.SSLContext]

    def shown(self) -> str:
        """For people: without the password."""
        return self.path or "%s:%d" % (self.host, self.port)


def parse_address(url: str) -> Address:
    """Raises ValueError with a sentence; the password is in none. `?ca=`, `cert=`, `key=` name PEM files for TLS."""
    parts = urlsplit(url)
    if parts.scheme not in _PLAIN + _SECURE + ("unix",):
        raise ValueError(
            "the address of a server begins with redis://, rediss://, valkey://, valkeys:// or unix://, not %r"
            % (parts.scheme + "://")
        )
    options = dict(parse_qsl(parts.query))
    unknown = sorted(set(options) - {*_KNOWN, "db"})
    if unknown:
        raise ValueError("the address knows no option %r; it knows ca, cert, key and db" % unknown[0])
    is_file = parts.scheme == "unix"
    database = options.get("db", "0") if is_file else parts.path.strip("/") or options.get("db", "0")
    if not database.isdigit():
        raise ValueError("the database is a number, not %r" % database)
    return Address(
        host=parts.hostname or "localhost",
        port=parts.port or _DEFAULT_PORT,
        path=unquote(parts.path) if is_file else None,
        database=int(database),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        context=_context(options) if parts.scheme in _SECURE else None,
    )


def _context(options: "Dict[str, Any]") -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=options.get("ca"))
    if "cert" in options:
        context.load_cert_chain(options["cert"], options.get("key"))
    return context
