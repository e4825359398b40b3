"""The help: one Markdown file a subject, in French, readable without an account.

`pages.py` reads and prints them, `search.py` finds in them, `screens.py` which page helps with which screen, `views.py`
shows them. In the files `[Clients](screen:clients.index)` leads to a screen, `[Avoirs](aide:suppression#avoir)` to
another page, and **bold** is what a screen says, word for word: tests hold all three. `nouveautes.md` is what changed,
told to those who use the service; CHANGELOG.md tells it to those who run it.
"""
