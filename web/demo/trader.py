"""The third company: a sole trader without VAT (franchise), a natural person whose identity is sealed."""

from datetime import date, timedelta
from typing import Any, Final

from domain.company import Configuration, Identity
from domain.content import Content
from domain.parties import Address
from domain.receipts import Settlement
from domain.terms import PaymentTerms
from domain.vat import FRANCHISE
from web.demo.articles import service
from web.demo.cast import LOCAL, PEOPLE
from web.demo.parties import siren, siret
from web.demo.story import Story, line

IDENTITY: Final = Identity(
    name="Léa Marchetti, correctrice", legal_form="Entrepreneur individuel", siren=siren(3), siret=siret(3),
    email="lea@marchetti.exemple.fr", iban="FR7630006000011234567890189",
    address=Address(street="2, square Saint-Amour", postcode="25000", city="Besançon", country="FR"),
)  # fmt: skip
CONFIGURATION: Final = Configuration(vat_regime="franchise", terms=PaymentTerms(days=30))
WITHOUT_VAT: Final[dict[str, Any]] = {
    "vat_bp": 0, "vat_category": "E", "vat_code": FRANCHISE.code, "vat_text": FRANCHISE.text,
}  # fmt: skip
WORK: Final = (
    service("COR", "Correction d’épreuves, la page", "2.8", **WITHOUT_VAT),
    service("REE", "Réécriture, l’heure", "42", "HUR", **WITHOUT_VAT),
)


def tell(story: Story, today: date) -> None:
    """Two or three invoices a month, paid a month later."""
    for article in WORK:
        story.new_product(article)
    clients = [story.new_client(profile) for profile in (LOCAL[5], LOCAL[0], LOCAL[14], PEOPLE[0], PEOPLE[6])]

    def bill() -> None:
        client = story.dice.choice(clients)
        article = story.dice.choice(WORK)
        quantity = story.dice.randrange(80, 320) if article.reference == "COR" else story.dice.randrange(4, 20)
        invoice = story.new_draft(Content(client_id=client, lines=(line(article, quantity),), subject="Épreuves"))
        story.issue(invoice)
        cents = story.gross_cents(invoice)
        settled = Settlement(invoice_id=invoice, settled_cents=cents)
        story.after(story.dice.choice((12, 30, 34)), lambda: story.pay(client, cents, settled))

    for week in range((today - story.day).days // 12):
        story.at(story.day + timedelta(days=12 * week), bill)
    story.run(today)
