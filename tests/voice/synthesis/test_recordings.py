from __future__ import annotations

import asyncio
import io
import os
import stat
import tempfile
import threading
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pydub import AudioSegment

from voice.assistant.call_recordings import MOST_UNWRITTEN, CallRecordings, RecordingFailed

OWNER, OTHER = "0123456789abcdef", "fedcba9876543210"
MONDAY = datetime(2026, 11, 23, 10, 0)
TONE = (8000 * np.sin(np.arange(160) * 2 * np.pi * 500 / 8000)).astype("<i2").tobytes()
SILENCE = bytes(320)


async def record(recordings: CallRecordings, owner: str, when: datetime) -> None:
    recording = recordings.begin(8000, owner, when)
    source = recording.taped(lambda: SILENCE)
    for _ in range(100):
        recording.heard(TONE)
        assert source() == SILENCE
    await recordings.keep(recording)


async def test_both_sides_are_kept_apart_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    recordings = CallRecordings(tmp_path / "recordings", timedelta(days=30))
    await record(recordings, OWNER, MONDAY)
    (kept,) = recordings.kept()
    assert (kept.owner, kept.when) == (OWNER, MONDAY)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    reader, dauys = AudioSegment.from_file(kept.path, format="ogg").split_to_mono()
    assert reader.duration_seconds == pytest.approx(2.0, abs=0.1)
    assert reader.rms > 100 * max(dauys.rms, 1)


async def test_a_consent_taken_back_leaves_nothing(tmp_path: Path) -> None:
    recordings = CallRecordings(tmp_path, timedelta(days=30))
    recording = recordings.begin(8000, OWNER, MONDAY)
    source = recording.taped(lambda: SILENCE)
    source()
    recording.drop()
    assert source() == SILENCE
    assert not os.listdir(tmp_path)


async def test_recordings_end_with_their_term_and_with_their_readers_wish(tmp_path: Path) -> None:
    recordings = CallRecordings(tmp_path, timedelta(days=30))
    (tmp_path / "music.ogg").write_bytes(b"somebody else's")
    await record(recordings, OWNER, MONDAY)
    await record(recordings, OTHER, MONDAY)
    await record(recordings, OTHER, MONDAY + timedelta(days=20))
    assert recordings.expire(MONDAY + timedelta(days=30)) == 0
    assert recordings.delete(OWNER) == 1
    assert recordings.expire(MONDAY + timedelta(days=31)) == 1
    assert [kept.when for kept in recordings.kept()] == [MONDAY + timedelta(days=20)]
    assert (tmp_path / "music.ogg").exists()


async def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    recordings = CallRecordings(tmp_path / "file", timedelta(days=1))
    with pytest.raises(RecordingFailed, match="disk"):
        await record(recordings, OWNER, MONDAY)


def test_a_ticket_is_no_name_for_an_owner(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        CallRecordings(tmp_path, timedelta(days=1)).begin(8000, "100001", MONDAY)


async def test_a_full_disk_never_reaches_the_frames_of_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "w+b"))  # noqa: SIM115
    recordings = CallRecordings(tmp_path, timedelta(days=1))
    recording = recordings.begin(8000, OWNER, MONDAY)
    source = recording.taped(lambda: SILENCE)
    while recording.failure is None:
        assert source() == SILENCE
        await asyncio.sleep(0)
    assert source() == SILENCE
    with pytest.raises(RecordingFailed):
        await recordings.keep(recording)
    assert not os.listdir(tmp_path)


async def test_a_disk_that_hangs_never_reaches_the_frames_of_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    class Hanging(io.BytesIO):
        def write(self, data: object) -> int:
            let_go.wait(30)
            return 0

    monkeypatch.setattr(tempfile, "TemporaryFile", Hanging)
    recording = CallRecordings(tmp_path, timedelta(days=1)).begin(8000, OWNER, MONDAY)
    source = recording.taped(lambda: SILENCE)
    for _ in range(3 * MOST_UNWRITTEN):
        assert source() == SILENCE
    assert recording.failure, "given up, so that memory does not fill"
    let_go.set()
    recording.drop()


async def test_the_term_is_kept_after_a_disk_that_was_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recordings = CallRecordings(tmp_path, timedelta(days=1))
    looked: list[datetime] = []

    def expire(now: datetime) -> int:
        looked.append(now)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(recordings, "expire", expire)
    monkeypatch.setattr("voice.assistant.call_recordings.EVERY_S", 0)
    keeping = asyncio.create_task(recordings.keep_term(lambda: MONDAY))
    while len(looked) < 3:
        await asyncio.sleep(0)
    assert not keeping.done()
    keeping.cancel()
