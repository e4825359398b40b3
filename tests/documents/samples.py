"""Papers to try the printer on: every kind, short and long."""

import hashlib
import io
from datetime import date
from decimal import Decimal

import msgspec
from PIL import Image

from documents.paper import (
    BankAccount,
    Instalment,
    Line,
    Paper,
    Party,
    Reference,
    Seller,
    VatGroup,
)

SELLER = Seller(
    name="Atelier Mercier",
    address=("12 rue des Filigranes", "35000 Rennes"),
    details=("02 99 00 00 00", "bonjour@atelier-mercier.example"),
    legal=(
        "Atelier Mercier, SARL au capital de 8\u00a0000\u00a0€",
        "12 rue des Filigranes, 35000 Rennes",
        "SIREN 732\u00a0829\u00a0320",
        "RCS Rennes",
        "TVA FR44732829320",
    ),
)
BUYER = Party(
    name="Hôtel du Parc",
    address=("3 place de l’Hôtel-de-Ville", "45000 Orléans"),
    details=("SIREN 552\u00a0100\u00a0554", "TVA FR40552100554"),
)
TERMS = (
    "Opération mixte : livraison de biens et prestation de services.",
    "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points.",
    "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40\u00a0€.",
    "Escompte pour paiement anticipé : néant.",
)
CATALOGUE = (
    ("Banque d’accueil en chêne massif, 3,20 m, plateau huilé", "1", "C62", "3480", 2000),
    ("Habillage mural, tasseaux de frêne", "18.5", "MTK", "96", 2000),
    ("Porte coupe-feu EI 30, 83 × 204", "2", "C62", "742.5", 2000),
    ("Pose et réglages", "26", "HUR", "48", 2000),
    ("Reprise de plinthes, locaux d’habitation", "12", "MTR", "14.6", 1000),
    ("Manuel d’entretien imprimé « Le bois vivant »", "4", "C62", "18.405", 550),
)


def line(at: int) -> Line:
    label, quantity, unit, price, vat_bp = CATALOGUE[at % len(CATALOGUE)]
    amount = round(Decimal(quantity) * Decimal(price) * 100)
    return Line(
        label=label,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal(price),
        vat_bp=vat_bp,
        amount_cents=amount,
    )


def paper(count: int = 5, **changes: object) -> Paper:
    """An invoice of `count` lines whose totals add up, with any field changed."""
    lines = changes.pop("lines", tuple(line(at) for at in range(count)))
    groups = []
    for vat_bp in sorted({line.vat_bp for line in lines}, reverse=True):
        base = sum(line.amount_cents for line in lines if line.vat_bp == vat_bp)
        groups.append(VatGroup(rate_bp=vat_bp, base_cents=base, vat_cents=round(Decimal(base * vat_bp) / 10_000)))
    net, vat = sum(g.base_cents for g in groups), sum(g.vat_cents for g in groups)
    facts = {
        "kind": "invoice", "number": "F2026-0042", "seller": SELLER, "buyer": BUYER, "lines": lines,
        "issued_on": date(2026, 11, 24), "delivered_on": date(2026, 11, 20), "vat": tuple(groups), "net_cents": net,
        "vat_cents": vat, "gross_cents": net + vat, "payable_cents": net + vat,
        "instalments": (Instalment(due_on=date(2026, 12, 24), amount_cents=net + vat),),
        "references": (Reference(label="Commande", value="BC-7781"),),
        "subject": "Agencement du salon d’accueil et pose de deux portes coupe-feu",
        "payment": "Par virement, à réception et au plus tard à l’échéance.",
        "bank": (BankAccount(iban="FR7630006000011234567890189", bic="AGRIFRPP"),),
        "mentions": TERMS, "fingerprint": hashlib.sha256(b"entry").hexdigest(),
    }  # fmt: skip
    return Paper(**(facts | changes))


def quote() -> Paper:
    return paper(
        3, kind="quote", number="D2026-0007", valid_until_on=date(2026, 12, 24), delivered_on=None, instalments=(),
        bank=(), payment="Acompte de 30\u00a0% à la commande, solde à la livraison.", fingerprint="",
        notes="Délai d’exécution : six semaines après acceptation. Devis gratuit.",
        mentions=(),
    )  # fmt: skip


