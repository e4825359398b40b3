"""What is typed in a request or an idea, which may hold any letter unlike a document; the French of their statuses."""

from web import forms
from web.labels import Status

LONGEST = 10_000  # characters of one message
TICKETS = {
    "open": Status("soon", "En attente de réponse"),
    "answered": Status("sent", "Répondue"),
    "closed": Status("draft", "Close"),
}
IDEAS = {
    "proposed": Status("draft", "Proposée"),
    "planned": Status("sent", "Prévue"),
    "done": Status("paid", "Réalisée"),
    "declined": Status("late", "Écartée"),
    "hidden": Status("draft", "Masquée"),
}
FIELDS = {
    "name": "Votre nom", "email": "Votre adresse e-mail", "subject": "Objet", "body": "Message", "title": "Titre",
    "until_on": "Jusqu’au", "answer": "Réponse", "sure": "Effacement",
}  # fmt: skip


def said(raw: str) -> str:
    """Several lines in NFC, parted by LF, trimmed. Errors: `forms.Unreadable`."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    whole = "\n".join(forms.plain(line.replace("\t", " "), LONGEST) for line in lines)
    if len(whole) > LONGEST:
        raise forms.Unreadable(f"{LONGEST} caractères au plus ; il y en a {len(whole)}.")
    return whole
