"""Archives on their page: asked for, made by the worker, downloaded, put away."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from audit import seal
from audit.verifier import main
from tests.audit.providers import authority, certificate, p12
from tests.web.shop import LINE
from tests.web.working import at_work
from web.jobs.archives import make_archive


@pytest.fixture
def company(new_shop, keeper):
    """A live company with one invoice of today, and its owner."""
    new_shop.invoice(new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), "", LINE, issued_on=new_shop.today)
    return new_shop, keeper(new_shop)


def asked(owner, first, last) -> str:
    answer = owner.submit("/archives/", "/archives/", first=first.isoformat(), last=last.isoformat())
    assert answer.status_code == 303, answer.text
    return answer.location


def waited(owner, place: str) -> str:
    """The page once it is no more under way."""
    for _ in range(300):
        page = owner.get(place).text
        if "Ne plus la produire" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the archive is not made")


def test_an_archive_is_asked_for_made_and_downloaded_conform(company, settings, server, tmp_path):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    assert "Vous pouvez quitter cette page" in owner.get(place).text
    with at_work(settings, server, make_archive):
        page = waited(owner, place)
    assert "Télécharger" in page
    with owner.get(f"{place}.asice") as answer:
        (tmp_path / "a.asice").write_bytes(answer.data)
    assert f"archive-732829320-{shop.today}-{shop.today}.asice" in answer.headers["Content-Disposition"]
    report = main.verify(str(tmp_path / "a.asice"))
    assert report.conform, report.lines()
    listed = owner.get("/archives/").text
    assert "à mettre en lieu sûr" in listed


def test_where_it_is_kept_is_an_entry(company, settings, server):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        waited(owner, place)
    owner.submit(place, f"{place}/conserver", where="Coffre de l’étude")
    assert "Coffre de l’étude" in owner.get("/archives/").text
    assert "Archive mise en lieu sûr" in owner.get("/registre/?type=archive.kept").text


def test_days_without_an_entry_give_no_archive_and_say_so(company, settings, server):
    shop, owner = company
    then = shop.today - timedelta(days=100)
    place = asked(owner, then, then)
    with at_work(settings, server, make_archive):
        page = waited(owner, place)
    assert "Aucune écriture n’a été enregistrée dans ces jours." in page
    assert owner.get(f"{place}.asice").status_code == 404


def test_an_archive_is_cancelled_before_it_is_made(company, settings, server):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    owner.submit(place, f"{place}/annuler")
    with at_work(settings, server, make_archive):
        page = waited(owner, place)
    assert "à votre demande" in page
    assert "Aucune archive" in owner.get("/archives/").text


def test_a_period_that_ends_before_it_begins_is_refused_at_its_field(company):
    shop, owner = company
    answer = owner.submit(
        "/archives/", "/archives/", first=shop.today.isoformat(), last=(shop.today - timedelta(days=1)).isoformat()
    )
    assert answer.status_code == 422
    assert "ne finit pas avant son début" in answer.text


@pytest.mark.parametrize(
    ("days", "why"), [((0, 1), "pas encore venu"), ((-400, -1), "tient un exercice au plus")], ids=["tomorrow", "long"]
)
def test_days_that_no_archive_may_hold_are_refused_at_their_field(company, days, why):
    shop, owner = company
    first, last = (shop.today + timedelta(days=each) for each in days)
    answer = owner.submit("/archives/", "/archives/", first=first.isoformat(), last=last.isoformat())
    assert answer.status_code == 422
    assert why in answer.text


def test_an_archive_of_today_is_provisional_and_says_so(company, settings, server):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        page = waited(owner, place)
    assert "Provisoire" in page
    assert "provisoire</span>" in owner.get("/archives/").text


def test_an_archive_of_another_company_is_not_found(company, new_shop, keeper, person, settings, server):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        waited(owner, place)
    stranger = person()
    assert stranger.get(f"{place}.asice").status_code != 200


def test_an_inspector_reads_archives_and_makes_none(company, person, settings, server):
    shop, owner = company
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        waited(owner, place)
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    with inspector.get(f"{place}.asice") as answer:
        assert answer.status_code == 200
    assert "Produire une archive" not in inspector.get("/archives/").text
    answer = inspector.post("/archives/", page="/societes/", first="2026-01-01", last="2026-01-02")
    assert answer.status_code == 403


def test_the_companys_own_seal_closes_its_archives_and_its_end_is_told(company, settings, server, tmp_path):
    shop, owner = company
    root_key, root = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate("Atelier Mercier", key, "Autorité d’essai", root_key, days=30)
    (tmp_path / "cachet.p12").write_bytes(p12(key, own, root))
    importing = ["keys", "import", str(tmp_path / "cachet.p12"), "--company", str(shop.id)]
    wrong = probant(settings, *importing, typed="un autre\n")
    assert (wrong.returncode, "mot de passe n’est pas le sien" in wrong.stderr) == (2, True), wrong.stderr
    assert seal.has_its_own(settings, shop.id) is False
    taken = probant(settings, *importing, typed="mot de passe\n")
    assert (taken.returncode, "Autorité d’essai" in taken.stdout) == (0, True), taken.stderr
    assert "Cachet des archives changé" in owner.get("/registre/?type=seal.declared").text
    assert "demandez son renouvellement" in owner.get("/archives/").text
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        waited(owner, place)
    with owner.get(f"{place}.asice") as answer:
        (tmp_path / "a.asice").write_bytes(answer.data)
    report = main.verify(str(tmp_path / "a.asice"), fingerprint=own.fingerprint(hashes.SHA256()).hex())
    assert report.conform, report.lines()
    shown = probant(settings, "keys", "show").stdout
    assert own.fingerprint(hashes.SHA256()).hex() in shown
    assert "PRIVATE" not in shown


def test_an_archive_under_a_seal_that_is_over_is_not_made_and_says_why(company, settings, server):
    shop, owner = company
    root_key, _ = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    over = certificate("Atelier Mercier", key, "Autorité d’essai", root_key, days=-1)
    seal.write(settings, seal.own_file(settings, shop.id), key, [over])
    place = asked(owner, shop.today, shop.today)
    with at_work(settings, server, make_archive):
        page = waited(owner, place)
    assert "Le certificat du cachet a expiré" in page


def probant(settings, *arguments: str, typed: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", *arguments]
    env = os.environ | {"PROBANT_DATA": str(settings.data)}
    return subprocess.run(command, env=env, input=typed, capture_output=True, text=True, check=False)
