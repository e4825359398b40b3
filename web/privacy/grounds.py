"""Why a person is erased: as who decides says it, and as the ledger tells it. Their keys are the domain's."""

from typing import NamedTuple

from domain.privacy import ErasureGround


class Ground(NamedTuple):
    """`said` in the form, `told` in the reason of `subject.erased`."""

    said: str
    told: str


GROUNDS: dict[ErasureGround, Ground] = {
    "asked": Ground("La personne le demande", "demande de la personne"),
    "needless": Ground("Je n’en ai plus besoin", "données devenues inutiles"),
    "prospect": Ground("Prospect sans contact depuis trois ans", "prospect sans contact depuis trois ans"),
}
