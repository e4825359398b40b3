"""The official schematrons, compiled by Saxon: the failed asserts of an XML."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from documents.facturx.failure import Failure, Source, ValidatorUnavailable

_SVRL: Final = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
_FOUND: Final = "//svrl:failed-assert | //svrl:successful-report"  # a report is an assert the other way round
_STEP: Final = re.compile(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\](\[\d+\])?")


class Schematron:
    """One stylesheet. Saxon's objects belong to the thread that made them: make it and call it in one thread."""

    def __init__(self, processor: Any, source: Source, stylesheet: str) -> None:
        self.source: Source = source
        self.processor = processor
        self.compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)

    def failures(self, xml: str) -> Iterator[Failure]:
        """Errors: `ValidatorUnavailable` when the stylesheet gives no report or has looked at nothing."""
        report = self._report(xml)
        for found in report.xpath(_FOUND, namespaces=_SVRL):
            yield Failure(
                source=self.source,
                rule=found.get("id") or "report",
                message=" ".join("".join(found.itertext()).split()),
                location=_STEP.sub(r"\1\2", found.get("location", "")),
            )

    def _report(self, xml: str) -> Any:
        written = self.compiled.transform_to_string(xdm_node=self.processor.parse_xml(xml_text=xml))
        report = etree.fromstring(written.encode())
        if not report.xpath("//svrl:fired-rule", namespaces=_SVRL):
            raise ValidatorUnavailable(f"{self.source}: no rule has looked at the invoice")
        return report
