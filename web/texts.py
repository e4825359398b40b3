"""The French sentence of every refusal: of the rules, of the ledger, of its server.

A refusal carries facts, its sentence is here: `{number}` stands for the fact of that name, written by its kind
(`…_cents` as euros, dates as days). A test holds that no refusal is without a sentence.
"""

import dataclasses
from datetime import date
from typing import Any

from audit import certificate, hsm, publisher, seal
from documents import pdf, picture
from domain import (
    access,
    account,
    archive,
    books,
    cash,
    client,
    company,
    content,
    document,
    errors,
    fiscal_years,
    half_years,
    identity,
    invoice,
    issue_dates,
    letter,
    numbering,
    offer,
    payment,
    pricing,
    privacy,
    product,
    progress,
    quote,
    quote_invoicing,
    readiness,
    receipts,
    recurring,
    reminder,
    settlement,
    vat,
)
from ledger import errors as ledger
from ledger.commands import numbers, sendings
from web import labels
from web.filters import day, euros, percent
from web.subscriptions import refusals

TEXTS: dict[type[errors.DomainError], str] = {
    errors.NotFound: "Probant ne trouve pas {kind} dans cette société.",
    errors.Missing: "Il manque : {field}.",
    errors.Malformed: "{field} : « {value} » n’est pas valable.",
    access.AccountStillOpen: "Une société vient de vous être ouverte : rien n’est supprimé. Relisez cette page, puis"
    " recommencez.",
    access.LastOwner: "Une société garde toujours un titulaire : donnez d’abord ce rôle à un autre membre.",
    access.InvitationOver: "Cette invitation n’est plus valable : elle a servi, a été retirée ou a plus de sept jours."
    " Demandez-en une autre à la personne qui vous a invité.",
    account.NotIssued: "Cette facture n’est pas émise : elle ne peut être ni encaissée, ni corrigée par un avoir.",
    account.NothingLeft: "Il reste {left_cents} de ce règlement ou de cet avoir ; {asked_cents} sont demandés.",
    archive.NotKept: "Cette archive n’est pas dite conservée ailleurs : rien de ce qu’elle tient ne se purge.",
    archive.AlreadyKept: "L’endroit où cette archive est conservée est déjà inscrit au registre.",
    certificate.OtherMajorVersion: "L’éditeur répond de la version majeure {answers_for}, et c’est la {runs} qui"
    " tourne : il doit d’abord mettre à jour son fichier (PROBANT_PUBLISHER_FILE).",
    certificate.OwnSoftware: "Un logiciel développé pour son propre usage ne s’atteste pas soi-même : il lui faut un"
    " certificat délivré par un organisme accrédité (BOI-TVA-DECLA-30-10-30 § 270).",
    publisher.PublisherMissing: "Cette installation ne dit pas qui édite le programme : renseignez"
    " PROBANT_PUBLISHER_FILE.",
    publisher.PublisherRefused: "Le fichier de l’éditeur {file} ne peut pas être lu : {why}",
    client.ClientUsed: "Un document nomme ce client : il doit rester lisible. Archivez-le, il quittera les listes.",
    client.ClientArchived: "Ce client est archivé. Réactivez-le d’abord depuis sa fiche.",
    client.MergeRefused: "Cette fiche est archivée, ou c’est la même : on fusionne deux fiches en usage.",
    numbering.NumberingFixed: "Cette numérotation a déjà servi cette année : elle reste jusqu’au 31 décembre.",
    numbering.PatternTaken: "« {pattern} » donnerait des numéros qu’une autre série donne : à chacune son format.",
    numbers.SeriesBegun: "Cette série a déjà donné {number} : elle continue de là.",
    fiscal_years.FiscalYearRefused: "Un exercice suit le précédent sans trou et dure 24 mois au plus : du {first_on} au"
    " {last_on} n’en est pas un.",
    fiscal_years.FiscalYearBegun: "L’exercice commencé le {first_on} a déjà des écritures : sa fin ne change plus.",
    books.EndsNoPeriod: "Le {on} ne termine ni un mois, ni un exercice défini : choisissez l’un ou l’autre.",
    books.PeriodNotOver: "La période qui s’achève le {on} n’est pas finie : elle se clôt à partir du lendemain.",
    company.PeriodClosed: "La comptabilité est close jusqu’au {closed_through} : le {on} n’est plus possible.",
    content.Stale: "Quelqu’un a enregistré ce document entre-temps. Rouvrez-le pour voir ses changements.",
    pdf.NotPrintable: "Ces caractères ne peuvent pas être imprimés : {characters}. Remplacez-les dans le document.",
    picture.NotALogo: "Ce fichier ne peut pas être un logo : choisissez une image PNG ou JPEG, de 2 Mo au plus.",
    pdf.PaperTooLong: "Ce document a {lines} lignes ; un PDF en porte {limit} au plus.",
    pdf.RenderFailed: "Le PDF n’a pas pu être fait ({reason}). Le document, lui, est intact : réessayez.",
    privacy.NothingToErase: "Il n’y a plus rien à effacer ici : aucune donnée de personne n’est gardée.",
    half_years.LateRateTooLow: "{rate_bp} par an ne suffit pas : un taux convenu est d’au moins {least_bp}, trois fois"
    " l’intérêt légal (Code de commerce, art. L441-10). Laissez vide pour le taux de la loi.",
    document.NotFrozen: "Le fichier de ce document n’est pas encore fait : réessayez dans un instant.",
    identity.SeatAbroad: "Le siège est en France : une entreprise qui n’y est pas établie ({country}) facture par un"
    " représentant fiscal, que Probant n’imprime pas.",
    invoice.NotDraft: "La facture {number} n’est plus un brouillon. Une facture émise se corrige par un avoir.",
    issue_dates.IssueDateRefused: "La date d’émission doit être entre le {earliest} et le {latest} : les factures se"
    " suivent dans l’ordre, sans remonter de plus de dix jours.",
    issue_dates.PaidAfterIssue: "Ce règlement est du {received_on}, après la date d’émission : affectez-le une fois"
    " la facture émise.",
    numbering.PatternRefused: "« {pattern} » ne peut pas numéroter : lettres, chiffres, « / _ + - » et une seule suite"
    " de « # », 35 caractères au plus.",
    payment.AlreadyReversed: "Cette écriture a déjà été annulée.",
    pricing.NothingToDiscount: "« {label} » ({amount_cents}) n’a aucune ligne sur laquelle se répartir.",
    product.ProductArchived: "Cet article est archivé. Réactivez-le d’abord depuis sa fiche.",
    quote.SendDateRefused: "Un devis du {earliest} a déjà reçu un numéro : celui-ci ne peut pas être daté d’avant.",
    progress.DiscountInSituations: "Une remise en euros sur tout le devis ne se répartit pas entre des situations :"
    " révisez le devis avec une remise en pourcentage, ou sur ses lignes.",
    progress.InSituations: "Le devis {number} se facture par situations : la dernière, à 100 %, est son solde.",
    progress.NothingDone: "Cette situation du devis {number} ne facturerait rien : augmentez l’avancement d’une ligne.",
    quote_invoicing.DraftPending: "Une facture de ce devis est encore en brouillon : émettez-la ou"
    " abandonnez-la d’abord, pour que le solde déduise ce qui a été facturé.",
    offer.OfferExpired: "Le devis {number} était valable jusqu’au {valid_until} : il ne peut plus être accepté ici.",
    offer.OfferReplaced: "Le devis {number} a été révisé entre-temps : ce n’est plus cette offre qui vaut.",
    quote.QuoteState: "Ce devis est dans l’état « {state} » : cette action n’y est pas possible.",
    letter.PlaceholderUnknown: "Ce modèle ne connaît pas : {places}. Il connaît : {known}.",
    readiness.NotReady: "Pour émettre, il manque : {fields}.",
    recurring.NotDue: "Aucune facture n’est due pour le {due_on} : elle est déjà faite, ou la récurrence a changé.",
    recurring.RecurringStopped: "Cette récurrence est dans l’état « {state} » : cette action n’y est pas possible.",
    recurring.StartsInPast: "Le {first_on} est passé : une récurrence ne facture pas en arrière. Commencez au plus tôt"
    " le {day}.",
    reminder.NotReminded: "Cette facture ne peut pas être relancée : {why}.",
    reminder.NotSuspended: "Les relances de cette facture ne sont pas suspendues.",
    receipts.AllocatedTooMuch: "Le règlement apporte {amount_cents} ; {allocated_cents} sont affectés.",
    cash.CashRefused: "Une dette de {debt_cents} dépasse {limit_cents} : la loi interdit de la régler en espèces, même"
    " en partie.",
    receipts.DateInFuture: "Le {on} est à venir : on n’enregistre que ce qui a eu lieu.",
    receipts.OfAnotherClient: "{number} appartient à un autre client.",
    receipts.PaymentUsed: "Le trop-perçu de ce règlement a été remboursé ou affecté ailleurs : annulez cela d’abord.",
    settlement.AlreadyDoubtful: "Cette créance est déjà suivie comme douteuse.",
    settlement.CreditsTooMuch: "Il reste {left_cents} HT à {rate_bp} sur cette facture ; l’avoir en reprend"
    " {base_cents}.",
    settlement.SettlesTooMuch: "Cette facture n’attend plus que {outstanding_cents} ; {amount_cents} sont affectés."
    " Laissez le reste en crédit du client.",
    vat.VatNotSupported: "La TVA d’un autre pays (guichet unique) et celle sur la marge ne sont pas encore tenues par"
    " Probant, qui refuse plutôt que de mal compter.",
    vat.VatRateUnknown: "Le taux de {rate_bp} n’existe pas ici au {on}.",
    vat.VatReasonMissing: "Une ligne sans TVA doit en dire le motif : choisissez-le dans la liste de la ligne,"
    " ou un taux.",
    ledger.CommandReused: "Ce formulaire a déjà servi à une autre demande. Rouvrez la page pour voir où vous en êtes.",
    ledger.LedgerReadOnly: "Le registre est en lecture seule : rien ne peut y être inscrit pour le moment.",
    ledger.TrainingOnly: "Seule une société d’école peut choisir son jour.",
    refusals.SubscriptionEnded: "L’adhésion a pris fin le {ended_on} : les livres se lisent, s’exportent et s’archivent"
    " toujours, mais rien de nouveau n’y entre. Renouvelez-la dans « Mes adhésions ».",
    refusals.SubscriptionUnpaid: "Une facture d’abonnement n’est pas payée. Réglez-la, puis écrivez à l’assistance :"
    " elle rouvrira l’adhésion.",
    refusals.DocumentsUsed: "Les {limit} documents du mois de l’offre {plan} sont utilisés. Le brouillon est gardé :"
    " changez d’offre dans « Mes adhésions », ou émettez-le le mois prochain. Un avoir reste possible.",
    refusals.UsersUsed: "L’offre {plan} ne compte pas plus d’utilisateurs par société (limite : {limit}) : changez"
    " d’offre dans « Mes adhésions », ou retirez d’abord un membre.",
    refusals.CompaniesUsed: "L’offre {plan} n’ouvre pas plus de sociétés (limite : {limit}) : changez d’offre dans"
    " « Mes adhésions » pour en ouvrir une autre.",
    refusals.PlanTooSmall: "L’offre {plan} ne suffit pas à ce qui sert aujourd’hui (sociétés : {companies},"
    " utilisateurs : {users}) : retirez d’abord des membres, ou gardez une offre plus grande.",
    refusals.SirenTaken: "Une société de SIREN {siren} tient déjà ses livres ici. Demandez à son titulaire de vous y"
    " inviter ; si personne chez vous ne l’a ouverte, écrivez-nous.",
    sendings.MailState: "Ce message est dans l’état « {state} » : cette action n’y est pas possible.",
    sendings.RecipientGone: "Un destinataire choisi n’a plus d’adresse e-mail sur la fiche du client.",
}

