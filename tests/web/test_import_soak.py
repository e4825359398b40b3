"""A file as large as may be sent: 100 000 good clients, read, judged and made. Minutes: `make soak`."""

import resource
import time

import pytest

from tests.web.test_imports import sent
from web.imports import jobs
from web.imports.reading import MOST_LINES

HEADS = "Raison sociale;E-mail;CP;Ville;Genre\r\n"


@pytest.mark.soak
def test_a_hundred_thousand_good_clients_come_in(new_shop, keeper, workshop, connect):
    content = HEADS + "".join(
        f"Menuiserie {rank};m{rank}@exemple.fr;35000;Rennes;Entreprise\r\n" for rank in range(MOST_LINES)
    )
    claire, begun = keeper(new_shop), time.monotonic()

    def told(what: str) -> None:
        nonlocal begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{what}: {time.monotonic() - begun:.1f} s, at most {peak} MB")
        begun = time.monotonic()

    page = sent(claire, "clients", content)
    told("sent")
    ids = {"company_id": str(new_shop.id), "import_id": page.rsplit("/", 1)[1]}
    jobs.judge_import(workshop, **ids)
    told("judged")
    claire.submit(page, f"{page}/importer")
    told("shown")
    jobs.run_import(workshop, **ids)
    told("made")
    owned = connect("probant_audit", new_shop.id)
    made = owned.execute("SELECT count(*) FROM ledger.entry WHERE type = 'client.created'").fetchone()
    assert made == (MOST_LINES,)
