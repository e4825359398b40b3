"""A check that cannot look says so: it never says that it found nothing."""

import importlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from documents.facturx import RULES, ValidatorUnavailable, check
from documents.facturx.schematron import Schematron
from tests.documents.facturx.cases import CASES

judging = importlib.import_module("documents.facturx.check")
GOLDEN = Path(__file__).parents[2] / "golden" / "facturx"


@pytest.fixture
def good() -> bytes:
    books, invoice = CASES["invoice"]()
    return books.xml(invoice)


@pytest.fixture
def fresh(monkeypatch):
    """Judges made anew, under what a test breaks; what they were is forgotten after it."""
    judging._judge.cache_clear()
    yield monkeypatch
    judging._judge.cache_clear()


def test_a_judge_that_lets_a_known_bad_invoice_pass_judges_nothing(fresh, good):
    fresh.setattr(judging, "KNOWN_BAD", good)
    with pytest.raises(ValidatorUnavailable, match="known-bad"):
        check(good)


@pytest.mark.parametrize("source", ["xsd", "en16931", "br-fr", "siren"])
def test_each_validator_must_refuse_the_known_bad_invoice_itself(fresh, good, source):
    fresh.setattr(judging, "BROKEN", judging.BROKEN | {(source, "of another year")})
    with pytest.raises(ValidatorUnavailable, match=source):
        check(good)


def test_a_validator_that_finds_nothing_in_a_known_bad_invoice_is_not_believed(fresh, good):
    fresh.setattr(Schematron, "failures", lambda *_: iter(()))
    with pytest.raises(ValidatorUnavailable, match=r"br-fr.*en16931"):
        check(good)


@pytest.mark.parametrize("name", ["en16931", "br-fr"])
def test_a_missing_stylesheet_is_no_good_news(fresh, good, name, tmp_path):
    fresh.setitem(judging.STYLESHEETS, name, tmp_path / "none.xslt")
    with pytest.raises(ValidatorUnavailable):
        check(good)


def test_a_stylesheet_without_its_code_lists_is_no_good_news(fresh, good, tmp_path):
    alone = tmp_path / "alone.xslt"
    alone.write_bytes(judging.STYLESHEETS["en16931"].read_bytes())
    fresh.setitem(judging.STYLESHEETS, "en16931", alone)
    with pytest.raises(ValidatorUnavailable):
        check(good)


def test_a_missing_schema_is_no_good_news(fresh, good, tmp_path):
    fresh.setattr(judging, "XSD", tmp_path / "none.xsd")
    with pytest.raises(ValidatorUnavailable):
        check(good)


NO_RULES = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/">{}</xsl:template></xsl:stylesheet>"""
SVRL = '<s:schematron-output xmlns:s="http://purl.oclc.org/dsdl/svrl"/>'


@pytest.mark.parametrize(("written", "said"), [("", "Start tag"), ("<nothing/>", "no rule"), (SVRL, "no rule")])
def test_a_stylesheet_that_fires_no_rule_is_no_good_news(fresh, good, tmp_path, written, said):
    idle = tmp_path / "idle.xslt"
    idle.write_text(NO_RULES.format(written), encoding="utf-8")
    fresh.setitem(judging.STYLESHEETS, "br-fr", idle)
    with pytest.raises(ValidatorUnavailable, match=said):
        check(good)


def test_without_saxon_there_is_no_answer(fresh, good):
    fresh.setitem(sys.modules, "saxonche", None)
    with pytest.raises(ValidatorUnavailable, match="saxonche"):
        check(good)


def test_a_failed_start_is_tried_again(fresh, good):
    with fresh.context() as broken:
        broken.setattr(judging, "KNOWN_BAD", good)
        with pytest.raises(ValidatorUnavailable):
            check(good)
    assert check(good) == ()


def test_any_thread_may_ask(good):
    bad = good.replace(b">S1<", b">ZZ<")
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(check, [good, bad] * 16))
    assert all(answer == () for answer in answers[::2])
    assert all([f.rule for f in answer] == ["BR-FR-08_BT-23"] for answer in answers[1::2])


def test_the_writer_needs_neither_saxon_nor_the_checker_of_the_package():
    program = "import sys, documents.facturx; print([m for m in ('saxonche', 'facturx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_process_that_has_judged_ends_in_peace(good, tmp_path):
    (tmp_path / "good.xml").write_bytes(good)
    program = "import sys; from documents.facturx import check; print(check(open(sys.argv[1], 'rb').read()))"
    command = [sys.executable, "-c", program, tmp_path / "good.xml"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("()\n", "")


def test_the_rules_are_those_that_we_know():
    written = "".join(f"{rules.name} {rules.version} {rules.sha256}".strip() + "\n" for rules in RULES)
    if os.environ.get("GOLDEN"):
        (GOLDEN / "rules.txt").write_text(written, encoding="utf-8")
    assert written == (GOLDEN / "rules.txt").read_text(encoding="utf-8")
