"""« Clôture comptable », the closing sheet, and the receipt that goes out each month."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.closing import closing_id
from domain.receipts import Receipt, Settlement
from ledger import checkpoints
from ledger.books import Books
from ledger.commands.closings import close_all
from ledger.commands.payments import record_payment
from ledger.signer import Signer
from tests.documents.reading import text
from tests.web.shop import open_shop
from web.app import MAPPER
from web.jobs.receipts import mail_receipt

CLOSE = "/clotures/comptabilite/"


@pytest.fixture
def school(settings, web_pool, job_pool, read_tables):
    """A training company with an invoice of 3 March 2026, on 10 April 2026; `close()` closes what is over."""
    key = settings.secret("commands")
    year = (date(2026, 1, 1), date(2026, 12, 31))
    school = open_shop(web_pool, job_pool, key, mode="training", signer=Signer(settings).key, fiscal_year=year)
    live = school.books
    school.books = live.on(date(2026, 3, 3))
    school.invoice(school.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=date(2026, 3, 3))
    books = Books(job_pool, MAPPER, key)

    def close():
        close_all(lambda do, *ids, **facts: books.do(do, *ids, "job:close-periods", **facts), school.id)

    return school, close


@pytest.fixture
def accountant(person):
    def of(company):
        someone = person((company.id, "accountant"))
        someone.sign_in()
        return someone

    return of


def test_the_accountant_closes_a_month_and_payments_of_it_keep_their_day(school, accountant, connect):
    company, _ = school
    someone = accountant(company)
    assert "Mars 2026" in someone.get(CLOSE).text
    assert someone.submit(CLOSE, period="month 2026-03-31").status_code == 303
    page = someone.get(CLOSE).text.replace("\u00a0", " ")
    assert "Comptabilité close jusqu’au 31 mars 2026" in page
    assert "Mars 2026" not in page.split("<select")[1].split("</select>")[0]
    company.books = company.books.on(date(2026, 4, 10))
    invoice_id, client_id = connect("probant_audit", company.id).execute(
        "SELECT stream_id, line::json -> 'data' ->> 'client_id' FROM ledger.entry WHERE type = 'invoice.issued'"
    ).fetchone()  # fmt: skip
    paid(company, client_id, invoice_id)
    facts = connect("probant_audit", company.id).execute(
        "SELECT line::json -> 'data' FROM ledger.entry WHERE type = 'payment.recorded'"
    ).fetchone()[0]  # fmt: skip
    assert facts["received_on"] == "2026-03-20"
    assert {(posting["date"], posting["operation_on"]) for posting in facts["postings"]} == {
        ("2026-04-01", "2026-03-20")
    }


def paid(company, client_id, invoice_id):
    settlement = Settlement(invoice_id=invoice_id, settled_cents=100_00)
    company.do(
        record_payment, payment_id=uuid4(),
        receipt=Receipt(
            client_id=UUID(client_id), method="transfer", received_on=date(2026, 3, 20), amount_cents=100_00,
            settlements=(settlement,),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "status", "said"),
    [
        ("month 2026-03-15", 409, "Le 15 mars 2026 ne termine ni un mois, ni un exercice défini"),
        ("fiscal_year 2026-03-31", 409, "Le 31 mars 2026 ne termine ni un mois, ni un exercice défini"),
        ("month 2099-12-31", 409, "La période qui s’achève le 31 déc. 2099 n’est pas finie"),
        ("month 2026-02-28", 409, "La comptabilité est close jusqu’au 31 mars 2026"),
        ("", 422, "À remplir"),
        ("week 2026-03-31", 422, "Choisissez un mois ou un exercice."),
        ("month hier", 422, ""),
    ],
    ids=["no end", "no fiscal year", "future", "closed", "empty", "week", "no day"],
)
def test_what_cannot_be_closed_is_refused_in_french_and_nothing_changes(
    school, accountant, connect, period, status, said
):
    company, _ = school
    someone = accountant(company)
    assert someone.submit(CLOSE, period="month 2026-03-31").status_code == 303
    form = someone.form(CLOSE)
    answer = someone.http.post(CLOSE, data=form | {"period": period})
    assert answer.status_code == status
    assert said in answer.text.replace("\u00a0", " ")
    count = "SELECT count(*) FROM ledger.entry WHERE type = 'books.closed'"
    assert connect("probant_audit", company.id).execute(count).fetchone() == (1,)


def test_a_collaborator_reads_and_closes_nothing(school, person):
    company, _ = school
    someone = person((company.id, "collaborator"))
    someone.sign_in()
    page = someone.get(CLOSE)
    assert "Clore la comptabilité" not in page.text
    assert someone.http.post(CLOSE, data=someone.form(CLOSE) | {"period": "month 2026-03-31"}).status_code == 403


@pytest.mark.parametrize(("period", "first"), [("day", date(2026, 3, 3)), ("month", date(2026, 3, 1))])
def test_the_closing_sheet_prints_its_totals_its_fingerprint_and_the_one_before(school, keeper, connect, period, first):
    company, close = school
    close()
    sheet = keeper(company).get(f"/clotures/{closing_id(company.id, period, first)}.pdf")
    assert sheet.mimetype == "application/pdf"
    assert "FACTICE" in sheet.headers["Content-Disposition"]
    told = text(sheet.data).replace("\u00a0", " ").replace("\u202f", " ")
    query = (
        "SELECT encode(hash, 'hex'), line::json -> 'data' #>> '{previous,hash}' FROM ledger.entry WHERE stream_id = %s"
    )
    own, before = (
        connect("probant_audit", company.id).execute(query, (closing_id(company.id, period, first),)).fetchone()
    )
    assert own in told
    assert (before or "c’est la première") in told
    for words in ("2 131,20 €", "F2026-0001", "Total perpétuel facturé TTC", "FACTICE"):
        assert words in told, words


def test_the_receipt_goes_once_to_whom_it_was_promised_at_each_monthly_closing(
    school, workshop, person, keeper, posted
):
    company, close = school
    owner, accountant = keeper(company), person((company.id, "accountant"))
    assert owner.submit(CLOSE, f"{CLOSE}recus", to="accountant").status_code == 303
    owner.submit(CLOSE, f"{CLOSE}recus", to="accountant")
    assert " checked" in owner.get(CLOSE).text
    close()
    size = signed(workshop, company)
    for _ in range(2):
        mail_receipt(workshop, company_id=str(company.id), size=str(size))
    (mail,) = posted(f"{accountant.name}@exemple.fr")
    assert mail["Subject"].startswith("[FACTICE] Reçu du registre de Atelier Mercier : ")
    (paper,) = mail.iter_attachments()
    assert paper.get_filename() == f"FACTICE-recu-{size}.pdf"
    assert "FACTICE" in text(paper.get_content())
    assert posted(f"{owner.name}@exemple.fr") == []
    company.client("Mairie de Fougères", "public", taxable=False, card={"siren": "213501158"})
    mail_receipt(workshop, company_id=str(company.id), size=str(signed(workshop, company)))
    assert posted(f"{accountant.name}@exemple.fr") == []  # no month was closed since


def signed(workshop, company):
    with workshop.pool.connection() as conn:
        return int(checkpoints.make(conn, Signer(workshop.settings), company.id).text.split("\n")[1])
