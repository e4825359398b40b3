"""The part of a form that is a mail: to whom, what it says. One for sending and for issuing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from documents.paper import Paper
from ledger.commands.sendings import Mail
from projections import clients
from projections.tx import Tx
from web import forms
from web.mail import letters
from web.public import links, tokens

TO = "to."
JOINED = {
    "file": "Le document en pièce jointe",
    "both": "Le document et un lien vers la page du client",
    "link": "Un lien vers la page du client, sans pièce jointe",
}


class Recipient(NamedTuple):
    """Somebody at the client's who has an address; the client itself for its own."""

    id: UUID
    name: str
    email: str
    chosen: bool


class Composed(NamedTuple):
    """What the form shows. `number`: the document's, or the one to come that the text speaks of."""

    recipients: list[Recipient]
    subject: str
    body: str
    number: str
    joined: str


def composed(
    tx: Tx, client_id: UUID, wanted: Iterable[UUID], paper: Paper | None, number: str, values: Mapping[str, str]
) -> Composed:
    """As typed, else as the company's letter says it, to those whom the document names, else to all contacts."""
    people = recipients(tx, client_id, set(wanted))
    if values.get("mail_number"):
        people = [who._replace(chosen=f"{TO}{who.id}" in values) for who in people]
        return Composed(people, values["subject"], values["body"], values["mail_number"], values.get("joined", ""))
    words = letters.written(tx, paper, number) if paper else letters.Words("", "")
    return Composed(people, words.subject, words.body, number, "both" if paper and paper.kind == "quote" else "file")


def recipients(tx: Tx, client_id: UUID, wanted: set[UUID]) -> list[Recipient]:
    row = clients.one(tx, client_id)
    contacts = [contact for contact in clients.contacts(tx, client_id) if contact.email]
    found = [Recipient(who.id, who.name, who.email, not wanted or who.id in wanted) for who in contacts]
    if row and row.email and row.email not in {who.email for who in contacts}:
        found.append(Recipient(row.id, row.name, row.email, not contacts))
    return found


def read(fields: forms.Fields, form: Mapping[str, Any]) -> Mail | None:
    """The mail that was typed; None when a field could not be read, which `fields.check` tells."""
    to = tuple(forms.uuid(name.removeprefix(TO)) for name in form if name.startswith(TO))
    if not to:
        fields.refuse("recipients", "Choisissez au moins un destinataire.")
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    joined = fields.get("joined", forms.one_of(JOINED), "file")
    if fields.errors:
        return None
    mail = Mail(to=to, subject=subject, body=body, number=form.get("mail_number", ""), attached=joined != "link")
    if joined == "file" or not linking():
        return replace(mail, attached=True)
    made = links.made("mail link")
    return replace(mail, link=made.link_id, token_hash=made.token_hash, link_days=made.days)


def linking() -> bool:
    """Whether links can be mailed: the address that browsers use is known."""
    return bool(tokens.settings().public_url)
