"""What people and the operator say to each other: requests, announcements, ideas.

`people.py` a transaction that knows who is there · `rows.py` requests and their threads, `words.py` what is typed
· `contact.py` the form, open to all · `tickets.py` « Mes demandes » · `letters.py` mails out, `reply_to.py` the address
that an answer comes back to, `incoming.py` and `mail_in.py` mails in · `news.py` announcements and « Nouveautés » ·
`ideas.py`, `idea_rows.py` the board of ideas · `tasks.py` what is forgotten
"""
