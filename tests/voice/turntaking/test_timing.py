from __future__ import annotations

from dataclasses import asdict

import pytest

from voice.turntaking.timing import load_timing, read_timing
from voice.values.audio import FRAME_MS


def toml(**changes: object) -> str:
    values = {**asdict(load_timing()), **changes}
    return "\n".join(f"{name} = {value}" for name, value in values.items() if value is not None)


def test_silence_is_fed_in_the_frames_of_every_channel() -> None:
    assert load_timing().silence_frame_ms == FRAME_MS
    assert read_timing(toml()) == load_timing()


@pytest.mark.parametrize("value", ["0", "-5", "1.5", '"long"', "true", "[500]"])
def test_what_is_no_length_of_time_is_named(value: str) -> None:
    with pytest.raises(ValueError, match=r"above 0: cough_ms$"):
        read_timing(toml(cough_ms=value))


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(ValueError, match="unknown: earcon_ms, eracon_ms"):
        read_timing(toml(earcon_ms=None, eracon_ms=1000))
