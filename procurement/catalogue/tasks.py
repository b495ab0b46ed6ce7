"""What waits in the catalogue: files that were checked and not yet stored."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import CatalogueImport
from procurement.notices import Task
from procurement.permissions import Action, Actor, is_permitted

RECENT = timedelta(days=14)
"""An older file has been forgotten or replaced by another."""


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """List the files that somebody uploaded and has not stored or mended yet.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now.

    Returns:
        One task for each of his files without faults, and one for his newest file where that has
        faults.
    """
    if actor.person_id is None or not is_permitted(actor, Action.IMPORT_CATALOGUE):
        return []
    own = (
        select(CatalogueImport)
        .where(
            CatalogueImport.uploaded_by == actor.person_id,
            CatalogueImport.uploaded_at > moment - RECENT,
        )
        .order_by(CatalogueImport.id.desc())
    )
    uploads = session.scalars(own).all()
    return [
        _task(upload)
        for place, upload in enumerate(uploads)
        if upload.applied_at is None and (upload.fault_count == 0 or place == 0)
    ]


def _task(upload: CatalogueImport) -> Task:
    link = f"/catalogue/imports/{upload.id}"
    if upload.fault_count:
        return Task(
            zh=f"目录文件“{upload.filename}”有 {upload.fault_count} 处待更正",
            en=f"The catalogue file “{upload.filename}” has {upload.fault_count} faults to mend",
            link=link,
        )
    return Task(
        zh=f"目录文件“{upload.filename}”已核对，待确认写入",
        en=f"The catalogue file “{upload.filename}” was checked and waits to be stored",
        link=link,
    )
