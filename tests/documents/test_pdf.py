import io
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from documents.fonts import unprintable
from documents.paper import Adjustment, Line, Party
from documents.pdf import LINES_MAX, NotPrintable, PaperTooLong, render
from documents.words import grouped
from tests.documents import samples
from tests.documents.reading import pages, text
from tests.documents.samples import line, paper

ROOT = Path(__file__).parents[2]
CHROME = ("Désignation Quantité Prix unitaire HT TVA Total HT", "Facture F2026-0042", "Atelier Mercier")


def test_an_invoice_prints_everything_that_the_law_and_the_client_ask_for():
    printed = text(render(paper()))
    for words in (
        "Facture", "F2026-0042", "24 novembre 2026", "24 décembre 2026", "20 novembre 2026", "BC-7781",
        "Hôtel du Parc", "3 place de l’Hôtel-de-Ville", "SIREN 552 100 554", "TVA FR40552100554",
        "SARL au capital de 8 000 €", "RCS Rennes", "TVA FR44732829320",
        "18,5 m²", "3 480,00 €", "Total HT 8 164,20 €", "TVA 20 % sur 7 989,00 € 1 597,80 €",
        "TVA 10 % sur 175,20 € 17,52 €", "Total TTC 9 779,52 €", "IBAN FR76 3000 6000 0112 3456 7890 189",
        "Escompte pour paiement anticipé : néant.", "BCE majoré de 10 points", "40 €", "Page 1 / 1",
    ):  # fmt: skip
        assert words in printed
    assert f"Empreinte au registre {grouped(paper().fingerprint[:32], 8)}" in printed


def test_a_final_invoice_deducts_its_deposits_and_shows_what_is_left_and_when():
    printed = text(render(samples.final()))
    for words in (
        "Facture de solde", "Facture d’acompte F2026-0031 du 3 septembre 2026", "−2 000,00 €", "Total TTC 5 404,80 €",
        "Déjà réglé −500,00 €", "Net à payer 4 904,80 €", "24 novembre 2027, retenue de garantie 250,00 €",
    ):  # fmt: skip
        assert words in printed


def test_a_credit_note_says_what_it_corrects_and_what_it_gives_back():
    printed = text(render(samples.credit_note()))
    for words in ("Avoir", "Facture F2026-0042 du 24 novembre 2026", "Total TTC −891,00 €", "À votre crédit 891,00 €"):
        assert words in printed
    assert "IBAN" not in printed
    assert "Échéance" not in printed


def test_a_quote_has_its_validity_and_a_place_to_sign():
    printed = text(render(samples.quote()))
    for words in ("Devis", "D2026-0007", "Valable jusqu’au 24 décembre 2026", "Bon pour accord"):
        assert words in printed
    assert "Empreinte" not in printed


def test_a_short_quote_is_one_page_with_its_signature():
    assert len(pages(render(samples.quote()))) == 1


@pytest.mark.parametrize(
    ("sample", "reason", "total"),
    [
        (samples.franchise(), "TVA non applicable, art. 293 B du CGI", "Total 360,00 €"),
        (samples.reverse_charge(), "Autoliquidation (art. 283, 2 du CGI)", "Total 1 000,00 €"),
    ],
)
def test_without_vat_the_reason_stands_under_the_lines(sample, reason, total):
    printed = text(render(sample))
    assert reason in printed
    assert total in printed
    assert "TTC" not in printed


def test_a_discount_of_the_document_stands_before_the_net():
    assert "Remise de fidélité −50,00 € Total HT" in text(
        render(paper(adjustments=(Adjustment(label="Remise de fidélité", amount_cents=-5_000),)))
    )


@pytest.mark.parametrize(
    ("number", "training", "stamps"),
    [
        ("F2026-0001", False, []),
        ("", False, ["BROUILLON"]),
        ("F2026-0001", True, ["FACTICE"]),
        ("", True, ["BROUILLON", "FACTICE"]),
    ],
)
def test_every_page_of_a_draft_and_of_a_training_ledger_is_stamped_and_no_other(number, training, stamps):
    for page in pages(render(paper(40, number=number, training=training))):
        assert [word for word in ("BROUILLON", "FACTICE") if word in page] == stamps


