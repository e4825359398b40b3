"""The accounting file of a fiscal year, to download; that it left is an entry (`web/access.py`)."""

from tempfile import SpooledTemporaryFile

from flask import Blueprint, abort, current_app, send_file
from werkzeug.wrappers import Response

from audit.archive.accounting import accounting
from audit.archive.fec import Year, file_name, year_of
from audit.archive.source import Source
from projections import archives, companies
from projections.tx import Tx
from web.books import company, read
from web.days import today
from web.letterhead import named

MIME = "text/tab-separated-values"
HELD = 1 << 20  # bytes in memory; more goes to the disk

bp = Blueprint("fec", __name__, url_prefix="/fec")


@bp.get("/<last_on>")
def download(last_on: str) -> Response:
    """`<SIREN>FEC<AAAAMMJJ>.txt` of the fiscal year that ends on that day."""
    with read() as tx:
        year = next((year for year in years(tx) if year.last.isoformat() == last_on), None)
        found = companies.current(tx)
    if year is None or found is None:
        abort(404)
    name = named(file_name(found.siren, found.keeping, year), ("FACTICE",) if found.training else ())
    file = SpooledTemporaryFile(HELD)  # noqa: SIM115  # closed by the answer
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company()),))
        file.writelines(accounting(Source(conn, company()), year))
    file.seek(0)
    return send_file(file, MIME, as_attachment=True, download_name=name)


def years(tx: Tx) -> list[Year]:
    """The fiscal years that began, oldest first."""
    day = today(tx)
    defined = [Year(each.first, each.last) for each in archives.fiscal_years(tx)]
    kept = {year_of(archives.first_day(tx), defined), year_of(day, defined)}
    return sorted(kept.union(year for year in defined if year.first <= day))
