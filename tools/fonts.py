"""Makes the documents' fonts in documents/fonts/: `make vendor`, only to change one; the result is committed.

Inter's own digits are proportional and xhtml2pdf applies no OpenType feature, so its tabular digits become
its digits here; the modified font is called Inter Tabular. Source Serif and Source Code Pro are copied as
they are (their name is reserved, and their digits are tabular already). Layout tables nobody reads are left out.
"""

import hashlib
import io
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from tools.npm import Package, fetch, member

OUT = Path(__file__).parents[1] / "documents" / "fonts"
DIGITS = "zero one two three four five six seven eight nine".split()
PACKAGES = [
    Package(
        "@expo-google-fonts/inter@0.4.2",
        "b5c1e5878c07a5637169da9f7b1f370c69709f1f8de55998e2522f7aa9dfe2a9",
        {
            "400Regular/Inter_400Regular.ttf": "InterTabular-Regular.ttf",
            "600SemiBold/Inter_600SemiBold.ttf": "InterTabular-SemiBold.ttf",
            "LICENSE_FONT": "OFL-Inter.txt",
        },
    ),
    Package(
        "@expo-google-fonts/source-serif-4@0.4.1",
        "84f0b412fbc9b0b666d6fe04620b2cd2e54bfd49ca61fe0663a9e5beb30afcc4",
        {
            "400Regular/SourceSerif4_400Regular.ttf": "SourceSerif4-Regular.ttf",
            "600SemiBold/SourceSerif4_600SemiBold.ttf": "SourceSerif4-SemiBold.ttf",
            "LICENSE_FONT": "OFL-SourceSerif4.txt",
        },
    ),
    Package(
        "@expo-google-fonts/source-code-pro@0.4.1",
        "e00a889c711535f7662ed2e8158560c5dba0c36cffd4f1f2cd30d1b07e89ade1",
        {
            "400Regular/SourceCodePro_400Regular.ttf": "SourceCodePro-Regular.ttf",
            "LICENSE_FONT": "OFL-SourceCodePro.txt",
        },
    ),
]


def main() -> None:
    """Write the fonts, their licences and SHA256SUMS."""
    OUT.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        archive = fetch(package)
        for source, name in package.files.items():
            content = member(archive, source)
            (OUT / name).write_bytes(tabular(content) if name.startswith("InterTabular") else content)
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(OUT.glob("*.ttf")))
    (OUT / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


def tabular(content: bytes) -> bytes:
    """The same font with the digits of equal width, named Inter Tabular, without layout tables."""
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    for table in font["cmap"].tables:
        table.cmap.update({ord("0") + value: f"{name}.tf" for value, name in enumerate(DIGITS)})
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            tag = "InterTabular" if record.nameID == 6 else "Inter Tabular"
            record.string = str(record).replace("Inter", tag, 1)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"], glyph_names=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font.save(out := io.BytesIO())
    return out.getvalue()


if __name__ == "__main__":
    main()
