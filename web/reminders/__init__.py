"""« Relances »: what is asked for again, when, in which words; what stops it; statements and formal notices.

`call.py` what a reminder asks for, as its text and its table say it · `words.py` our texts · `plan.py` who is reminded,
of what · `asking.py` a reminder put on its way · `index.py` the lists · `compose.py` one reminder, as a person sends it
· `stops.py` pause, promise, dispute · `policy.py` the company's choice · `statement.py` `notice.py` the PDFs
· `notices.py` their pages · `task.py` the morning's round
"""
