"""The document as its client sees it: on screen, as the frozen PDF, and to be accepted or declined when it is a quote.

The PDF is the original: this page is how it is delivered, and the same bytes as often as she asks for them are no
second delivery, so no « duplicata » and no entry; each download is counted with the link. Looking changes nothing: a
download and an answer are posted, and « vu » comes from the script of a page that is on a screen.
"""

import re
from typing import Any, NamedTuple, Self

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from documents import titles
from documents.page import screen
from documents.paper import Paper
from domain.quote import Quote
from ledger.commands.quotes import sign_quote, turn_down_quote
from projections import files, persons
from projections.files import File
from projections.tx import Tx
from web import forms
from web.days import zone
from web.documents import Sheet
from web.errors import again
from web.files import file_name
from web.labels import STATUSES, Status
from web.offers import Offer
from web.public import tokens
from web.public.answers import Answer, signed
from web.public.door import Link, address, by_link, do, mark, reading, unindexed
from web.public.english import moment, speech

DRAWN = re.compile(r"(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})+)*")  # strokes in a frame of 600 × 200
LONGEST_DRAWING = 30_000
TO_ANSWER = Status("sent", "En attente de votre réponse")

bp = Blueprint("public", __name__, url_prefix="/d")
unindexed(bp)


class Seen(NamedTuple):
    """What a link shows. `state`: `issued`, or of a quote `sent` `expired` `accepted` `declined`, or `replaced` when
    there is another offer, which has no paper here. `file` when it is made; `reason`: why she declined.
    """

    title: str
    state: str
    paper: Paper | None
    file: File | None
    answer: Answer | None = None
    reason: str = ""

    @classmethod
    def load(cls, tx: Tx, link: Link) -> Self:
        """Errors: `NotFound`."""
        file = files.frozen(tx, link.document_id)
        if link.kind == "invoice":
            sheet = Sheet.load(tx, link.document_id)
            return cls(sheet.title, "issued", sheet.paper, file)
        offer = Offer.load(tx, link.document_id)
        state = state_of(offer, link.revision)
        if state == "replaced":
            return cls(offer.title, state, None, None)
        reason = persons.opened_text(tx, offer.quote.reason)
        return cls(offer.title, state, offer.paper, file, signed(tx, offer.quote), reason)

    @property
    def open(self) -> bool:
        """Whether she may still accept."""
        return self.state == "sent"

    @property
    def status(self) -> Status | None:
        return TO_ANSWER if self.open else STATUSES["quote"].get(self.state)


def state_of(offer: Offer, revision: int) -> str:
    quote: Quote = offer.quote
    if quote.sent is None or quote.sent.revision != revision or quote.state in ("draft", "discarded"):
        return "replaced"
    if quote.state == "sent" and offer.day > quote.sent.valid_until:
        return "expired"
    return "accepted" if quote.state == "invoiced" else quote.state


def page(link: Link, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with reading(link) as tx:
        seen, here = Seen.load(tx, link), zone(tx)
    words = speech(seen.paper.language if seen.paper else "fr")
    said = {name: words.texts.get(told, told) if words.texts else told for name, told in (errors or {}).items()}
    return render_template(
        "public/page.html", link=link, seen=seen, paper=seen.paper and screen(seen.paper), address=address, words=words,
        say=words.say, moment=lambda at: moment(words, at, here),
        title=titles.title(seen.paper) if seen.paper else seen.title,
        values=values or {}, errors=said, problem=problem,
    )  # fmt: skip


@bp.get("/<token>")
@by_link
def show(link: Link) -> str:
    return page(link)


@bp.post("/<token>/vu")
@by_link
def seen(link: Link) -> AnyResponse:
    mark(link, "seen")
    return Response(status=204)


@bp.post("/<token>/pdf")
@by_link
def download(link: Link) -> AnyResponse:
    """The frozen file, byte for byte; the page when it is not made yet."""
    with reading(link) as tx:
        file = Seen.load(tx, link).file
        content = files.content(tx, file) if file else None
    if file is None or content is None:
        return redirect(address(".show"), 303)
    mark(link, "downloaded")
    answer = Response(content, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(file))
    return answer


@bp.post("/<token>/accepter")
@by_link
@again(page)
def accept(link: Link) -> AnyResponse:
    fields = forms.Fields(request.form)
    if not request.form.get("agreed"):
        fields.refuse("agreed", "Cochez cette case pour accepter.")
    order, signer = fields.get("order", forms.text, ""), fields.need("signer", forms.text)
    drawn = fields.get("drawing", drawing, "")
    fields.check()
    do(
        link, sign_quote, quote_id=link.document_id, revision=link.revision, sha256=request.form.get("sha256", ""),
        signer=signer, drawing=drawn, order=order, address_hash=tokens.address_hash(request.remote_addr or ""),
    )  # fmt: skip
    return redirect(address(".show"), 303)


@bp.post("/<token>/refuser")
@by_link
@again(page)
def decline(link: Link) -> AnyResponse:
    fields = forms.Fields(request.form)
    reason = fields.get("reason", forms.text, "")
    fields.check()
    do(link, turn_down_quote, quote_id=link.document_id, revision=link.revision, reason=reason)
    return redirect(address(".show"), 303)


def drawing(raw: str) -> str:
    """The strokes of a signature, as an SVG path."""
    if len(raw) > LONGEST_DRAWING or not DRAWN.fullmatch(raw):
        raise forms.Unreadable("Cette signature n’a pas pu être lue : effacez-la et recommencez, ou tapez votre nom.")
    return raw