SERVER_TEXTS: dict[type[ledger.ServerError], str] = {
    ledger.FolderUnwritable: "Le dossier {folder} ne peut pas être créé ou écrit : donnez-y le droit d’écrire.",
    ledger.FolderUnreachable: "PostgreSQL, qui tourne sous l’utilisateur {user}, ne peut pas entrer dans {folder}.",
    ledger.DiskFull: "Le disque de {folder} est plein. Rien n’est perdu : libérez de la place, puis relancez.",
    ledger.WrongMajor: "Les données de {folder} sont de PostgreSQL {found}, ce programme apporte PostgreSQL {expected}."
    " Rien n’a été touché.",
    ledger.ServerFailed: "PostgreSQL ne démarre pas dans {folder}. Il dit :\n{told}",
    ledger.VersionUnsupported: "Ce serveur est de PostgreSQL {found} ; il faut une version de 15 à 18.",
    ledger.SchemaNewer: "Un Probant plus récent a déjà servi ici (schéma {found}, connu {known}) : mettez à jour.",
    ledger.SettingRefused: "{name} : « {value} » n’est pas possible ici. Le README dit ce que cette variable accepte.",
    ledger.KeyLocked: "La clé {file} ne s’ouvre pas : la phrase de passe n’est pas la sienne, ou le fichier est abîmé.",
    ledger.KeyUndeclared: "La clé des points de contrôle qui est dans {file} n’est pas celle que le registre annonce :"
    " remettez la bonne en place, ou déclarez sa perte par « probant keys rotate --cause loss ».",
    hsm.TokenSilent: "Le module de sécurité « {token} » ne signe pas ({why}). Rien n’a été scellé.",
    seal.SealExpired: "Le certificat du cachet {file} a expiré le {expired_on} : importez le nouveau par"
    " « probant keys import ». Rien n’a été produit.",
    ledger.NotAnExtension: (
        "Un point de contrôle de {known} écritures a déjà été signé pour le registre {ledger}, et ces {asked} écritures"
        " n’en sont pas la suite : rien n’a été signé. Voyez « probant restore declare »."
    ),
    ledger.SecretKeyMissing: "La clé {file} manque. « probant init » la crée une seule fois ; sinon, restaurez-la.",
}


