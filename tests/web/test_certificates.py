"""The attestation: never without a publisher, never on a damaged ledger, with all that the model asks for."""

import time
from dataclasses import replace
from datetime import date

import pytest

from audit.certificate import Attestation, Proof, User, edition
from audit.publisher import publisher_of
from tests.documents.reading import pages
from tests.documents.reading import text as printed
from tests.faults.test_tampering import guards_off
from tests.web.conftest import PASSWORD, Person
from tests.web.working import at_work
from web.accounts import store
from web.app import create_app
from web.jobs.certificates import issue_certificate
from web.jobs.certificates import printed as print_attestation

PUBLISHER = """
name = "Éditions Probant SAS"
siren = "552100554"
address = "3, quai de la Fosse"
city = "Nantes"
representative = "Anne Le Bihan"
capacity = "présidente"
marketed_on = 2026-09-01
major_root = "0"
licence = "L-42"
"""
USER = {
    "representative": "Jean Mercier", "capacity": "gérant", "city": "Rennes", "acquired_on": "2026-10-01",
    "used_since": "2026-10-15",
}  # fmt: skip


@pytest.fixture
def published(settings, tmp_path):
    """The settings of an installation that says who its publisher is."""
    file = tmp_path / "publisher.toml"
    file.write_text(PUBLISHER, encoding="utf-8")
    return replace(settings, publisher_file=file)


@pytest.fixture
def owner(published, read_tables, new_shop, web_pool, person):
    app = create_app(published)
    known = person((new_shop.id, "owner"))
    owner = Person(app, known.id, known.name, known.http.environ_base["REMOTE_ADDR"])
    owner.sign_in()
    yield owner
    app.extensions["pool"].close()


def made(owner, published, server, **typed) -> str:
    """Where the attestation is, once the worker has done with it."""
    answer = owner.submit("/attestation/", "/attestation/", **USER | typed)
    assert answer.status_code == 303, answer.text
    with at_work(published, server, issue_certificate):
        for _ in range(600):
            if "hx-trigger" not in owner.get(answer.location).text:
                return answer.location
            time.sleep(0.1)
    raise AssertionError("the attestation is not made")


def test_the_attestation_holds_both_parts_and_cites_the_verification_and_the_checkpoint(
    owner, published, server, new_shop, connect
):
    place = made(owner, published, server)
    answer = owner.get(f"{place}.pdf")
    told = " ".join(printed(answer.data).split())
    for fact in (
        "Anne Le Bihan, présidente, représentant légal de la société Éditions Probant SAS",
        "1er septembre 2026",
        "dans sa version n° 0.1.0, licence n° L-42", "au 3° bis du I de l’article 286",
        "délivrée à l’entreprise Atelier Mercier",
        "Racine de la version majeure : 0", "Fonctions couvertes", "Fonctions exclues", "441-1", "Fait à Nantes",
        "Jean Mercier, gérant, représentant légal de l’entreprise Atelier Mercier",
        "acquis le 1er octobre 2026, auprès de Éditions",
        "depuis le 15 octobre 2026", "Fait à Rennes", "sans aucun défaut",
    ):  # fmt: skip
        assert fact in told, fact
    query = "SELECT line::json -> 'data' FROM ledger.entry WHERE type = 'certificate.issued'"
    ((facts,),) = connect("probant_audit", new_shop.id).execute(query).fetchall()
    assert facts["sha256"] in owner.get(place).text
    head = connect("probant_audit", new_shop.id).execute(
        "SELECT encode(hash, 'hex') FROM ledger.entry WHERE pos = %s", (facts["to_pos"],)
    )
    assert head.fetchone()[0] in told.replace(" ", "")
    assert owner.get(f"/registre/preuve/{facts['checkpoint_size']}.txt").status_code == 200
    assert "Jean Mercier" not in str(
        connect("probant_job", new_shop.id).execute("SELECT asked FROM jobs.certificate").fetchall()
    )


