"""What a user is told of a company: on a page, behind the bell, and by mail; each kind as she wants it.

`kinds.py` what there is to be told · `news.py` what happened since the last look · `follower.py` the task that tells
it, each once · `said.py` its French, made anew from the books each time: nobody's name is kept here · `rows.py` the
tables · `screens.py` the page and its settings · `stopping.py` the link in each mail that ends its kind · `digest.py`
Monday's summary
"""