@pytest.mark.parametrize("count", [1, 12, 23, 24, 25, 70, 300])
def test_totals_stand_on_the_last_page_with_lines_and_every_page_has_head_and_foot(count):
    printed = pages(render(paper(count)))
    for at, page in enumerate(printed, 1):
        assert all(words in page for words in CHROME)
        assert f"Page {at} / {len(printed)}" in page
        assert "RCS Rennes" in page
        assert ("Total TTC" in page) == (at == len(printed))
    assert " ".join(printed).count("3 480,00 € 20 % 3 480,00 €") == -(-count // 6)
    assert any(
        words in printed[-1]
        for words in (
            "20 % 1 248,00 €",
            "10 % 175,20 €",
            "5,5 % 73,62 €",
            "20 % 3 480,00 €",
            "20 % 1 776,00 €",
            "20 % 1 485,00 €",
        )
    )


def test_a_paper_that_would_take_too_long_is_refused():
    with pytest.raises(PaperTooLong) as refusal:
        render(paper(LINES_MAX + 1))
    assert (refusal.value.lines, refusal.value.limit) == (5_001, 5_000)


def test_the_longest_names_stay_on_the_page():
    name = "Société coopérative d’intérêt collectif des libraires, relieurs et papetiers réunis de Bretagne"
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
    buyer = Party(name=name, address=(word, name), details=(word,))
    printed = text(
        render(
            paper(
                lines=(
                    Line(label=f"{name}\n{word}", quantity=Decimal(1), unit_price=Decimal(1), amount_cents=100),
                    line(1),
                ),
                buyer=buyer,
                subject=word,
            )
        )
    )
    assert printed.replace(" ", "").count(word) == 4
    assert name in printed


def test_a_label_longer_than_a_page_goes_on_over_the_next():
    label = " ".join(f"mot{at}" for at in range(3000))
    printed = text(
        render(
            paper(
                lines=(
                    Line(label=label, quantity=Decimal(1), unit_price=Decimal(1), amount_cents=100),
                    line(1),
                    line(2),
                )
            )
        )
    )
    assert all(f"mot{at}" in printed for at in range(3000))


def test_names_of_our_neighbours_are_printed_as_they_are():
    names = "Łódź Świętość Ćwikła · Ελληνική Εταιρεία · Žižkov Dvořák · Brezhoneg ñ ù ê c’h · Œuvre Ÿ ẞ · Київ · Đặng"
    assert names in text(render(paper(buyer=Party(name=names))))


NAMES = [
    name for name in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines() if name[0] != "#"
]


def test_two_hundred_names_of_all_europe_are_printed_to_the_letter():
    """In the text, and as buyer in the title's face: a missing glyph is a complaint of the renderer, and no PDF."""
    assert len(NAMES) >= 200
    assert [(name, unprintable(name)) for name in NAMES if unprintable(name)] == []
    printed = text(render(paper(lines=tuple(Line(
        label=name, quantity=Decimal(1), unit_price=Decimal(1), amount_cents=100) for name in NAMES))))  # fmt: skip
    assert [name for name in NAMES if name not in printed] == []


@pytest.mark.parametrize("at", range(0, len(NAMES), 58))
def test_a_seller_of_such_a_name_has_it_at_the_head(at):
    assert NAMES[at] in text(render(paper(1, seller=replace(samples.SELLER, name=NAMES[at]))))


STRANGERS = (
    "株式会社 東京", "北京图书馆", "한국 서점", "مكتبة", "ספרייה", "ห้องสมุด", "पुस्तकालय", "წიგნი", "Գրադարան", "ቤተ መጻሕፍት",
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGERS, ids=[f"{ord(name[0]):04X}" for name in STRANGERS])
def test_a_name_in_another_script_is_refused_whole_and_never_printed_as_boxes(name):
    refused = {told.split()[0] for told in unprintable(name)}
    assert refused == {letter for letter in name if letter != " "}
    with pytest.raises(NotPrintable):
        render(paper(1, buyer=Party(name=name)))


def test_the_fonts_have_every_sign_of_french_typography():
    assert unprintable("’ « » – — … • · € ² ³ ½ × ÷ − ° № ‰ À Â Æ Ç É È Ê Ë Î Ï Ô Œ Ù Û Ü Ÿ\u00a0\u202f\u2009") == ()


@pytest.mark.parametrize(
    ("words", "character"),
    [("librairie 字", "字 U+5B57"), ("bravo 🎉", "🎉 U+1F389"), ("שלום", "ש U+05E9"), ("son\x07nette", "U+0007")],
)
def test_a_character_without_a_face_is_refused_by_name(words, character):
    with pytest.raises(NotPrintable) as refusal:
        render(paper(subject=words))
    assert character in refusal.value.characters


def test_a_decomposed_accent_is_printed_as_one_letter_and_invisible_marks_are_left_out():
    assert "Hôtel entière" in text(render(paper(subject="Ho\u0302tel en\u00adtie\u0300re\u202e")))


def test_the_file_says_what_it_is():
    file = PdfReader(io.BytesIO(render(paper())))
    assert file.metadata.title == "Facture\u00a0F2026-0042"
    assert file.metadata.author == "Atelier Mercier"
    assert file.metadata["/CreationDate"] == "D:20261124000000+00'00'"
    assert file.trailer["/Root"]["/Lang"] == "fr-FR"


@pytest.mark.parametrize("sample", ["paper(3)", "paper(3, number='', training=True)"])
def test_the_same_paper_gives_the_same_bytes_in_another_process_time_zone_and_hash_seed(sample):
    script = (
        "import hashlib; from tests.documents.samples import paper; from documents.pdf import render;"
        f"print(hashlib.sha256(render({sample})).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT, env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True,
        ).stdout
        for zone, seed in (("Pacific/Auckland", "1"), ("America/Los_Angeles", "2"))
    }  # fmt: skip
    assert len(digests) == 1


def test_every_font_in_the_file_is_embedded():
    for page in PdfReader(io.BytesIO(render(paper()))).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get("/FontDescriptor")
            assert descriptor or font["/BaseFont"] == "/Helvetica"  # reportlab names Helvetica and sets nothing in it
