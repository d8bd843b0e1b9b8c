"""One request to the cargo API: what is sent, what may come back, which error each answer is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from catalogue_client.couriers.errors import (
    CourierBusy,
    CourierSaysNo,
    CursorLost,
    NotAdmitted,
    OfferExpired,
    StateChanged,
    TooEarly,
    TooLateToWithdraw,
)
from catalogue_client.errors import BadAnswer, LibraryError, OutcomeUnknown, Unavailable

BASE = "/b2b/cargo/integration/v2/"
LARGEST = 4_000_000
"""Bytes of an answer: a thousand claims are well below it."""
CONNECTIONS = 8
CONNECT_S = 3.0


class CargoApi:
    """Sends requests with token and language, while it is connected."""

    def __init__(self, url: str, language: str, errors: Mapping[str, str], timeout_s: float) -> None:
        self._url = url.rstrip("/") + BASE
        self._language = language
        self._errors = errors
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None
        self.skew_s = 0.0
        """How far the courier's clock is ahead of ours, by its last answer."""

    @asynccontextmanager
    async def connected(self, token: str) -> AsyncIterator[None]:
        """Requests can be sent while this is entered."""
        # Accept-Language is required: without it most calls answer 400.
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": self._language}
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=self._timeout) as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    async def call(self, path: str, body: object = None, *, method: str = "POST", **params: str) -> dict[str, Any]:
        """The JSON object that is answered with 2xx.

        Raises Unavailable when nothing was sent, OutcomeUnknown when it may have been carried out, BadAnswer when it
        answered something else than a JSON object, and the errors of the couriers.
        """
        if self._session is None:
            raise Unavailable("the connection to the courier is not open")
        try:
            async with self._session.request(method, self._url + path, params=params, json=body) as answer:
                self._note_clock(answer.headers.get("Date", ""))
                return self._judge(path, answer.status, answer.headers, await _whole(answer))
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise Unavailable(f"the courier cannot be reached: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(f"{path}: no answer ({type(error).__name__})") from error

    def _judge(self, path: str, status: int, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
        if status == 429:
            raise CourierBusy(f"{path}: too many requests", _retry_after(headers.get("Retry-After", "")))
        if status >= 500:
            raise OutcomeUnknown(f"{path}: the courier's server failed with {status}")
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            if status == 401:
                raise NotAdmitted(f"{path}: the courier does not accept our token")
            raise BadAnswer(f"{path}: {status} with something that is no JSON object")
        if 200 <= status < 300:
            return answer
        raise self._refusal(path, status, str(answer.get("code", status)), str(answer.get("message", "")))

    def _refusal(self, path: str, status: int, code: str, message: str) -> LibraryError:
        """The error for an answer with 4xx. Messages may hold an address: only the code is for logs."""
        match self._errors.get(code):
            case "changed":
                return StateChanged(f"{path}: {code}")
            case "expired":
                return OfferExpired(f"{path}: {code}")
            case "too_late":
                return TooLateToWithdraw(f"{path}: {code}")
            case "cursor":
                return CursorLost(f"{path}: {code}")
            case "too_early":
                return TooEarly(code, message[:300])
            case "busy":
                return CourierBusy(f"{path}: {code}")
        if status == 401:
            return NotAdmitted(f"{path}: the courier does not accept our token")
        return CourierSaysNo(code[:64], message[:300])

    def _note_clock(self, date: str) -> None:
        try:
            moment = parsedate_to_datetime(date)
        except (TypeError, ValueError):
            return
        if moment.tzinfo is not None:
            self.skew_s = (moment - datetime.now(UTC)).total_seconds()


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """The body; b"" for one that is longer than any answer."""
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > LARGEST:
            return b""
    return bytes(content)


def _retry_after(header: str) -> float | None:
    """Seconds to wait, from a number of seconds or a date; None when it is neither."""
    if header.strip().isdecimal():
        return float(min(int(header), 3600))
    try:
        return max(0.0, min(3600.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()))
    except (TypeError, ValueError):
        return None
