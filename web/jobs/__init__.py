"""Jobs: what is done after a command, apart from it, as `job:<task>`: files frozen, mails sent, periods closed.

A use case asks (`entry.defer("render_document", document_id=…)`), in the transaction of its entry. A worker does it
(`worker.py`), inside `probant serve` or alone (`probant worker`). A job holds identifiers only and may be done twice,
even by two workers at once: a task finds out from the ledger what is still to be done.
"""
