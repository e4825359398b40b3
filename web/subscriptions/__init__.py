"""What people subscribe to: `plans.toml` the offers and their limits, `plans.py` reads them · `offers.py` public pages
· `rows.py` a subscription and its periods · `changes.py` begun, changed, given up, ended unpaid · `standing.py` what a
plan lets a company do · `screens.py` « Mes adhésions » · `billing.py` the invoices, by the operator's own company ·
`payments.py` how they are paid · `terms.py` a newer version of the general terms, told and accepted.
"""
