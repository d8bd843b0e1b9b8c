"""Codes of places on the staff site."""

from __future__ import annotations

from pathlib import Path

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from tests.catalogue_client.catalogue.test_marc import iso2709, record
from tests.voice.staff_site.rig import Site


async def test_a_code_that_is_mapped_brings_its_copies_in(site: Site, tmp_path: Path) -> None:
    library = site.app.library
    assert isinstance(library, OpenedLibrary)
    path = tmp_path / "a.mrc"
    path.write_bytes(iso2709(record(("245", "a", "Кітап"), ("952", "b", "<KZ-9>", "p", "1"))))
    await library.staff.importer.import_files([path])
    await site.log_in()
    shown = await site.get("/places/codes?language=en")
    assert "&lt;KZ-9&gt;" in shown and "imported files" in shown
    await site.send("/places/codes", {"code": "<KZ-9>", "place": "chekhov"})
    (use,) = await library.staff.place_codes.uses()
    assert (use.place_id, use.copies) == ("chekhov", 1)
    refused = await site.send("/places/codes", {"code": "<KZ-9>", "place": "nowhere"})
    assert "Choose one of the list." in await refused.text()
    await site.send("/places/codes", {"code": "<KZ-9>", "place": ""})
    assert [use.place_id for use in await library.staff.place_codes.uses()] == [None]
