"""« Mon compte »: what a person decides about her own account, whatever company is open.

`page.py` the page, user name, password · `email.py` another address · `devices.py` sessions · `codes.py` second factor
· `keys.py` passkeys · `closing.py` the account deleted
"""

from web.account import closing, codes, devices, email, keys
from web.account.page import bp as bp

for part in (email, devices, codes, keys, closing):
    bp.register_blueprint(part.bp)
