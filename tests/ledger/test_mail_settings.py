import pytest

from ledger.errors import SettingRefused
from ledger.settings import Settings


def read(**told):
    return Settings.from_env({f"PROBANT_{name}": value for name, value in {"DATA": "/srv/probant", **told}.items()})


def test_without_a_server_no_mail_is_sent():
    assert read().smtp_host == ""


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_way_has_its_port(security, port):
    settings = read(SMTP_HOST="mail.example.fr", SMTP_SECURITY=security, MAIL_FROM="factures@example.fr")
    assert settings.smtp_port == port
    assert read(SMTP_SECURITY=security, SMTP_PORT="2525").smtp_port == 2525


def test_a_password_is_read_when_it_is_used(tmp_path):
    file = tmp_path / "password"
    settings = read(SMTP_USER="probant", SMTP_PASSWORD_FILE=str(file))
    for password in ("un", "deux"):
        file.write_text(f"{password}\n", encoding="utf-8")
        assert settings.smtp_password == password
    assert "deux" not in repr(settings)
    assert read().smtp_password == ""


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"SMTP_SECURITY": "ssl"}, "PROBANT_SMTP_SECURITY"),
        ({"SMTP_SECURITY": "none", "SMTP_USER": "probant"}, "PROBANT_SMTP_SECURITY"),  # a password in clear
        ({"SMTP_PORT": "smtp"}, "PROBANT_SMTP_PORT"),
        ({"SMTP_HOST": "mail.example.fr"}, "PROBANT_MAIL_FROM"),
        ({"SMTP_HOST": "mail.example.fr", "MAIL_FROM": "factures"}, "PROBANT_MAIL_FROM"),
        ({"SMTP_HOST": "mail.example.fr", "MAIL_FROM": "a@b.fr\r\nBcc: c@d.fr"}, "PROBANT_MAIL_FROM"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_by_its_name(told, name):
    with pytest.raises(SettingRefused) as refused:
        read(**told)
    assert refused.value.name == name
