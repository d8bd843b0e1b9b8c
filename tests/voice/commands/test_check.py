"""What `dauys check` finds in the library: an audit that somebody has changed is never in order."""

from __future__ import annotations

import sqlite3
from contextlib import aclosing
from pathlib import Path

import pytest

from catalogue_client.purpose import Purpose
from voice.app import open_app
from voice.finding import Finding
from voice.self_test import whole_findings


async def audit_finding(home: Path) -> Finding:
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
