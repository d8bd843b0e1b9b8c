"""Spoken requests end to end: what Dauys does with sentences of people, spoken by voices that never trained the models.

    scripts/bench requests -- [CORPUS [EVERY]]

CORPUS is a folder of tab-separated files (state, intent, text), by default the test part tests/voice/nlu/written; EVERY
(10): only each such sentence. Each is said at its place of the dialogue by an espeak-ng variant outside
training/voices.toml: clean, by telephone, and by telephone with noise 10 dB below the louder half of the speech. A
sentence that is refused or asked about is said once more, with another noise, up to three times; recovery counts what a
reader has to say or key more than once. The same readings are decided by the phrasebook alone beside it.

right      what was meant is done; talk is refused; a librarian is offered where one is needed
asked      it is one of the two that were asked about, or the words are read back
refused    a request is not acted upon: not heard, not understood, taken for talk
wrong      something else is done

Intervals are Wilson's, of 95 %. espeak-ng is no person: the figures rank decisions, they promise nothing.
"""

from __future__ import annotations

import asyncio
import math
import re
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from mishearing import (
    FRAME_BYTES,
    LEAD_S,
    RATE_HZ,
    TAIL_S,
    VOICES,
    Samples,
    Spoken,
    conditions,
    spoken,
)

import audio_models.training
from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.recognition_vocabulary import EXPECTATIONS
from voice.dialogue.confirmation import doubt, is_unheard
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.registry import cost_of
from voice.nlu.deciding.decision import Decider
from voice.nlu.deciding.learnt_intents import dialogue_name, is_correction, is_refused, is_social
from voice.values.audio import ChannelKind
from voice.values.refusals import RefusalReason
from voice.values.utterances import Hypothesis, Utterance

CORPUS = Path(__file__).parents[2] / "tests" / "voice" / "nlu" / "written"
TRAINING_VOICES = Path(audio_models.training.__file__).parent / "voices.toml"
MARK = re.compile(r"\{\w+(?:=[^:{}]*)?:([^{}]*)\}")
MOST_TRIES = 3
SOUNDS = ("clean", "telephone", "noise")
SIGN_IN = ("100003", "3690")
"""A demonstration reader with loans."""
DELIVERED_TO = ("100001", "2580")
"""One who may have deliveries."""
RESULTS = ("найди книги толстого",)
RECORD = (*RESULTS, "подробнее о первой")
LEADS: dict[str, Sequence[str]] = {
    "start": (),
    "results": RESULTS,
    "record": RECORD,
    "menu": ("меню",),
    "places": ("ближайшая библиотека",),
    "loans": ("мои книги", *SIGN_IN),
    "loan": ("мои книги", *SIGN_IN, "первая"),
    "ticket": ("мои книги",),
    "pin": ("мои книги", SIGN_IN[0]),
    "phone": ("регистрация",),
    "slots": (*RECORD, "доставь домой", *DELIVERED_TO),
    "confirm_delivery": (*RECORD, "доставь домой", *DELIVERED_TO, "первое"),
    "notes": (*RECORD, "доставь домой", *DELIVERED_TO, "первое", "подробнее"),
    "confirm_hold": (*RECORD, "отложи", *SIGN_IN),
    "confirm_renew": ("мои книги", *SIGN_IN, "продли вторую"),
    "confirm_renew_all": ("продли все", *SIGN_IN),
}
"""State of the corpus -> what is typed to get there. At other states a sentence is said at the start."""


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence of the corpus."""

    state: str
    learnt: tuple[str, ...]
    """Names of what is meant, as the corpus has them."""
    text: str

    @property
    def is_talk(self) -> bool:
        return all(is_refused(name) for name in self.learnt)


@dataclass
class Count:
    """Outcomes of one condition."""

    acts: Counter[str] = field(default_factory=Counter)
    recovery: int = 0
    said: int = 0


def requests(folder: Path) -> Iterator[Request]:
    for path in sorted(folder.rglob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) >= 3:
                text = " ".join(MARK.sub(r"\1", columns[2].replace("||", " ")).split())
                yield Request(columns[0], tuple(columns[1].split("+")), text)


def wanted(request: Request) -> list[str]:
    """Names of the dialogue's intents that have to be done, in order."""
    names = [dialogue_name(name) for name in request.learnt if not is_correction(name)]
    if len(names) > 1:
        names = [name for name in names if not is_social(name) and not is_refused(name)] or names
    return names


def judged(session: DialogueSession, request: Request, event: object) -> str:
    """right, asked, refused or wrong."""
    names = wanted(request)
    match event:
        case Said() | NotUnderstood() | Unsure() | TurnedDown() if is_unheard(event):
            return "refused"
        case Said(intent, then=then):
            done = [intent.name, *(each.name for each in then)]
            same = done == names or (names == ["no"] and done[0] == "no")
            if doubt(session.context, event, cost_of(session.context, event.intent.name)) is not None:
                return "asked" if same else "refused"
            return "right" if same else "wrong"
        case Unsure(intents):
            return "asked" if {each.name for each in intents} & set(names) else "refused"
        case TurnedDown(reason):
            if reason is RefusalReason.LIBRARIAN:
                return "right" if names == ["librarian"] else "wrong"
            right = request.is_talk or (reason is RefusalReason.DECLINED and names in (["other"], ["no"]))
            return "right" if right else "refused"
        case NotUnderstood():  # the catalogue decides: a title said alone is found, talk is not
            return "right" if request.is_talk or names == ["search"] else "refused"
    return "refused"


