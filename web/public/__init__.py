"""The client's page: one document, for whoever holds its link, without an account; and the proof of it.

`tokens.py` what a link carries · `links.py` « Lien client », on the document's page of its company · `door.py` who
comes in by which link · `page.py` the document, its download, its answer · `answers.py` what was answered · `proof.py`
the fingerprint, checked in the browser
"""
