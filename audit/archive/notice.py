"""LISEZMOI.txt: the explanatory notice in French that the tax administration asks for inside an archive.

Source: BOI-TVA-DECLA-30-10-30 § 230 (2026-03-25).
"""

from typing import NamedTuple


class Facts(NamedTuple):
    """What the notice names; `verify_py`, `verify_sh`, `certificate` = their SHA-256, in hex."""

    company: str
    siren: str
    ledger: str
    first: str
    last: str
    from_pos: int
    to_pos: int
    recorded: str
    software: str
    stamped: bool
    training: bool
    provisional: bool
    keeping: str
    verify_py: str
    verify_sh: str
    certificate: str


def notice(facts: Facts) -> str:
    return NOTICE.format(
        **facts._asdict(),
        school="\nRegistre d’école : tout y est FACTICE.\n" if facts.training else "",
        state=PROVISIONAL if facts.provisional else "",
        stamp=STAMPED if facts.stamped else NOT_STAMPED,
        books=FULL if facts.keeping == "full" else SALES,
    )


PROVISIONAL = (
    "\nARCHIVE PROVISOIRE : produite avant la fin de son dernier jour ; ce qui a été enregistré ensuite n’y est pas,\n"
    "et l’archive suivante le contient.\n"
)
STAMPED = (
    "   openssl ts -verify -token_in -in META-INF/timestamp002.tst -data META-INF/ASiCManifest002.xml \\\n"
    "     -CAfile racine-tsa.pem"
)
NOT_STAMPED = (
    "   (Cette archive n’est pas horodatée : aucune autorité n’était réglée. Sa date n’est prouvée que par un point\n"
    "   de contrôle que vous détenez d’ailleurs.)"
)
FULL = "comptabilite/  fichier des écritures comptables (FEC) des exercices touchés, art. A47 A-1 du LPF"
SALES = "comptabilite/  écritures de ventes ; ce n’est PAS le FEC : la comptabilité est tenue dans un autre logiciel"
NOTICE = """ARCHIVE DES ÉCRITURES DE FACTURATION ET D’ENCAISSEMENT
=======================================================
{school}{state}
Société : {company}, SIREN {siren}
Registre : {ledger}
Jours d’enregistrement : du {first} au {last}
Écritures : {from_pos} à {to_pos}, toutes, sans exception, {recorded}.
Les clôtures du dernier jour, enregistrées ensuite, en sont ; l’archive suivante commence à l’écriture d’après.
Produite par Probant {software} (CGI, art. 286, I, 3° bis ; BOI-TVA-DECLA-30-10-30)

CE QUE CONTIENT CETTE ARCHIVE
registre/      chaque écriture telle qu’elle a été enregistrée, une ligne de texte (JSON) par écriture ;
               chaque ligne est enchaînée à la précédente : empreinte = SHA-256(empreinte précédente, LF, ligne, LF) ;
               points-de-controle/ : têtes signées du registre ; empreintes.bin : l’empreinte de toutes les écritures
coffre/        les valeurs personnelles que les lignes ne portent que sous forme d’engagement, ou leur effacement
{books}
tableaux/      les mêmes faits en tableaux (CSV), pour la lecture
documents/     les factures, avoirs et devis tels qu’ils ont été émis (PDF/A-3, Factur-X), et leur index
cles/          certificat du cachet (cachet.pem), clés publiques des points de contrôle (registre-*.pem), leurs
               changements ; le certificat de l’autorité d’horodatage est dans son jeton

CE QUI PROUVE QUOI
Tous les fichiers : leur empreinte, sous le cachet et l’horodatage (contrôles 1 à 3). registre/ : la chaîne, l’arbre et
les signatures (4 et 5), les numéros, montants et clôtures (7 à 9). coffre/ : 6. comptabilite/ : 10, ligne à ligne ;
les lignes d’avant la première écriture sont reprises, non prouvées. documents/ et leur index : 11.
tableaux/ : numéros, dates, montants, ordre et noms d’entreprises sont confrontés au registre (1) ; les libellés et les
noms de personnes ne le sont pas : registre/ et coffre/ font foi.

VÉRIFIER, SANS PROBANT
1. unzip archive.asice -d archive && cd archive && sha256sum -c SHA256SUMS && sh verify.sh
2. openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml \\
     -CAfile racine.pem -purpose any -out /dev/null
   Certificat du signataire, SHA-256 : {certificate}
3.
{stamp}
4. python3 -I verify.py ../archive.asice      (Python 3.8 ou plus, sans rien installer ; douze contrôles)
   Avec un point de contrôle que vous détenez déjà : ajoutez --checkpoint FICHIER
   Avec l’empreinte imprimée sur une facture (64 chiffres dans le code, les 32 premiers en clair) : --empreinte HEX
Prenez de préférence verify.py et verify.sh ailleurs que dans l’archive. Leurs empreintes SHA-256 :
   verify.py {verify_py}
   verify.sh {verify_sh}
Après la fin de validité des certificats, ajoutez aux commandes openssl : -attime <instant du jeton, en secondes>.
Avant la fin du certificat de l’autorité, faites horodater de nouveau ce fichier entier (RFC 3161), et gardez le nouveau
jeton à côté : il prouvera que l’archive existait quand l’ancien valait encore.

CE QU’ELLE NE PROUVE PAS SEULE
- Qui tient le logiciel pourrait réécrire le registre entier, le signer et l’horodater de nouveau depuis le dernier
  point de contrôle qu’un autre que lui détient. Comparez avec un point de contrôle reçu ailleurs : par la société,
  son expert-comptable, un témoin, ou l’empreinte imprimée sur une facture.
- Un second registre du même SIREN, ou une vente jamais enregistrée, ne laissent aucune trace ici.
- Ce qui repose sur registre/etat.json est repris de l’archive précédente (« repris, non prouvé »).
"""
