"""How register and journal of technical events tell types of entries apart; their names: `audit/event_names.py`."""

TONES = {  # a dot's colour, by what an entry does
    "invoice.issued": "go", "payment.recorded": "go", "debt.recovered": "go", "quote.accepted": "go",
    "chain.verified": "go", "payment.reversed": "back", "allocation.reversed": "back", "debt.doubted": "back",
    "debt.written_off": "back", "refund.recorded": "back", "quote.declined": "back", "subject.erased": "back",
}  # fmt: skip
TECHNICAL = {  # what the journal of technical events shows, by kind
    "acces": (
        "Accès, échecs, sessions expirées",
        ("security.signed_in", "security.signed_out", "security.sign_in_failed", "security.session_expired"),
    ),
    "controle": ("Téléchargements d’un contrôleur", ("security.file_taken",)),
    "exports": ("Listes exportées", ("security.list_exported",)),
    "droits": (
        "Droits et invitations",
        ("security.rights_granted", "security.rights_withdrawn", "security.member_invited",
         "security.invitation_withdrawn"),
    ),
    "comptes": (
        "Sécurité des comptes",
        ("security.password_changed", "security.email_changed", "security.second_factor_set",
         "security.second_factor_removed", "security.recovery_code_used", "security.passkey_added",
         "security.passkey_removed", "security.sessions_ended"),
    ),
    "programme": (
        "Programme : versions, démarrages, arrêts",
        ("security.program_installed", "security.program_changed", "security.program_started",
         "security.program_stopped"),
    ),
    "reglages": (
        "Réglages, numérotation, exercices",
        ("company.changed", "company.configured", "parameter.letter_written", "parameter.letter_changed",
         "parameter.reminders_set", "parameter.reminders_changed",
         "parameter.receipts_asked", "parameter.receipts_changed",
         "series.opened", "fiscal_year.defined", "books.configured", "books.closed"),
    ),
    "registre": (
        "Registre : ouverture, restauration, vérifications", ("ledger.opened", "ledger.restored", "clock.suspected",
         "clock.declared", "signer.declared",
         "seal.declared", "chain.verified"),
    ),
    "clotures": ("Clôtures", ("period.closed",)),
    "archives": (
        "Archives et attestations",
        ("archive.created", "archive.kept", "archive.purged", "certificate.issued"),
    ),
    "duplicata": ("Duplicata", ("document.copied",)),
    "effacements": (
        "Données personnelles : effacements, copies remises",
        ("security.erasure_asked", "subject.erased", "security.files_erased", "security.personal_data_given"),
    ),
}  # fmt: skip
FILES = {  # what somebody took, by the first word of its address in the program
    "invoices": "liste des factures", "quotes": "liste des devis", "clients": "liste des clients",
    "products": "catalogue", "payments": "liste des règlements", "recurring": "liste des récurrences",
    "vat_due": "TVA exigible", "accounting": "comptabilité", "inspection": "fichier des écritures comptables",
    "archives": "archive", "certificates": "attestation", "closings": "clôture", "proofs": "point de contrôle",
    "paf": "documentation de la piste d’audit", "processing": "registre des traitements",
    "journal": "journal technique", "formal_notices": "mise en demeure", "reminders": "relevé de compte",
}  # fmt: skip