def test_without_a_publisher_the_page_says_so_and_nothing_can_be_asked(keeper, new_shop):
    owner = keeper(new_shop)
    assert "renseignez PROBANT_PUBLISHER_FILE" in owner.get("/attestation/").text
    answer = owner.post(
        "/attestation/", page="/attestation/", command_id="0" * 8 + "-0000-4000-8000-" + "0" * 12, **USER
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('major_root = "9"', "L’éditeur répond de la version majeure 9"),
        ('siren = "732829320"', "certificat délivré par un organisme accrédité"),
        ("city = 3", "ne peut pas être lu"),
    ],
)
def test_a_publisher_who_may_not_attest_is_refused_by_name(owner, published, line, why):
    name = line.partition(" ")[0]
    kept = [one for one in PUBLISHER.splitlines() if not one.startswith(f"{name} ")]
    published.publisher_file.write_text("\n".join([*kept, line]), encoding="utf-8")
    assert why in owner.get("/attestation/").text


def test_a_damaged_ledger_gets_none(owner, published, server, new_shop):
    with guards_off(server) as admin:
        admin.execute(
            "UPDATE ledger.entry SET line = replace(line, 'Atelier Mercier', 'Atelier Marchand')"
            " WHERE company_id = %s AND pos = 1",
            (new_shop.id,),
        )
    place = made(owner, published, server)
    assert "aucune attestation n’est établie" in owner.get(place).text
    assert owner.get(f"{place}.pdf").status_code == 404


def test_it_is_stale_after_a_major_change(owner, published, server, monkeypatch):
    made(owner, published, server)
    assert "ne vaut plus" not in owner.get("/attestation/").text
    monkeypatch.setattr("web.certificates.MAJOR_ROOT", "1")
    assert "ne vaut plus" in owner.get("/attestation/").text


def test_it_says_when_the_law_asks_for_none(keeper, shop, new_shop):
    assert "Sans client particulier" in keeper(new_shop).get("/attestation/").text
    assert "Sans client particulier" not in keeper(shop).get("/attestation/").text


def test_the_wording_follows_the_day():
    assert edition(date(2026, 11, 24)).name.startswith("BOI-LETTRE-000242")
    later = edition(date(2027, 1, 1))
    assert "L. 216-40" in later.law
    assert "décret" in later.note


@pytest.mark.parametrize("training", [True, False])
def test_of_a_school_each_page_is_marked(published, training):
    on = date(2026, 11, 24)
    user = User("Atelier Mercier", "404833048", "Jean Mercier", "gérant", "Rennes", on, on, "Éditions Probant SAS")
    proof = Proof(3, "0" * 64, 3, "0" * 64, "clé", "0" * 64, "24 nov. 2026 à 12:00")
    made = Attestation(edition(on), on, publisher_of(published), user, proof)
    first, second = pages(print_attestation(made, training=training))
    assert ("FACTICE" in first.replace("marqué FACTICE", ""), "FACTICE" in second) == (training, training)


def test_anybody_reads_the_fingerprints_and_the_publisher(owner, published, server, new_shop):
    made(owner, published, server)
    stranger = owner.http.application.test_client()
    page = stranger.get("/empreintes").text
    assert "Éditions Probant SAS" in page
    assert "Ed25519" in page


def test_an_inspector_reads_an_attestation_and_asks_for_none(owner, published, server, new_shop, web_pool):
    place = made(owner, published, server)
    name = store.create_user(web_pool, f"i-{new_shop.id.hex[:8]}", f"i-{new_shop.id.hex[:8]}@exemple.fr", PASSWORD)
    store.grant(web_pool, name, new_shop.id, "inspector")
    inspector = Person(owner.http.application, name, f"i-{new_shop.id.hex[:8]}", "10.9.9.9")
    inspector.sign_in()
    assert inspector.get(f"{place}.pdf").status_code == 200
    assert inspector.post("/attestation/", page="/societes/", **USER).status_code == 403
