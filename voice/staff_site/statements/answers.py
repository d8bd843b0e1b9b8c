"""Answers to what readers commonly ask, edited in three languages; and what was asked and nobody knew."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.errors import NotFound
from catalogue_client.knowledge.errors import BadStatement, ChangedMeanwhile
from catalogue_client.knowledge.library_answers import KIND, OWN_TOPIC, LibraryAnswers, WrittenAnswer
from catalogue_client.values.knowledge import COMPUTED
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see
from voice.staff_site.statements.statement_form import fields, mistake, number_in, texts, typed

TOPIC = "{topic:" + OWN_TOPIC + "}"
NEW = "_new"
EMPTY = dict.fromkeys(("topic", "examples", *fields("text")), "")


async def show_all(request: web.Request) -> web.StreamResponse:
    """Answer with all topics, and with what was asked and not known."""
    answers = _answers(request)
    written = (await answers.written()).values()
    return page(
        request,
        "answers.html",
        written=written,
        states={answer.topic: _state(answer) for answer in written},
        asked=await answers.asked.counted(),
    )


async def new(request: web.Request) -> web.StreamResponse:
    """Answer with the form of a new topic; the address may bring a question that was asked."""
    return await _form(request, "", {**EMPTY, "examples": request.query.get("asked", "")[:300]}, 0)


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with a topic's form and its history. Raises NotFound."""
    topic = request.match_info["topic"]
    answers = _answers(request)
    written = (await answers.written()).get(topic)
    if written is None:
        if not await answers.statements.history(f"{KIND}:{topic}"):
            raise NotFound(f"no topic {topic}")
        written = WrittenAnswer(topic, {}, (), 0)
    values = {f"text_{language}": text for language, text in written.texts.items()}
    return await _form(request, topic, {**EMPTY, **values, "examples": "\n".join(written.examples)}, None)


async def save(request: web.Request) -> web.StreamResponse:
    """Put an answer in force at once. What was typed stays until every mistake is mended."""
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    values = typed(form, *EMPTY, longest=8000)
    is_new = "topic" not in request.match_info
    topic = values["topic"] if is_new else request.match_info["topic"]
    after = number_in(form, "after")
    try:
        await _answers(request).write(
            topic, texts(values, "text"), values["examples"].splitlines(), visitor.actor, after=after
        )
    except (BadStatement, ChangedMeanwhile) as error:
        say = parts.pages.say(visitor.language)
        taken = is_new and isinstance(error, ChangedMeanwhile)
        wrong = Mistake("topic", say("statement.topic_taken")) if taken else mistake(error, say)
        return await _form(request, "" if is_new else topic, values, after, wrong)
    return see(f"/answers/{topic}", "stated")


async def restore(request: web.Request) -> web.StreamResponse:
    """Put an earlier version in force again. Raises NotFound."""
    topic, form = request.match_info["topic"], await request.post()
    number = number_in(form, "number")
    await _answers(request).statements.restore(f"{KIND}:{topic}", number, request[VISITOR].actor)
    return see(f"/answers/{topic}", "restored")


async def forget(request: web.Request) -> web.StreamResponse:
    """Take a question off the list of what was not known."""
    values = typed(await request.post(), "topic", "language", "words")
    await _answers(request).asked.forget(values["topic"], values["language"], values["words"])
    return see("/answers", "question_forgotten")


async def _form(
    request: web.Request, topic: str, values: dict[str, str], after: int | None, *mistakes: Mistake
) -> web.Response:
    """The form; `after` is the version that is edited, None for the newest."""
    history = await _answers(request).statements.history(f"{KIND}:{topic}") if topic else ()
    newest = history[0].number if history else 0
    return page(
        request,
        "answer.html",
        topic=topic,
        values=values,
        after=newest if after is None else after,
        computed=topic in COMPUTED,
        history=history,
        mistakes=mistakes,
    )


def _state(written: WrittenAnswer) -> str:
    if written.version and written.version.value.get("texts"):
        return "computed_and_written" if written.topic in COMPUTED else "written"
    if written.topic in COMPUTED:
        return "computed"
    return "shipped" if written.texts else "unknown"


def _answers(request: web.Request) -> LibraryAnswers:
    return request.app[SITE].app.answers


ROUTES = [
    web.get("/answers", show_all),
    web.get(f"/answers/{NEW}", new),
    web.post(f"/answers/{NEW}", save),
    web.post("/answers/_forget", forget),
    web.get(f"/answers/{TOPIC}", show),
    web.post(f"/answers/{TOPIC}", save),
    web.post(f"/answers/{TOPIC}/restore", restore),
]
