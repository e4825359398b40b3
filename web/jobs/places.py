"""Where the worker leaves files for the pages."""

from pathlib import Path
from uuid import UUID

from ledger.settings import Settings


def archive_file(settings: Settings, company_id: UUID, archive_id: UUID) -> Path:
    """Where an archive is until it is downloaded and put away."""
    return settings.data / "archives" / str(company_id) / f"{archive_id}.asice"
