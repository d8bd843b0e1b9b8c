"""Harvests a server by OAI-PMH 2.0 (openarchives.org/OAI/openarchivesprotocol.html): pages by resumption token, sets,
deletions, and from the second time on only what has changed.

What the server says of itself is not believed: a token that comes again, a page without an end and an answer that is no
XML end the harvest with a sentence, and what was read until then is kept.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalogue_client.catalogue.marc.marc_reader import INSIDE, Piece, digest_of_xml, local_name, record_from_xml
from catalogue_client.catalogue.sync.source import Incoming
from catalogue_client.catalogue.sync.sync_report import Refusal, SyncReport

TIMEOUT_S = 60.0
LARGEST_PAGE = 64 << 20
"""Bytes; a server that sends more is lying or broken."""
PATIENCE = 4
"""Times that a page is asked for."""
WAIT_S = 2.0
"""Before the second time; doubled each time. A server may ask for longer."""
LONGEST_WAIT_S = 120.0
NOTHING = "noRecordsMatch"
STALE = "badResumptionToken"


class HarvestError(Exception):
    """The server cannot be harvested on, in a sentence for staff."""


@dataclass(slots=True)
class OaiState:
    """What is kept from one harvest to the next."""

    since: str = ""
    """UTC date or moment, as the server writes them; "" to harvest everything."""
    token: str = ""
    """Page at which a harvest that was broken off goes on."""


@dataclass(slots=True)
class OaiServer:
    """One repository, and what of it is wanted."""

    url: str
    """http or https."""
    prefix: str = "marcxml"
    """The server's name for MARCXML: marcxml, marc21, unimarc, rusmarc …"""
    set_name: str = ""
    wait: Callable[[float], None] = field(default=time.sleep)
    tells_deletions: bool = False
    """Known after `identify`."""
    responded: str = ""
    """When the server answered `identify`, in the form that it takes for `from`."""

    def identify(self) -> None:
        """Ask what the server can do. Raises HarvestError."""
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise HarvestError(f"{self.url} is no http or https address")
        page = self._ask({"verb": "Identify"})
        self.tells_deletions = _text(page, "deletedRecord") in ("persistent", "transient")
        moment = _text(page, "responseDate")
        self.responded = moment if _text(page, "granularity").endswith("Z") else moment[:10]

    def records(self, state: OaiState, report: SyncReport) -> Iterator[Incoming]:
        """Give the records that have changed since `state`; `state.token` follows. What goes wrong ends them with a
        refusal and `cut`."""
        number, tokens, stated, began_again = 0, set[str](), "", False
        resumed = bool(state.token)
        try:
            while True:
                asked, page = state.token, self._page(state)
                if asked and not state.token:  # the token was too old: from the beginning, once
                    if began_again:
                        raise HarvestError("the server forgets where it was again and again")
                    began_again, number = True, 0
                    tokens.clear()
                token = ""
                for element in page.iter():
                    name = local_name(element)
                    if name == "record" and any(local_name(child) == "header" for child in element):
                        number += 1
                        yield _incoming(self.url, number, element)
                    elif name == "resumptionToken":
                        token, stated = (element.text or "").strip(), element.get("completeListSize", stated)
                if not token:
                    state.token = ""
                    break
                if token in tokens:
                    raise HarvestError("the server gives the same page again and again")
                tokens.add(token)
                state.token = token
        except HarvestError as error:
            report.refusals.append(Refusal(self.url, 0, str(error)))
            report.cut.append(self.url)
            return
        if not resumed and stated.isdecimal() and int(stated) > number:
            report.refusals.append(Refusal(self.url, 0, f"the server spoke of {stated} records and gave {number}"))

    def _page(self, state: OaiState) -> Element:
        begin = {"verb": "ListRecords", "metadataPrefix": self.prefix}
        begin |= {"set": self.set_name} if self.set_name else {}
        begin |= {"from": state.since} if state.since else {}
        page = self._ask({"verb": "ListRecords", "resumptionToken": state.token} if state.token else begin)
        error = next((child for child in page if local_name(child) == "error"), None)
        if error is None or error.get("code") == NOTHING:
            return page
        if error.get("code") == STALE and state.token:
            state.token = ""
            return self._page(state)
        raise HarvestError(f"the server refuses: {error.get('code', '')} {(error.text or '').strip()}".strip())

    def _ask(self, parameters: dict[str, str]) -> Element:
        address = f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(parameters)}"
        wait, problem = WAIT_S, ""
        for time_asked in range(PATIENCE):
            if time_asked:
                self.wait(min(wait, LONGEST_WAIT_S))
                wait *= 2
            try:
                request = urllib.request.Request(address, headers={"User-Agent": "Dauys", "Accept": "text/xml"})
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                    body = answer.read(LARGEST_PAGE + 1)
                if len(body) > LARGEST_PAGE:
                    raise HarvestError("the server sends a page without an end")
                page: Element = fromstring(body, forbid_dtd=True)
                return page
            except urllib.error.HTTPError as error:
                problem = f"it answers {error.code}"
                after = error.headers.get("Retry-After", "")
                wait = float(after) if after.isdecimal() else wait
                if error.code < 500 and error.code != 429:
                    break
            except (ParseError, DefusedXmlException) as error:
                problem = f"its answer is no XML that may be read: {type(error).__name__}"
            except (LookupError, UnicodeError) as error:
                problem = f"its answer is in an encoding that is not known: {error}"
            except (OSError, ValueError) as error:
                problem = f"it does not answer: {error}"
        raise HarvestError(f"the server cannot be harvested: {problem}")


def _incoming(file: str, number: int, element: Element) -> Incoming:
    header = next(child for child in element if local_name(child) == "header")
    identifier = _text(header, "identifier")
    if header.get("status") == "deleted":
        return Incoming(file, number, "", lambda: Piece(number, None), identifier, deleted=True)
    marc = next(
        (
            inner
            for inner in element.iter()
            if inner is not element and any(local_name(child) in INSIDE for child in inner)
        ),
        None,
    )
    if marc is None:
        return Incoming(file, number, "", lambda: Piece(number, None, "no MARCXML in the record"), identifier)
    return Incoming(
        file, number, digest_of_xml(marc, identifier), lambda: Piece(number, record_from_xml(marc)), identifier
    )


def _text(element: Element, name: str) -> str:
    return next(((inner.text or "").strip() for inner in element.iter() if local_name(inner) == name), "")