def sounds(speech: Samples, seed: int) -> Iterator[tuple[str, Samples]]:
    """The three conditions of a sentence."""
    silent = np.zeros(int(LEAD_S * RATE_HZ)), np.zeros(int(TAIL_S * RATE_HZ))
    yield "clean", np.concatenate([silent[0], speech, silent[1]])
    yield from (("telephone" if name == "clean" else name, sound) for name, sound in conditions(speech, seed))


async def readings(app: App, context: DialogueContext, samples: Samples) -> tuple[Hypothesis, ...]:
    """What is heard first; () for nothing."""
    pcm = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
    ear = await app.new_ear(RATE_HZ)
    ear.language = context.language
    ear.expect(EXPECTATIONS[context.state.expects])
    try:
        for start in range(0, len(pcm), FRAME_BYTES):
            for event in await ear.feed(pcm[start : start + FRAME_BYTES]):
                if isinstance(event, Utterance) and event.hypotheses:
                    return event.hypotheses
    finally:
        await ear.close()
    return ()


async def contexts(app: App) -> dict[str, DialogueContext]:
    """Where sentences are said: each state of LEADS that the demonstration reaches."""
    found = {}
    for name, lead in LEADS.items():
        session = app.new_session(ChannelKind.TELEPHONE, private=True, language="ru")
        for text in lead:
            await session.exchange(session.understand_text(text))
        if session.context.name == name.partition("_")[0]:
            found[name] = session.context
        else:
            print(f"The state {name} was not reached: {session.context.name}.", file=sys.stderr)
    return found


async def tried(
    app: App, request: Request, at: DialogueContext, number: int, counts: dict[tuple[str, str], Count]
) -> None:
    """Say a sentence in every condition until it comes to something."""
    language = app.phrasebook.language_of(request.text, "kk")
    context = replace(at, language=language)
    speech = spoken(Spoken(request.text, language, None), number)
    deciders = {"decision": app.decider, "phrasebook": Decider(app.phrasebook)}
    open_for = {(sound, name): 0 for sound in SOUNDS for name in deciders}
    for attempt in range(MOST_TRIES):
        for sound, samples in sounds(speech, number + 1000 * attempt):
            waiting = [name for name in deciders if (sound, name) in open_for]
            if sound not in SOUNDS or not waiting:
                continue
            heard = await readings(app, context, samples)
            for name in waiting:
                session = app.new_session(ChannelKind.TELEPHONE, private=True, language=language)
                session.context, session._decider = context, deciders[name] or session._decider
                outcome = judged(session, request, session.understand(heard).event) if heard else "refused"
                count = counts[sound, name]
                if attempt == 0:
                    count.said += 1
                    count.acts[outcome if not request.is_talk else f"talk {outcome}"] += 1
                if request.is_talk or outcome == "right":
                    del open_for[sound, name]
                    continue
                # A number for what is asked; back and once more for what is wrong; once more for what is refused.
                count.recovery += {"asked": 1, "wrong": 2, "refused": 1}[outcome]
                if outcome == "asked":
                    del open_for[sound, name]


def wilson(part: int, whole: int) -> str:
    """A share in per cent with its 95 % interval."""
    if not whole:
        return "-"
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{100 * share:.0f} ({100 * max(0.0, middle - half):.0f}-{100 * min(1.0, middle + half):.0f})"


def report(counts: dict[tuple[str, str], Count]) -> None:
    print("| sound | decided by | requests | right | asked | refused | wrong | recovery turns | talk | refused |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for (sound, name), count in sorted(counts.items(), key=lambda each: (SOUNDS.index(each[0][0]), each[0][1])):
        talk = sum(n for act, n in count.acts.items() if act.startswith("talk"))
        whole = count.said - talk
        shares = " | ".join(wilson(count.acts[act], whole) for act in ("right", "asked", "refused", "wrong"))
        recovery = f"{count.recovery / whole:.2f}" if whole else "-"
        refused = wilson(count.acts["talk right"], talk)
        print(f"| {sound} | {name} | {whole} | {shares} | {recovery} | {talk} | {refused} |")


async def main(corpus: Path, every: int) -> None:
    trained = set(tomllib.loads(TRAINING_VOICES.read_text("utf-8"))["espeak"]["variants"])
    assert not trained & set(VOICES), "a voice of the training speaks here"
    counts: dict[tuple[str, str], Count] = defaultdict(Count)
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), purpose=Purpose.DEMONSTRATION) as app:
            await app.recognisers()
            places = await contexts(app)
            for number, request in enumerate(list(requests(corpus))[::every]):
                await tried(app, request, places.get(request.state, places["start"]), number, counts)
    report(counts)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder} with sentences.")
    asyncio.run(main(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 10))
