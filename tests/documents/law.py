"""The law on documents, row by row: what each wants, the rules that see to it, the words by which a paper satisfies it.

Rows of CGI ann. II art. 242 nonies A I (end of 2026), Code de commerce L441-9, L441-10, R123-237, R123-238, doctrine on
credit notes and copies, arrêté of 24 January 2017 on quotes, CGI 278-0 bis A and 279-0 bis. `paper` names one of
`papers`. A row that nothing of the program satisfies says so in `open`, and why.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """`rules` = codes of `domain.mentions.RULES`, each of which cites `ref`; `words` = what the paper prints;
    `xml` = terms of EN 16931 that its electronic form has; `kept_by` = the tests of what no single paper shows.
    """

    ref: str
    wants: str
    rules: tuple[str, ...] = ()
    paper: str = "sale"
    words: tuple[str, ...] = ()
    xml: tuple[str, ...] = ()
    kept_by: str = ""
    open: str = ""


NUMBERED = (  # of I of article 242 nonies A, as they stand at the end of 2026
    "1°", "2°", "3°", "4°", "5°", "5° bis", "6°", "7°", "7° bis", "8°", "8° bis", "9°", "10°", "11°", "11° bis", "12°",
    "13°",
)  # fmt: skip

LAW = (
    Row("I-1°", "name and address of the seller", ("seller.name", "seller.street", "seller.postcode", "seller.city"),
        words=("Atelier Mercier", "12 rue des Filigranes", "35000 Rennes"), xml=("BT-27", "BT-35", "BT-37", "BT-38")),
    Row("I-1°", "name and address of the buyer", ("buyer.name", "buyer.street", "buyer.postcode", "buyer.city"),
        words=("Hôtel du Parc", "3 place de l’Hôtel-de-Ville", "45000 Orléans"), xml=("BT-44", "BT-50", "BT-52")),
    Row("I-1°", "SIREN of the seller", ("seller.siren",), words=("732 829 320",), xml=("BT-30",)),
    Row("I-1°", "SIREN of the buyer", ("buyer.siren",), words=("552 100 554",), xml=("BT-47",)),
    Row("I-2°", "VAT number of the seller", ("seller.vat_number",), words=("TVA FR44732829320",), xml=("BT-31",)),
    Row("I-3°", "both VAT numbers on goods within the Union", ("seller.vat_number", "buyer.vat_number"), "union",
        ("TVA FR44732829320", "TVA PL5261040828"), ("BT-31", "BT-48")),
    Row("I-4°", "both VAT numbers where the buyer owes the tax", ("seller.vat_number", "buyer.vat_number"), "reverse",
        ("TVA FR44732829320", "TVA PL5261040828"), ("BT-31", "BT-48")),
    Row("I-5°", "the fiscal representative, its address and VAT number",
        open="who has one is established neither in France nor in the Union (289 A): a seat abroad is refused",
        kept_by="tests/domain/test_identity.py"),
    Row("I-5° bis", "« Membre d’un assujetti unique », name, address and VAT number of the member, beside the group’s",
        ("seller.vat_number",), "member",
        ("Membre d’un assujetti unique : Groupe Mercier", "1 place de la Gare", "35200 Rennes", "901 234 526",
         "TVA FR86901234526", "12 rue des Filigranes", "TVA FR44732829320"),
        ("BT-29 0231", "BT-31", "BT-62", "BT-63", "BT-64", "BT-67"), kept_by="tests/documents/facturx/test_group.py"),
    Row("I-6°", "day of issue", words=("24 novembre 2026",), xml=("BT-2",), kept_by="tests/ledger/test_numbers.py"),
    Row("I-7°", "unique number in a continuous sequence", words=("F2026-0001",), xml=("BT-1",),
        kept_by="tests/ledger/test_numbers.py"),
    Row("I-7° bis", "where goods are delivered, when elsewhere", ("buyer.delivery_city",),
        words=("2 rue du Port", "29200 Brest"), xml=("BT-70", "BT-77")),
    Row("I-8°", "of each line: quantity, name, price without VAT, rate", ("lines",),
        words=("Toile", "2,5 m", "40,125 €", "5,5 %"), xml=("BT-129", "BT-153", "BT-146", "BT-152")),
    Row("I-8° bis", "goods, services or both", ("NATURE",), words=("Opération mixte",), xml=("BT-23",)),
    Row("I-9°", "discounts that are acquired", words=("Remise 10 %", "Fidélité"), xml=("BT-92", "BT-136")),
    Row("I-10°", "day of supply when another, or its period", ("period",), words=("20 novembre 2026",), xml=("BT-72",)),
    Row("I-11°", "by rate the amount without VAT and the VAT; what is owed",
        words=("TVA 20 %", "TVA 5,5 %", "Total HT", "Total TTC"), xml=("BT-116", "BT-117", "BT-119", "BT-115")),
    Row("I-11° bis", "the option for débits", ("DEBITS",), words=("d’après les débits",), xml=("BT-8",)),
    Row("I-12°", "why there is no VAT", ("VATEX", "lines.reason"), "union",
        ("Exonération de TVA, art. 262 ter, I du CGI",), ("BT-120", "BT-121")),
    Row("I-13°", "« Autoliquidation »", ("VATEX", "lines.reason"), "reverse",
        ("Autoliquidation, art. 283-2 du CGI",), ("BT-120",)),
    Row("293 B", "« TVA non applicable, art. 293 B du CGI »", ("VATEX", "lines.reason"), "franchise",
        ("TVA non applicable, art. 293 B du CGI",), ("BT-120",)),
    Row("CGI 289 IV", "VAT in euros", words=("€",), xml=("BT-5",)),
    Row("L441-9", "when it is to be paid; the discount for an early payment", ("AAB",),
        words=("24 décembre 2026", "Escompte pour paiement anticipé"), xml=("BT-9",)),
    Row("L441-9", "the order of the buyer", words=("BC-7781",), xml=("BT-13",),
        kept_by="tests/documents/test_from_domain.py"),
    Row("L441-10, II", "the rate of the penalties", ("PMD",), words=("Pénalités de retard",)),
    Row("D441-5", "the indemnity of 40 €", ("PMT",), words=("frais de recouvrement", "40 €")),
    Row("L441-10, I", "the caps of payment", kept_by="tests/domain/test_caps.py"),
    Row("R123-237", "SIREN, register and town, seat",
        ("seller.siren", "seller.rcs_city", "seller.street", "seller.postcode", "seller.city"),
        words=("732 829 320 RCS Rennes", "12 rue des Filigranes, 35000 Rennes"), xml=("BT-33",)),
    Row("R123-238", "form and capital of a company", ("seller.legal_form", "seller.capital"),
        words=("SARL au capital de 8 000 €",), xml=("BT-33",)),
    Row("R123-237", "the same on a quote", ("seller.siren", "seller.rcs_city"), "quote",
        ("732 829 320 RCS Rennes", "SARL au capital de 8 000 €")),
    Row("R526-27", "« EI » of a sole trader", ("seller.legal_form",), "franchise", ("EI",)),
    Row("Code des assurances, art. L243-2", "insurer and cover of a builder",
        ("seller.insurer", "seller.insurance_cover", "INSURANCE"), words=("MAAF", "Couverture géographique : France")),
    Row("CGI 279-0 bis", "works in a dwelling at 10 %: the client certifies on the invoice", ("dwelling", "RENOVATION"),
        "dwelling", ("Je soussigné(e)", "depuis plus de deux ans et qu’ils n’ont pas eu", "supérieure à 10 %.",
                     "Date et signature du client"), ("BT-22",)),
    Row("CGI 278-0 bis A", "energy renovation of a dwelling at 5,5 %: the same", ("dwelling", "ENERGY"), "dwelling",
        ("de deux ans, qu’ils n’ont pas eu", "travaux de rénovation énergétique."), ("BT-22",)),
    Row("CGI 279-0 bis", "the same on the quote, which the client signs", ("RENOVATION",), "dwelling quote",
        ("Je soussigné(e)", "locaux à usage d’habitation", "Bon pour accord")),
    Row("Loi n° 71-584", "the guarantee that is kept back", ("RETENTION", "retention"), "works",
        ("Retenue de garantie de 5 %",)),
    Row("L616-1", "the mediator of consumers", ("MEDIATOR",), "person", ("CM2C",)),
    Row("Arrêté 83-50/A", "the note of a service to a person: date, parties, count, without and with VAT",
        paper="person", words=("24 novembre 2026", "Anne Le Gall", "Reliure", "Total HT", "Total TTC")),
    Row("§ 120", "a final invoice cites its deposits", ("lines.deducts",), "final", ("D2026-0001",), ("BT-25",)),
    Row("§§ 210 à 260", "a credit note cites number and day, takes back net and VAT", ("credits",), "credit",
        ("F2026-0001", "24 novembre 2026", "Total HT", "TVA 20 %"), ("BT-25", "BT-26")),
    Row("BOI-TVA-DECLA-30-20-20-20, § 300", "the duplicate of an unpaid invoice", kept_by="tests/web/test_files.py"),
    Row("Arrêté du 24 janvier 2017", "a quote: day, parties, count, totals, validity, free or not",
        ("seller.quote_days", "QUOTE_FEE", "TRAVEL"), "quote",
        ("24 novembre 2026", "Atelier Mercier", "Hôtel du Parc", "Reliure", "Total HT", "Total TTC", "24 décembre 2026",
         "Devis gratuit", "12 € au-delà de 20 km")),
    Row("L441-1, II", "the terms of payment of an offer", ("TERMS",), "quote", ("30 jours",)),
    Row("L111-1", "what a consumer is told before", ("seller.email", "delivered_on"), "quote", ("20 novembre 2026",)),
)  # fmt: skip
