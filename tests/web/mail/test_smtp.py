"""The handing over to a server that encrypts and asks who we are."""

import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.web.mail.conftest import Postman
from web.mail import smtp
from web.mail.message import BadAddress, wire

# aiosmtpd takes a connection that is encrypted from the start for a plain one
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and its certificate for 127.0.0.1, signed by itself."""
    key, file = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("tls") / "server.pem"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "password"
    file.write_text("patisserie\n", encoding="utf-8")
    return file


@pytest.fixture(params=["starttls", "tls"])
def guarded(request, settings, certificate, secret):
    """Settings of a server that takes mails by TLS and from `probant` only, and the server's memory."""
    context, postman = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), Postman()
    context.load_cert_chain(certificate)

    def known(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"probant", b"patisserie"), handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    way = {"ssl_context": context} if request.param == "tls" else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        postman, hostname="127.0.0.1", port=port, authenticator=known, auth_required=True,
        auth_require_tls=request.param == "starttls", **way,
    )  # fmt: skip
    controller.start()
    yield replace(
        settings, smtp_host="127.0.0.1", smtp_port=port, smtp_security=request.param, smtp_user="probant",
        smtp_password_file=secret, mail_from="factures@probant.example",
    ), postman  # fmt: skip
    controller.stop()


def hand_over(settings):
    message = EmailMessage()
    message.set_content("Bonjour.")
    with smtp.session(settings) as server:
        assert server.address("factures@probant.example", ["a@b.example"]) == {}
        server.deliver(message)


def test_a_mail_goes_encrypted_to_a_server_that_knows_us(guarded, certificate, monkeypatch):
    settings, postman = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    hand_over(settings)
    assert len(postman.taken) == 1


def test_a_server_whose_certificate_nobody_signed_gets_nothing(guarded):
    settings, postman = guarded
    with pytest.raises(smtp.Later, match="nothing for now") as refused:
        hand_over(settings)
    assert "CERTIFICATE_VERIFY_FAILED" in refused.value.told
    assert postman.taken == []


def test_a_wrong_password_is_the_operators_to_correct_and_loses_nothing(guarded, certificate, monkeypatch, secret):
    settings, postman = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secret.write_text("autre", encoding="utf-8")
    with pytest.raises(smtp.Later) as refused:
        hand_over(settings)
    assert refused.value.told.startswith("535")
    assert "autre" not in refused.value.told
    assert postman.taken == []


def test_a_password_that_smtp_cannot_carry_is_told_without_a_letter_of_it(guarded, certificate, monkeypatch, secret):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secret.write_text("pâtisserie", encoding="utf-8")
    with pytest.raises(smtp.Later) as refused:
        hand_over(guarded[0])
    assert refused.value.told == smtp.NOT_ASCII


def test_a_password_file_that_is_not_there_loses_nothing(guarded, certificate, monkeypatch, secret):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secret.unlink()
    with pytest.raises(smtp.Later):
        hand_over(guarded[0])


def test_a_server_without_starttls_never_sees_the_password(settings, postman, mail_settings, secret):
    plain = replace(mail_settings, smtp_security="starttls", smtp_user="probant", smtp_password_file=secret)
    with pytest.raises(smtp.Later) as refused:
        hand_over(plain)
    assert "STARTTLS" in refused.value.told
    assert postman.taken == []


@pytest.mark.parametrize(
    ("address", "wired"), [("a.b+c@parc.example", "a.b+c@parc.example"), ("x@réfection.fr", "x@xn--rfection-b1a.fr")]
)
def test_an_address_as_servers_want_it(address, wired):
    assert wire(address) == wired


@pytest.mark.parametrize(
    "address", ["", "a", "@b.fr", "a@", "é@b.fr", "a b@c.fr", "a,b@c.fr", "a@b.fr\r\nBcc: c@d.fr", "a@b.fr>", "a@b..fr"]
)
def test_what_is_no_address_goes_nowhere(address):
    with pytest.raises(BadAddress):
        wire(address)
