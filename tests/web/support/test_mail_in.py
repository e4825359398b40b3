"""Mails of the service to a person and her answers by mail, through `probant mail-in` as a mail server pipes them."""

import os
import subprocess
import sys
from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest

from tests.web.support.conftest import SUPPORT, ask, letter
from web.support import reply_to
from web.support.letters import MARKER
from web.support.mail_in import taken


@pytest.fixture
def house(app, settings, monkeypatch):
    """The settings of an installation that takes mails, also in its pages."""
    house = replace(settings, support_mail=SUPPORT, mail_from="factures@probant.example")
    monkeypatch.setitem(app.extensions, "settings", house)
    return house


@pytest.fixture
def bring(job_pool, house):
    """`bring(mail, **settings)`: as the mail server does; what `probant mail-in` says."""

    def bring(mail: EmailMessage | bytes, **changed) -> str:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with job_pool.connection() as conn:
            return taken(conn, replace(house, **changed), raw)

    return bring


def thread(connect, ticket_id) -> list[tuple[str, str]]:
    found = connect("postgres").execute(
        "SELECT side, body FROM support.message WHERE ticket_id = %s ORDER BY at, id", [ticket_id]
    )
    return found.fetchall()


def status(connect, ticket_id) -> str:
    return connect("postgres").execute("SELECT status FROM support.ticket WHERE id = %s", [ticket_id]).fetchone()[0]


def the_ticket(connect, sender: str) -> UUID:
    found = connect("postgres").execute("SELECT id FROM support.ticket WHERE email = %s", [sender]).fetchall()
    assert len(found) == 1, found
    return found[0][0]


def test_an_answer_by_mail_comes_back_to_its_thread(house, asker, operator, posted, bring, connect):
    path = ask(asker, subject="Par courrier")
    ticket_id, address = UUID(path.rpartition("/")[2]), f"{asker.name}@exemple.fr"
    (received,) = posted(address)
    assert "Par courrier" in received.get_body(("plain",)).get_content()
    operator.submit(path.replace("/aide/", "/operateur/"), body="Quelle taille a votre image ?")
    (answer,) = posted(address)
    assert "Quelle taille a votre image ?" in answer.get_body(("plain",)).get_content()
    assert answer["In-Reply-To"] == received["Message-ID"]
    assert (answer["Auto-Submitted"], status(connect, ticket_id)) == ("auto-generated", "answered")
    reply = letter(address, f"40 pixels.\n\nLe 24 nov. 2026, Probant a écrit :\n> {MARKER}\n> Quelle taille ?")
    del reply["To"]
    reply["To"] = answer["Reply-To"]
    assert bring(reply).startswith("Ajouté à la demande")
    assert thread(connect, ticket_id)[-1] == ("person", "40 pixels.")
    assert status(connect, ticket_id) == "open"
    assert "par e-mail" in asker.get(path).text
    operator.submit(path.replace("/aide/", "/operateur/"), body="Il en faut 200.")
    (answer,) = posted(address)
    assert answer["In-Reply-To"] == reply["Message-ID"]


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
def test_an_answer_without_our_address_is_known_by_what_it_answers(house, asker, posted, bring, connect, header):
    ticket_id, address = UUID(ask(asker).rpartition("/")[2]), f"{asker.name}@exemple.fr"
    (received,) = posted(address)
    reply = letter(address, "Voici la suite.")
    reply[header] = f"<autre@exemple.fr> {received['Message-ID']}"
    assert bring(reply).startswith("Ajouté")
    assert thread(connect, ticket_id)[-1] == ("person", "Voici la suite.")


def test_the_same_mail_twice_is_one_message(asker, bring, house, connect):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    reply = letter(f"{asker.name}@exemple.fr", "Une fois")
    reply.replace_header("To", reply_to.address(house, ticket_id))
    assert [bring(reply).partition(" ")[0] for _ in range(2)] == ["Ajouté", "Déjà"]
    assert [body for _, body in thread(connect, ticket_id)].count("Une fois") == 1


