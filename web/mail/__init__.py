"""Documents by mail: a company's texts, the page that sends, the task that hands over to a mail server, the outbox.

`letters.py` texts and their facts, `samples.py` to look at them · `templates.py` « Modèles de messages » · `compose.py`
the form of a mail · `sending.py` its pages · `documents.py` what a mail needs of its document · `message.py` its bytes
· `smtp.py` the handing over · `task.py` when, and never twice · `rows.py` the mails in `jobs.mail` · `outbox.py`
« Envois », `words.py` its words · `bounces.py` what comes back · `demo.py` the demo's own mail server
· `notices.py` mails of the service itself
"""
