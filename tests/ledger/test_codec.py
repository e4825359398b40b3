"""From event to line and back, for ever."""

import json
import sys
from datetime import date
from uuid import uuid4

import msgspec
import pytest
from eventsourcing.domain import Aggregate as LibraryAggregate

from ledger.codec import EventMapper, UnknownType, read_line
from tests.ledger.example import ITEMS, Card, ExampleMapper, Ticket

DAY = date(2026, 3, 1)


def line(type, data, **facts):
    fields = {
        "at": "2026-03-01T00:00:00.000001Z",
        "by": "system",
        "data": data,
        "ledger": str(uuid4()),
        "pos": 1,
        "stream": str(uuid4()),
        "type": type,
        "version": 1,
    }
    return json.dumps(fields | facts, ensure_ascii=False)


def test_events_come_back_equal():
    mapper, ticket = ExampleMapper(), Ticket.draft(uuid4(), uuid4(), Card(name="Zoé"))
    ticket.revise(*ITEMS)
    ticket.issue("F2026", 1, "F2026-0001", DAY, DAY)
    for event in ticket.collect_events():
        name, data = mapper.encode(event)
        back = mapper.decode(
            line(name, json.loads(data), stream=str(event.originator_id), version=event.originator_version)
        )
        assert {**vars(back), "timestamp": None} == {**vars(event), "timestamp": None}


def test_an_empty_fact_is_absent_and_comes_back_and_any_other_is_written():
    ticket = Ticket.draft(uuid4(), uuid4())
    ticket.revise(*ITEMS)
    created, revised = ticket.collect_events()
    mapper = ExampleMapper()
    assert list(json.loads(mapper.encode(created)[1])) == ["client_id"]
    assert mapper.encode(revised)[1] == (
        '{"items":[{"label":"Conseil — « audit »","quantity":"1.5","unit_price":"95","vat_bp":2000},'
        '{"label":"Déplacement","quantity":"42","unit_price":"0.6","vat_bp":1000}]}'
    )
    assert mapper.decode(line("invoice.revised", {"items": [{"label": "x"}]})).items[0].vat_bp == 2000
    assert mapper.decode(line("invoice.drafted", {"client_id": str(uuid4())})).card == Card()


def test_the_version_of_the_data_is_written_from_the_second_on():
    ticket = Ticket.draft(uuid4(), uuid4())
    ticket.issue("F2026", 1, "F2026-0001", DAY, DAY)
    created, issued = ticket.collect_events()
    assert "schema" not in json.loads(ExampleMapper().encode(created)[1])
    assert json.loads(ExampleMapper().encode(issued)[1])["schema"] == 2


OLD = (
    '{"at":"2026-03-01T09:15:02.104233Z","by":"system","data":{"day":"2026-03-01","issued_on":"2026-03-01","kind":"invoice",'
    '"lines":[{"label":"Conseil"}],"number":"F2026-0007","seq":7,"series":"F2026"},"ledger":"5b0e6c1e-2f4d-4a53-9b1e-7c8f0a1b2c3d",'
    '"pos":9,"stream":"c4e1a7d0-0000-4000-8000-000000000002","type":"invoice.issued","version":2}'
)


def test_old_bytes_are_read_in_the_words_of_today():
    event = ExampleMapper().decode(OLD)
    assert (event.items[0].label, event.number, event.issued_on) == ("Conseil", "F2026-0007", DAY)
    assert event.originator_version == 2
    assert '"lines"' in OLD  # the bytes are what they were


def test_new_bytes_are_not_read_as_old_ones():
    data = json.loads(OLD)["data"] | {"schema": 2}
    with pytest.raises(msgspec.ValidationError):
        ExampleMapper().decode(line("invoice.issued", data))


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("invoice.revised", {"items": [], "note": "x"}),
        ("invoice.revised", {"items": [{"label": "x", "colour": "red"}]}),
        ("invoice.revised", {"items": [{}]}),
        ("invoice.revised", {"items": [{"label": 1}]}),
        ("invoice.drafted", {"client_id": "x"}),
    ],
)
def test_what_the_class_does_not_know_is_refused_not_dropped(type, data):
    with pytest.raises(msgspec.ValidationError):
        ExampleMapper().decode(line(type, data))


@pytest.mark.parametrize("type", ["antigravity:fly", "os:system", "invoice.burned"])
def test_an_unknown_type_is_refused_and_imports_nothing(type):
    with pytest.raises(UnknownType):
        ExampleMapper().decode(line(type, {}))
    assert "antigravity" not in sys.modules


def test_a_line_has_its_eight_keys_and_no_other():
    with pytest.raises(msgspec.ValidationError):
        read_line(line("invoice.drafted", {}, extra=1))


class Period(LibraryAggregate):
    TOPIC = "example_period"

    class Created(LibraryAggregate.Created):
        TOPIC = "example.period_defined"
        from_: date
        to: date


def test_a_word_of_python_loses_its_underscore_in_the_line():
    mapper = EventMapper(Period)
    event = Period._create(Period.Created, id=uuid4(), from_=DAY, to=DAY).collect_events()[0]
    name, data = mapper.encode(event)
    assert data == '{"from":"2026-03-01","to":"2026-03-01"}'
    assert mapper.decode(line(name, json.loads(data))).from_ == DAY
