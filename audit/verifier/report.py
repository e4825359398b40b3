"""What the verifier tells: one line for each check, then one word for the whole."""

from __future__ import annotations

CHECKS = {
    1: "contenu de l’archive",
    2: "signature CAdES",
    3: "horodatage RFC 3161",
    4: "chaîne des écritures",
    5: "points de contrôle",
    6: "données personnelles scellées",
    7: "numéros de documents",
    8: "calculs des documents",
    9: "clôtures",
    10: "comptabilité",
    11: "documents figés",
    12: "point de contrôle détenu",
}
TOLD = 20  # defects told of one check; the others are counted
LONGEST = 300  # characters of one
KEPT = 1000  # and of those no more are kept


class Report:
    """Defects and remarks by check. A check without a defect holds."""

    def __init__(self) -> None:
        self.defects = {number: [] for number in CHECKS}  # type: dict[int, list[str]]
        self.remarks = {number: [] for number in CHECKS}  # type: dict[int, list[str]]
        self.skipped = set()  # type: set[int]
        self.unkept = 0

    def bad(self, check: int, text: str) -> None:
        if len(self.defects[check]) < KEPT:
            self.defects[check].append(text[:LONGEST])
        else:
            self.unkept += 1

    def say(self, check: int, text: str) -> None:
        self.remarks[check].append(text)

    def skip(self, check: int, why: str) -> None:
        """The check was not made; that is said, and is no defect."""
        self.skipped.add(check)
        self.say(check, why)

    @property
    def conform(self) -> bool:
        return not any(self.defects.values())

    def lines(self) -> list[str]:
        """French lines, one a check and its remarks; the last one is the verdict."""
        told = []
        for number, name in CHECKS.items():
            found, remarks = self.defects[number], self.remarks[number]
            colon, said = " : " if remarks else "", " ; ".join(remarks)
            state = "ÉCHEC" if found else "--   " if number in self.skipped else "ok   "
            told.append(f"{number:2}. {state} {name}{colon}{said}")
            told += ["      - " + defect for defect in found[:TOLD]]
            if len(found) > TOLD:
                told.append(f"      - et {len(found) - TOLD} autres")
        count = sum(map(len, self.defects.values())) + self.unkept
        told.append(f"NON CONFORME : {count} anomalie(s)" if count else "CONFORME")
        return told
