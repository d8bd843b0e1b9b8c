"""An OAI-PMH server of a few records that can also lie, break off, repeat itself and answer with anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 2


@dataclass
class Repository:
    """What the server has, and how it misbehaves."""

    titles: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    tells_deletions: bool = True
    fault: str = ""
    """"503 once", "repeats", "garbage", "bomb", "short", "stale"."""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, asked: dict[str, str]) -> tuple[int, str]:
        """Return the status and the body."""
        self.asked.append(asked)
        if asked["verb"] == "Identify":
            policy = "persistent" if self.tells_deletions else "no"
            return 200, (
                "<responseDate>2026-12-01T05:00:00Z</responseDate><Identify>"
                f"<deletedRecord>{policy}</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
            )
        token = asked.get("resumptionToken", "")
        if self.fault == "503 once":
            self.fault = ""
            return 503, ""
        if token and self.fault == "stale":
            self.fault = ""
            return 200, '<error code="badResumptionToken">gone</error>'
        if token and self.fault == "garbage":
            return 200, "<ListRecords><record>"
        if token and self.fault == "bomb":
            return 200, "bomb"
        numbers = sorted(self.titles.keys() | self.deleted)
        start = int(token or 0)
        size = 1000 if self.fault == "short" else len(numbers)
        following = str(start) if self.fault == "repeats" and token else str(start + PAGE)
        more = f'<resumptionToken completeListSize="{size}">{following}</resumptionToken>'
        if start + PAGE >= len(numbers) and self.fault != "repeats":
            more = f'<resumptionToken completeListSize="{size}"/>'
        if not numbers:
            return 200, '<error code="noRecordsMatch"/>'
        return 200, f"<ListRecords>{''.join(map(self._record, numbers[start : start + PAGE]))}{more}</ListRecords>"

    def _record(self, number: int) -> str:
        if number in self.deleted:
            return f'<record><header status="deleted"><identifier>oai:{number}</identifier></header></record>'
        return (
            f"<record><header><identifier>oai:{number}</identifier></header><metadata>"
            f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
            f'<datafield tag="245"><subfield code="a">{self.titles[number]}</subfield></datafield></record>'
            "</metadata></record>"
        )


@contextmanager
def serving(repository: Repository) -> Iterator[str]:
    """Serve it on a free port; the address is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            status, inner = repository.answer(asked)
            body = f'<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inner}</OAI-PMH>'
            if inner == "bomb":
                body = '<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH>&a;</OAI-PMH>'
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