def credit_note() -> Paper:
    lines = (
        Line(
            label="Porte coupe-feu EI 30, 83 × 204", details=("Reprise d’une porte livrée en double",),
            quantity=Decimal(-1), unit_price=Decimal("742.5"), amount_cents=-74_250, vat_bp=2000,
        ),
    )  # fmt: skip
    return paper(
        kind="credit_note", number="A2026-0003", lines=lines, instalments=(), bank=(), payment="",
        references=(Reference(label="Corrige", value="Facture F2026-0042 du 24 novembre 2026"),),
        subject="Une porte livrée en double", mentions=(),
    )  # fmt: skip


def final() -> Paper:
    deducted = Line(
        label="Acompte déduit", details=("Facture d’acompte F2026-0031 du 3 septembre 2026",),
        quantity=Decimal(-1), unit_price=Decimal(2000), amount_cents=-200_000, vat_bp=2000,
    )  # fmt: skip
    whole = paper(lines=(line(0), line(1), line(3), deducted), kind="final", number="F2026-0050")
    half = whole.payable_cents - 50_000
    return paper(
        lines=whole.lines, kind="final", number="F2026-0050", paid_cents=50_000, payable_cents=half,
        instalments=(
            Instalment(due_on=date(2026, 12, 24), amount_cents=half - 25_000),
            Instalment(due_on=date(2027, 11, 24), amount_cents=25_000, label="retenue de garantie"),
        ),
    )  # fmt: skip


def franchise() -> Paper:
    reason = "TVA non applicable, art. 293\u00a0B du CGI"
    lines = (
        Line(
            label="Portrait dessiné",
            quantity=Decimal(2),
            unit_price=Decimal(180),
            amount_cents=36_000,
            vat_category="E",
        ),
    )
    return paper(
        lines=lines, vat=(VatGroup(rate_bp=0, base_cents=36_000, vat_cents=0, category="E", text=reason),),
        subject="", mentions=TERMS[1:],
    )  # fmt: skip


def reverse_charge() -> Paper:
    buyer = Party(
        name="Łódź Księgarnia Sp. z o.o.",
        address=("ul. Żwirki 8", "90-450 Łódź", "Pologne"),
        details=("TVA PL5261040828",),
    )
    lines = (
        Line(
            label="Conception graphique",
            quantity=Decimal("12.5"),
            unit="HUR",
            unit_price=Decimal(80),
            amount_cents=100_000,
            vat_category="AE",
        ),
    )
    vat = (
        VatGroup(
            rate_bp=0, base_cents=100_000, vat_cents=0, category="AE", text="Autoliquidation (art. 283, 2 du CGI)"
        ),
    )
    return paper(lines=lines, vat=vat, buyer=buyer)


def with_logo() -> Paper:
    """A bookplate: an ochre square with a paler frame, as a screen would send it."""
    picture = Image.new("RGB", (480, 160), "#0c6b4f")
    picture.paste("#fbfaf7", (20, 20, 140, 140))
    picture.paste("#0c6b4f", (50, 20, 80, 140))
    picture.save(out := io.BytesIO(), "PNG")
    return paper(3, seller=msgspec.structs.replace(SELLER, logo=out.getvalue()))


NEIGHBOURS = (
    "Łódź Świętość Ćwikła · Ελληνική Εταιρεία Ηλεκτρισμού Α.Ε. · Žižkov Dvořák · Brezhoneg Kerc’hoad ñ ù ê c’h · "
    "Œuvre Ÿ ẞ · Київ · Đặng · Plouénan, Lok Eguiner, Gwiseni · Ŵyn Ỳ · Ğüneş İçöz · Ñandú · Reykjavík Þór"
)


def neighbours() -> Paper:
    return paper(2, buyer=Party(name=NEIGHBOURS, address=(NEIGHBOURS,)), subject=NEIGHBOURS, notes=NEIGHBOURS)
