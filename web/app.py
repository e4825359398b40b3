"""The composition root: everything Probant's face is made of, on one screen."""

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.settings import Settings
from projections import clients, products, quotes
from projections import companies as company
from projections.engine import Engine
from web import appearance, books, companies, errors, frame, health, navigation, pages, security
from web.accounts import limits, sessions, sign_in

BLUEPRINTS = (  # a screen family enters the menu by being here
    health.bp,
    appearance.bp,
    companies.bp,
)
READ_MODELS = (company.projection, clients.projection, products.projection, quotes.projection)
FRAME: tuple[frame.Facts, ...] = (company.frame,)  # said around every page: company_name, training, integrity
MAPPER = EventMapper(*AGGREGATES)


def create_app(settings: Settings, *, https: bool = False) -> Flask:
    """The application on the ledger of `settings`, whose server it joins or starts. `https`: as the browser sees it."""
    server = postgres.start(settings)
    pool = postgres.pool(server, "probant_web")

    app = Flask(__name__)
    app.secret_key = settings.secret("browser sessions")
    app.extensions.update(server=server, pool=pool)
    security.init(app, https)
    Babel(app)
    CSRFProtect(app)
    navigation.init(app)
    sessions.init(app, pool)
    sign_in.init(app, pool, settings.secret("passwords").hex())
    limits.init(app, pool)
    books.init(app, Books(pool, MAPPER, settings.secret("commands")), read_models(pool))
    frame.init(app, FRAME)
    errors.init(app)
    pages.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def read_models(pool: postgres.Pool) -> Engine:
    """The read models of all screens."""
    return Engine(pool, MAPPER, *READ_MODELS)
