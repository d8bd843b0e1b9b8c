"""Sentences in the reader's language and length, and how dates, windows and titles stand in them."""

from __future__ import annotations

from datetime import date, datetime

from catalogue_client.values.bibliographic import Record
from catalogue_client.values.shipments import Slot
from languages.kazakh_suffixes import with_case
from languages.letters import KAZAKH_ONLY
from languages.numerals import cardinal
from voice.dialogue.context import DialogueContext
from voice.dialogue.prompts import FINGERS, Value, compose, has, sentences, text_of
from voice.values.intents import Intent
from voice.values.lines import Line, Span


def prompt(context: DialogueContext, prompt: str, /, **values: Value) -> Line:
    """The sentence `prompt` as this reader hears it, or feels it."""
    if context.profile.line.by_fingers and has(context.language, f"{FINGERS}{prompt}"):
        prompt = f"{FINGERS}{prompt}"
    return compose(context.language, prompt, context.brief, **values)


def asks_yes_or_no(context: DialogueContext) -> bool:
    """Whether the question that is asked here names a key for yes: then a display shows a yes and a no."""
    question = sentences(context.language).get(f"ask.{context.state.question}")
    yes_key = text_of(context.language, "desk.yes_key")
    return question is not None and any(yes_key in form for form in question.long.values())


def title_of(record: Record) -> Span:
    """A title in its own language, so that it is pronounced and brailled rightly."""
    return Span(record.title, record.language)


def name(context: DialogueContext, text: str) -> Span:
    """A name or title whose language is not known: Kazakh when its letters say so, else that of the sentence."""
    return Span(text, "kk" if set(KAZAKH_ONLY) & set(text.lower()) else context.language)


def author_of(record: Record) -> Span:
    """An author's name in the language of the book: a Kazakh voice reads Достоевский with Kazakh vowels."""
    return Span(record.author, "kk" if set(KAZAKH_ONLY) & set(record.author.lower()) else record.language)


def place_name(context: DialogueContext, text: str) -> Span:
    """A place that the library names in one language, in the reader's own where the library has such a name."""
    for place in context.profile.places:
        if text in place.names.values() and context.language in place.names:
            return Span(place.names[context.language], context.language)
    return name(context, text)


def titles(context: DialogueContext, names: tuple[str, ...]) -> Span:
    """Several titles as one list."""
    return name(context, "; ".join(names))


def day(context: DialogueContext, moment: date) -> str:
    """A date with its weekday: never a bare "next Wednesday"."""
    name = text_of(
        context.language,
        "calendar.date",
        day=moment.day,
        month=text_of(context.language, f"calendar.months.{moment.month}"),
        weekday=text_of(context.language, f"calendar.weekdays.{moment.weekday()}"),
    )
    near = {0: "calendar.today", 1: "calendar.tomorrow"}.get((moment - context.now.date()).days)
    return text_of(context.language, near, date=name) if near else name


def clock(moment: datetime) -> str:
    """Hours and minutes of a moment in the library's time."""
    return f"{moment:%H:%M}"


def clock_until(context: DialogueContext, moment: datetime) -> str:
    """Hours and minutes as the end of a stretch of time, for which Kazakh has a case: "23:18-ге"."""
    text = clock(moment)
    if context.language != "kk":
        return text
    word = cardinal(moment.minute or moment.hour, "kk")
    return f"{text}-{with_case(word, 'dative')[len(word) :]}"


def window(context: DialogueContext, slot: Slot) -> str:
    """A delivery window: the day, then from when to when."""
    starts, ends = local(context, slot.starts), local(context, slot.ends)
    return text_of(
        context.language, "calendar.window", date=day(context, starts.date()), starts=clock(starts), ends=clock(ends)
    )


def local(context: DialogueContext, moment: datetime) -> datetime:
    """The same moment in the time zone of the conversation's clock."""
    return moment.astimezone(context.now.tzinfo) if moment.tzinfo and context.now.tzinfo else moment


def capitalised(text: str) -> str:
    """The same as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def refusal(context: DialogueContext, rule: str) -> Line:
    """Why the library's rules say no; `rule` as in catalogue_client/errors.py."""
    prompt_id = f"error.refused_{rule}"
    return prompt(context, prompt_id if has(context.language, prompt_id) else "error.refused_not_renewable")


def language_name(context: DialogueContext, code: str) -> str:
    """The name of a book's language; the code itself when it is one of the rare ones."""
    key = f"languages.{code}"
    return text_of(context.language, key) if has(context.language, key) else code


def request_name(context: DialogueContext, intent: Intent) -> str:
    """Return what an intent is called in the reader's language, in the middle of a sentence."""
    key = f"request.{intent.name}"
    return text_of(context.language, key if has(context.language, key) else "request.unnamed")
