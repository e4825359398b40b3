"""What a paper shows over several pages, in another language, in its QR codes."""

import io
import re
from datetime import date

import msgspec
import pikepdf
import pytest
import segno

from documents import english, transfer
from documents.blocks import facts, totals
from documents.page import document, screen
from documents.paper import BankAccount, Instalment
from documents.pdf import print_page, render
from documents.titles import TITLES
from documents.words import ENGLISH, FRENCH, UNITS, UNTAXED
from tests.documents import samples
from tests.documents.reading import pages, text
from tests.documents.samples import paper

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("count", [24, 70, 500])
def test_a_page_that_ends_within_the_lines_carries_its_sum_to_the_next(count):
    lines = numbered(count)
    printed = pages(render(paper(lines=lines)))
    carried = [re.findall(r"À reporter ([\d −]+,\d\d €)", page) for page in printed]
    brought = [re.findall(r"(?<!À )Report ([\d −]+,\d\d €)", page) for page in printed]
    last = [max(int(at) for at in re.findall(r"Article (\d+)\.", page)) for page in printed]
    sums = [" ".join(FRENCH.euros(sum(line.amount_cents for line in lines[: at + 1])).split()) for at in last]
    assert carried == [[one] for one in sums[:-1]] + [[]]
    assert brought == [[], *carried[:-1]]


def numbered(count: int):
    return tuple(msgspec.structs.replace(samples.line(at), label=f"Article {at}.") for at in range(count))


def test_a_paper_on_one_page_carries_nothing():
    assert "eport" not in text(render(paper(12)))


def test_three_thousand_lines_are_printed_each_once():
    printed = " ".join(pages(render(paper(lines=numbered(3_000)))))
    assert [int(at) for at in re.findall(r"Article (\d+)\.", printed)] == list(range(3_000))


def test_totals_longer_than_a_page_go_on_over_the_next():
    parts = tuple(Instalment(due_on=DAY, amount_cents=100, label=f"échéance {at}.") for at in range(80))
    printed = pages(render(paper(3, instalments=parts)))
    assert [int(at) for at in re.findall(r"échéance (\d+)\.", " ".join(printed))] == list(range(80))


def test_notes_of_many_pages_stand_under_the_totals_without_names_of_columns():
    notes = "\n".join(f"Article {at} des conditions." for at in range(200))
    printed = pages(render(paper(20, notes=notes)))
    assert [int(at) for at in re.findall(r"Article (\d+) des", " ".join(printed))] == list(range(200))
    assert ["Total TTC" in page for page in printed] == [at == 1 for at in range(len(printed))]
    assert "Désignation" not in printed[-1]


def test_an_english_client_reads_english_and_the_law_stays_french():
    printed = text(render(paper(30, language="en", paid_cents=100, payable_cents=100)))
    for words in (
        "Invoice F2026-0042", "Bill to Hôtel du Parc", "Due on 24 December 2026", "Description Quantity Unit price",
        "18.5 m² €96.00 20% €1,776.00", "Carried forward", "Brought forward", "VAT 5.5% on €", "Amount due €1.00",
        "Fingerprint in the ledger", "Pénalités de retard : taux de refinancement", "Page 2 / 2",
    ):  # fmt: skip
        assert words in printed
    assert "Échéance" not in printed
    assert 'lang="en"' in screen(paper(1, language="en"))


def test_whatever_else_a_client_reads_gets_english():
    assert "Invoice" in screen(paper(1, language="de"))
    assert "Facture" in screen(paper(1, language="fr-BE"))


def test_every_word_of_a_paper_has_its_english():
    words = {*TITLES.values(), *UNTAXED.values()}
    assert words <= set(english.TEXTS)
    assert set(english.UNITS) <= set(UNITS.values())
    for kind in TITLES:
        sample = msgspec.structs.replace(
            samples.final(), kind=kind, language="en", rounding_cents=1, valid_until_on=DAY, period=(DAY, DAY),
            deliver_to=samples.BUYER,
        )  # fmt: skip
        assert list(facts(sample))
        assert list(totals(sample))
        assert screen(sample)


def test_amounts_and_days_are_written_as_each_language_does():
    assert [tongue.euros(-123_456_78).replace("\u00a0", " ") for tongue in (FRENCH, ENGLISH)] == [
        "−123 456,78 €", "−€123,456.78",
    ]  # fmt: skip
    assert [tongue.day(date(2026, 3, 1)).replace("\u00a0", " ") for tongue in (FRENCH, ENGLISH)] == [
        "1er mars 2026", "1 March 2026",
    ]  # fmt: skip


def test_a_pro_forma_says_so_and_asks_for_no_transfer():
    (page,) = pages(render(paper(2, kind="proforma", number="", fingerprint="")))
    assert "Facture pro forma" in page
    assert "PRO FORMA" in page
    assert not any(word in page for word in ("BROUILLON", "brouillon", "Virement"))


def squares(pdf: bytes) -> list[set[tuple[int, int]]]:
    """The dark modules of each QR code of the first page, as (row, column)."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        forms = [file_.read_bytes() for file_ in file.pages[0].obj.Resources.XObject.values()]
    codes = []
    for content in forms:
        rects = [tuple(map(float, found)) for found in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) [\d.]+ re", content)]
        top, step = max(y for _, y, _ in rects), rects[0][2]
        codes.append({(round((top - y) / step), round(x / step)) for x, y, _ in rects})
    return codes


def modules(code: str, level: str) -> set[tuple[int, int]]:
    matrix = segno.make(code, error=level, boost_error=False, micro=False).matrix
    return {(y, x) for y, line in enumerate(matrix) for x, dark in enumerate(line) if dark}


def test_the_two_codes_say_where_to_pay_and_which_entry_it_is():
    asked = paper(2)
    code = "BCD\n002\n1\nSCT\nAGRIFRPP\nAtelier Mercier\nFR7630006000011234567890189\nEUR6307.20\n\n\nF2026-0042"
    assert transfer.code(asked) == code
    drawn = squares(render(asked))
    assert len(drawn) == 2
    assert modules(code, "M") in drawn
    assert modules(asked.fingerprint, "L") in drawn
    with_address = squares(render(paper(2, proof_url="https://probant.example/preuve")))
    assert modules(f"https://probant.example/preuve#{asked.fingerprint}", "L") in with_address


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "credit_note"}, {"kind": "quote"}, {"number": ""}, {"bank": ()}, {"training": True},
        {"instalments": (), "payable_cents": 0}, {"instalments": (), "payable_cents": -100},
        {"instalments": (), "payable_cents": 10**11},
    ],
)  # fmt: skip
def test_nothing_is_to_be_transferred_for(changes):
    assert transfer.code(paper(2, **changes)) == ""


def test_of_several_instalments_the_first_is_asked_and_long_names_are_cut():
    final = samples.final()
    assert f"EUR{final.instalments[0].amount_cents / 100:.2f}" in transfer.code(final)
    seller = msgspec.structs.replace(samples.SELLER, name="É" * 200)
    code = transfer.code(paper(1, seller=seller, bank=(BankAccount(iban="FR7630006000011234567890189"),)))
    assert code.split("\n")[4:6] == ["", "É" * 70]


def test_another_document_in_the_same_dress():
    page = document("base.html.j2", samples.SELLER, "Documentation de la piste d’audit fiable")
    (printed,) = pages(print_page(page, DAY))
    assert "Documentation de la piste d’audit fiable" in printed
    assert "Page 1 / 1" in printed
