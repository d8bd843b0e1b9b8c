"""Every page and every form, over the real library and a desk."""

import asyncio
import json
import re
from string import Formatter

import pytest
from sqlalchemy import select

from audio_models.manifest import manifest
from braille import to_unicode, translate
from catalogue_client.store.schema import audit
from catalogue_client.values.accounts import Newcomer
from devices import DisplayRow
from devices.desk_file import load_desks
from tests.voice.staff_site.rig import Site
from voice.assistant.dialogue_session import Understood
from voice.dialogue.events import Began, NotUnderstood
from voice.staff_site.words import LANGUAGES, load_words
from voice.values.audio import ChannelKind

PAGES = (
    "/state", "/deliveries", "/deliveries?day=2026-11-25", "/deliveries/run-sheet", "/callbacks", "/readers", "/desks",
    "/desks/_new", "/desks/abai-1", "/desks/abai-1/view", "/models", "/places", "/places/days", "/places/codes",
    "/places/no-14",
    "/statistics", "/answers", "/answers/_new", "/answers/fines",
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
    assert (await site.app.library.circulation.identify("100002", "1470", "test")).deliveries
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
    assert (await site.send("/desks/_new", form)).status == 303  # the same form sent twice
    assert list(load_desks(file)) == ["abai-1", "auezov-2"]
    for changed in ({"port": "usb:serialNumber=8"}, {"id": "third"}, {"id": "fourth", "port": "usb:"}, {"id": "../x"}):
        assert (await site.send("/desks/_new", {**form, **changed})).status == 422, changed
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


async def test_a_saved_desk_works_by_it_at_once_and_keys_are_bound_and_let_go(site: Site) -> None:
    await site.log_in()
    before = site.desks.working["abai-1"]
    form = {"port": "emulated:20", "name": "Abai", "keys": "BACK = cancel\nHELP = help"}
    assert (await site.send("/desks/abai-1", form)).status == 303
    kept = site.desks.working["abai-1"]
    assert kept is not before
    async with asyncio.timeout(30):
        while kept.display.columns != 20:
            await asyncio.sleep(0.1)
    assert "20 cells" in await site.get("/desks/abai-1")
    assert (await site.send("/desks/abai-1/test-line", {})).status == 303
    assert kept.display.shown().startswith(bytes(1 << dot for dot in range(8)))
    assert dict(kept.desk.keys) == {"BACK": "cancel", "HELP": "help"}
    assert (await site.send("/desks/abai-1", {**form, "keys": "HELP = help"})).status == 303
    assert dict(site.desks.working["abai-1"].desk.keys) == {"HELP": "help"}


async def test_what_the_display_shows_is_seen_with_its_text_and_moves_only_when_asked(site: Site) -> None:
    await site.log_in()
    display = site.desks.working["abai-1"].display
    async with asyncio.timeout(30):
        while not display.there:
            await asyncio.sleep(0.1)
    display.show(lambda width: [DisplayRow(translate("абай жолы", "kk").cells)])
    answer = await site.client.get("/desks/abai-1/view")
    text = await answer.text()
    assert to_unicode(translate("абай жолы", "kk").cells) in text
    assert "абай жолы" in text
    assert "Refresh" not in answer.headers
    assert (await site.client.get("/desks/abai-1/view?live=1")).headers["Refresh"] == "2"


async def test_statistics_count_without_saying_who(site: Site) -> None:
    session = site.app.new_session(ChannelKind.TYPED, private=True, language="ru")
    for understood in (
        Understood(Began()),
        session.understand_text("найди книгу абай жолы"),
        Understood(NotUnderstood("какая сегодня погода сорок семь ноль два")),
    ):
        site.notes.exchanged(await session.exchange(understood))
    await site.log_in()
    text = await site.get("/statistics")
    in_all = re.findall(r"<td>(\d+)</td>", text[text.index("In all") : text.index("</table>")])
    conversations, searches, loans, _, deliveries, missed, *_ = map(int, in_all)
    assert (conversations, searches, loans, deliveries, missed) == (1, 2, 0, 1, 1)
    # The desk has a conversation of its own; words that mean nothing are looked for as a title before they are missed.
    assert "какая сегодня погода …" in text
    assert text.count("<svg") == 8
    assert (await site.send("/statistics/forget", {})).status == 303
    assert "погода" not in await site.get("/statistics")
    await site.log_in("bolat")
    assert (await site.send("/statistics/forget", {})).status == 403


async def test_a_reader_is_found_and_the_right_withdrawn_and_the_data_erased(site: Site) -> None:
    await site.log_in("bolat")
    found = await site.send("/readers/find", {"find": "100001"})
    text = await found.text()
    assert found.status == 200
    assert "May have deliveries until" in text
    assert "tel:+77010000001" in text
    assert (await site.send("/readers/find", {"find": "999999"})).status == 422
    assert (await site.send("/readers/withdraw", {"ticket": "100001"})).status == 303
    assert (await site.send("/readers/withdraw", {"ticket": "100001"})).status == 303
    assert "The right ended on 23.11.2026" in await (await site.send("/readers/find", {"find": "100001"})).text()
    assert (await site.send("/readers/erase", {"ticket": "100002", "sure": "yes"})).status == 403
    await site.log_in()
    unsure = await site.send("/readers/erase", {"ticket": "100002"})
    assert unsure.status == 422
    assert 'href="#sure"' in await unsure.text()
    assert (await site.send("/readers/erase", {"ticket": "100001", "sure": "yes"})).status == 422  # one is on its way
    assert (await site.send("/readers/erase", {"ticket": "100002", "sure": "yes"})).status == 303
    assert not (await site.app.home_deliveries.books.readers.contact("100002")).address


async def test_the_run_sheet_is_printed_and_embossed(site: Site) -> None:
    await site.log_in("dana")
    job = await site.app.home_deliveries.desk.job(site.delivery)
    day = job.delivery.slot.starts.date()
    text = await site.get(f"/deliveries/run-sheet?day={day}")
    assert job.address in text
    answer = await site.client.get(f"/deliveries/run-sheet?day={day}&form=brf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="run-sheet-{day}.brf"'
    assert len(await answer.read()) > 100


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
    assert {"disk", "braille", "trunk", "desk abai-1"} <= {check["name"] for check in told["checks"]}
    text = await (await site.client.get("/metrics")).text()
    assert 'dauys_open_deliveries{status="confirmed"} 1.0' in text
    assert 'dauys_display_connected{desk="abai-1"}' in text
    for secret in ("100001", "+7701", "Айгүл", str(site.app.home)):
        assert secret not in text
        assert secret not in json.dumps(told, ensure_ascii=False)


async def test_who_looked_at_an_address_is_audited(site: Site) -> None:
    await site.log_in("dana")
    await site.get(f"/deliveries/{site.delivery}")
    async with site.app.home_deliveries.books.database.reading() as connection:
        told = (await connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject))).all()
    assert ("staff:dana", "see_delivery", f"delivery {site.delivery}") in [tuple(one) for one in told]


