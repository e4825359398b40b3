"""Findings in French, for people."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from audit.finding import Finding

SENTENCES = {
    "missing": "absente du registre",
    "repeated": "une autre écriture occupe déjà cette place",
    "unreadable": "illisible dans la base de données",
    "intruder": "intercalée : la suivante suit la précédente",
    "displaced": "ne suit pas la précédente ; sa ligne porte la position {claims}",
    "altered": "ne suit pas la précédente : sa ligne, son empreinte ou celle d’avant a été modifiée",
    "form": "sa ligne n’est pas au format",
    "profile": "ses données ne sont pas au format",
    "foreign": "sa ligne est celle du registre {ledger}",
    "opening": "le registre s’ouvre à la première écriture et à nulle autre ; celle-ci est « {type} »",
    "columns": "sa ligne et ses colonnes se contredisent ({columns})",
    "time": "antérieure à l’écriture précédente",
    "data": "il manque à ses données ce qu’exige « {type} »",
    "version": "version {version} de l’objet {stream}, {expected} attendue",
    "number": "numéro {number} dans la série {series}, {expected} attendu",
    "series": "la série {series} est inconnue, close ou déjà ouverte",
    "reused_number": "le numéro {number} est déjà pris",
    "reused_seal": "l’engagement {digest} figure déjà à l’écriture {first}",
    "seal_lost": "l’ouverture de l’engagement {digest} manque, sans effacement inscrit",
    "seal_altered": "l’ouverture de l’engagement {digest} a été modifiée",
    "file_lost": "le fichier qu’elle fige manque (SHA-256 {sha256})",
    "file_altered": "le fichier qu’elle fige a été modifié (SHA-256 {sha256})",
    "figures": "{wrong}",
    "cut": "le registre s’arrête avant, alors que sa tête compte {last} écritures",
    "beyond": "au-delà de la tête du registre",
    "head": "la tête du registre n’est pas celle de cette écriture ({fields})",
    "counter": "dernier numéro de la série {series} : {expected}, {counter} d’après la tête du registre",
    "checkpoint_form": "le point de contrôle de {size} écritures n’est pas une note signée",
    "checkpoint_foreign": "ce point de contrôle est celui d’un autre registre, {ledger}",
    "checkpoint_key": "le point de contrôle de {size} écritures n’est pas signé par la clé de ce registre",
    "checkpoint_lost": "tête perdue : {lost}, qu’un point de contrôle signé compte jusqu’à la {last}",
    "checkpoint_differs": "ce n’est pas l’histoire du point de contrôle signé de {size} écritures",
    "checkpoint_place": "le point de contrôle de {size} écritures dit une autre empreinte, ou un autre instant",
    "forked": "fourche déclarée : le point de contrôle de {size} écritures est de l’histoire abandonnée",
    "key_break": "rupture de clé : une autre clé signe à partir d’ici, dont la précédente ne répond pas ({cause})",
    "key_unconfirmed": "clé non confrontée : la signature est vérifiée par la clé que le registre annonce lui-même",
    "unproven": "sans preuve d’enchaînement : celle qui la précédait manque ou est déplacée",
    "erased": "effacé, engagement intact",
    "clock_declared": "horloge remise à l’heure, déclarée",
    "restored": "fourche déclarée : restauration d’une sauvegarde",
}


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for each finding; neighbours of which the same is said share one.

    >>> list(sentences([Finding(7, "altered"), Finding(8, "altered"), Finding(9, "missing", {"last": 12})]))[1]
    'écritures 9 à 12 : absentes du registre'
    """
    for _, alike in groupby(enumerate(findings), key=lambda told: (told[1].position - told[0], sentence(told[1]))):
        run = [finding for _, finding in alike]
        first, last = run[0].position, run[-1].facts.get("last", run[-1].position)
        yield f"{place(first, last)} : {sentence(run[0], plural=last > first)}"


def sentence(finding: Finding, *, plural: bool = False) -> str:
    """What is wrong, without where."""
    if finding.code == "missing" and plural:
        return "absentes du registre"
    facts = {name: ", ".join(fact) if isinstance(fact, list) else fact for name, fact in finding.facts.items()}
    return SENTENCES[finding.code].format(**facts)


def place(first: int, last: int) -> str:
    """Where.

    >>> place(42, 42)
    'écriture 42'
    """
    return f"écriture {first}" if first == last else f"écritures {first} à {last}"


def count(number: int, one: str, many: str) -> str:
    r"""A number with its noun: thousands apart, singular below two.

    >>> count(1, "écriture", "écritures"), count(12345, "écriture", "écritures")
    ('1 écriture', '12\u202f345 écritures')
    """
    return f"{number:,} {one if number < 2 else many}".replace(",", "\u202f")


def euros(cents: int) -> str:
    """`1 234,56 €`, for a terminal."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", "\u00a0") + f",{rest:02d}\u00a0€"
