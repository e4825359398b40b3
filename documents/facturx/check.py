"""The judge of an XML: schema, EN 16931, French rules, keys of French numbers.

Everything runs in one thread of this process, since Saxon's objects belong to the thread that made them; it is
compiled at the first check and kept. Nothing here believes a validator that has not refused a known-bad invoice first.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

from lxml import etree

from documents.facturx import numbers
from documents.facturx.failure import Failure, ValidatorUnavailable
from documents.facturx.known_bad import BROKEN, KNOWN_BAD
from documents.facturx.rules import STYLESHEETS, XSD
from documents.facturx.schematron import Schematron

_BENCH: Final = ThreadPoolExecutor(1, thread_name_prefix="facturx")


def check(xml: bytes) -> tuple[Failure, ...]:
    """Everything that is wrong with an XML; empty when all validators ran and found nothing. From any thread.

    Errors: `ValidatorUnavailable` when one of them could not run.
    """
    return _BENCH.submit(_checked, xml).result()


def _checked(xml: bytes) -> tuple[Failure, ...]:
    try:
        return _judge().failures(xml)
    except ValidatorUnavailable:
        raise
    except Exception as error:
        raise ValidatorUnavailable(str(error)) from error  # whatever happened: not judged is not good


@cache
def _judge() -> "Judge":
    judge = Judge()
    judge.refuse_known_bad()
    return judge


class Judge:
    """All validators, ready."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # 100 MB of native code: only where something is judged

        self.schema = etree.XMLSchema(etree.parse(XSD))
        processor = PySaxonProcessor(license=False)
        self.schematrons = (
            Schematron(processor, "en16931", str(STYLESHEETS["en16931"])),
            Schematron(processor, "br-fr", str(STYLESHEETS["br-fr"])),
        )

    def failures(self, xml: bytes) -> tuple[Failure, ...]:
        """All failures; only the first of them when the XML is not even XML."""
        try:
            tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            return (Failure(source="xsd", rule="well-formed", message=error.msg),)
        if tree.getroottree().docinfo.doctype:
            return (Failure(source="xsd", rule="doctype", message=tree.getroottree().docinfo.doctype),)
        text = xml.decode()
        asserts = (failure for schematron in self.schematrons for failure in schematron.failures(text))
        return (*self._of_schema(tree), *asserts, *numbers.failures(tree))

    def refuse_known_bad(self) -> None:
        """Errors: `ValidatorUnavailable` when a validator lets pass what it must refuse."""
        broken = {(failure.source, failure.rule) for failure in self.failures(KNOWN_BAD)}
        believed = BROKEN - broken
        if believed:
            raise ValidatorUnavailable(f"a known-bad invoice passed: {sorted(believed)}")

    def _of_schema(self, tree: Any) -> tuple[Failure, ...]:
        if self.schema.validate(tree):
            return ()
        return tuple(
            Failure(source="xsd", rule=error.type_name, message=error.message, location=error.path or "")
            for error in self.schema.error_log
        )
