"""Every page and every form, over the real library and a desk."""

import json
import re
from string import Formatter

import pytest

from audio_models.manifest import manifest
from devices.desk_file import load_desks
from tests.voice.staff_site.rig import Site
from voice.staff_site.words import LANGUAGES, load_words

PAGES = (
    "/state", "/deliveries", "/deliveries?day=2026-11-25", "/deliveries/run-sheet", "/callbacks", "/readers", "/desks",
    "/desks/_new", "/desks/abai-1", "/desks/abai-1/view", "/models", "/places", "/statistics",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_is_whole_in_every_language(site: Site, language: str) -> None:
    await site.log_in()
    await site.get(f"/state?language={language}")
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        text = await site.get(path)
        assert f'<html lang="{language}">' in text
        assert text.count("<h1>") == 1
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        assert set(re.findall(r'<label for="([^"]+)"', text)) <= set(ids), path
        assert "<branch>" not in text
        assert "<b>Abai" not in text


def test_the_three_languages_say_the_same_things() -> None:
    def shape(words: dict[str, str]) -> dict[str, set[str]]:
        return {key: {name for _, name, _, _ in Formatter().parse(text) if name} for key, text in words.items()}

    kazakh, russian, english = (shape(dict(words)) for words in load_words().values())
    assert kazakh == russian == english


async def test_a_delivery_goes_its_way_once(site: Site) -> None:
    await site.log_in("dana")
    path = f"/deliveries/{site.delivery}"
    assert path in await site.get("/deliveries")
    before = await site.get(path)
    assert "+77010000001" in before
    now = (await site.app.home_deliveries.desk.job(site.delivery)).delivery.status
    form = {"from": now, "status": "on_the_way", "courier": "Ержан, Kia", "phone": "+77020000000", "expected": "15:40"}
    assert (await site.send(path, form)).headers["Location"] == f"{path}?done=advanced"
    job = await site.app.home_deliveries.desk.job(site.delivery)
    assert (job.delivery.status, job.delivery.courier) == ("on_the_way", "Ержан, Kia")
    assert job.delivery.expected
    assert f"{job.delivery.expected:%H:%M}" == "15:40"
    again = await site.send(path, form)
    assert again.status == 422
    assert "Somebody has changed it meanwhile" in await again.text()


@pytest.mark.parametrize(
    ("field", "value"), [("status", "flying"), ("expected", "late"), ("status", "requested' OR 1")]
)
async def test_a_mistake_in_a_delivery_is_said_and_changes_nothing(site: Site, field: str, value: str) -> None:
    await site.log_in("dana")
    path = f"/deliveries/{site.delivery}"
    before = await site.app.home_deliveries.desk.job(site.delivery)
    form = {"from": before.delivery.status, "status": "on_the_way", "courier": "<script>", field: value}
    answer = await site.send(path, form)
    text = await answer.text()
    assert answer.status == 422
    assert f'href="#{field}"' in text
    assert "&lt;script&gt;" in text
    assert await site.app.home_deliveries.desk.job(site.delivery) == before


async def test_unknown_things_are_not_found(site: Site) -> None:
    await site.log_in()
    for path in (
        "/deliveries/999999999",
        "/deliveries/abc",
        "/desks/nobody",
        "/desks/nobody/view",
        "/desks/..%2Fx",
        "/x",
    ):
        assert (await site.client.get(path)).status == 404, path
    for path in ("/desks/nobody/test-line", "/desks/nobody/remove", "/models/nothing/install"):
        assert (await site.send(path, {})).status == 404, path


async def test_a_call_back_is_taken_off_the_list_and_a_second_form_does_no_harm(site: Site) -> None:
    await site.log_in("bolat")
    number = (await site.app.home_deliveries.books.tasks.tasks("callback"))[0].id
    assert "Ticket 100001" in await site.get("/callbacks")
    assert "done=called" in (await site.send(f"/callbacks/{number}", {})).headers["Location"]
    assert "done=already_done" in (await site.send(f"/callbacks/{number}", {})).headers["Location"]
    assert "100001" not in await site.get("/callbacks?done=called")


async def test_the_right_to_delivery_is_given(site: Site) -> None:
    await site.log_in("bolat")
    form = {"ticket": "100002", "until": "2027-11-24", "paper": "certificate", "address": "Абай даңғылы, 52, 14 пәтер"}
    assert (await site.send("/readers", form)).status == 303
    assert (await site.app.library.identify("100002", "1470", "test")).deliveries
    for field, value in (
        ("ticket", "999999"),
        ("ticket", ""),
        ("until", "2020-01-01"),
        ("until", "soon"),
        ("paper", ""),
    ):
        answer = await site.send("/readers", {**form, field: value})
        assert answer.status == 422, (field, value)
        assert f'href="#{field}"' in await answer.text()


async def test_a_desk_is_made_changed_and_forgotten(site: Site) -> None:
    await site.log_in()
    file = site.app.home / "desks.toml"
    form = {"id": "auezov-2", "port": "usb:serialNumber=7", "driver": "bm", "status_cells": "2", "capitals": "true"}
    assert (await site.send("/desks/_new", form)).headers["Location"] == "/desks/auezov-2?done=desk_set"
    desk = load_desks(file)["auezov-2"]
    assert (desk.port, desk.status_cells, desk.capitals) == ("usb:serialNumber=7", 2, True)
    for changed in ({"id": "auezov-2"}, {"id": "third", "port": "usb:serialNumber=7", "driver": "bm"}, {"id": "../x"}):
        assert (await site.send("/desks/_new", {**form, **changed})).status == 422
    for field, value in (
        ("status_cells", "many"),
        ("port", "telepathy:"),
        ("language", "tlh"),
        ("keys", "BACK = dance"),
    ):
        answer = await site.send("/desks/auezov-2", {field: value})
        assert answer.status == 422, field
        assert f'href="#{field}"' in await answer.text()
    assert load_desks(file)["auezov-2"] == desk
    assert (await site.send("/desks/auezov-2/remove", {})).status == 303
    assert list(load_desks(file)) == ["abai-1"]


async def test_a_broken_file_of_desks_is_said(site: Site) -> None:
    await site.log_in()
    (site.app.home / "desks.toml").write_text("[abai-1]\ncells = 'forty'\n")
    assert "needs mending" in await site.get("/desks")


async def test_models_are_listed_and_a_file_elsewhere_is_never_installed(site: Site) -> None:
    await site.log_in()
    assert "vosk" in await site.get("/models")
    name = next(model.name for model in manifest() if model.kind != "starter")
    assert (await site.send(f"/models/{name}/install", {"source": "/etc/passwd"})).status == 400
    assert (await site.send(f"/models/{name}/verify", {})).status == 422


async def test_health_and_metrics_are_open_and_say_nothing_of_people(site: Site) -> None:
    answer = await site.client.get("/health")
    told = json.loads(await answer.text())
    assert told["status"] == ("ok" if answer.status == 200 else "failing")
    assert {"disk", "braille", "desk abai-1"} <= {check["name"] for check in told["checks"]}
    text = await (await site.client.get("/metrics")).text()
    assert 'dauys_open_deliveries{status="confirmed"} 1.0' in text
    assert 'dauys_display_connected{desk="abai-1"}' in text
    for secret in ("100001", "+7701", "Айгүл", str(site.app.home)):
        assert secret not in text
        assert secret not in json.dumps(told, ensure_ascii=False)


async def test_who_looked_at_an_address_is_audited(site: Site) -> None:
    await site.log_in("dana")
    await site.get(f"/deliveries/{site.delivery}")
    await site.log_in()
    assert "staff log-ins" in await site.get("/statistics")
    assert "see_delivery" in await site.get("/statistics")


async def test_the_slip_is_printed_and_embossed_without_the_address(site: Site) -> None:
    await site.log_in("dana")
    job = await site.app.home_deliveries.desk.job(site.delivery)
    path = f"/deliveries/{site.delivery}/slip"
    text = await site.get(path)
    assert job.delivery.titles[0] in text and site.delivery in text
    assert job.address not in text and job.name not in text
    for form, begins in (("brf", b""), ("pef", b"<?xml")):
        answer = await site.client.get(f"{path}?form={form}")
        assert answer.headers["Content-Disposition"].endswith(f'slip-{site.delivery}.{form}"')
        assert (await answer.read()).startswith(begins)
    assert (await site.client.get("/deliveries/999999/slip")).status == 404
