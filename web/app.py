"""The composition root: everything Probant's face is made of, on one screen."""

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.settings import Settings
from projections import (
    archives,
    certificates,
    clients,
    closings,
    invoices,
    payments,
    postings,
    products,
    quotes,
    recurring,
    reminders,
    timeline,
    turnover,
    verifications,
)
from projections import companies as company
from projections import files as file_rows
from projections.engine import Engine
from web import (
    access,
    account,
    accounting,
    appearance,
    bank,
    books,
    books_closing,
    companies,
    corrections,
    dashboard,
    debts,
    editor_side,
    errors,
    files,
    fiscal,
    frame,
    health,
    inspection,
    installation,
    invitations,
    invoice_actions,
    journal,
    leftovers,
    logo,
    merging,
    navigation,
    paf,
    pages,
    penalties,
    proofs,
    quote_actions,
    receiving,
    search,
    security,
    situations,
    team,
    trail,
    vat_due,
)
from web import archives as archive_screens
from web import certificates as certificate_screens
from web import clients as client_screens
from web import closings as closing_screens
from web import invoices as invoice_screens
from web import ledger as register_screens
from web import payments as payment_screens
from web import products as product_screens
from web import quotes as quote_screens
from web import recurring as recurring_screens
from web import settings as settings_screens
from web.accounts import confirming, limits, reset, rights, second, sessions, sign_in, sign_up
from web.first_run import screens as first_run
from web.help import views as help_screens
from web.imports import screens as import_screens
from web.mail import outbox, sending, templates
from web.notifications import screens as notification_screens
from web.notifications import stopping
from web.operator import screens as console
from web.privacy import notices as legal_notices
from web.privacy import own as own_data
from web.privacy import person as privacy_screens
from web.privacy import processing
from web.privacy import silent as silent_persons
from web.public import links as client_links
from web.public import page as client_page
from web.public import proof as client_proof
from web.reminders import compose as reminding
from web.reminders import index as reminder_screens
from web.reminders import notices as formal_notices
from web.reminders import policy as reminder_policy
from web.reminders import stops as reminder_stops
from web.subscriptions import offers as plan_screens
from web.subscriptions import screens as subscription_screens
from web.support import contact, ideas, news, tickets

BLUEPRINTS = (  # a screen family enters the menu by being here
    health.bp,
    appearance.bp,
    companies.bp,
    team.bp,
    invitations.bp,
    second.bp,
    account.bp,
    dashboard.bp,
    accounting.bp,
    vat_due.bp,
    client_screens.bp,
    privacy_screens.bp,
    legal_notices.bp,
    silent_persons.bp,
    processing.bp,
    own_data.bp,
    product_screens.bp,
    editor_side.bp,
    quote_screens.bp,
    quote_actions.bp,
    situations.bp,
    invoice_screens.bp,
    invoice_actions.bp,
    corrections.bp,
    recurring_screens.bp,
    import_screens.bp,
    merging.bp,
    penalties.bp,
    trail.bp,
    paf.bp,
    payment_screens.bp,
    receiving.bp,
    reminder_screens.bp,
    reminding.bp,
    reminder_stops.bp,
    formal_notices.bp,
    reminder_policy.bp,
    notification_screens.bp,
    stopping.bp,
    leftovers.bp,
    debts.bp,
    files.bp,
    closing_screens.bp,
    books_closing.bp,
    archive_screens.bp,
    certificate_screens.bp,
    journal.bp,
    inspection.bp,
    installation.bp,
    outbox.bp,
    sending.bp,
    templates.bp,
    client_links.bp,
    client_page.bp,
    client_proof.by_fingerprint,
    register_screens.bp,
    proofs.bp,
    help_screens.bp,
    contact.bp,
    tickets.bp,
    ideas.bp,
    news.bp,
    console.bp,
    search.bp,
    settings_screens.bp,
    fiscal.bp,
    logo.bp,
    plan_screens.bp,
    sign_up.bp,
    confirming.bp,
    reset.bp,
    first_run.bp,
    subscription_screens.bp,
)
READ_MODELS = tuple(
    model.projection
    for model in (
        company, clients, products, quotes, invoices, payments, postings, turnover, timeline, verifications, closings,
        archives, certificates, recurring, reminders,
        file_rows,
    )
)  # fmt: skip
MAPPER = EventMapper(*AGGREGATES)
THREADS = 8  # requests answered at once; each holds two connections at most: its own, and the frame's around it


def create_app(settings: Settings) -> Flask:
    """The application on the ledger of `settings`, whose server it joins or starts."""
    server = postgres.start(settings)
    pool = postgres.pool(server, "probant_web", min_size=2, max_size=2 * THREADS)

    app = Flask(__name__)
    app.secret_key = settings.secret("browser sessions")
    app.extensions.update(server=server, pool=pool, settings=settings)
    security.init(app, settings)
    Babel(app)
    CSRFProtect(app)
    navigation.init(app)
    sessions.init(app, pool)
    sign_in.init(app, pool, settings.secret("passwords").hex())
    rights.init(app)
    limits.init(app, pool)  # after the rights: what one may not do anyway uses up nothing of her company's
    second.init(app)
    access.init(app, pool)
    books.init(app, Books(pool, MAPPER, settings.secret("commands")), read_models(pool))
    frame.init(app)
    bank.init(app)
    help_screens.init(app)
    news.init(app)
    errors.init(app)
    pages.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def read_models(pool: postgres.Pool) -> Engine:
    """The read models of all screens."""
    return Engine(pool, MAPPER, *READ_MODELS)
