"""What each kind of channel can do, as the dialogue needs to know it."""

from __future__ import annotations

from collections.abc import Mapping

from voice.dialogue.context import LineCapabilities
from voice.values.audio import ChannelKind

PATIENCE = 3
"""Silences in a row that end a spoken conversation."""

CAPABILITIES: Mapping[ChannelKind, LineCapabilities] = {
    ChannelKind(line.channel): line
    for line in (
        LineCapabilities(
            ChannelKind.TELEPHONE, patience=PATIENCE, reads_back_ticket=True, can_call_back=True, follows_speech=True
        ),
        LineCapabilities(
            ChannelKind.STATION, patience=PATIENCE, shared_device=True, at_library=True, follows_speech=True
        ),
        LineCapabilities(ChannelKind.RECORDING, patience=PATIENCE, follows_speech=True),
        LineCapabilities(ChannelKind.DESK, at_library=True, by_fingers=True),
        LineCapabilities(ChannelKind.TYPED),
    )
}
