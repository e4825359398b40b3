"""The catalogue: list and form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from documents.words import number, price
from domain import accounts
from domain.product import Article, Product
from ledger.commands import products as commands
from ledger.commands import removal
from projections import companies, products, streams
from projections.tx import Tx
from web import choices, forms
from web.books import do, new_id, read
from web.days import today
from web.errors import again
from web.exports import csv_file
from web.forms import Fields
from web.lists import Listing
from web.pages import show

SORTS = tuple(key for key in products.SORTS if not key.startswith("-"))
ACCOUNTS = ("701", "704", "705", "706", "707")
NEW = {"nature": "services", "unit": "C62", "price_mode": "net", "vat": choices.vat_key("S", 2000)}
LABELS = {"vat": "TVA", "description": "Description", "price_mode": "Prix", "unit_price": "Prix unitaire"}

bp = Blueprint("products", __name__)


@bp.get("/catalogue")
def index() -> str:
    listing = asked()
    with read() as tx:
        counts = products.counts(tx, chosen(listing))
        rows = products.page(tx, chosen(listing), sort=listing.sort, limit=listing.size, offset=listing.offset)
    total = counts.archived if listing["etat"] else counts.active
    return show(
        "products/index.html", "results", listing=listing, rows=rows, counts=counts, total=total, choices=choices,
        price=price,
    )  # fmt: skip


@bp.get("/catalogue.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        rows = products.page(tx, chosen(listing), sort=listing.sort, limit=None)
    header = ("Référence", "Désignation", "Description", "Nature", "Unité", "Prix unitaire", "HT ou TTC", "TVA",
              "Motif sans TVA", "Compte", "Archivé")  # fmt: skip
    return csv_file("catalogue", header, (
        (row.reference, row.label, row.description, choices.NATURES[row.nature], choices.UNITS.get(row.unit, row.unit),
         row.unit_price, choices.PRICE_MODES[row.price_mode], choices.vat_text(row.vat_category, row.vat_bp),
         row.vat_text, row.account, "oui" if row.archived else "non")
        for row in rows
    ))  # fmt: skip


def new_form(values: Mapping[str, str], errors: Any = None, problem: str = "") -> str:
    return form(values, errors, problem, action=url_for(".create"))


@bp.get("/catalogue/nouveau")
def new() -> str:
    with read() as tx:
        company = companies.current(tx)
    return new_form(NEW | ({"price_mode": company.price_mode} if company else {}))


@bp.post("/catalogue/nouveau")
@again(new_form)
def create() -> Any:
    article = article_of(request.form)
    do(commands.create_product, product_id=new_id("product"), article=article)
    flash(f"« {article.label} » est au catalogue.")
    return redirect(url_for(".index"), 303)


def edit_form(product_id: UUID, values: Mapping[str, str], errors: Any = None, problem: str = "") -> str:
    """The form as typed; beside it what somebody else saved meanwhile, which the next save replaces knowingly."""
    with read() as tx:
        product = streams.load(tx, Product, product_id)
    kept, others = values_of(product.article), {}
    if values and values.get("base_version") != str(product.version):
        others = {name: kept[name] for name in kept if kept[name] != values.get(name, "")}
    return form(
        values or kept, errors, problem, action=url_for(".change", product_id=product_id), product=product,
        others=others,
    )  # fmt: skip


@bp.get("/catalogue/<uuid:product_id>")
def edit(product_id: UUID) -> Any:
    """Of one that was removed: what the register says of it."""
    with read() as tx:
        if streams.load(tx, Product, product_id).removed:
            return redirect(url_for("ledger.index", objet=product_id), 303)
    return edit_form(product_id, {})


@bp.post("/catalogue/<uuid:product_id>")
@again(edit_form)
def change(product_id: UUID) -> Any:
    article, base_version = article_of(request.form), request.form.get("base_version", 0, int)
    do(commands.change_product, product_id=product_id, article=article, base_version=base_version)
    flash("Article enregistré. Les documents déjà écrits ne changent pas.")
    return redirect(url_for(".index"), 303)


@bp.post("/catalogue/<uuid:product_id>/archiver")
def archive(product_id: UUID) -> Response:
    do(commands.archive_product, product_id=product_id)
    flash("Article archivé : il n’est plus proposé dans les documents.")
    return redirect(url_for(".index"), 303)


@bp.post("/catalogue/<uuid:product_id>/supprimer")
def remove(product_id: UUID) -> Response:
    do(removal.remove_product, product_id=product_id)
    flash("Article supprimé. Les documents qui l’ont repris ne changent pas.")
    return redirect(url_for(".index"), 303)


@bp.post("/catalogue/<uuid:product_id>/reactiver")
def restore(product_id: UUID) -> Response:
    do(commands.restore_product, product_id=product_id)
    flash("Article réactivé.")
    return redirect(url_for(".edit", product_id=product_id), 303)


def article_of(form: Mapping[str, str]) -> Article:
    """The article that a person typed. Errors: `forms.Invalid`."""
    fields = Fields(form)
    vat_category, vat_bp, vat_code, vat_text = fields.need("vat", vat_of) or ("S", 0, "", "")
    facts: dict[str, Any] = {
        "label": fields.need("label", forms.text),
        "description": fields.get("description", forms.note, ""),
        "reference": fields.get("reference", forms.text, ""),
        "nature": fields.need("nature", forms.one_of(choices.NATURES)),
        "unit": fields.need("unit", forms.one_of(choices.UNITS)),
        "unit_price": fields.get("unit_price", forms.decimal, Decimal(0)),
        "price_mode": fields.need("price_mode", forms.one_of(choices.PRICE_MODES)),
        "account": fields.get("account", forms.one_of(ACCOUNTS), ""),
    }
    fields.check()
    return Article(vat_category=vat_category, vat_bp=vat_bp, vat_code=vat_code, vat_text=vat_text, **facts)


def vat_of(raw: str) -> tuple[str, int, str, str]:
    try:
        return choices.vat_of(raw)
    except ValueError:
        raise forms.Unreadable("Choisissez dans la liste.") from None


def values_of(article: Article) -> dict[str, str]:
    return {
        "label": article.label,
        "description": article.description,
        "reference": article.reference,
        "nature": article.nature,
        "unit": article.unit,
        "unit_price": number(article.unit_price, 2),
        "price_mode": article.price_mode,
        "vat": choices.vat_key(article.vat_category, article.vat_bp, article.vat_code, article.vat_text),
        "account": article.account,
    }


def form(values: Mapping[str, str], errors: Any, problem: str, *, product: Product | None = None, **more: Any) -> str:
    with read() as tx:
        vat = vat_choices(tx, product)
    return show(
        "products/form.html", values=values, errors=errors or {}, problem=problem, product=product, labels=LABELS,
        choices=choices, vat_choices=vat, accounts={code: f"{code} · {accounts.name(code)}" for code in ACCOUNTS},
        **more,
    )  # fmt: skip


def vat_choices(tx: Tx, product: Product | None) -> dict[str, str]:
    """The company's choices of VAT today, and the one that the article has already."""
    company = companies.current(tx)
    known = choices.vat_choices(company.territory if company else "FR", today(tx))
    kept = {}
    if product:
        article = product.article
        kept[values_of(article)["vat"]] = choices.vat_text(article.vat_category, article.vat_bp)
    return kept | known


def asked() -> Listing:
    listing = Listing(filters=("etat",), sorts=SORTS, default="label")
    if listing["etat"] != "archives":
        listing.filters["etat"] = ""
    return listing


def chosen(listing: Listing) -> products.Filter:
    return products.Filter(q=listing["q"], archived=listing["etat"] == "archives")
