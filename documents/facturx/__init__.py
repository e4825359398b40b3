"""Factur-X: the EN 16931 XML of an issued invoice, and the official rules that judge it."""

from documents.facturx.check import check
from documents.facturx.cii import xml
from documents.facturx.failure import Failure, ValidatorUnavailable
from documents.facturx.rules import RULES, RuleSet

__all__ = ["RULES", "Failure", "RuleSet", "ValidatorUnavailable", "check", "xml"]
