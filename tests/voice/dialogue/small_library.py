"""A library small enough to read, that answers what a conversation asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from catalogue_client.search.matching import language_apart, matched_by
from catalogue_client.values.accounts import Hold, Loan, PendingRequest, Reader, RenewOutcome
from catalogue_client.values.bibliographic import Availability, Format, Record, Results
from catalogue_client.values.books import (
    Block,
    BlockKind,
    BookRight,
    BookSentence,
    BookText,
    HeldBook,
    OpenBook,
    ReadingPlace,
)
from catalogue_client.values.knowledge import AskedQuestion, DeliveryRound, LibraryAnswer, LibraryRules
from catalogue_client.values.opening_hours import Hours, Place, PlaceDetails, SpecialDay
from catalogue_client.values.shipments import Delivery, Slot
from catalogue_client.values.works import BookSeries, Likeness, SimilarRecord
from voice.dialogue import commands
from voice.dialogue.commands import Answer
from voice.dialogue.events import Answered, Failed
from voice.dialogue.reading_room import reading_commands
from voice.reading.book_map import BookToRead, book_map
from voice.reading.book_moves import TextFound, found_after

ALMATY = timezone(timedelta(hours=5))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ALMATY)

ZHAMBYL = Availability("zhambyl", "Жамбыл атындағы кітапхана", 2)
AUEZOV = Availability("auezov", "Мұхтар Әуезов атындағы кітапхана", 1)

BOOKS = (
    Record("1", "Абай жолы", "Мұхтар Әуезов", "kk", 1942, (Format.PRINT, Format.BRAILLE), ("роман",),
           "Абай туралы роман. Екі кітаптан тұрады. Үшінші сөйлем. Төртінші сөйлем.", available=(ZHAMBYL, AUEZOV)),
    Record("2", "Путь Абая", "Мухтар Ауэзов", "ru", 1952, (Format.PRINT, Format.AUDIO), ("роман",),
           "Роман о жизни Абая.", available=(AUEZOV,)),
    Record("3", "The Path of Abai", "Mukhtar Auezov", "en", 1975, (Format.LARGE_PRINT,), ("novel",),
           "A novel about Abai.", available=()),
    Record("4", "Абай өлеңдері", "Абай Құнанбайұлы", "kk", 1909, reading_room_only=True, available=(ZHAMBYL,)),
)  # fmt: skip

HELD = (
    HeldBook("b1", "Абай жолы", "Мұхтар Әуезов", "kk", BookRight.EVERYBODY, "1", 20),
    HeldBook("b2", "Путь Абая", "Мухтар Ауэзов", "ru", BookRight.MEMBERS, "2", 20),
)


def _block(kind: BlockKind, *texts: str, level: int = 0) -> Block:
    return Block(kind, tuple(BookSentence(text, "kk") for text in texts), level)


BOOK_TEXT = BookText(
    "Абай жолы",
    "Мұхтар Әуезов",
    "kk",
    (
        _block(BlockKind.HEADING, "Бірінші тарау", level=1),
        _block(BlockKind.PARAGRAPH, "Бір күн өтті.", "Екі күн өтті.", "Үш күн өтті."),
        _block(BlockKind.NOTE, "Түсініктеме."),
        _block(BlockKind.HEADING, "Екінші тарау", level=1),
        _block(BlockKind.PARAGRAPH, "Бала келді.", "Бала кетті."),
    ),
)
"""0 chapter · 1 2 3 · 4 note · 5 chapter · 6 7"""

READERS = {
    ("100001", "2580"): Reader("100001", "Айгүл", deliveries=True, has_address=True, address_hint="Абай даңғылы, …17"),
    ("100002", "1470"): Reader("100002", "Серік"),
    ("100003", "3690"): Reader("100003", "Дина", deliveries=True, has_address=False),
}

LOANS = (
    Loan("l1", "11", "Қан мен тер", "Әбдіжәміл Нұрпейісов", date(2026, 11, 20), 1, True, overdue_days=4),
    Loan("l2", "12", "Көшпенділер", "Ілияс Есенберлин", date(2026, 12, 1), 2, True),
    Loan("l3", "13", "Ұшқан ұя", "Бауыржан Момышұлы", date(2026, 12, 3), 0, False, "waited_for"),
    Loan("l4", "14", "Менің атым Қожа", "Бердібек Соқпақбаев", date(2026, 12, 5), 1, True),
)
HOLDS = (
    Hold("h1", "21", "Ақбілек", "Жүсіпбек Аймауытов", "zhambyl", ZHAMBYL.place, "ready", expires=date(2026, 11, 30)),
    Hold("h2", "22", "Қилы заман", "Мұхтар Әуезов", "auezov", AUEZOV.place, "waiting", position=2),
)
SLOTS = tuple(
    Slot(f"s{n}", NOW.replace(hour=hour) + timedelta(days=n), NOW.replace(hour=hour + 2) + timedelta(days=n))
    for n, hour in ((1, 10), (2, 14))
)
ON_THE_WAY = Delivery("4711", "delivery", "on_the_way", ("31",), ("Бақытсыз Жамал",), SLOTS[0], "Абай даңғылы, …17",
                      cancellable=False, expected=NOW + timedelta(minutes=40), courier="Ерлан, ақ Кобальт", code="27",
                      late=True, news="late")  # fmt: skip
ASKED = Delivery("4712", "delivery", "confirmed", ("32",), ("Қараш-қараш оқиғасы",), SLOTS[1], "Абай даңғылы, …17")

PLACES = (
    Place("zhambyl", "branch", {"kk": "Жамбыл атындағы кітапхана", "en": "Zhambyl Library"},
          round_the_clock=True, equipped=True, aliases=("жамбыл", "zhambyl")),
    Place("auezov", "branch", {"kk": "Мұхтар Әуезов атындағы кітапхана"},
          hours=tuple(Hours(day, 600, 1140) for day in range(6)),
          aliases=("әуезов", "ауэзов", "auezov"),
          special_days=(SpecialDay(date(2026, 11, 30), {"kk": "Тазалық күні", "ru": "Санитарный день",
                                                        "en": "Cleaning day"}, ()),
                        SpecialDay(date(2026, 12, 16), {"kk": "Тәуелсіздік күні", "ru": "День Независимости",
                                                        "en": "Independence Day"})),
          details=PlaceDetails({"kk": "Ойдан шығарылған көше, 1.", "ru": "Выдуманная улица, 1.",
                                "en": "1 Invented Street."}, phone="+77000000000")),
    Place("almaly", "station", {"kk": "Алмалы метро станциясы"}, aliases=("алмалы", "almaly")),
    Place("sail", "partner", {"kk": "Sail"}, hours=(Hours(5, 600, 900),), aliases=("sail",)),
)  # fmt: skip

RULES = LibraryRules(15, 2, 10, 10, 14, (DeliveryRound((0, 1, 2, 3, 4), 600, 780),
                     DeliveryRound((0, 1, 2, 3, 4, 5), 840, 1080)), 14, 10, ("Алатау", "Медеу"))  # fmt: skip
TEXTS = {
    "return_where": {"kk": "Кез келген кітапханаға қайтара аласыз.", "ru": "Вернуть можно в любую библиотеку.",
                     "en": "Return them to any library."},
    "ticket_cost": {"kk": "Билет тегін.", "ru": "Билет бесплатный.", "en": "A ticket is free."},
    "dogs": {"kk": "Итпен кіруге болады.", "ru": "С собакой можно.", "en": "Dogs are welcome."},
}  # fmt: skip
OWN_QUESTIONS = {"можно с собакой": "dogs", "итпен кіруге бола ма": "dogs", "may i bring my dog": "dogs"}

REQUESTS = (
    PendingRequest("w1", "100001", "hold", "a1", "Абай жолы", "Мұхтар Әуезов", "zhambyl", "Жамбыл", NOW, state="done"),
    PendingRequest("w2", "100001", "renew", "l1", "Қара сөздер", "Абай", "", "", NOW, state="done"),
    PendingRequest("w3", "100001", "hold", "a2", "Путь Абая", "", "", "", NOW, state="refused", rule="too_many_holds"),
    PendingRequest("w4", "100001", "hold", "a3", "Cosmos", "", "", "", NOW, state="refused", rule="unavailable"),
)


@dataclass
class SmallLibrary:
    """Answers asks from data; `fails` names the sentence that the next ask of a kind fails with."""

    fails: dict[str, str] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    loans: tuple[Loan, ...] = LOANS
    history: tuple[Loan, ...] | None = None
    holds: tuple[Hold, ...] = HOLDS
    shelf: tuple[Record, ...] = BOOKS[:2]
    author_news: tuple[Record, ...] = ()
    slots: tuple[Slot, ...] = SLOTS
    requests: tuple[PendingRequest, ...] = ()
    person: bool = False
    series: BookSeries | None = None
    begun: tuple[HeldBook, ...] = ()
    place: ReadingPlace = field(default_factory=ReadingPlace)
    keeps_places: bool = False
    queue: int = 0
    """Place in the queue that a new hold gets."""
    asked: list[commands.Command] = field(default_factory=list)
    questions: list[AskedQuestion] = field(default_factory=list)
    """What was not known."""

    def do(self, ask: commands.Command, now: datetime = NOW) -> Answered | Failed:
        self.asked.append(ask)
        prompt = self.fails.pop(type(ask).__name__, None)
        if prompt:
            return Failed(ask, prompt, (("time", "10:15"),))
        answer = self._answer(ask, now)
        return answer if isinstance(answer, Failed) else Answered(ask, answer)

    def _answer(self, ask: commands.Command, now: datetime) -> Answer | Failed:
        match ask:
            case commands.Search(text=text) if text in OWN_QUESTIONS:
                return Results((), 0, topic=OWN_QUESTIONS[text])
            case commands.AskLibrary(topic):
                days = PLACES[1].special_days[1:] if topic == "holidays" else ()
                return LibraryAnswer(topic, RULES, TEXTS.get(topic, {}), days)
            case commands.NoteQuestion(question):
                self.questions.append(question)
                return None
            case commands.Search(query, _, beside, said):
                wanted = " ".join([query.words, query.title, query.author, query.subject]).lower().split()
                wanted = ["абай" if word.startswith("abai") else word for word in wanted]
                hits = tuple(
                    book
                    for book in BOOKS
                    if any(word[:3] in f"{book.title} {book.author} абай".lower() for word in wanted)
                    and (query.format is None or query.format in book.formats)
                    and query.language in (None, book.language)
                )
                results = Results((), 0, did_you_mean="абай") if wanted == ["әбай"] else Results(hits, len(hits))
                apart = bool(said) and language_apart(said, query.words, beside)
                return replace(results, matched_by=matched_by(query.words, results), language_apart=apart)
            case commands.FindRecord(record_id):
                return replace(BOOKS[0], id=record_id)
            case commands.LeaveForStaff():
                return None
            case commands.ListNewBooks():
                return Results(BOOKS[:2], 2)
            case commands.FindSimilar(record_id):
                others = (book for book in BOOKS if book.id != record_id)
                return tuple(SimilarRecord(book, Likeness.AUTHOR, (("", book.author),)) for book in others)[:3]
            case commands.FindSeries():
                return self.series
            case commands.FindHoldings(record_id):
                return next(book.available for book in BOOKS if book.id == record_id)
            case commands.FindPlace(""):
                return PLACES
            case commands.FindPlace(name):
                return tuple(place for place in PLACES if any(alias in name.lower() for alias in place.aliases))
            case commands.Identify(ticket, pin):
                return READERS.get((ticket, pin)) or Failed(ask, "wrong_ticket_or_pin", (("count", 3),))
            case commands.ListLoans():
                return self.loans
            case commands.ListHistory():
                return self.history
            case commands.ListShelf():
                return self.shelf
            case commands.PutAside() | commands.TakeOffShelf() | commands.FollowAuthor():
                return None
            case commands.ListAuthorNews():
                news, self.author_news = self.author_news, ()
                return news
            case commands.ListHolds():
                return self.holds
            case commands.UsedHolds(_, record_ids):
                return tuple(hold for hold in self.holds if hold.record_id in record_ids and not hold.position)
            case commands.ListDeliveries():
                return self.deliveries
            case commands.AcknowledgeDeliveryNews():
                return None
            case commands.ListRequestOutcomes():
                return self.requests
            case commands.AcknowledgeRequestOutcomes(keys):
                self.requests = tuple(request for request in self.requests if request.key not in keys)
                return None
            case commands.DeliverySlots() | commands.CollectionSlots() | commands.MoveSlots():
                return self.slots
            case commands.CourierPhone():
                return "+77010000000"
            case commands.SavePreferences():
                return None
            case commands.HandOver():
                return self.person
            case reading_commands.FindBooks(words):
                wanted = [each for each in HELD if not words or words.casefold() in each.title.casefold()]
                return tuple(wanted)
            case reading_commands.CopiesToRead(record_id):
                return tuple(each for each in HELD if each.record_id == record_id)
            case reading_commands.ListBooksBegun():
                return self.begun
            case reading_commands.FindInBook(layout, words, at):
                return TextFound(found_after(layout, words, at))
            case reading_commands.OpenToRead(book, ticket) | reading_commands.JoinPlaces(book, ticket):
                if book.right is BookRight.MEMBERS and not ticket:
                    return Failed(ask, "refused_book_members")
                opened = OpenBook(book, BOOK_TEXT, self.place, self.keeps_places)
                joins = isinstance(ask, reading_commands.JoinPlaces)
                return opened if joins else BookToRead(opened, book_map(BOOK_TEXT))
            case reading_commands.AllowPlaces() | reading_commands.ForgetPlaces():
                self.keeps_places = isinstance(ask, reading_commands.AllowPlaces)
                return None
        return self._change(ask, now)

    def _change(self, ask: commands.Command, now: datetime) -> Answer:
        match ask:
            case commands.PlaceHold(_, record_id, place_id):
                book = next(book for book in BOOKS if book.id == record_id)
                place = next(place for place in PLACES if place.id == place_id).names["kk"]
                if self.queue:
                    waits = self.queue
                    return Hold("h9", book.id, book.title, book.author, place_id, place, "waiting", position=waits)
                return Hold(
                    "h9", book.id, book.title, book.author, place_id, place, "ready", expires=date(2026, 11, 30)
                )
            case commands.CancelHold(_, hold_id):
                return replace(next((hold for hold in HOLDS if hold.id == hold_id), HOLDS[0]), status="cancelled")
            case commands.Renew(_, loan_id):
                return replace(next(loan for loan in LOANS if loan.id == loan_id), due=date(2026, 12, 24))
            case commands.RenewAll(_, ids):
                return tuple(RenewOutcome(loan, loan.renewable) for loan in LOANS if not ids or loan.id in ids)
            case commands.BookDelivery(_, record_ids, slot_id, note):
                titles = tuple(book.title for book in BOOKS if book.id in record_ids)
                return replace(self._booked("delivery", record_ids, titles, slot_id, now), note=note)
            case commands.BookCollection(_, _, slot_id, note):
                return replace(self._booked("collection", (), (), slot_id, now), note=note)
            case commands.CancelDelivery():
                return replace(ASKED, status="cancelled")
            case commands.MoveDelivery(_, delivery_id, slot_id):
                slot = next((slot for slot in self.slots if slot.id == slot_id), SLOTS[0])
                return replace(ASKED, id=delivery_id, slot=slot)
            case commands.ChangePin() | commands.ChangePhone() | commands.BarTicket() | commands.KeepHistory():
                return None
            case commands.SuspendHold(_, hold_id, until):
                return replace(
                    next((hold for hold in self.holds if hold.id == hold_id), HOLDS[1]), suspended_until=until
                )
            case commands.SetAddress(ticket):
                return Reader(ticket, "Айгүл", deliveries=True, has_address=True, address_hint="Гоголь көшесі, …5")
        assert isinstance(ask, commands.Register)
        return Reader("T900001", ask.newcomer.name, temporary=True)

    def _booked(self, kind, records, titles, slot_id, now):  # type: ignore[no-untyped-def]
        slot = next(slot for slot in (*SLOTS, *self.slots) if slot.id == slot_id)
        return Delivery("5001", kind, "confirmed", records, titles, slot, "Абай даңғылы, …17",
                        undo_until=now + timedelta(minutes=10), code="42")  # fmt: skip
