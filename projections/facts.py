"""What a sentence about an entry may say, out of its line."""

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Facts(msgspec.Struct, frozen=True):
    """Empty or None where the line has no such fact; `to` also is who a mail went to, `period` that of a document."""

    number: str = ""
    kind: str = ""
    method: str = ""
    cause: str = ""
    code: str = ""
    series: str = ""
    gross_cents: int | None = None
    amount_cents: int | None = None
    net_cents: int | None = None
    to_pos: int | None = None
    ok: bool | None = None
    findings: int | None = None
    complete: bool = False
    credits: UUID | None = None
    sha256: str = ""
    copy: int | None = None
    mode: str = ""
    role: str = ""
    subject_id: UUID | None = None
    until_at: str = ""
    happened_at: datetime | None = None
    through: date | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    to: date | list[Any] | None = None
    period: str | dict[str, Any] = ""
    language: str = ""
    into: UUID | None = None
    place: str = ""
    what: str = ""
    software: str = ""
    major: bool = False
    edition: str = ""
    document_id: UUID | None = None
    invoice_id: UUID | None = None
    client_id: UUID | None = None

    @property
    def things(self) -> list[UUID]:
        """Ids that the timeline does not index: the client that another was merged into, what was taken away."""
        taken = UUID(self.what) if ID.fullmatch(self.what) else None
        return [one for one in (self.into, taken) if one]
