"""The operator's console: requests, companies, health, announcements, ideas, registers.

It shows no document and no books.

An operator is a user whom `probant operator` made one; for anybody else nothing is here. She enters a company's books
as anybody does: invited by its owner, which is an entry. `screens.py` the blueprint and its gate · `inbox.py` requests
· `companies.py` · `health.py`, `rows.py` what the database says of itself · `announcements.py` · `ideas.py` · `cli.py`
"""
