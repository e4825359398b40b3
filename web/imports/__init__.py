"""Clients and articles out of a file of others: read, shown, confirmed, made line by line, undone.

`reading.py` a file → heads and rows · `columns.py` what each column is · `clients.py` `products.py` a row → what a form
would say · `lines.py` one of both · `rows.py` the tables in `scratch` · `screens.py` pages · `jobs.py` what the worker
does. Nothing of a file enters the ledger before somebody has seen it and said so; then each line is the command that a
form gives.
"""
