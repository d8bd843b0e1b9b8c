"""Every adapter does all of its protocol, with the protocol's own arguments."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace

import pytest

from catalogue_client import protocols
from catalogue_client.catalogue.embedded_catalogue import EmbeddedCatalogue
from catalogue_client.catalogue.title_vocabulary import TitleVocabulary
from catalogue_client.connectors.koha.circulation import KohaCirculation
from catalogue_client.connectors.resilient_catalogue import ResilientCatalogue
from catalogue_client.connectors.resilient_circulation import ResilientCirculation
from catalogue_client.connectors.sip2.circulation import Sip2Circulation
from catalogue_client.connectors.sru.catalogue import SearchedCatalogue
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.embedded_library.embedded_circulation import EmbeddedCirculation
from catalogue_client.embedded_library.embedded_deliveries import EmbeddedDeliveries
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.knowledge.library_answers import LibraryAnswers
from catalogue_client.knowledge.places_in_force import PlacesInForce
from catalogue_client.library import Library
from catalogue_client.places.place_directory import PlaceDirectory

ADAPTERS = [
    (protocols.Catalogue, EmbeddedCatalogue),
    (protocols.Catalogue, SearchedCatalogue),
    (protocols.Catalogue, ResilientCatalogue),
    (protocols.Places, PlaceDirectory),
    (protocols.Places, PlacesInForce),
    (protocols.Knowledge, LibraryAnswers),
    (protocols.Lending, KohaCirculation),
    (protocols.Lending, Sip2Circulation),
    (protocols.Circulation, EmbeddedCirculation),
    (protocols.Circulation, ResilientCirculation),
    (protocols.HomeDelivery, EmbeddedDeliveries),
    (protocols.Callbacks, Tasks),
    (protocols.Vocabulary, TitleVocabulary),
]


def methods(protocol: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(member)
        for base in protocol.__mro__
        if base.__module__ == protocols.__name__
        for name, member in vars(base).items()
        if inspect.iscoroutinefunction(member)
    }


@pytest.mark.parametrize(("protocol", "adapter"), ADAPTERS, ids=lambda value: value.__name__)
def test_an_adapter_lacks_nothing_of_its_protocol(protocol: type, adapter: type) -> None:
    wanted = methods(protocol)
    assert wanted
    for name, signature in wanted.items():
        mine = getattr(adapter, name, None)
        assert mine is not None, f"{adapter.__name__} lacks {name}"
        assert [(one.name, one.kind, one.default) for one in inspect.signature(mine).parameters.values()] == [
            (one.name, one.kind, one.default) for one in signature.parameters.values()
        ], name


def test_a_part_that_is_exchanged_leaves_the_others(library: OpenedLibrary) -> None:
    """Sixteen methods were copied one by one before; one that was forgotten talked to the wrong system."""
    another = ResilientCatalogue(library.catalogue, None, None)  # type: ignore[arg-type]
    front = replace(library, catalogue=another)
    assert front.catalogue is another and front.staff is library.staff
    for part in fields(Library):
        if part.name != "catalogue":
            assert getattr(front, part.name) is getattr(library, part.name)
