"""Puts the browser's libraries into web/static/vendor/: `make vendor`, only to change one; the result is committed."""

import hashlib
import re
import tarfile
from pathlib import Path

from tools.npm import Package, fetch, member

OUT = Path(__file__).parents[1] / "web" / "static" / "vendor"
PACKAGES = [
    Package(
        "htmx.org@2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "licenses/htmx.txt"},
    ),
    Package(
        "bootstrap@5.3.8",
        "8b02d4a7482e0f0a2b1da58f1c9c86830e96cc2f77f094f89e4681b19886bc38",
        {"dist/css/bootstrap.min.css": "bootstrap.min.css", "LICENSE": "licenses/bootstrap.txt"},
    ),
    Package(
        "@fontsource-variable/inter@5.3.0",
        "d26710dd38e7217484a1d47ee76c024977ec550548876f26d06ed1844af09a14",
        {
            "files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
            "files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
            "LICENSE": "licenses/inter.txt",
        },
    ),
    Package(
        "@fontsource-variable/source-serif-4@5.3.1",
        "8c452853c74be1e43e9fbfe76321c26f4678a2d431e93209ff1d9faec03fd96f",
        {
            "files/source-serif-4-latin-wght-normal.woff2": "source-serif-4-latin.woff2",
            "files/source-serif-4-latin-ext-wght-normal.woff2": "source-serif-4-latin-ext.woff2",
            "LICENSE": "licenses/source-serif-4.txt",
        },
    ),
    Package(
        "bootstrap-icons@1.13.2",
        "7b5960145e1ab14a49a117f96a9e5a54a94fdf07f21e302d9e4f88d73dd19f9c",
        {"icons/": "icons.svg", "LICENSE": "licenses/bootstrap-icons.txt"},  # a folder becomes a sprite
    ),
]
ICONS = """
archive arrow-counterclockwise arrow-down arrow-up bank bell book box-arrow-right box-seam building calendar-event
calendar3 cash-coin check-circle check2 chevron-down chevron-left chevron-right clock credit-card dash-circle download
envelope exclamation-triangle eye file-earmark-text files filetype-pdf filter fingerprint gear house journal-text
link-45deg list list-columns list-ul moon patch-check pencil people percent person plus-lg question-circle receipt
search send shield-check speedometer2 sun tag three-dots trash x-circle x-lg
""".split()


def main() -> None:
    """Write the kept files and their README.md."""
    kept = {}
    for package in PACKAGES:
        archive = fetch(package)
        for source, name in package.files.items():
            content = sprite(archive, source) if source.endswith("/") else member(archive, source)
            write(name, without_source_map(content))
            kept[name] = package.spec
    (OUT / "README.md").write_text(readme(kept), encoding="utf-8")


def sprite(archive: tarfile.TarFile, folder: str) -> bytes:
    """Our icons as <symbol>s of one SVG file: <svg><use href="…/icons.svg#receipt"/></svg>."""
    return b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>\n' % b"\n".join(
        re.sub(
            rb"\s*<svg[^>]*>\s*(.*?)\s*</svg>\s*",
            rb'<symbol id="%s" viewBox="0 0 16 16">\1</symbol>' % icon.encode(),
            member(archive, f"{folder}{icon}.svg"),
            flags=re.DOTALL,
        )
        for icon in ICONS
    )


def without_source_map(content: bytes) -> bytes:
    """The content without its link to a source map, which would be a 404 in the browser's console."""
    return re.sub(rb"/[*/]# sourceMappingURL=\S+( \*/)?\s*$", b"", content)


def write(name: str, content: bytes) -> None:
    """Put a file under web/static/vendor/."""
    path = OUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def readme(kept: dict[str, str]) -> str:
    """The table of kept files: name, npm package with version, SHA-256 of the file as it lies here."""
    rows = "\n".join(
        f"| {name} | {spec} | `{hashlib.sha256((OUT / name).read_bytes()).hexdigest()}` |"
        for name, spec in sorted(kept.items())
    )
    return f"""# Front-end files of others

Written by `make vendor` (`tools/vendor.py`), never by hand; `tests/test_house.py` compares each file with its SHA-256.
Source-map links are cut off; `icons.svg` holds only the icons listed in the script. Licences are in `licenses/`.

| file | npm package | SHA-256 |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    main()
