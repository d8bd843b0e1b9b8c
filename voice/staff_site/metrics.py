"""Counts for Prometheus: turns, how fast they are, what was not understood, calls, deliveries, displays."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from catalogue_client.delivery.opening import HomeDeliveries
from devices.keeper import KeptDesk
from voice.conversation.asks import HandOver
from voice.conversation.events import Began, NotUnderstood
from voice.session import Exchange
from voice.spoken_session import SpokenExchange

BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)


class Metrics:
    """One set of counters for the process. Labels never name a person, a line or a book."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        self._conversations = Counter("dauys_conversations", "Conversations begun.", ["channel"], registry=own)
        self._turns = Counter("dauys_turns", "Things that readers did and Dauys answered.", ["channel"], registry=own)
        self._missed = Counter("dauys_not_understood", "Turns that were not understood.", ["channel"], registry=own)
        self._hand_overs = Counter("dauys_hand_overs", "Readers handed to a person.", ["channel"], registry=own)
        self._answer = Histogram(
            "dauys_answer_seconds", "From the end of speech to the first sound.", buckets=BUCKETS, registry=own
        )
        self._deliveries = Gauge("dauys_open_deliveries", "Deliveries not ended.", ["status"], registry=own)
        self._display = Gauge("dauys_display_connected", "1 while a desk's display answers.", ["desk"], registry=own)

    def spoken(self, spoken: SpokenExchange) -> None:
        """Count an exchange of a call or a station."""
        self.exchanged(spoken.exchange)
        if spoken.utterance and spoken.first_audio_at:
            self._answer.observe(max(0.0, spoken.first_audio_at - spoken.utterance.ended_at))

    def exchanged(self, exchange: Exchange) -> None:
        """Count an exchange of any conversation."""
        if not exchange.turns:
            return
        channel = str(exchange.state.profile.kind)
        self._turns.labels(channel).inc()
        if isinstance(exchange.understood.event, Began):
            self._conversations.labels(channel).inc()
        if isinstance(exchange.understood.event, NotUnderstood):
            self._missed.labels(channel).inc()
        if any(isinstance(turn.ask, HandOver) for turn in exchange.turns):
            self._hand_overs.labels(channel).inc()

    async def text(self, library: HomeDeliveries, desks: Mapping[str, KeptDesk]) -> bytes:
        """Everything in Prometheus's text format."""
        counts = Count(job.delivery.status for job in await library.desk.jobs())
        self._deliveries.clear()
        for status, count in counts.items():
            self._deliveries.labels(status).set(count)
        for desk_id, kept in desks.items():
            self._display.labels(desk_id).set(bool(kept.status().columns))
        return generate_latest(self._registry)
