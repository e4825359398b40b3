import os
from collections import Counter
from tests.model.test_model import *  # noqa
from tests.model import history

seen = Counter()
orig = history.Documents.asked


def asked(self, reasons, use_case, **request):
    r = orig(self, reasons, use_case, **request)
    seen[use_case.__name__, "ok" if r else "no " + "/".join(sorted(x.__name__ for x in reasons))] += 1
    return r


del (
    test_after_any_history_the_ledger_says_what_plain_books_say,
    test_after_many_long_histories_the_ledger_says_what_plain_books_say,
)


def test_stat(ground, monkeypatch):
    monkeypatch.setattr(history.Documents, "asked", asked)
    try:
        play(ground, int(os.environ.get("N", 30)), int(os.environ.get("STEPS", 100)))
    finally:
        for k, v in sorted(seen.items()):
            print(k, v)
