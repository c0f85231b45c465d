"""Proxies in front: the prefix under which they serve, and their word on the client's request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from api.config import InvalidSetting
from api.http.hosts import is_host

PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+", re.ASCII)
MAX_PREFIX_LENGTH = 200
# among the trusted proxies: whoever connects by a Unix socket, and has no address
UNIX_SOCKET = "unix"


def parse_prefix(setting: object) -> str:
    """The setting PREFIX. Raises InvalidSetting."""
    prefix = str(setting or "").rstrip("/")
    if prefix and not is_prefix(prefix):
        raise InvalidSetting(
            f"CLAIMBASE_PREFIX must be a path such as /claims-api, of letters, digits and - . _ ~, "
            f"not {setting!r}"
        )
    return prefix


def is_prefix(text: str) -> bool:
    return len(text) <= MAX_PREFIX_LENGTH and PREFIX.fullmatch(text) is not None


def check_prefix(prefix: str, rules: Iterable[str]) -> None:
    """Refuse a prefix whose paths could also be paths without it. Raises InvalidSetting."""
    first_segments = {rule.split("/")[1] for rule in rules}
    if prefix and prefix.split("/")[1] in first_segments:
        raise InvalidSetting(
            f"CLAIMBASE_PREFIX cannot be {prefix!r}, since {prefix} is a path of the API: choose "
            "another, or have the proxy remove it and send it in X-Forwarded-Prefix"
        )


class TrustedProxies:
    """The addresses whose X-Forwarded headers hold."""

    def __init__(self, setting: object):
        """The setting TRUSTED_PROXIES: addresses and networks, by commas. Raises InvalidSetting."""
        names = [name.strip() for name in str(setting or "").split(",") if name.strip()]
        self.networks = [parse_network(name) for name in names if name != UNIX_SOCKET]
        self.unix_socket = UNIX_SOCKET in names
        self.trusts = lru_cache(maxsize=1024)(self.contains)

    def __bool__(self) -> bool:
        return bool(self.networks) or self.unix_socket

    def contains(self, address: str) -> bool:
        if not address:
            return self.unix_socket
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        # a socket of both families gives IPv4 addresses in this form
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in self.networks)

    def client(self, address: str, forwarded_for: str) -> str:
        """The client's address: the last in X-Forwarded-For that is no trusted proxy."""
        for entry in reversed(forwarded_for.split(",")):
            if not self.trusts(address):
                break
            name = without_port(entry.strip())
            try:
                address = str(ip_address(name))
            except ValueError:
                break
        return address


def parse_network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        raise InvalidSetting(
            "CLAIMBASE_TRUSTED_PROXIES must be addresses and networks such as "
            f"127.0.0.1,10.0.0.0/8,::1, or unix for a Unix socket; {name!r} is none"
        ) from None


def without_port(address: str) -> str:
    """An address of X-Forwarded-For without its port: 192.0.2.1:80, [2001:db8::1]:80."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


class ProxyMiddleware:
    """WSGI middleware that serves the application under a prefix, as trusted proxies say."""

    def __init__(self, app: Callable, prefix: str, proxies: TrustedProxies):
        self.app = app
        self.prefix = prefix
        self.proxies = proxies

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if self.proxies and self.proxies.trusts(environ.get("REMOTE_ADDR", "")):
            self.take_forwarded(environ)
        if self.prefix:
            set_prefix(environ, self.prefix)
        return self.app(environ, start_response)

    def take_forwarded(self, environ: dict[str, Any]) -> None:
        """Take the headers of a trusted proxy: of several values the last, which it added."""
        if forwarded_for := environ.get("HTTP_X_FORWARDED_FOR"):
            # REMOTE_ADDR stays the address of the connection
            environ["claimbase.client"] = self.proxies.client(
                environ.get("REMOTE_ADDR", ""), forwarded_for
            )
        scheme = last_value(environ, "HTTP_X_FORWARDED_PROTO").lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        host = last_value(environ, "HTTP_X_FORWARDED_HOST")
        if is_host(host):
            environ["HTTP_HOST"] = host
        prefix = last_value(environ, "HTTP_X_FORWARDED_PREFIX").rstrip("/")
        if is_prefix(prefix):
            environ["SCRIPT_NAME"] = prefix


def last_value(environ: dict[str, Any], name: str) -> str:
    value: str = environ.get(name, "")
    return value.rpartition(",")[2].strip()


def set_prefix(environ: dict[str, Any], prefix: str) -> None:
    """Put the application under a prefix, whether or not the proxy left it in the path."""
    path = environ.get("PATH_INFO", "")
    if path == prefix or path.startswith(f"{prefix}/"):
        environ["PATH_INFO"] = path[len(prefix) :] or "/"
    environ["SCRIPT_NAME"] = prefix
