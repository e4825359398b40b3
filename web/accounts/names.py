"""User names that people choose: Latin letters, so that none passes for another one."""

import re
import unicodedata
from typing import Final

from web import forms

TAKEN: Final = "Ce nom est pris, ou ressemble trop à un nom qui l’est : choisissez-en un autre."
LENGTHS: Final = (4, 40)
RESERVED: Final = frozenset(
    ("admin", "administrateur", "aide", "exploitant", "operateur", "probant", "support", "systeme")
)
FORM: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ſ][0-9A-Za-zÀ-ÖØ-öø-ſ._-]*")
CONFUSED: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "ı": "l", "|": "l", "5": "s", ".": "", "_": "", "-": ""})


def username(raw: str) -> str:
    """A parser for a form. Errors: `forms.Unreadable`."""
    name = forms.plain(raw, LENGTHS[1])
    if len(name) < LENGTHS[0]:
        raise forms.Unreadable(f"{LENGTHS[0]} caractères au moins.")
    if strange := [c for c in name if c.isalpha() and not FORM.fullmatch(c)]:
        raise forms.Unreadable(
            f"« {strange[0]} » n’est pas une lettre latine : il pourrait passer pour une autre lettre."
        )
    if not FORM.fullmatch(name):
        raise forms.Unreadable("Une lettre, puis des lettres, des chiffres, « . », « _ » ou « - ».")
    if lookalike(name) in {lookalike(word) for word in RESERVED}:
        raise forms.Unreadable("Ce nom est réservé au service.")
    return name


def lookalike(name: str) -> str:
    """The name as an eye may confuse it: two names with the same one are not both given.

    >>> lookalike("Paul-1") == lookalike("pau1l")
    True
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return bare.replace("rn", "m").replace("vv", "w").translate(CONFUSED)
