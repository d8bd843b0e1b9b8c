"""One structured record of the log a turn, at DEBUG: what it was, what it led to and how long each step took.

Nothing in it is personal: no words, ticket or address, only names of intents, commands and states.
"""

from __future__ import annotations

import json
import logging

from voice.assistant.dialogue_session import Exchange

log = logging.getLogger(__name__)


def log_turn(conversation: str, exchange: Exchange) -> None:
    """Write the record of a finished `exchange`; `conversation` is an opaque id, such as that of the call. Times are
    in ms."""
    if not log.isEnabledFor(logging.DEBUG):
        return
    understood = exchange.understood
    record = {
        "conversation": conversation,
        "event": type(understood.event).__name__,
        "intent": understood.intent.name if understood.intent else None,
        "commands": [type(turn.command).__name__ for turn in exchange.turns if turn.command],
        "state": exchange.context.name,
        "understand_ms": round(understood.understand_ms, 1),
        "act_ms": round(exchange.act_ms, 1),
    }
    log.debug("turn %s", json.dumps(record))
