"""The library's rules as sentences: nobody types them a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue_client.values.knowledge import DeliveryRound, LibraryAnswer, Topic
from catalogue_client.values.opening_hours import Hours
from voice.dialogue.context import DialogueContext
from voice.dialogue.library_facts.opening_times import named_day, times
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import text_of
from voice.values.lines import Line, Span

FEWEST_IN_A_ROW = 3
"""Weekdays that are said as from one to another."""


@dataclass(frozen=True, slots=True)
class SpokenAnswer:
    """An answer as it is said."""

    lines: tuple[Line, ...]
    whole: bool
    """Nothing that was asked is left open."""


def answered(context: DialogueContext, answer: LibraryAnswer) -> SpokenAnswer:
    """Return the sentences of an answer: what the rules say first, then what staff have written."""
    written = answer.texts.get(context.language, "")
    rule = _rule(context, answer)
    lines = (*rule, *((Line((Span(written, context.language),)),) if written else ()))
    open_part = answer.topic == Topic.FINES or (answer.topic == Topic.HOLIDAYS and not _hours_known(answer))
    return SpokenAnswer(lines, bool(lines) and (bool(written) or not open_part))


def _rule(context: DialogueContext, answer: LibraryAnswer) -> tuple[Line, ...]:
    rules = answer.rules
    match answer.topic:
        case Topic.LOAN_PERIOD:
            days = text_of(context.language, "answer.days", count=rules.loan_days)
            if not rules.renewals:
                return (prompt(context, "answer.loan_period_once", days=days),)
            again = text_of(context.language, "answer.times", count=rules.renewals)
            return (prompt(context, "answer.loan_period", days=days, times=again),)
        case Topic.LOAN_LIMIT:
            return (prompt(context, "answer.loan_limit", count=rules.loans),)
        case Topic.FINES:
            return (prompt(context, "answer.fines", count=rules.blocks_after),)
        case Topic.DELIVERY_WHO:
            return (prompt(context, "answer.delivery_who"),)
        case Topic.DELIVERY_WHERE if rules.districts:
            return (prompt(context, "answer.delivery_where", districts=Span(", ".join(rules.districts), "kk")),)
        case Topic.DELIVERY_WHEN if rules.rounds:
            return (prompt(context, "answer.delivery_when", rounds=_rounds(context, rules.rounds)),)
        case Topic.HOLIDAYS:
            return _holidays(context, answer)
        case Topic.ACCESSIBILITY:
            return _equipped(context)
    return ()


def _rounds(context: DialogueContext, rounds: Sequence[DeliveryRound]) -> str:
    return "; ".join(
        f"{_weekdays(context, each.weekdays)} {times(context, (Hours(0, each.starts, each.ends),))}" for each in rounds
    )


def _weekdays(context: DialogueContext, days: Sequence[int]) -> str:
    """Return "from Monday to Friday", or the days one by one where some are left out between."""
    if len(days) >= FEWEST_IN_A_ROW and days[-1] - days[0] == len(days) - 1:
        first = text_of(context.language, f"answer.from_day.{days[0]}")
        return f"{first} {text_of(context.language, f'answer.to_day.{days[-1]}')}"
    return ", ".join(text_of(context.language, f"calendar.weekdays.{day}") for day in days)


def _holidays(context: DialogueContext, answer: LibraryAnswer) -> tuple[Line, ...]:
    if not answer.days:
        return ()
    nearest = answer.days[0]
    said = named_day(context, nearest.day, nearest)
    if nearest.hours is None:
        return (prompt(context, "answer.next_holiday", date=said),)
    if not nearest.hours:
        return (prompt(context, "answer.next_holiday_closed", date=said),)
    return (prompt(context, "answer.next_holiday_open", date=said, times=times(context, nearest.hours)),)


def _hours_known(answer: LibraryAnswer) -> bool:
    return bool(answer.days) and answer.days[0].hours is not None


def _equipped(context: DialogueContext) -> tuple[Line, ...]:
    names = [place.name(context.language) for place in context.profile.places if place.equipped]
    return (prompt(context, "answer.equipped", count=len(names), places="; ".join(names)),) if names else ()
