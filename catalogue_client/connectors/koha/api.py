"""One request to Koha: what is sent, what may come back, which error each answer is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from catalogue_client.errors import BadAnswer, OutcomeUnknown, Unavailable

LARGEST = 4_000_000
PAGE = 50
MOST_PAGES = 20

REASON = re.compile(r"(?:Reason: |\()(\w+)\)?\.?$")
"""In "Hold cannot be placed. Reason: tooManyReserves" and "Renewal not authorized (too_many)"."""


class PermissionMissing(BadAnswer):
    """Koha knows the user of the settings, who may not do this; the message names the permission."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status that says yes or no, with the JSON that came along."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """Koha's word for why it refuses, taken out of its sentence; "" when it gives none."""
        if not isinstance(self.body, dict):
            return ""
        said = str(self.body.get("error_code") or self.body.get("error") or "")
        found = REASON.search(said)
        return found[1] if found else said


class KohaApi:
    """Sends requests under /api/v1/."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._base = url.rstrip("/") + "/api/v1/"
        self._session = session

    async def ask(self, path: str, embed: str = "", **asked: str) -> Answer:
        """GET; `embed` names what is to come along with each object. Raises Unavailable, BadAnswer."""
        try:
            return await self._send("GET", path, params=asked, embed=embed)
        except OutcomeUnknown as error:  # a question changes nothing
            raise Unavailable(str(error)) from error

    async def change(self, method: str, path: str, body: object = None) -> Answer:
        """Raises Unavailable when nothing was sent, OutcomeUnknown when it may have been done, BadAnswer."""
        return await self._send(method, path, body=body)

    async def list(self, path: str, embed: str = "", **asked: str) -> list[dict[str, Any]]:
        """Every object of a list, page by page; none for 404. Raises Unavailable, BadAnswer."""
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            answer = await self.ask(path, embed, **asked, _page=str(page), _per_page=str(PAGE))
            if answer.status == 400 and embed:  # a Koha before 22.05 knows no such embed
                embed = ""
                answer = await self.ask(path, **asked, _page=str(page), _per_page=str(PAGE))
            if answer.status == 404:
                return found
            if not isinstance(answer.body, list) or not all(isinstance(entry, dict) for entry in answer.body):
                raise BadAnswer(f"Koha {path}: no list")
            found += answer.body
            if len(answer.body) < PAGE:
                return found
        raise BadAnswer(f"Koha {path}: more than {MOST_PAGES} pages")

    async def _send(
        self, method: str, path: str, params: Mapping[str, str] | None = None, body: object = None, embed: str = ""
    ) -> Answer:
        # Without Accept Koha answers 406: it has its records in several formats and takes none for granted.
        headers = {"Accept": "application/json"} | ({"x-koha-embed": embed} if embed else {})
        try:
            async with self._session.request(
                method, self._base + path, params=params, json=body, headers=headers
            ) as answer:
                content = await _whole(answer)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise Unavailable(f"Koha cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(f"Koha {method}: no answer ({type(error).__name__})") from error
        return _judged(method, answer.status, content)


def _judged(method: str, status: int, content: bytes) -> Answer:
    if status in (429, 503):  # too busy, or shut for maintenance: Koha has done nothing
        raise Unavailable(f"Koha answers HTTP {status}")
    if status >= 500:
        raise OutcomeUnknown(f"Koha {method}: its server failed with {status}")
    if status == 401:
        raise Unavailable("Koha does not accept the user and password of the settings")
    if status in (202, 204):
        return Answer(status, None)
    try:
        answer = Answer(status, json.loads(content))
    except (ValueError, RecursionError) as error:
        if status < 300 and method != "GET":
            raise OutcomeUnknown(f"Koha {method}: {status} with something that is no JSON") from error
        raise BadAnswer(f"Koha {method}: {status} with something that is no JSON") from error
    if status == 403 and isinstance(answer.body, dict) and "required_permissions" in answer.body:
        raise PermissionMissing(f"Koha: the user of the settings lacks {_named(answer.body['required_permissions'])}")
    return answer


def _named(permissions: object) -> str:
    """The permissions as Koha's staff pages call them: "circulate: circulate_remaining_permissions, catalogue"."""
    if not isinstance(permissions, dict):
        return str(permissions)[:80]
    parts = (str(name) if str(part) == "1" else f"{name}: {part}" for name, part in permissions.items())
    return ", ".join(parts)[:200]


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """The body; b"" for one that is longer than any answer."""
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > LARGEST:
            return b""
    return bytes(content)