def test_an_altered_token_names_nothing(asker, bring, house, connect):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    local, _, domain = reply_to.address(house, ticket_id).partition("@")
    for token in (f"{local[:-2]}{'a' if local[-2] != 'a' else 'b'}{local[-1]}", local[:-1], f"{local}a"):
        mail = letter(f"x-{uuid4().hex[:8]}@exemple.fr")
        mail.replace_header("To", f"{token}@{domain}")
        assert bring(mail, support_strangers="drop") == "Refusé : ne répond à aucune demande."
    assert len(thread(connect, ticket_id)) == 1
    assert (
        reply_to.ticket_of(replace(house, secret_key_file=house.secret_key_file), f"{local.upper()}@{domain}")
        == ticket_id
    )


def test_a_message_id_that_is_known_makes_no_second_request(bring, connect):
    mail, copy = (letter(f"{who}-{uuid4().hex[:8]}@exemple.fr") for who in ("vraie", "autre"))
    copy.replace_header("Message-ID", mail["Message-ID"])
    assert [bring(one).partition(" ")[0] for one in (mail, copy)] == ["Nouvelle", "Déjà"]
    found = connect("postgres").execute("SELECT count(*) FROM support.ticket WHERE email = %s", [copy["From"]])
    assert found.fetchone() == (0,)


def test_a_stranger_opens_a_request_or_is_dropped(bring, connect, posted):
    sender = f"s-{uuid4().hex[:10]}@exemple.fr"
    mail = letter(sender, "Je n’ai pas de compte.")
    assert bring(mail, support_strangers="drop").startswith("Refusé")
    assert bring(mail).startswith("Nouvelle demande")
    assert bring(mail).startswith("Déjà reçu")
    ticket_id = the_ticket(connect, sender)
    assert thread(connect, ticket_id) == [("person", "Je n’ai pas de compte.")]
    (received,) = posted(sender)
    assert received["In-Reply-To"] == mail["Message-ID"]
    assert mail["Subject"].rpartition(" ")[2] not in received.as_string()
    assert "pas de compte" not in received.as_string()  # what a stranger typed is sent to nobody


@pytest.mark.parametrize(("header", "value"), [
    ("Auto-Submitted", "auto-replied"), ("Auto-Submitted", "auto-generated (vacances)"), ("Precedence", "bulk"),
    ("Precedence", "LIST"), ("Return-Path", "<>"), ("List-Id", "<liste.exemple.fr>"), ("X-Autoreply", "yes"),
    ("From", "MAILER-DAEMON@exemple.fr"), ("From", "no-reply@exemple.fr"), ("From", SUPPORT),
    ("From", "aide+abc@Probant.example"), ("From", "factures@probant.example"), ("From", "sans adresse"),
    ("From", "a@exemple.fr, b@exemple.fr"),
])  # fmt: skip
def test_what_a_machine_sent_is_refused(bring, asker, house, connect, header, value):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    mail = letter(f"m-{uuid4().hex[:8]}@exemple.fr", **{header: value})
    mail.replace_header("To", reply_to.address(house, ticket_id))
    assert bring(mail).startswith("Refusé")
    assert len(thread(connect, ticket_id)) == 1


def test_a_report_of_a_mail_server_is_refused(bring):
    mail = letter("postier@exemple.fr")
    mail.replace_header("Content-Type", 'multipart/report; report-type=delivery-status; boundary="x"')
    assert bring(mail).startswith("Refusé")


def test_no_loop_of_machines_goes_on(bring, connect):
    sender = f"boucle-{uuid4().hex[:8]}@exemple.fr"
    said = [bring(letter(sender, f"Encore {n}")).partition(" ")[0] for n in range(22)]
    assert said == ["Nouvelle"] * 20 + ["Refusé"] * 2


