"""A small ИРБИС64 true to its protocol as open clients speak it: databases, dictionaries, search, writing, faults.

One connection is one request; sessions are registered; a record is written only at the version that is stored; the
dictionaries are made of the fields that the databases of ИРБИС64 come with.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "dauys", "secret"
TICKET, PIN = "100003", "3690"
BOOKS = {
    1: ["903#84(5Каз)/Ә82", "200#^AАбай жолы^FМ. Әуезов", "700#^AӘуезов^BМ.^GМұхтар", "101#kaz", "210#^D2013",
        "910#^A0^B1001^DKZ^HB1", "910#^A1^B1002^DKZ^HB2", "910#^A6^B1003^DFIL", "331#Ақын туралы"],
    2: ["903#84(5Каз)/Е82", "200#^AКөшпенділер", "700#^AЕсенберлин^BІ.", "101#kaz", "210#^D2005",
        "910#^AU^DFIL^15^23"],
    3: ["903#84(2)/П91", "200#^AКапитанская дочка", "700#^AПушкин^BА. С.", "101#rus", "210#^D1999",
        "910#^A4^B3001^DKZ"],
}  # fmt: skip
READERS = {
    1: ["30#100003", "10#Ким", "11#Наталья", "130#3690", "50#adult",
        "40#^GIBIS^A84(2)/П91^B3001^HB7^D20261101^E20261204^F******^CКапитанская дочка",
        "40#^GIBIS^A84(5Каз)/Е82^B2001^HB8^D20261001^Esoon^F^CКөшпенділер",
        "40#^GIBIS^A84(5Каз)/Ә82^B1001^HB1^D20260901^E20260915^F20260910^CАбай жолы", "40#^D20261101^11000"],
    2: ["30#100004", "10#Нет ПИН-кода"],
}  # fmt: skip
TERMS = {
    "IBIS": [("T=", 200, "a"), ("A=", 700, "a"), ("I=", 903, ""), ("G=", 210, "d"), ("K=", 200, "a"), ("K=", 200, "e")],
    "RDR": [("RI=", 30, "")],
    "RQST": [("RI=", 30, "")],
}
"""Database -> prefix of its dictionary, field, subfield. K= takes words, the others the whole."""
TOKEN = re.compile(r'"([^"]*)"|([()+*])|(\s+)')


@dataclass
class IrbisServer:
    """What a test may look at and change. `faults` meet the next requests of their command in turn."""

    databases: dict[str, dict[int, list[str]]] = field(
        default_factory=lambda: {"IBIS": dict(BOOKS), "RDR": dict(READERS), "RQST": {}}
    )
    versions: dict[tuple[str, int], int] = field(default_factory=dict)
    deleted: set[tuple[str, int]] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    read_only: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    written: int = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """The port on which it is served, until the end."""
        async with await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=1 << 20) as server:
            yield server.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            body = await reader.readexactly(int(await reader.readline()))
            lines = body.decode("utf-8", "replace").split("\n")
            fault = self._fault(lines[0])
            if fault == "lost request":
                return
            answer = self._body(lines)
            if fault == "hang":
                await reader.read()  # until the client gives up
            elif fault == "garbage":
                writer.write(bytes(range(256)))
            elif fault == "half":
                writer.write(answer[: len(answer) // 3])
            elif fault != "lost answer":
                writer.write(answer.replace(b"\r\n2\r\n", b"\r\n999999\r\n") if fault == "lies" else answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _fault(self, command: str) -> str:
        self.asked.append(command)
        if self.faults and self.faults[0][0] == command:
            return self.faults.pop(0)[1]
        return ""

    def _body(self, lines: list[str]) -> bytes:
        command, session, number, password, user = lines[0], lines[3], lines[4], lines[5], lines[6]
        given = lines[10:]
        if (user, password) != (USER, PASSWORD):
            said = ["-4444"]
        elif command == "A":
            said = ["-3337"] if session in self.sessions else ["0", "30", "[Main]"]
            self.sessions.add(session)
        elif session not in self.sessions:
            said = ["-3338"]
        elif command == "B":
            self.sessions.discard(session)
            said = ["0"]
        else:
            said = {"K": self._search, "C": self._read, "D": self._write}[command](given)
        head = [command, session, number, "0", "64.2024.1", "", "", "", "", ""]
        return "\r\n".join([*head, *said, ""]).encode()

    def _record(self, name: str, number: int) -> list[str]:
        status = 1 if (name, number) in self.deleted else 0
        return [f"{number}#{status}", f"0#{self.versions.get((name, number), 1)}", *self.databases[name][number]]

    def _read(self, given: list[str]) -> list[str]:
        name, number = given[0], int(given[1])
        return ["0", *self._record(name, number)] if number in self.databases[name] else ["-140"]

    def _search(self, given: list[str]) -> list[str]:
        name, expression, most, first, form = given[0], given[1], int(given[2]), int(given[3]), given[4]
        found = sorted(self._find(name, expression))
        part = found[first - 1 :][: most or None] if first else []
        told = ["\x1f".join([f"{one}#", *self._record(name, one)]) if form else str(one) for one in part]
        return ["0", str(len(found)), *told]

    def _find(self, name: str, expression: str) -> set[int]:
        tokens = [match for match in TOKEN.finditer(expression) if not match[3]]
        assert "".join(match[0] for match in TOKEN.finditer(expression)) == expression, expression
        # Of a search language with quotes and two operators Python's sets are a reader: * is &, + is |.
        ways = {f"t{place}": self._numbers(name, match[1]) for place, match in enumerate(tokens) if match[2] is None}
        said = "".join({"*": "&", "+": "|"}.get(match[2] or "", match[2] or f"t{i}") for i, match in enumerate(tokens))
        return set(eval(said, {"__builtins__": {}}, ways)) if said else set()

    def _numbers(self, name: str, asked: str) -> set[int]:
        fits = (lambda term: term.startswith(asked[:-1])) if asked.endswith("$") else (lambda term: term == asked)
        return {number for number in self.databases[name] if any(map(fits, self._terms(name, number)))}

    def _terms(self, name: str, number: int) -> list[str]:
        found = []
        for prefix, tag, code in TERMS[name]:
            for line in self.databases[name][number]:
                written, _, value = line.partition("#")
                parts = {part[:1].lower(): part[1:] for part in value.split("^")[1:]} | {"": value.split("^")[0]}
                if int(written) == tag and (text := parts.get(code, "").upper()):
                    found += [prefix + word for word in (text.split() if prefix == "K=" else [text])]
        return found

    def _write(self, given: list[str]) -> list[str]:
        name, parts = given[0], given[3].split("\x1f\x1e")
        if name in self.read_only:
            return ["-402"]
        number, status = (int(text) for text in parts[0].split("#"))
        version = int(parts[1].split("#")[1])
        number = number or max(self.databases[name], default=0) + 1
        key = (name, number)
        if number in self.databases[name] and version != self.versions.get(key, 1):
            return ["-608"]
        self.versions[key] = self.versions.get(key, 0) + 1
        self.databases[name][number] = parts[2:]
        (self.deleted.add if status & 1 else self.deleted.discard)(key)
        self.written += 1
        return [str(len(self.databases[name])), f"{number}#{status}", f"0#{self.versions[key]}\x1e"]
