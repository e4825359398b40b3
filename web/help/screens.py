"""Which page of the help goes with which screen: by its endpoint, else by the family that it is of."""

PAGES = {
    # families
    "account": "compte",
    "account.closing": "compte#supprimer-son-compte",
    "accounting": "comptabilite",
    "accounting.balance": "comptabilite#la-balance",
    "accounting.balance.clients": "comptabilite#la-balance-des-clients",
    "accounting.general_ledger": "comptabilite#le-grand-livre",
    "accounting.journal": "comptabilite#le-journal",
    "archives": "controle#produire-une-archive",
    "certificates": "controle#l-attestation",
    "books": "clotures#la-cloture-comptable",
    "clients": "clients",
    "closings": "clotures",
    "companies": "membres",
    "corrections": "suppression#corriger-une-facture",
    "dashboard": "premiers-pas",
    "debts": "paiements#creance-douteuse-ou-perdue",
    "files": "devis-factures#le-fichier-definitif",
    "fiscal": "reglages#exercices",
    "first_run": "premiers-pas#decrire-sa-societe",
    "formal_notices": "relances#mise-en-demeure",
    "imports": "import-csv",
    "inspection": "controle",
    "installation": "controle#verifier-sans-nous",
    "invoice_actions": "devis-factures#emettre",
    "invoices": "devis-factures",
    "journal": "registre#le-journal-technique",
    "ledger": "registre",
    "leftovers": "paiements#trop-percu-et-avoirs",
    "letters": "envois#vos-modeles-de-messages",
    "links": "envois#le-lien-du-client",
    "logo": "reglages#le-logo",
    "merging": "clients#doublons",
    "notifications": "compte#notifications",
    "outbox": "envois",
    "paf": "controle#la-piste-d-audit-fiable",
    "payments": "paiements",
    "penalties": "paiements#penalites-et-frais-de-recouvrement",
    "privacy": "donnees-personnelles#quelqu-un-vous-ecrit",
    "processing": "donnees-personnelles#le-registre-des-traitements",
    "products": "catalogue",
    "proofs": "registre#la-preuve",
    "silent": "donnees-personnelles#sans-contact-depuis-trois-ans",
    "quote_actions": "devis-factures#du-devis-a-la-facture",
    "quotes": "devis-factures",
    "receiving": "paiements#enregistrer-un-paiement",
    "recurring": "recurrences",
    "reminder_policy": "relances#automatiques-ou-a-la-main",
    "reminder_stops": "relances#suspendre",
    "reminders": "relances",
    "reminding": "relances#relancer-a-la-main",
    "search": "premiers-pas#trouver-ce-que-l-on-cherche",
    "sending": "envois",
    "settings": "reglages",
    "situations": "devis-factures#acomptes-situations-et-solde",
    "subscriptions": "offres#mes-adhesions",
    "team": "membres#inviter",
    "vat_due": "premiers-pas",
    "trail": "controle#la-piste-d-audit-fiable",
    # the help's own
    "contact": "assistance",
    "ideas": "assistance#proposer-une-idee",
    "news": "assistance#nouveautes",
    "tickets": "assistance",
}


def page_of(endpoint: str) -> str:
    """`name` or `name#anchor`; empty when no page goes with it. A family may stand inside another one."""
    while endpoint:
        if endpoint in PAGES:
            return PAGES[endpoint]
        endpoint = endpoint.rpartition(".")[0]
    return ""
