"""How a subscription is paid: by transfer, or by a SEPA mandate that the operator holds. The port of a card provider.

No card provider comes with Probant. One is added by a class that keeps `CardProvider`, given to the job that collects:
Probant never sees a card number, keeps the provider's reference of the payer, and records what came in as any payment
(`record_payment`, method `card`) on the operator's invoice.
"""

from typing import Final, Literal, NamedTuple, Protocol
from uuid import UUID

WAYS: Final = {"transfer": "Virement à réception de la facture", "mandate": "Prélèvement SEPA"}


class Collected(NamedTuple):
    """What a provider answers. `reference`: its own, of this payment; `why`: its words when it was refused."""

    state: Literal["paid", "pending", "refused"]
    reference: str
    why: str = ""


class CardProvider(Protocol):
    """What Probant would ask of one. Each call may be made twice for the same invoice, and must then collect once."""

    def payer_page(self, subscription_id: UUID, back: str) -> str:
        """The address, at the provider's, where the subscriber types a card; she comes back to `back` afterwards."""
        ...

    def collect(self, subscription_id: UUID, invoice_id: UUID, number: str, amount_cents: int) -> Collected:
        """Takes `amount_cents` for an invoice from the card of this subscription; `invoice_id` is the key under which
        it happens once. Errors: `ConnectionError` when the provider did not answer: it is asked again later.
        """
        ...
