"""What no connected library system lets Dauys do yet: the reader hears that a librarian does it."""

from __future__ import annotations

from datetime import date

from catalogue_client.errors import Refused
from catalogue_client.values.accounts import Hold


class LeftToStaff:
    """Parts of the protocol Lending that raise Refused("ask_staff"); a system that can do one overrides it."""

    async def suspend_hold(self, ticket: str, hold_id: str, until: date | None, *, key: str) -> Hold:
        """Raises Refused."""
        raise Refused("ask_staff")

    async def keep_history(self, ticket: str, wanted: bool, *, key: str) -> None:
        """Raises Refused."""
        raise Refused("ask_staff")

    async def change_pin(self, ticket: str, pin: str, *, key: str) -> None:
        """Raises Refused."""
        raise Refused("ask_staff")

    async def change_phone(self, ticket: str, phone: str, *, key: str) -> None:
        """Raises Refused."""
        raise Refused("ask_staff")

    async def bar_ticket(self, ticket: str, *, key: str) -> None:
        """Raises Refused."""
        raise Refused("ask_staff")
