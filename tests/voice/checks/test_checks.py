"""What `dauys check` finds in the library: an audit that somebody has changed is never in order."""

from __future__ import annotations

import hashlib
import json
import socket
import sqlite3
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import open_app
from voice.checks.check_result import CheckResult
from voice.checks.service_checks import whole_findings
from voice.checks.system_checks import findings
from voice.configuration.clock import library_clock
from voice.configuration.settings import Settings, TelephoneSettings
from voice.nlu.errors import IntentModelDamaged, IntentModelError, IntentModelMissing, IntentModelOutdated
from voice.nlu.intent_model import IntentModel


async def audit_finding(home: Path) -> CheckResult:
    async with aclosing(whole_findings(home)) as findings:  # type: ignore[type-var]
        async for finding in findings:
            if finding.name == "audit":
                return finding
    raise AssertionError("the audit was not looked at")


async def test_a_changed_audit_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    async with open_app(home=tmp_path, purpose=Purpose.DEMONSTRATION) as app:
        for ticket in ("100001", "100002"):
            await app.home_deliveries.privacy.export(ticket, actor="staff:1")
    finding = await audit_finding(tmp_path)
    assert finding.works and finding.needed and finding.sentence.startswith("2 entries")
    with sqlite3.connect(tmp_path / "library.sqlite") as store:
        store.execute("DROP TRIGGER audit_keeps_UPDATE")
        store.execute("UPDATE audit SET actor = 'staff:2' WHERE id = 2")
    store.close()
    finding = await audit_finding(tmp_path)
    assert not finding.works and "Entry 2" in finding.sentence


async def test_the_whole_range_of_speech_ports_is_looked_at(tmp_path: Path) -> None:
    telephone = TelephoneSettings(address="127.0.0.1", port=0, rtp_ports=(31100, 31105), max_calls=2)
    settings = Settings(telephone=telephone)

    async def found() -> CheckResult:
        async with aclosing(findings(settings, tmp_path, library_clock())) as every:  # type: ignore[type-var]
            async for one in every:
                if one.name == "speech-ports":
                    return one
        raise AssertionError("the speech ports were not looked at")

    assert (await found()).works and (await found()).sentence.startswith("3 of 3")
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        one.bind(("127.0.0.1", 31102))
        assert (await found()).works
        two.bind(("127.0.0.1", 31105))
        finding = await found()
    assert not finding.works and finding.sentence.startswith("Only 1 of 3")
    for language in ("kk", "ru", "en"):
        assert "31100" in finding.said(language)


def behind_its_back(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "library.sqlite") as store:
        for statement in ("DROP TRIGGER audit_keeps_UPDATE", "DROP TRIGGER audit_keeps_DELETE", *statements):
            store.execute(statement)
    store.close()


async def act(home: Path, *tickets: str) -> None:
    async with open_app(home=home, purpose=Purpose.DEMONSTRATION) as app:
        for ticket in tickets:
            await app.home_deliveries.privacy.export(ticket, actor="staff:1")


async def test_entries_cut_from_the_end_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    await act(tmp_path, "100001", "100002", "100003")
    behind_its_back(tmp_path, "DELETE FROM audit WHERE id = 3")
    finding = await audit_finding(tmp_path)
    assert not finding.works and "Entry 3" in finding.sentence
    await act(tmp_path, "100001", "100002")  # new entries do not cover it up
    assert not (await audit_finding(tmp_path)).works


async def test_a_chain_that_was_sealed_anew_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As somebody does who has read the program, but not the pepper."""
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    await act(tmp_path, "100001", "100002")
    behind_its_back(tmp_path, "UPDATE audit SET actor = 'staff:2'")
    (tmp_path / "audit_newest").unlink()
    with sqlite3.connect(tmp_path / "library.sqlite") as store:
        before = ""
        rows = store.execute("SELECT id, chain, at, actor, action, subject, outcome FROM audit ORDER BY id").fetchall()
        for number, chain, at, *told in rows:
            moment = datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat()
            entry = json.dumps([before, chain, moment, *told], ensure_ascii=False)
            before = hashlib.sha256(entry.encode()).hexdigest()
            store.execute("UPDATE audit SET hash = ? WHERE id = ?", (before, number))
    store.close()
    finding = await audit_finding(tmp_path)
    assert not finding.works and "Entry 1" in finding.sentence


async def test_a_file_of_the_newest_entry_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    await act(tmp_path, "100001")
    (tmp_path / "audit_newest").write_text("{")
    finding = await audit_finding(tmp_path)
    assert not finding.works and "audit_newest" in finding.sentence


@pytest.mark.parametrize("error", [IntentModelMissing, IntentModelOutdated, IntentModelDamaged])
async def test_a_learnt_model_that_cannot_be_used_is_named_and_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[IntentModelError]
) -> None:
    def load(path: Path | None = None) -> IntentModel:
        raise error("the file understanding.npz cannot be used")

    monkeypatch.setattr(IntentModel, "load", load)
    found = {result.name: result async for result in findings(Settings(), tmp_path, datetime.now(UTC))}
    result = found["understanding"]
    assert not result.works and not result.needed
    assert all("understanding.npz" in result.said(language) for language in ("kk", "ru", "en"))
