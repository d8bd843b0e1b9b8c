"""Every format comes to the same inner form; what is broken or hostile comes to a sentence."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from catalogue_client.books import limits
from catalogue_client.books.errors import BookFileError, BookTooLarge, BrokenBook, UnknownBookFormat
from catalogue_client.books.formats.any_format import read_book
from catalogue_client.books.formats.sound_overlays import seconds
from catalogue_client.books.sentences import sentences_of
from catalogue_client.values.books import BlockKind, BookText, SoundClip
from tests.catalogue_client.books.making import daisy_202, epub, fb2, smil, zipped


def shape(book: BookText) -> list[tuple[str, int, str]]:
    return [(each.kind.value, each.level, " | ".join(part.text for part in each.sentences)) for each in book.blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("А. С. Пушкин жил с 1799 г. в Москве. Он писал!", ["А. С. Пушкин жил с 1799 г. в Москве.", "Он писал!"]),
        ("«Кто там?» — спросил он. Никто.", ["«Кто там?» — спросил он.", "Никто."]),
        ("Абай т.б. ақындар. Ол 3.5 км жүрді… Сосын.", ["Абай т.б. ақындар.", "Ол 3.5 км жүрді…", "Сосын."]),
        ("Mr. Smith came. He sat down.", ["Mr. Smith came.", "He sat down."]),
        ("我看書。他也看。", ["我看書。", "他也看。"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert list(sentences_of(text)) == expected


def test_a_sentence_without_an_end_is_parted_at_a_space() -> None:
    parts = list(sentences_of("сөз " * 1000))
    assert len(parts) > 5 and max(map(len, parts)) <= limits.LONGEST_SENTENCE
    assert " ".join(parts).split() == ["сөз"] * 1000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_plain_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    book = read_book("Глава 1\n\nСтепь. Ночь.\r\n\r\nУтро.".encode(encoding), "Степь.txt")
    assert (book.title, book.language) == ("Степь", "ru")
    assert shape(book) == [("heading", 1, "Глава 1"), ("paragraph", 0, "Степь. | Ночь."), ("paragraph", 0, "Утро.")]


def test_markdown_has_headings_and_a_head() -> None:
    head = "---\ntitle: Дала\nauthor: Біреу\nlanguage: kk\n---\n"
    text = head + "# Бір\n\nБұл *дала*. [Сілтеме](x).\n\nЕкі\n---\n\n- Үш\n- Төрт\n"
    book = read_book(text.encode(), "x.md")
    assert (book.title, book.author, book.language) == ("Дала", "Біреу", "kk")
    assert shape(book) == [
        ("heading", 1, "Бір"), ("paragraph", 0, "Бұл дала. | Сілтеме."), ("heading", 2, "Екі"),
        ("paragraph", 0, "Үш"), ("paragraph", 0, "Төрт"),
    ]  # fmt: skip


def test_fb2_has_sections_verse_and_notes() -> None:
    body = """<body><title><p>Қара сөздер</p></title><section><title><p>Бірінші сөз</p></title><p>Бұл жасқа келгенше.
      <a l:href="#n1" type="note">[1]</a></p><poem><stanza><v>Желсіз түнде жарық ай</v></stanza></poem>
      <section><title><p>Ішкі</p></title><p xml:lang="ru">По-русски.</p></section></section></body>
      <body name="notes"><section id="n1"><title><p>1</p></title><p>Түсініктеме.</p></section></body>"""
    book = read_book(fb2(body), "x.fb2")
    assert (book.title, book.author, book.language) == ("Қара сөздер", "Абай Құнанбайұлы", "kk")
    kinds = [(kind, level) for kind, level, _ in shape(book)]
    assert kinds == [("heading", 1), ("heading", 2), ("paragraph", 0), ("verse", 0), ("heading", 3), ("paragraph", 0),
                     ("note", 0), ("note", 0)]  # fmt: skip
    assert book.blocks[5].sentences[0].language == "ru"
    assert read_book(zipped({"x.fb2": fb2(body)}), "x.fb2.zip") == book


def test_epub_has_headings_pages_notes_and_languages() -> None:
    body = """<section epub:type="chapter"><h1>I</h1>
      <p>Из&nbsp;уездного города N. выехала бричка.<a epub:type="noteref">1</a></p>
      <span epub:type="pagebreak" title="12"/><p>Дальше. <span lang="en">Well</span>.</p>
      <div><h3>Мелочь</h3><ul><li>Раз.</li><li>Два.</li></ul></div><script>нет</script>
      <aside epub:type="footnote"><p>Сноска.</p></aside></section>"""
    book = read_book(epub(body), "x.epub")
    assert (book.title, book.author) == ("Степь", "Антон Чехов")
    assert [block.kind for block in book.blocks] == [
        BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH, BlockKind.NOTE,
    ]  # fmt: skip
    assert [block.page for block in book.blocks] == ["", "", "12", "", "", "", ""]
    assert book.blocks[3].level == 3


def test_an_overlay_gives_each_element_its_sound() -> None:
    body = '<h1 id="h">Степь</h1><p><span id="s1">Раз.</span> <span id="s2">Два.</span></p><p>Без звука.</p>'
    overlay = smil(("one.xhtml#h", "../a.mp3", "0:00:01", "0:00:02.5"), ("one.xhtml#s1", "../a.mp3", "2.5s", "4s"),
                   ("one.xhtml#s2", "../a.mp3", "4s", "3s"))  # fmt: skip
    book = read_book(epub(body, overlay=overlay), "x.epub")
    assert book.blocks[0].sentences[0].clip == SoundClip("OEBPS/a.mp3", 1.0, 2.5)
    assert [each.clip and each.clip.start_s for block in book.blocks for each in block.sentences][:2] == [1.0, 2.5]
    assert book.blocks[-1].sentences[0].clip is None


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("npt=3.2s", 3.2),
        ("1:02:03.5", 3723.5),
        ("02:03", 123.0),
        ("500ms", 0.5),
        ("2min", 120.0),
        ("x", None),
        ("", None),
        ("9" * 5000 + ":00:01", None),
    ],
)
def test_clocks_of_smil_are_seconds(clock: str, expected: float | None) -> None:
    assert seconds(clock) == expected


def test_a_recorded_daisy_book_is_its_headings_and_sounds() -> None:
    book = read_book(daisy_202(), "x.zip")
    assert (book.title, book.language) == ("Дала", "kk")
    assert [part.clip for block in book.blocks for part in block.sentences] == [
        SoundClip("one.mp3", 0.0, 2.5), SoundClip("two.mp3", 0.0, 1.5), SoundClip("two.mp3", 1.5, 4.0),
    ]  # fmt: skip
    assert book.blocks[1].page == "7"


def hostile() -> dict[str, tuple[bytes, str, type[Exception]]]:
    deep = "<div>" * 500 + "x" + "</div>" * 500
    own = b'<!DOCTYPE f [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    entities = own + b"<FictionBook><body><p>&b;</p></body></FictionBook>"
    return {
        "a daisy book without its NCC": (daisy_202(ncc=False), "x.zip", BrokenBook),
        "no archive": (b"PK\x03\x04" + b"x" * 200, "x.epub", BrokenBook),
        "deep": (epub(deep), "x.epub", BrokenBook),
        "entities of its own": (entities, "x.fb2", BrokenBook),
        "no text": (epub("<img/>"), "x.epub", BrokenBook),
        "protected": (epub("<p>Раз.</p>", extra={"META-INF/rights.xml": "<r/>"}), "x.epub", BrokenBook),
        "cut off": (epub("<p>Раз.</p>")[:-300], "x.epub", BrokenBook),
        "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "x.png", UnknownBookFormat),
        "another archive": (zipped({"a.doc": "x"}), "x.zip", UnknownBookFormat),
    }


@pytest.mark.parametrize("name", hostile())
def test_what_is_broken_comes_to_a_sentence(name: str) -> None:
    data, file_name, error = hostile()[name]
    with pytest.raises(error):
        read_book(data, file_name)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = epub("<p>Раз.</p>", extra={"OEBPS/text/one.xhtml": b" " * (limits.MOST_TEXT_BYTES + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(BookTooLarge):
        read_book(bomb, "x.epub")


def test_a_book_in_a_language_without_a_voice_is_read_all_the_same() -> None:
    assert read_book("我看書。".encode(), "x.txt").blocks[0].sentences[0].text == "我看書。"


def packed(method: int) -> bytes:
    """An archive of a daisy book's names whose members are packed by `method`."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr("ncc.html", "<html><body><h1>Дала</h1></body></html>" * 20)
    return data.getvalue()


