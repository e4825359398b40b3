"""« Comptabilité »: the accounting entries that documents and payments made, as accountants read them.

`period.py` the days that a screen shows · `words.py` what made an entry, and its page · `screen.py` what they share
· `journal.py` the entries · `general_ledger.py` the statement of one account · `balance.py` every account, every client
"""

from flask import Blueprint

from web.accounting import balance, general_ledger, journal

bp = Blueprint("accounting", __name__, url_prefix="/comptabilite")
for part in (journal, general_ledger, balance):
    bp.register_blueprint(part.bp)
