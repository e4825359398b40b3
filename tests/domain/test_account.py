from datetime import date
from uuid import UUID

import pytest

from domain.account import NothingLeft, NotIssued, allocations_of, check_left, check_once, issued, left_of_payment
from domain.content import Content
from domain.errors import Malformed
from domain.invoice import Invoice
from domain.lines import Allocation
from domain.payment import AlreadyReversed, Payment, Refund, Source
from domain.transfer import Transfer

DAY = date(2026, 3, 2)
PAYMENT, OTHER, INVOICE, CLIENT = (UUID(int=number) for number in range(1, 5))
COMMON = {"day": DAY, "client_id": CLIENT, "postings": (), "tax_due": ()}


def payment(left_cents: int = 10_000) -> Payment:
    return Payment.record(
        PAYMENT, **COMMON, method="transfer", received_on=DAY, vat_on=DAY, amount_cents=left_cents, account="512",
        unallocated_cents=left_cents, allocations=(),
    )  # fmt: skip


def refund(*sources: tuple[UUID, int]):
    given = tuple(Source(kind="payment", id=source, amount_cents=cents) for source, cents in sources)
    facts = {"method": "transfer", "paid_on": DAY, "amount_cents": 0, "account": "512", "sources": given}
    return Refund.record(UUID(int=10), **COMMON, **facts).recorded


def transfer(source: UUID, cents: int) -> Transfer:
    moved = (Allocation(invoice_id=INVOICE, settled_cents=cents),)
    from_ = Source(kind="payment", id=source)
    return Transfer.record(UUID(int=11), **COMMON, source=from_, allocated_on=DAY, allocations=moved)


def test_what_is_left_of_a_payment_is_what_was_neither_given_back_nor_put_elsewhere():
    assert left_of_payment(payment(), []) == 10_000
    assert (
        left_of_payment(payment(), [refund((PAYMENT, 1_000), (OTHER, 500)), transfer(PAYMENT, 2_000).recorded]) == 7_000
    )
    assert left_of_payment(payment(), [transfer(OTHER, 2_000).recorded]) == 10_000


def test_an_allocation_taken_back_leaves_it_again():
    used = transfer(PAYMENT, 2_000)
    back = tuple(Allocation(invoice_id=INVOICE, settled_cents=-2_000) for _ in used.recorded.allocations)
    used.reverse(day=DAY, reason="Erreur", allocations=back, postings=(), tax_due=())
    assert left_of_payment(payment(), used.collect_events()) == 10_000
    with pytest.raises(AlreadyReversed):
        used.reverse(day=DAY, reason="Erreur", allocations=back, postings=(), tax_due=())


def test_nothing_is_left_of_a_payment_that_was_reversed():
    bounced = payment()
    facts = {"day": DAY, "cause": "bounced", "reversed_on": DAY, "vat_on": DAY, "allocations": (), "postings": ()}
    bounced.reverse(**facts, tax_due=())
    assert left_of_payment(bounced, []) == 0
    with pytest.raises(AlreadyReversed):
        bounced.check_standing()


@pytest.mark.parametrize("asked", [-1, 0, 101])
def test_one_asks_for_something_and_no_more_than_there_is(asked):
    check_left(PAYMENT, 100, 100)
    with pytest.raises(NothingLeft) as refusal:
        check_left(PAYMENT, 100, asked)
    assert (refusal.value.left_cents, refusal.value.asked_cents) == (100, asked)


@pytest.mark.parametrize("ids", [[], [PAYMENT, OTHER, PAYMENT]])
def test_one_names_each_document_once(ids):
    check_once([PAYMENT, OTHER])
    with pytest.raises(Malformed):
        check_once(ids)


def test_a_draft_owes_nothing_yet():
    with pytest.raises(NotIssued):
        issued(Invoice.draft(INVOICE, "invoice", Content(client_id=CLIENT)))


def test_an_event_without_allocations_moves_no_invoice():
    assert allocations_of(refund((PAYMENT, 1))) == ()