def test_every_model_is_told_of_in_every_language() -> None:
    for words in load_words().values():
        assert {f"good_for.{model.name}" for model in manifest()} <= words.keys()


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


async def test_a_branch_completes_a_ticket_sets_a_pin_and_keeps_history_with_consent(site: Site) -> None:
    await site.log_in("bolat")
    library = site.app.home_deliveries.books
    newcomer = await library.readers.register(Newcomer(phone="+77010000044", name="Дана", pin="4321"), key="new")
    found = await (await site.send("/readers/find", {"find": newcomer.ticket})).text()
    assert "Complete the ticket" in found and "Not remembered" in found
    simple = await site.send("/readers/complete", {"ticket": newcomer.ticket, "pin": "7777"})
    assert simple.status == 422 and "too simple" in await simple.text()
    assert (await site.send("/readers/complete", {"ticket": newcomer.ticket, "pin": "80642"})).status == 303
    reader = await library.readers.identify(newcomer.ticket, "80642", "line")
    assert not reader.temporary and reader.category == "adult"
    assert (await site.send("/readers/history", {"ticket": newcomer.ticket, "wanted": "yes"})).status == 303
    found = await (await site.send("/readers/find", {"find": newcomer.ticket})).text()
    assert "Complete the ticket" not in found and "as the reader has agreed" in found
    assert (await site.send("/readers/history", {"ticket": newcomer.ticket})).status == 303
    assert "Not remembered" in await (await site.send("/readers/find", {"find": newcomer.ticket})).text()
    assert (await site.send("/readers/complete", {"ticket": "999999"})).status == 404


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31", "2200-01-01", "tomorrow"])
@pytest.mark.parametrize("path", ["/deliveries", "/deliveries/run-sheet"])
async def test_a_day_at_an_end_of_the_calendar_is_a_mistake_with_a_sentence(site: Site, path: str, day: str) -> None:
    await site.log_in()
    answer = await site.client.get(path, params={"day": day})
    assert answer.status == 422
    assert "Write the day as 2026-11-24" in await answer.text()
    assert (await site.client.get(path, params={"day": "2199-12-31"})).status == 200
