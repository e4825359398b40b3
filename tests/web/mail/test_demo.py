from email import message_from_bytes, policy

from web.mail import smtp
from web.mail.demo import letterbox
from web.mail.message import SEVEN_BITS, EmailMessage


def test_what_the_demo_sends_arrives_as_a_file_and_goes_no_further(settings):
    message = EmailMessage(policy=SEVEN_BITS)
    message["Subject"] = "Facture à l’essai"
    message.set_content("Bonjour.")
    with letterbox(settings) as posting, smtp.session(posting) as server:
        assert posting.smtp_host == "127.0.0.1"
        server.address(posting.mail_from, ["personne@exemple.invalid"])
        server.deliver(message)
    (file,) = (settings.data / "courrier").iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "Facture à l’essai"