def sentence(error: errors.DomainError) -> str:
    """Why a command was refused, in French."""
    return _said(TEXTS[type(error)], error)


def server_sentence(error: ledger.ServerError) -> str:
    """Why the database does not answer, in French."""
    return _said(SERVER_TEXTS[type(error)], error)


def at_field(error: errors.DomainError) -> dict[str, str]:
    """The fields of a form that a refusal is about, each with its sentence; empty when it is about the whole."""
    match error:
        case errors.Missing(field):
            return {field: "À remplir."}
        case errors.Malformed(field, value):
            return {field: f"« {value} » n’est pas valable." if value else "À remplir."}
        case numbering.NumberingFixed(kind) | numbering.PatternTaken(kind):
            return {f"number_{kind}": sentence(error)}
        case settlement.SettlesTooMuch(invoice_id):
            return {f"cash.{invoice_id}": sentence(error)}
    field = AT.get(type(error), "")
    return {field: sentence(error)} if field else {}


AT: dict[type[errors.DomainError], str] = {
    half_years.LateRateTooLow: "late_rate",
    refusals.SirenTaken: "siren",
    issue_dates.IssueDateRefused: "issued_on",
    recurring.StartsInPast: "first_on",
    cash.CashRefused: "method",
    receipts.AllocatedTooMuch: "amount",
    account.NothingLeft: "amount",
    receipts.DateInFuture: "on",
}


def _said(text: str, error: Any) -> str:
    return text.format_map({f.name: _written(f.name, getattr(error, f.name)) for f in dataclasses.fields(error)})


def _written(name: str, value: Any) -> str:
    """A fact as a person reads it."""
    match name:
        case "field":
            return labels.field(value)
        case "fields" | "characters" | "places" | "known":
            return ", ".join(labels.field(item) if name == "fields" else item for item in value)
        case "kind" | "state" | "why":
            return labels.KINDS.get(value) or labels.STATES.get(value) or labels.HINDRANCES.get(value) or str(value)
    if name.endswith("_cents"):
        return euros(value)
    if name.endswith("_bp"):
        return percent(value)
    return day(value) if isinstance(value, date) else str(value)
