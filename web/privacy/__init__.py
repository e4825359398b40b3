"""Personal data: what is held and why, erased, handed out; and what the service says about it to everybody.

`held.py` what is held of a person, until when, by which article · `person.py` « Données personnelles » of a client ·
`copy.py` all of it as JSON and PDF · `erasing.py` the tasks that erase · `silent.py` those silent for three years ·
`grounds.py` why · `processing.py` the register of processing, `processings.py` its words and those of the operator's ·
`own.py` a user's own data · `notices.py` the public pages, `hosting.py` the file that fills them (`README.md`)
"""
