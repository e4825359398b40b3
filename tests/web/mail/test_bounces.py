import os
import subprocess
import sys
from uuid import uuid4

import pytest

from tests.web.mail.conftest import look
from web.mail.bounces import Bounce, bounce
from web.mail.task import send_mail

WHY = "550 5.1.1 contact@parc.example: user unknown"
REPORT = """From: MAILER-DAEMON@mx.parc.example
Message-ID: <20261124.1@mx.parc.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Votre message n’a pas pu être remis.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.parc.example

Final-Recipient: rfc822; contact@parc.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 contact@parc.example:
 user unknown
--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: Votre facture
--b--
"""


def report(message_id: str, action: str = "failed", returned: str = "message/rfc822") -> bytes:
    return REPORT.format(message_id=message_id, action=action, returned=returned).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_names_our_mail_and_says_why(returned):
    mail, company = uuid4(), uuid4()
    found = bounce(report(f"<{mail}.{company}@probant.example>", returned=returned))
    assert found == Bounce(company, mail, WHY)


@pytest.mark.parametrize(
    "other",
    [
        report("<other@somewhere.example>"),
        report(f"<{uuid4()}.{uuid4()}@probant.example>", action="delayed"),
        b"Subject: Absence\r\n\r\nJe suis absent.",
        b"",
        b"\xff\x00",
    ],
    ids=["of another", "still tried", "an answer", "nothing", "noise"],
)
def test_any_other_mail_is_left_alone(other):
    assert bounce(other) is None


def test_a_mail_that_came_back_is_shown_and_may_be_sent_again(posting, shop, asked, owner, postman):
    send_mail(posting, company_id=str(shop.id), sending_id=str(asked))
    told = report(look(posting, shop, asked).message_id)
    environment = os.environ | {"PROBANT_DATA": str(posting.settings.data)}
    command = [sys.executable, "-c", "from web.cli import main; main()", "bounced"]
    for _ in range(2):  # a second report of the same changes nothing
        done = subprocess.run(command, input=told, env=environment, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    mail = look(posting, shop, asked)
    assert (mail.state, mail.told) == ("bounced", WHY)
    page = f"/envois/{asked}"
    assert "Revenu" in owner.get(page).text
    assert owner.submit(page, f"{page}/renvoyer").status_code == 303
    send_mail(posting, company_id=str(shop.id), sending_id=str(asked))
    assert look(posting, shop, asked).state == "sent"
    assert len(postman.taken) == 2