def test_a_mail_in_html_is_read_as_text(bring, connect):
    sender = f"h-{uuid4().hex[:8]}@exemple.fr"
    mail = letter(sender)
    mail.set_content(
        "<html><head><style>p {color:red}</style></head><body><p>Premi&egrave;re ligne</p><p>Seconde<br>"
        f"Troisi&egrave;me</p><script>alert(1)</script><blockquote>{MARKER} cach&eacute;</blockquote></body></html>",
        subtype="html",
    )
    bring(mail)
    ((_, body),) = thread(connect, the_ticket(connect, sender))
    assert [line for line in body.split("\n") if line] == ["Première ligne", "Seconde", "Troisième"]


@pytest.mark.parametrize("raw", [
    b"", b"\x00\xff\xfe", b"From: x@exemple.fr\n\n", b"Subject: rien\n\ntexte", b"From: =?utf-8?b?////?= <a@@b>\n\nx",
    b"From: a@exemple.fr\nContent-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: base64\n\n!!!",
    b"From: a@exemple.fr\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x--\n",
    b"From: a@exemple.fr\nTo: " + b"x" * 5000 + b"\nIn-Reply-To: <" + b"<" * 300 + b"\n\n" + b"\x00" * 50,
])  # fmt: skip
def test_nonsense_never_breaks_it(bring, raw):
    assert bring(raw, support_strangers="drop").startswith("Refusé")


OUTLOOK = """________________________________
De : Probant <factures@probant.example>
Envoyé : mardi 24 novembre 2026 15:54
À : claire@exemple.fr
Objet : Re: Mon logo"""


@pytest.mark.parametrize("introduced", [
    "Le mar. 24 nov. 2026 à 15:54, Probant <factures@probant.example> a écrit :",
    "Le mar. 24 nov. 2026 à 15:54, Probant <factures@probant.example> a\nécrit :",
    "On 24 Nov 2026, at 15:54, Probant wrote:", OUTLOOK, "-----Original Message-----\nFrom: Probant\nTo: Claire", "",
])  # fmt: skip
def test_what_a_mail_program_quotes_is_left_out(bring, connect, introduced):
    sender = f"q-{uuid4().hex[:8]}@exemple.fr"
    bring(letter(sender, f"Oui : à 9 h.\nLe lundi.\n\n{introduced}\n\n> {MARKER}\n> Bonjour"))
    assert thread(connect, the_ticket(connect, sender)) == [("person", "Oui : à 9 h.\nLe lundi.")]


def test_a_long_mail_is_cut_and_says_so(bring, connect):
    sender = f"l-{uuid4().hex[:8]}@exemple.fr"
    bring(letter(sender, "mot " * 10_000))
    ((_, body),) = thread(connect, the_ticket(connect, sender))
    assert len(body) <= 10_000
    assert body.endswith("[Message coupé : il était trop long.]")


def test_an_answer_of_somebody_else_says_who_wrote_it(asker, bring, house):
    path = ask(asker)
    mail = letter("collegue@exemple.fr", "Je réponds pour elle.")
    mail.replace_header("To", reply_to.address(house, UUID(path.rpartition("/")[2])))
    assert bring(mail).startswith("Ajouté")
    assert "de collegue@exemple.fr" in asker.get(path).text


def piped(settings, mail: bytes, **environ: str) -> tuple[int, str]:
    """`probant mail-in` as a mail server runs it: its exit code and all that it said."""
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", "mail-in"]
    told = os.environ | settings.environ() | {"PROBANT_SUPPORT_MAIL": SUPPORT} | environ
    done = subprocess.run(command, input=mail, env=told, capture_output=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_mail_server_pipes_a_mail_into_the_command(settings, server, read_tables):
    sender = f"p-{uuid4().hex[:8]}@exemple.fr"
    code, said = piped(settings, letter(sender).as_bytes())
    assert (code, said.partition(" ")[0]) == (0, "Nouvelle")
    assert piped(settings, letter(sender, Auto_Submitted="auto-replied").as_bytes()) == (
        0,
        "Refusé : réponse automatique.\n",
    )


def test_a_mail_waits_at_the_mail_server_while_the_database_is_away(settings):
    code, said = piped(settings, b"x", PROBANT_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert code == 75
    assert "à présenter de nouveau" in said
    assert "nobody" not in said
