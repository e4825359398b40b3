"""The first run: from an account without a company to books that are open. `form.py` what is typed · `opening.py` asked
for by the page, done by the worker, since only the job's role opens ledgers · `screens.py` the pages.
"""
