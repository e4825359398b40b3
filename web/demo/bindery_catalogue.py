"""Who the bindery is and what it sells."""

from typing import Final

from domain.company import Configuration, Identity
from domain.parties import Address, french_vat_number
from domain.terms import PaymentTerms
from web.demo.articles import goods, service
from web.demo.parties import siren, siret

IDENTITY: Final = Identity(
    name="Reliure et Éditions du Doubs", legal_form="SAS", capital_cents=4_000_000, siren=siren(1), siret=siret(1),
    vat_number=french_vat_number(siren(1)), rcs_city="Besançon", email="bonjour@reliure-doubs.exemple.fr",
    phone="03 81 00 00 01", iban="FR7630006000011234567890189", bic="AGRIFRPPXXX",
    address=Address(street="27, rue Battant", postcode="25000", city="Besançon", country="FR"),
)  # fmt: skip
CONFIGURATION: Final = Configuration(
    vat_regime="cash", terms=PaymentTerms(days=30), discount_text="Escompte de 2 % pour paiement sous 8 jours."
)

BOOKS: Final = (
    goods("LIV-01", "Atlas des reliures comtoises", "48", 550),
    goods("LIV-02", "Le Doubs à fleur d’eau, album", "32.5", 550),
    goods("LIV-03", "Carnets d’un horloger, tirage de tête", "120", 550),
)
OBJECTS: Final = (
    goods("OBJ-01", "Coffret toilé sur mesure", "90", description="Toile enduite, garde en papier marbré"),
    goods("OBJ-02", "Registre de compagnie, plein cuir", "260", description="Chèvre, cinq nerfs, 400 pages"),
    goods("OBJ-03", "Carnet cousu, papier vergé", "18.9"),
)
SERVICES: Final = (
    service("SRV-01", "Conception graphique", "75", "HUR"),
    service("SRV-02", "Restauration de reliure ancienne", "62", "HUR"),
    service("SRV-03", "Dorure et titrage", "35"),
)
SUBSCRIPTION: Final = service("ABO-01", "Entretien du fonds ancien, forfait mensuel", "400", "MON")
REGULARS: Final = 8  # how many of the first clients have it
