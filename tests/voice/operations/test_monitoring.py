"""What ships for watching asks for nothing that Dauys does not tell, and Prometheus takes it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families

from catalogue_client.delivery.dispatch.delivery_service import HomeDeliveries
from voice.operations.metrics import Metrics, ServiceFigures

SHIPPED = Path(__file__).parents[3] / "packaging" / "monitoring"
FIGURES = ServiceFigures(3, 30, 2, True, {"catalogue": True, "audit": False}, 1.5)


async def told() -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample of a service, by its name and labels."""

    async def jobs() -> tuple[()]:
        return ()

    library = cast(HomeDeliveries, SimpleNamespace(desk=SimpleNamespace(jobs=jobs)))
    metrics = Metrics(figures=lambda: FIGURES)
    with metrics.call("telephone"):
        text = (await metrics.text(library, {})).decode()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        found.setdefault(family.name + ("_total" if family.type == "counter" else ""), {})
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def expressions() -> Iterator[str]:
    yield from re.findall(r"^ +expr: (.+)$", (SHIPPED / "alerts.yml").read_text(encoding="utf-8"), re.MULTILINE)
    board: dict[str, Any] = json.loads((SHIPPED / "dashboard.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in board["panels"] for target in panel["targets"])


async def test_the_service_tells_of_itself() -> None:
    found = await told()
    assert found["dauys_calls_refused_total"] == {(): 3.0}
    assert found["dauys_calls_limit"] == {(): 30.0} and found["dauys_engine_queue"] == {(): 2.0}
    assert found["dauys_trunk_registered"] == {(): 1.0}
    assert found["dauys_check_works"] == {("catalogue",): 1.0, ("audit",): 0.0}
    assert found["dauys_self_test_duration_seconds"] == {(): 1.5}
    assert ("slow_answer",) in found["dauys_faults_total"]
    assert "process_open_fds" in found and "dauys_build_info" in found
    assert not [name for name in found if name.endswith("_created")]


async def test_rules_and_dashboard_ask_only_for_what_is_told() -> None:
    known = set(await told())
    asked = {name for text in expressions() for name in re.findall(r"\b(?:dauys|process)_\w+", text)}
    assert len(asked) > 15 and asked <= known, asked - known


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is in Debian's package prometheus")
def test_prometheus_takes_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", SHIPPED / "alerts.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
