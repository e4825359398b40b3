"""What the register calls its types, by family, for its filter."""

FAMILIES = {
    "Factures": {
        "invoice.issued": "Facture ou avoir émis",
        "invoice.drafted": "Brouillon créé",
        "invoice.revised": "Brouillon modifié",
        "invoice.discarded": "Brouillon abandonné",
    },
    "Règlements": {
        "payment.recorded": "Règlement reçu",
        "payment.reversed": "Règlement annulé",
        "refund.recorded": "Remboursement",
        "allocation.recorded": "Crédit affecté",
        "allocation.reversed": "Affectation annulée",
        "debt.doubted": "Créance douteuse",
        "debt.written_off": "Créance perdue",
        "debt.recovered": "Créance récupérée",
    },
    "Devis": {
        "quote.drafted": "Brouillon de devis créé",
        "quote.revised": "Devis révisé",
        "quote.sent": "Devis envoyé",
        "quote.accepted": "Devis accepté",
        "quote.declined": "Devis refusé",
        "quote.expired": "Devis expiré",
        "quote.discarded": "Devis abandonné",
        "quote.invoiced": "Devis facturé",
        "quote.released": "Devis de nouveau à facturer",
    },
    "Documents": {
        "document.rendered": "Fichier figé",
        "document.copied": "Duplicata remis",
        "document.sent": "Document envoyé",
    },
    "Clients": {
        "client.created": "Client créé",
        "client.changed": "Client modifié",
        "client.archived": "Client archivé",
        "client.restored": "Client réactivé",
        "subject.erased": "Données personnelles effacées",
    },
    "Catalogue": {
        "product.created": "Article créé",
        "product.changed": "Article modifié",
        "product.archived": "Article archivé",
        "product.restored": "Article réactivé",
    },
    "Société": {
        "ledger.opened": "Registre ouvert",
        "ledger.restored": "Restauration déclarée",
        "company.changed": "Identité modifiée",
        "company.configured": "Réglages modifiés",
        "parameter.letter_written": "Modèle de message écrit",
        "parameter.letter_changed": "Modèle de message modifié",
        "series.opened": "Série de numéros ouverte",
        "fiscal_year.defined": "Exercice défini",
        "books.configured": "Tenue des comptes choisie",
        "books.closed": "Comptabilité close",
        "period.closed": "Clôture d’une période",
        "chain.verified": "Registre vérifié",
        "archive.created": "Archive produite",
        "archive.kept": "Archive mise en lieu sûr",
        "certificate.issued": "Attestation établie",
    },
    "Accès": {
        "security.signed_in": "Connexion",
        "security.signed_out": "Déconnexion",
        "security.sign_in_failed": "Connexion refusée",
        "security.file_taken": "Téléchargement d’un contrôleur",
        "security.rights_granted": "Droits donnés",
        "security.rights_withdrawn": "Droits retirés",
    },
    "Programme": {
        "security.program_installed": "Programme installé",
        "security.program_changed": "Version du programme changée",
        "security.program_started": "Programme démarré",
        "security.program_stopped": "Programme arrêté",
    },
}
LABELS = {name: label for family in FAMILIES.values() for name, label in family.items()}
TONES = {  # a dot's colour, by what an entry does
    "invoice.issued": "go", "payment.recorded": "go", "debt.recovered": "go", "quote.accepted": "go",
    "chain.verified": "go", "payment.reversed": "back", "allocation.reversed": "back", "debt.doubted": "back",
    "debt.written_off": "back", "refund.recorded": "back", "quote.declined": "back", "subject.erased": "back",
}  # fmt: skip
TECHNICAL = {  # what the journal of technical events shows, by kind
    "acces": ("Accès et échecs", ("security.signed_in", "security.signed_out", "security.sign_in_failed")),
    "controle": ("Téléchargements d’un contrôleur", ("security.file_taken",)),
    "droits": ("Droits", ("security.rights_granted", "security.rights_withdrawn")),
    "programme": (
        "Programme : versions, démarrages, arrêts",
        ("security.program_installed", "security.program_changed", "security.program_started",
         "security.program_stopped"),
    ),
    "reglages": (
        "Réglages, numérotation, exercices",
        ("company.changed", "company.configured", "parameter.letter_written", "parameter.letter_changed",
         "series.opened", "fiscal_year.defined", "books.configured", "books.closed"),
    ),
    "registre": (
        "Registre : ouverture, restauration, vérifications", ("ledger.opened", "ledger.restored", "chain.verified"),
    ),
    "clotures": ("Clôtures", ("period.closed",)),
    "archives": ("Archives et attestations", ("archive.created", "archive.kept", "certificate.issued")),
    "duplicata": ("Duplicata", ("document.copied",)),
    "effacements": ("Effacements de données personnelles", ("subject.erased",)),
}  # fmt: skip
