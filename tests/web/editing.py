"""The editor's form as a browser sends it."""

from collections.abc import Mapping
from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The fields of the form `editeur` of a page, as they stand."""

    def __init__(self, page: str, form_id: str = "editeur") -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._wanted, self._inside = form_id, False
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self._inside = told.get("id") == self._wanted
        if not self._inside:
            return
        if tag == "input" and told.get("name") and (told.get("type") != "checkbox" or "checked" in told):
            self.fields[told["name"]] = told.get("value") or ""
        elif tag == "select":
            self._select = told.get("name") or ""
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.fields):
            self.fields[self._select] = told.get("value") or ""
        elif tag == "textarea":
            self._textarea = told["name"] or ""
            self.fields[self._textarea] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data):
        if self._textarea:
            self.fields[self._textarea] += data


def fields(page: str) -> dict[str, str]:
    return FormReader(page).fields


def line(rank: int, label: str, price: str, quantity: str = "1", **more: str) -> Mapping[str, str]:
    told = {"label": label, "unit_price": price, "quantity": quantity, **more}
    return {f"lines.{rank}.{part}": value for part, value in told.items()}
