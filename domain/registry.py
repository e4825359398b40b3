"""The aggregates whose events a ledger may hold. A name that is not among theirs is never resolved."""

from domain.access import Access
from domain.aggregate import Aggregate
from domain.archive import Archive
from domain.certificate import Certificate
from domain.client import Client
from domain.clock import Clock
from domain.closing import Closing
from domain.closing_mail import ClosingMail
from domain.company import Company
from domain.debt import Debt
from domain.document import Document
from domain.formal_notice import FormalNotice
from domain.invoice import Invoice
from domain.keys import ArchiveSeal, SignerKey
from domain.letter import Letter
from domain.payment import Payment, Refund
from domain.privacy import Privacy
from domain.product import Product
from domain.program import Program
from domain.quote import Quote
from domain.recurring import Recurring
from domain.reminder import Reminder, Suspension
from domain.reminder_policy import ReminderPolicy
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
    Clock,
    SignerKey,
    ArchiveSeal,
    Closing,
    ClosingMail,
    Archive,
    Letter,
    Access,
    Program,
    Privacy,
    Certificate,
    Recurring,
    ReminderPolicy,
    Reminder,
    Suspension,
    FormalNotice,
)
