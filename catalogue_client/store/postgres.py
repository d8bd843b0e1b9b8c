"""Connections to PostgreSQL that end by themselves: neither a lost node nor a lost network keeps a lock or a place.

The server ends what a node that is cut off has left open, the client ends what the server does not answer, and a
connection that is given up is closed without asking the other side.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

FEW_CONNECTIONS, MORE_CONNECTIONS = 10, 5
"""Kept open, and opened beyond that while many ask, of each of the two kinds: for reading and for writing."""


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """How long PostgreSQL and the way to it may take, in seconds."""

    idle_in_transaction_s: float = 10.0
    """A transaction whose node says nothing more is undone after this, and its locks are free."""
    lock_s: float = 5.0
    """A change waits no longer for another."""
    statement_s: float = 8.0
    command_s: float = 9.0
    """Without an answer for so long the connection is given up; longer than a statement may take."""
    connect_s: float = 5.0
    """For a new connection, and for a place among those that there are."""
    network_s: float = 5.0
    """Bytes that nobody acknowledges, or silence of the network, for so long end a connection."""

    def of_server(self) -> dict[str, str]:
        """Return the settings of one connection, as the server takes them."""
        return {
            "idle_in_transaction_session_timeout": _ms(self.idle_in_transaction_s),
            "lock_timeout": _ms(self.lock_s),
            "statement_timeout": _ms(self.statement_s),
            "client_connection_check_interval": "1000",
            "tcp_user_timeout": _ms(self.network_s),
            "tcp_keepalives_idle": _whole(self.network_s / 2),
            "tcp_keepalives_interval": "1",
            "tcp_keepalives_count": "3",
        }


LIMITS = DatabaseLimits()
PATIENT = DatabaseLimits(idle_in_transaction_s=600.0, lock_s=600.0, statement_s=3600.0, command_s=3600.0)
"""While tables are made or changed: other nodes that start wait for it."""


def postgres_engine(url: str, limits: DatabaseLimits, *, writes: bool) -> AsyncEngine:
    """Return an engine for `url` (postgresql+asyncpg://…).

    Without `writes` the server refuses whatever changes or locks something. Nothing is opened yet.
    """
    from asyncpg import Connection  # a tenth of a second that a library in one file need not spend

    class Ending(Connection):  # type: ignore[misc]
        """Closed without asking: the way to the server may be what is broken, and the server sees it closed anyway."""

        def __init__(self, protocol: Any, transport: Any, *more: Any, **others: Any) -> None:
            super().__init__(protocol, transport, *more, **others)
            _watch(transport.get_extra_info("socket"), limits.network_s)

        async def close(self, *, timeout: float | None = None) -> None:
            self.terminate()

    return create_async_engine(
        url,
        pool_size=FEW_CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        pool_timeout=limits.connect_s,
        pool_pre_ping=True,
        execution_options={} if writes else {"postgresql_readonly": True},
        connect_args={
            "timeout": limits.connect_s,
            "command_timeout": limits.command_s,
            "server_settings": limits.of_server(),
            "connection_class": Ending,
        },
    )


def _watch(connected: socket.socket | None, network_s: float) -> None:
    """Let the kernel notice a peer that is gone without a word."""
    if connected is None or connected.family not in (socket.AF_INET, socket.AF_INET6):
        return
    for option, value in (
        (socket.TCP_USER_TIMEOUT, int(network_s * 1000)),
        (socket.TCP_KEEPIDLE, int(_whole(network_s / 2))),
        (socket.TCP_KEEPINTVL, 1),
        (socket.TCP_KEEPCNT, 3),
    ):
        connected.setsockopt(socket.IPPROTO_TCP, option, value)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _ms(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))


def _whole(seconds: float) -> str:
    return str(max(1, round(seconds)))
