"""Codes at sign-in: set up, asked, each taken once; recovery codes; what a passkey's answer must prove."""

import json
import re
from uuid import uuid4

import pytest
from lxml import html

from tests.web.authenticator import Authenticator
from tests.web.conftest import PASSWORD, Person
from web.accounts import codes, steps

KEY = re.compile(r"<code>([A-Z2-7 ]+)</code>")
NOW = 1_800_000_000.0  # the clock of these tests stands still, or jumps by half-minutes


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def time(self) -> float:
        return self.now

    def wait(self, half_minutes: int = 1) -> None:
        self.now += half_minutes * codes.STEP


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(codes, "time", clock)
    return clock


@pytest.fixture
def code(app, connect, clock):
    """`code(person)`: what her telephone shows now."""

    def shown(person: Person) -> str:
        seed = connect("postgres").execute("SELECT totp FROM accounts.users WHERE id = %s", (person.id,)).fetchone()[0]
        with app.app_context():
            return codes.code(seed, int(clock.now // codes.STEP))

    return shown


@pytest.fixture
def careful(claire, app, clock):
    """Somebody whose sign-in asks for a code; `recovery` are her codes for the day the telephone is lost."""
    return set_up(claire, app, clock)


def set_up(claire: Person, app, clock: Clock) -> Person:
    page = claire.post("/compte/code/preparer", page="/compte/", current=PASSWORD).text
    form = dict(re.findall(r'name="(ref|csrf_token)" value="([^"]+)"', page.partition('class="qr"')[2]))
    with app.app_context():
        seed = steps.look(app.extensions["pool"], "totp", form["ref"]).fact
        typed = codes.code(seed, int(clock.now // codes.STEP))
        assert KEY.search(page)[1] == codes.key(seed)
    made = claire.http.post("/compte/code/activer", data=form | {"code": typed})
    claire.recovery = re.findall(r"<li>([a-z2-9-]{24})</li>", made.text)
    assert len(claire.recovery) == codes.CODES
    clock.wait()
    return claire


def somewhere() -> str:
    return f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}"


def at_the_door(careful: Person) -> Person:
    """Her again, elsewhere, her password given."""
    other = Person(careful.http.application, careful.id, careful.name, somewhere())
    answer = other.sign_in(next="/societes/?q=a")
    assert answer.location.startswith("/connexion/code")
    return other


def test_the_password_alone_opens_nothing_and_a_code_opens(careful, code):
    her = at_the_door(careful)
    assert her.get("/societes/").status_code == 303
    answer = her.submit("/connexion/code?next=/societes/?q%3Da", "/connexion/code", code=code(careful))
    assert answer.location == "/societes/?q=a"
    assert her.get("/societes/").status_code == 200


def test_a_code_is_taken_once_wherever_it_is_typed(careful, code, clock):
    first, second = at_the_door(careful), at_the_door(careful)
    shown = code(careful)
    assert first.submit("/connexion/code", code=shown).status_code == 303
    again = second.submit("/connexion/code", code=f"{shown[:3]} {shown[3:]}")
    assert again.status_code == 422
    assert "il a déjà servi" in again.text
    clock.wait()
    assert second.submit("/connexion/code", code=code(careful)).status_code == 303


@pytest.mark.parametrize(("late", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(careful, code, clock, late, status):
    clock.wait(3)
    shown, her = code(careful), at_the_door(careful)
    clock.wait(late)
    assert her.submit("/connexion/code", code=shown).status_code == status


def test_a_recovery_code_opens_once_and_is_told(careful, posted, connect):
    spare = careful.recovery[3]
    assert at_the_door(careful).submit("/connexion/code", code=spare.upper()).status_code == 303
    assert at_the_door(careful).submit("/connexion/code", code=spare).status_code == 422
    assert "Un code de secours a servi" in posted(f"{careful.name}@exemple.fr")[-1]["Subject"]
    assert "9 codes de secours" in careful.get("/compte/").text.replace("\u00a0", " ")
    kept = connect("postgres").execute("SELECT hash FROM accounts.recovery_codes WHERE user_id = %s", (careful.id,))
    assert not any(spare.replace("-", "").encode() in row[0] for row in kept.fetchall())


def test_new_recovery_codes_end_those_before(careful):
    page = careful.post("/compte/code/secours", page="/compte/", current=PASSWORD).text
    assert re.findall(r"<li>([a-z2-9-]{24})</li>", page)
    assert at_the_door(careful).submit("/connexion/code", code=careful.recovery[0]).status_code == 422


@pytest.mark.parametrize("change", ["activer", "secours", "retirer"])
def test_another_second_factor_ends_the_other_sessions_and_is_told(claire, app, clock, posted, change):
    """Whoever came in before, by the password alone or by an old code, is out."""
    pool = app.extensions["pool"]
    if change != "activer":
        set_up(claire, app, clock)
    other = Person(app, claire.id, claire.name, somewhere())
    other.sign_in()
    if change != "activer":
        clock.wait()
        with app.app_context(), pool.connection() as conn:
            (seed,) = conn.execute("SELECT totp FROM accounts.users WHERE id = %s", [claire.id]).fetchone()
            shown = codes.code(seed, int(clock.now // codes.STEP))
        assert other.submit("/connexion/code", code=shown).status_code == 303
    assert other.get("/compte/").status_code == 200
    if change == "activer":
        set_up(claire, app, clock)
    else:
        claire.post(f"/compte/code/{change}", page="/compte/", current=PASSWORD)
    assert (claire.get("/compte/").status_code, other.get("/compte/").status_code) == (200, 303)
    subjects = {"activer": "Un code sera demandé", "secours": "De nouveaux codes de secours", "retirer": "Plus de code"}
    assert subjects[change] in posted(f"{claire.name}@exemple.fr")[-1]["Subject"]


def test_strangers_who_send_codes_keep_nobody_waiting(app, careful, code):
    """Who gave no password yet tries no account."""
    for _ in range(7):
        nobody = Person(app, uuid4(), "", somewhere())
        sent = nobody.http.post("/connexion/code", data={"csrf_token": nobody.token(), "code": "000000"})
        assert sent.location == "/connexion"
    assert at_the_door(careful).submit("/connexion/code", code=code(careful)).status_code == 303


def test_five_wrong_codes_a_minute_then_no_more_whatever_the_network(careful, code):
    them = [at_the_door(careful) for _ in range(3)]
    answers = [them[n % 3].submit("/connexion/code", code="000000").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    assert them[0].submit("/connexion/code", code=code(careful)).status_code == 429


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "١٢٣٤٥٦", "0" * 5000, "\0", "é" * 20])
def test_what_is_no_code_is_refused_as_one(careful, typed):
    assert at_the_door(careful).submit("/connexion/code", code=typed).status_code == 422


def test_the_step_after_the_password_ends_in_ten_minutes(careful, connect, code):
    her = at_the_door(careful)
    form = her.form("/connexion/code")
    with connect("postgres") as conn:
        conn.execute("UPDATE accounts.steps SET until_at = now() WHERE user_id = %s", (careful.id,))
    answer = her.http.post("/connexion/code", data=form | {"code": code(careful)})
    assert answer.location == "/connexion"
    assert "a trop attendu" in her.get("/connexion").text
    assert her.get("/connexion/code").location == "/connexion"


def test_a_wrong_first_code_sets_nothing_up(claire, connect):
    page = claire.post("/compte/code/preparer", page="/compte/", current=PASSWORD).text
    form = dict(re.findall(r'name="(ref|csrf_token)" value="([^"]+)"', page.partition('class="qr"')[2]))
    assert claire.http.post("/compte/code/activer", data=form | {"code": "000000"}).status_code == 422
    kept = connect("postgres").execute("SELECT totp FROM accounts.users WHERE id = %s", (claire.id,)).fetchone()
    assert kept == ("",)


def test_the_first_code_sent_twice_says_that_it_counted(claire, app, clock):
    page = claire.post("/compte/code/preparer", page="/compte/", current=PASSWORD).text
    form = dict(re.findall(r'name="(ref|csrf_token)" value="([^"]+)"', page.partition('class="qr"')[2]))
    with app.app_context():
        seed = steps.look(app.extensions["pool"], "totp", form["ref"]).fact
        form["code"] = codes.code(seed, int(clock.now // codes.STEP))
    assert [claire.http.post("/compte/code/activer", data=form).status_code for _ in range(2)] == [200, 303]
    assert "Demandez de nouveaux codes de secours" in claire.get("/compte/").text


def test_the_code_is_taken_down_by_who_knows_the_password(careful, posted, connect):
    assert careful.post("/compte/code/retirer", page="/compte/", current="faux").status_code == 422
    assert careful.post("/compte/code/retirer", page="/compte/", current=PASSWORD).status_code == 303
    other = Person(careful.http.application, careful.id, careful.name, somewhere())
    assert other.sign_in().location == "/"
    subjects = [mail["Subject"] for mail in posted(f"{careful.name}@exemple.fr")]
    assert subjects == ["Un code sera demandé à la connexion", "Plus de code à la connexion"]
    left = connect("postgres").execute("SELECT count(*) FROM accounts.recovery_codes WHERE user_id = %s", (careful.id,))
    assert left.fetchone() == (0,)


def test_the_seed_is_not_in_the_database_as_it_is(careful, app, connect):
    seed = connect("postgres").execute("SELECT totp FROM accounts.users WHERE id = %s", (careful.id,)).fetchone()[0]
    with app.app_context():
        assert codes.key(seed).replace(" ", "") not in seed


def test_codes_are_those_of_rfc_6238(app):
    """Appendix B: its seed, its instants, the last six of its eight digits."""
    with app.app_context():
        seed = codes._cipher().encrypt(b"12345678901234567890").decode()
        assert [codes.code(seed, at // 30) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


class TestPasskeys:
    @pytest.fixture
    def device(self) -> Authenticator:
        return Authenticator("localhost", "http://localhost")

    def add(self, claire: Person, device: Authenticator, answer=None):
        page = claire.post("/compte/cles", page="/compte/", current=PASSWORD, name="Téléphone").text
        form, options = asked(page)
        return claire.http.post("/compte/cles/reponse", data=form | {"credential": (answer or device.create)(options)})

    def come_in(self, app, device: Authenticator, **changed):
        her = Person(app, uuid4(), "", somewhere())
        form, options = asked(her.post("/connexion/cle", page="/connexion").text)
        answer = {**form, "credential": device.get(options, **changed)}
        return her, answer, her.http.post("/connexion/cle/reponse", data=answer)

    def test_a_passkey_signs_in_without_password_and_without_code(self, app, careful, device, posted):
        assert self.add(careful, device).status_code == 303
        her, _, answer = self.come_in(app, device)
        assert answer.location == "/"
        assert careful.name in her.get("/compte/").text
        assert "utilisée le" in careful.get("/compte/").text
        assert "clé d’accès a été ajoutée" in posted(f"{careful.name}@exemple.fr")[-1]["Subject"]

    def test_an_answer_counts_once(self, app, claire, device):
        device.counts = False
        self.add(claire, device)
        her, answer, _ = self.come_in(app, device)
        her.post("/deconnexion")
        again = her.http.post("/connexion/cle/reponse", data=answer | {"csrf_token": her.token()})
        assert again.location == "/connexion"
        assert her.get("/societes/").status_code == 303

    @pytest.mark.parametrize(
        "changed",
        [
            {"challenge": "AAAA"}, {"origin": "https://ailleurs.test"}, {"host": "ailleurs.test"}, {"verified": False},
            {"forged": True}, {"handle": uuid4().bytes}, {"kind": "webauthn.create"},
        ],
        ids=lambda changed: next(iter(changed)),
    )  # fmt: skip
    def test_an_answer_that_proves_nothing_opens_nothing(self, app, claire, device, changed):
        self.add(claire, device)
        her, _, answer = self.come_in(app, device, **changed)
        assert answer.location == "/connexion"
        assert her.get("/societes/").status_code == 303

    def test_a_copied_key_is_noticed_by_its_counter(self, app, claire, device):
        self.add(claire, device)
        device.count = 7
        assert self.come_in(app, device)[2].location == "/"
        device.count = 3
        assert self.come_in(app, device)[2].location == "/connexion"

    def test_a_key_that_was_removed_opens_nothing(self, app, claire, device):
        self.add(claire, device)
        action = re.search(r'action="(/compte/cles/[0-9a-f-]{36}/retirer)"', claire.get("/compte/").text)[1]
        assert "Votre mot de passe" in claire.post(action, page="/compte/").text
        assert self.come_in(app, device)[2].location == "/"
        assert claire.post(action, page="/compte/", current=PASSWORD).status_code == 303
        assert self.come_in(app, device)[2].location == "/connexion"

    def test_a_key_added_or_removed_ends_the_other_sessions(self, claire, device):
        def elsewhere() -> Person:
            other = Person(claire.http.application, claire.id, claire.name, somewhere())
            other.sign_in()
            return other

        before = elsewhere()
        self.add(claire, device)
        assert before.get("/compte/").status_code == 303
        page, between = claire.get("/compte/").text, elsewhere()
        action = re.search(r'action="(/compte/cles/[0-9a-f-]{36}/retirer)"', page)[1]
        assert claire.post(action, page="/compte/", current=PASSWORD).status_code == 303
        assert (claire.get("/compte/").status_code, between.get("/compte/").status_code) == (200, 303)

    def test_a_forgotten_password_shows_the_keys_and_takes_away_those_that_are_strange(
        self, app, claire, device, posted
    ):
        theirs = Authenticator("localhost", "http://localhost")
        self.add(claire, device)
        self.add(claire, theirs)
        claire.submit("/mot-de-passe/oublie", email=claire.name)
        mail = posted(f"{claire.name}@exemple.fr")[-1].get_body(("plain",)).get_content()
        link = re.search(r"https?://[^/]+(/mot-de-passe/\S+)", mail)[1]
        page = Person(app, uuid4(), "", somewhere()).get(link).text
        strange = re.findall(r'name="strange" value="([0-9a-f-]{36})"', page)
        assert len(strange) == 2
        new = "une autre phrase assez longue"
        answer = claire.submit(link, password=new, password2=new, strange=strange[1])
        assert answer.status_code == 303
        assert self.come_in(app, device)[2].location == "/"
        assert self.come_in(app, theirs)[2].location == "/connexion"
        assert "retirée" in posted(f"{claire.name}@exemple.fr")[-1]["Subject"]

    @pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "x", '{"id": 1}', "{" * 5000])
    def test_nonsense_is_refused_at_both_ends(self, app, claire, answer):
        assert self.add(claire, None, lambda _: answer).location == "/compte/"
        assert "pas donné de clé" in claire.get("/compte/").text
        her = Person(app, uuid4(), "", somewhere())
        form, _ = asked(her.post("/connexion/cle", page="/connexion").text)
        assert her.http.post("/connexion/cle/reponse", data=form | {"credential": answer}).location == "/connexion"

    def test_the_challenge_of_one_person_adds_no_key_to_another(self, claire, keeper, new_shop, device):
        page = claire.post("/compte/cles", page="/compte/", current=PASSWORD, name="Téléphone").text
        form, options = asked(page)
        other = keeper(new_shop)
        form["csrf_token"] = other.token("/societes/")
        answer = other.http.post("/compte/cles/reponse", data=form | {"credential": device.create(options)})
        assert answer.location == "/compte/"
        assert "ajoutée le" not in other.get("/compte/").text


def asked(page: str) -> tuple[dict[str, str], dict]:
    """The hidden fields of the page that asks a device, and what it asks."""
    (form,) = [form for form in html.fromstring(page).forms if form.get("data-passkey")]
    return dict(form.form_values()), json.loads(form.get("data-options"))
