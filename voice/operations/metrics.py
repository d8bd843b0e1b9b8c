"""Counts for Prometheus: turns, how fast they are, what was not understood, calls, deliveries, displays."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from catalogue_client.delivery.dispatch.delivery_service import HomeDeliveries
from catalogue_client.delivery.row_mapping import ENDED
from catalogue_client.values.shipments import DeliveryStatus
from devices.display_supervisor import SupervisedDesk
from voice.assistant.dialogue_session import Exchange
from voice.assistant.fault_counts import FaultCounts
from voice.assistant.spoken_session import SpokenExchange
from voice.dialogue.commands import HandOver
from voice.dialogue.events import Began
from voice.operations.usage_recorder import was_missed

STATUSES = get_args(DeliveryStatus)
BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
MOST_UNHEARD = 100
"""Answers that are waited for at once; one that never sounds is forgotten."""


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What the running service knows of itself at a moment."""

    calls_refused: int = 0
    """Since the start."""
    calls_at_most: int = 0
    engine_queue: int = 0
    """Sentences that wait for a process that speaks."""
    trunk_registered: bool | None = None
    """None without a trunk."""
    checks: Mapping[str, bool] = field(default_factory=dict)
    """Whether what is looked at every minute works, by name."""
    self_test_s: float | None = None
    """Seconds that the last call to itself took; None before the first."""


class Metrics:
    """One set of counters for the process. Labels never name a person, a line or a book."""

    def __init__(
        self,
        faults: FaultCounts | None = None,
        deaths: Callable[[], int] = lambda: 0,
        figures: Callable[[], ServiceFigures] = lambda: ServiceFigures(),
    ) -> None:
        """`faults` are counted elsewhere, and so are the `deaths` of worker processes and the other `figures` of the
        service: all are read at each scrape."""
        own = self._registry = CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]
        ProcessCollector(registry=own)
        Info("dauys_build", "What runs here.", registry=own).info({"version": version("dauys")})
        own.register(_Elsewhere(faults or FaultCounts(), deaths, figures))
        self._conversations = Counter("dauys_conversations", "Conversations begun.", ["channel"], registry=own)
        self._turns = Counter("dauys_turns", "Things that readers did and Dauys answered.", ["channel"], registry=own)
        self._missed = Counter("dauys_not_understood", "Turns that were not understood.", ["channel"], registry=own)
        self._hand_overs = Counter("dauys_hand_overs", "Readers handed to a person.", ["channel"], registry=own)
        self._false = Counter(
            "dauys_false_interruptions",
            "Times Dauys fell silent for a cough, an echo or other people.",
            ["channel"],
            registry=own,
        )
        self._answer = Histogram(
            "dauys_answer_seconds", "From the end of speech to the first sound.", buckets=BUCKETS, registry=own
        )
        self._calls = Gauge("dauys_calls_now", "Calls and station readers being served.", ["channel"], registry=own)
        self._unheard: list[SpokenExchange] = []
        """Exchanges whose answer had no sound yet when they were counted."""
        self._deliveries = Gauge("dauys_open_deliveries", "Deliveries not ended.", ["status"], registry=own)
        self._display = Gauge("dauys_display_connected", "1 while a desk's display answers.", ["desk"], registry=own)

    @contextmanager
    def call(self, channel: str) -> Iterator[None]:
        """While a call is served."""
        with self._calls.labels(channel).track_inprogress():
            yield

    def spoken(self, spoken: SpokenExchange) -> None:
        """Count an exchange of a call or a station. Its answer is often not on the line yet: it is looked at later."""
        self.exchanged(spoken.exchange)
        if spoken.utterance:
            self._unheard = [*self._unheard, spoken][-MOST_UNHEARD:]
        self._observe_answers()

    def interrupted_falsely(self, channel: str) -> None:
        """Count a time that Dauys fell silent for something that was not said to it."""
        self._false.labels(channel).inc()

    def _observe_answers(self) -> None:
        for spoken in self._unheard:
            if spoken.utterance and spoken.first_audio_at:
                self._answer.observe(max(0.0, spoken.first_audio_at - spoken.utterance.ended_at))
        self._unheard = [spoken for spoken in self._unheard if not spoken.first_audio_at]

    def exchanged(self, exchange: Exchange) -> None:
        """Count an exchange of any conversation."""
        if not exchange.turns:
            return
        channel = str(exchange.context.profile.line.channel)
        self._turns.labels(channel).inc()
        if isinstance(exchange.understood.event, Began):
            self._conversations.labels(channel).inc()
        if was_missed(exchange):
            self._missed.labels(channel).inc()
        if any(isinstance(turn.command, HandOver) for turn in exchange.turns):
            self._hand_overs.labels(channel).inc()

    async def text(self, library: HomeDeliveries, desks: Mapping[str, SupervisedDesk]) -> bytes:
        """Everything in Prometheus's text format."""
        self._observe_answers()
        counts = Count(job.delivery.status for job in await library.desk.jobs())
        for status in STATUSES:
            if status not in ENDED:
                self._deliveries.labels(status).set(counts[status])
        self._display.clear()
        for desk_id, kept in desks.items():
            self._display.labels(desk_id).set(bool(kept.status().columns))
        return generate_latest(self._registry)


class _Elsewhere(Collector):
    """Counters that live where they are counted."""

    def __init__(self, faults: FaultCounts, deaths: Callable[[], int], figures: Callable[[], ServiceFigures]) -> None:
        self._faults = faults
        self._deaths = deaths
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """The counters as they are now."""
        faults = CounterMetricFamily("dauys_faults", "What broke, was caught and said to the reader.", labels=["kind"])
        for kind, count in self._faults.counts.items():
            faults.add_metric([kind], count)
        yield faults
        yield CounterMetricFamily(
            "dauys_worker_deaths", "Processes of native engines that had to be started again.", value=self._deaths()
        )
        yield from _families(self._figures())


def _families(now: ServiceFigures) -> Iterator[Metric]:
    yield CounterMetricFamily("dauys_calls_refused", "Calls that found no room.", value=now.calls_refused)
    yield GaugeMetricFamily("dauys_calls_limit", "Calls that may be up at once.", value=now.calls_at_most)
    yield GaugeMetricFamily("dauys_engine_queue", "Sentences that wait for a voice.", value=now.engine_queue)
    if now.trunk_registered is not None:
        yield GaugeMetricFamily("dauys_trunk_registered", "1 while the trunk brings calls.", value=now.trunk_registered)
    if now.self_test_s is not None:
        took = "Seconds that the last call to itself took."
        yield GaugeMetricFamily("dauys_self_test_duration_seconds", took, value=now.self_test_s)
    checks = GaugeMetricFamily("dauys_check_works", "1 while what is looked at every minute works.", labels=["check"])
    for name, works in now.checks.items():
        checks.add_metric([name], works)
    yield checks
