"""The verifier that travels inside archives: Python 3.8 and its standard library, nothing else.

Small modules here; `single_file()` joins them into the one `verify.py` of an archive. `probant archive verify` runs
these very modules. Nothing in an archive is trusted: every size, count and number in it is bounded before it is used.
"""

from pathlib import Path

ORDER = (
    "der", "signatures", "ed25519", "cms", "report", "container", "members", "packed", "lines", "state", "tree",
    "histories", "signers", "sums", "closings", "vault", "figures", "clients", "books", "files", "tables", "extent",
    "main",
)  # fmt: skip  # each needs only those before it
HEAD = '''#!/usr/bin/env python3
"""Vérifie une archive de Probant : python3 -I verify.py ARCHIVE [--checkpoint FICHIER] [--empreinte HEX]
[--cle VKEY] [--empreinte-signataire SHA256]. Sort 0 CONFORME, 1 NON CONFORME, 2 usage. Python 3.8 ou plus, rien
d’autre.

Ce fichier réunit de petits modules, chacun tel qu’il est dans Probant (audit/verifier) : lisez-les de haut en bas.
"""

import sys
import types


def module(name, source):
    found = sys.modules["audit.verifier." + name] = types.ModuleType("audit.verifier." + name)
    exec(compile(source, "verify.py:" + name, "exec"), found.__dict__)
    setattr(sys.modules["audit.verifier"], name, found)


for package in ("audit", "audit.verifier"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
'''
TAIL = """
if __name__ == "__main__":
    sys.exit(sys.modules["audit.verifier.main"].main(sys.argv[1:]))
"""


def single_file() -> str:
    """`verify.py` of an archive."""
    texts = {name: Path(__file__).with_name(f"{name}.py").read_text("utf-8") for name in ORDER}
    blocks = [f"\n\nmodule({name!r}, r'''{text}''')\n" for name, text in texts.items()]
    return "".join([HEAD, *blocks, TAIL])
