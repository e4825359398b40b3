"""The aggregates whose events a ledger may hold. A name that is not among theirs is never resolved."""

from domain.access import Access
from domain.aggregate import Aggregate
from domain.archive import Archive
from domain.certificate import Certificate
from domain.client import Client
from domain.closing import Closing
from domain.company import Company
from domain.debt import Debt
from domain.document import Document
from domain.invoice import Invoice
from domain.letter import Letter
from domain.payment import Payment, Refund
from domain.product import Product
from domain.program import Program
from domain.quote import Quote
from domain.restore import Restore
from domain.transfer import Transfer
from domain.verification import Verification

AGGREGATES: tuple[type[Aggregate], ...] = (
    Company,
    Client,
    Product,
    Quote,
    Invoice,
    Payment,
    Refund,
    Transfer,
    Debt,
    Document,
    Verification,
    Restore,
    Closing,
    Archive,
    Letter,
    Access,
    Program,
    Certificate,
)
