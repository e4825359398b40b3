"""Something in the console and on the board of ideas: the demo's person asks, and as operator answers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from ledger.postgres import Pool
from web.operator.announcements import TELL
from web.operator.cli import appoint
from web.support import idea_rows, rows
from web.support.people import be

ASKED = "Bonjour,\nmon logo paraît flou sur les factures imprimées. Que faut-il envoyer ?"
ANSWERED = (
    "Bonjour,\nune image PNG d’au moins 200 pixels de haut. « Réglages », « Logo » : elle vaudra pour vos prochains"
    " documents.\nL’assistance"
)
WELCOME = "Bienvenue dans la démonstration", "Tout y est factice : essayez sans crainte."
IDEAS = (
    ("Relancer aussi par SMS", "Certains clients ne lisent pas leurs e-mails.", "proposed", ""),
    ("Importer les relevés de banque", "Pour rapprocher les virements.", "planned", "Prévu : CAMT.053, OFX et CSV."),
    ("Recevoir les réponses par e-mail", "", "done", "C’est fait : répondez au message reçu."),
)


def talk(web: Pool, job: Pool, user_id: UUID, username: str, company_id: UUID) -> None:
    """A request that is answered, one that waits, three ideas, an announcement."""
    with job.connection() as conn:
        appoint(conn, username, operator=True)
    with web.connection() as conn, conn.transaction():
        be(conn, user_id)
        for subject, answered in (("Mon logo est flou", True), ("Changer d’expert-comptable", False)):
            ticket = rows.new(uuid4(), username, "demo@probant.invalid", subject, user_id, company_id)
            rows.open_(conn, ticket, ASKED if answered else "Comment retirer l’ancien et inviter le nouveau ?")
            if answered:
                rows.say(conn, uuid4(), ticket.id, "operator", user_id, ANSWERED)
        for title, body, status, answer in IDEAS:
            idea_id = uuid4()
            idea_rows.propose(conn, idea_id, user_id, title, body)
            if status != "proposed":
                idea_rows.decide(conn, idea_id, status, answer)
        conn.execute(TELL, [uuid4(), *WELCOME, datetime.now(UTC) + timedelta(days=30)])
