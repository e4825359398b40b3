"""What the tests of kinds share: one form of a page, and a document issued by its own page."""

import re
from uuid import UUID

from tests.web.editing import fields


def form_of(page: str, end: str) -> dict[str, str]:
    """The fields of the form of a page that is sent to an address ending so."""
    found = re.search(rf'<form[^>]*action="[^"]*{end}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, end
    return fields(f'<form id="editeur">{found[1]}</form>')


def id_in(address: str) -> UUID:
    found = re.search(r"[0-9a-f-]{36}", address)
    assert found, address
    return UUID(found[0])


def issue(person, document, **typed):
    form = form_of(person.get(f"/factures/{document}/emettre").text, "/emettre")
    answer = person.http.post(f"/factures/{document}/emettre", data=form | typed)
    assert answer.status_code == 303, answer.text
    return answer
