"""The first company of an installation and its owner, by the command line; sign-up by a page comes later."""

from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from psycopg.errors import CheckViolation, UniqueViolation
from stdnum.fr import siren as siren_number

from domain.company import Configuration, Identity
from domain.errors import DomainError
from domain.legal_forms import SOLE_TRADER
from domain.parties import Address, french_vat_number
from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.security import grant_rights
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web import texts
from web.accounts import store
from web.opening import open_company, siren_hash
from web.subscriptions.refusals import SirenTaken


def create(
    settings: Settings,
    server: Server,
    *,
    name: str,
    siren: str,
    city: str,
    sole_trader: bool,
    username: str,
    email: str,
    password: str,
) -> None:
    """Opens a live ledger and makes its owner. Errors: `ValueError` with one French sentence; nothing is half made.

    The person comes first: a name that is taken must not leave a ledger without an owner.
    """
    number = siren_number.compact(siren)
    if not siren_number.is_valid(number):
        raise ValueError(f"« {siren} » n’est pas un SIREN.")
    identity = Identity(
        name=name,
        legal_form=SOLE_TRADER.name if sole_trader else "",
        siren=number,
        vat_number=french_vat_number(number),
        address=Address(city=city, country="FR"),
    )
    with (
        postgres.pool(server, "probant_web", min_size=1, max_size=2) as web,
        postgres.pool(server, "probant_job", min_size=1, max_size=2) as job,
    ):
        if _known(web, siren_hash(settings, number)):
            raise ValueError(texts.sentence(SirenTaken(number)))
        try:
            user_id = store.create_user(web, username, email, password)
            company_id = open_company(
                settings, job, identity, Configuration(), natural_person=sole_trader, mode="live",
                first_day=datetime.now(ZoneInfo("Europe/Paris")).date(),
            )  # fmt: skip
        except UniqueViolation:
            raise ValueError("Ce nom d’utilisateur ou cette adresse sert déjà.") from None
        except CheckViolation:
            raise ValueError("Ce nom d’utilisateur ou cette adresse n’a pas une forme acceptée.") from None
        except DomainError as error:
            raise ValueError(texts.sentence(error)) from error
        Books(job, EventMapper(*AGGREGATES), settings.secret("commands")).do(
            grant_rights, company_id, uuid4(), "system", access_id=uuid4(), subject_id=user_id, role="owner"
        )
        with web.connection() as conn:
            conn.execute(KNOWN, [company_id, siren_hash(settings, number)])


def _known(web: Pool, siren: bytes) -> bool:
    """Whether a company with this SIREN keeps its books here."""
    with web.connection() as conn:
        found = conn.execute("SELECT 1 FROM accounts.companies WHERE siren_hash = %s", [siren]).fetchone()
    return found is not None


KNOWN = """
    INSERT INTO accounts.companies (company_id, siren_hash) VALUES (%s, %s) ON CONFLICT (siren_hash) DO NOTHING
    """
