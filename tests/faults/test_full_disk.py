"""A disk that becomes full while people work: each is told, nothing is half done, and room is enough to go on."""

import os
import subprocess
from contextlib import contextmanager, suppress
from hashlib import sha256

import psycopg
import pytest

from audit.verify import verify_company
from ledger import postgres
from ledger.migrate import migrate
from ledger.settings import Settings
from projections import files
from tests.conftest import open_folder
from tests.web.conftest import PASSWORD, Person
from tests.web.issuing import form_of, issue
from tests.web.postman import workshop_of
from tests.web.shop import open_shop
from web.accounts import store
from web.app import create_app, read_models
from web.rendering import render_document

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


class House:
    """A small company on a small disk of its own, its owner signed in."""

    def __init__(self, settings, server, web, job):
        self.settings, self.server = settings, server
        self.shop = open_shop(web, job, settings.secret("commands"))
        self.workshop = workshop_of(settings, server, job)
        self.app = create_app(settings)
        user_id = store.create_user(web, "claire", "claire@exemple.fr", PASSWORD)
        store.grant(web, user_id, self.shop.id, "owner")
        self.claire = Person(self.app, user_id, "claire", "10.1.2.3")
        assert self.claire.sign_in().status_code == 302

    def draft(self):
        client_id = self.shop.client("Hôtel du Parc", card={"siren": "552100554"})
        return self.shop.invoice(client_id, "Vestiaires")

    def render(self, invoice_id):
        render_document(self.workshop, company_id=str(self.shop.id), document_id=str(invoice_id))

    def count(self, table, condition="true"):
        with self.workshop.read(self.shop.id) as tx:
            return tx.value(f"SELECT count(*) FROM ledger.{table} WHERE company_id = %(company)s AND {condition}")

    @contextmanager
    def full(self):
        """Not a byte is left; what the database already had of the disk remains its own."""
        filler = self.settings.data / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            for size in (2**20, 2**12, 1):
                with suppress(OSError):
                    while file.write(bytes(size)):
                        pass
        try:
            yield
        finally:
            filler.unlink()


@pytest.fixture
def house():
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.data.mkdir(mode=0o711)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m,mode=0711", "tmpfs", settings.data], check=True)
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        try:
            with (
                psycopg.connect(server.uri("postgres"), autocommit=True) as admin,
                postgres.pool(server, "probant_web", min_size=1, max_size=2) as web,
                postgres.pool(server, "probant_job", min_size=1, max_size=2) as job,
            ):
                read_models(job).install(admin)
                yield House(settings, server, web, job)
        finally:
            postgres.stop(settings)
            subprocess.run(["umount", "--lazy", settings.data], check=True)


def test_a_file_that_does_not_fit_is_not_half_kept_and_is_made_when_there_is_room(house):
    invoice_id = house.draft()
    issue(house.claire, invoice_id)
    with house.full(), pytest.raises(psycopg.Error):
        house.render(invoice_id)
    assert house.count("blob") == house.count("entry", "type = 'document.rendered'") == 0
    house.render(invoice_id)
    file = house.claire.get(f"/factures/{invoice_id}.pdf").data
    with house.workshop.read(house.shop.id) as tx:
        assert sha256(file).hexdigest() == files.frozen(tx, invoice_id).sha256
    assert verify_company(house.server, house.shop.id).findings == ()


def test_an_invoice_that_cannot_be_written_is_told_and_takes_no_number(house):
    drafts = [house.draft() for _ in range(40)]
    forms = [(one, form_of(house.claire.get(f"/factures/{one}/emettre").text, "/emettre")) for one in drafts]

    def send(draft, form):
        return house.claire.http.post(f"/factures/{draft}/emettre", data=form)

    with house.full():
        answers = [send(*one) for one in forms]
    told = [answer for answer in answers if answer.status_code != 303]
    assert told, "the database had room inside"
    assert {answer.status_code for answer in told} == {507}
    assert all("disque du serveur est plein" in answer.text for answer in told)
    issued = len(answers) - len(told)
    assert house.count("entry", "type = 'invoice.issued'") == issued
    assert {send(*one).status_code for one in forms} == {303}  # the same forms, sent again
    assert house.count("entry", "type = 'invoice.issued'") == len(drafts)
    assert verify_company(house.server, house.shop.id).findings == ()