def test_a_broken_member_of_any_packing_comes_to_a_sentence() -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED):
        data = bytearray(packed(method))
        at = 30 + len("ncc.html")  # behind the head of the first member
        data[at + 4 : at + 30] = b"\xff" * 26
        with pytest.raises(BrokenBook):
            read_book(bytes(data), "x.zip")


def test_an_archive_of_a_version_to_come_comes_to_a_sentence() -> None:
    data = bytearray(packed(zipfile.ZIP_DEFLATED))
    data[data.index(b"PK\x01\x02") + 6] = 255  # "version needed to extract": 25.5
    with pytest.raises(BrokenBook):
        read_book(bytes(data), "x.zip")


def test_no_damage_to_an_archive_comes_to_anything_but_a_sentence() -> None:
    chance = random.Random(7)
    whole = [epub("<p>Раз.</p>"), daisy_202(), *(packed(way) for way in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2))]
    for _ in range(2000):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        try:
            read_book(bytes(data), "x.zip")
        except BookFileError:
            continue


@pytest.mark.parametrize("begins", [b"<!DOCTYPE a[", b"<!DOCTYPE ", b"<!DOCTYPE a[]"])
def test_many_document_types_are_looked_at_once(begins: bytes) -> None:
    """Where the cost grew with the square, a file of this size did not come to an end."""
    with pytest.raises(BrokenBook):
        read_book(begins * (8 * 2**20 // len(begins)), "x.fb2")


@pytest.mark.parametrize("text", ["." * 2**20 + "x", "а. " * 2**19, "x" * 2**22])
def test_text_without_an_end_of_a_sentence_is_parted_all_the_same(text: str) -> None:
    """Where the cost grew with the square, a text of this size did not come to an end."""
    parts = list(sentences_of(text))
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert max(map(len, parts)) <= limits.LONGEST_SENTENCE


@pytest.mark.parametrize("text", ["[" * 2**20, "*a " * 2**18, "# a" + " " * 2**20 + "b", "[a](" * 2**18])
def test_marks_without_an_end_are_read_as_they_are(text: str) -> None:
    """Where the cost grew with the square, a text of this size did not come to an end."""
    assert read_book(f"Дала.\n\n{text}\n".encode(), "x.md").blocks[0].sentences[0].text == "Дала."


def test_a_text_that_is_too_large_is_refused_whatever_it_is() -> None:
    for name in ("x.txt", "x.md"):
        with pytest.raises(BookTooLarge):
            read_book(b"a " * (limits.MOST_TEXT_BYTES // 2 + 1), name)
