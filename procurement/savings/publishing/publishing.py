"""Publishing the table of a settlement, for a term that the officer gives."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.savings.publishing.public_table import (
    BAND_COLUMNS,
    COLUMNS,
    PublicTable,
    misprint_texts,
    public_table,
)
from procurement.savings.publishing.reporting import latest_report, statements_digest
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    set_status,
)
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.settlements.parameters import parameter_views, rules_of
from procurement.savings.settlements.terms import terms_of
from procurement.savings.statements.writing import latest_statements
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsPublication, SavingsSettlement, SettlementReport


class MisprintError(RefusedError):
    """Numbers of the table do not follow from the others: nothing is published."""

    def __init__(self, table: PublicTable) -> None:
        """Keep the table."""
        places = "; ".join(
            f"{one['where']}: {one['printed']} ≠ {one['computed']}"
            for one in misprint_texts(table.misprints)
        )
        super().__init__(
            zh=f"公示表自身勾稽不符，未公示：{places}",
            en=f"The table contradicts itself, nothing was published: {places}",
        )
        self.table = table


class ReportChangedError(RefusedError):
    """Statements are not those that were reported."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="测算表与上报时不一致，不能公示。",
            en="The statements are not those that were reported: nothing was published.",
        )


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A publication as it is read.

    Attributes:
        row: The row.
        settlement: What it is about.
        bureau: Who published it.
        title: Of the settlement.
        batches: Names of the batch-years.
        parameters: What texts leave open: name, value and who decided it, in both languages.
        columns: Of the table.
        rows: Of the table, the totals last.
        band_columns: Of the table of bands.
        bands: How many hospitals are in each.
    """

    row: SavingsPublication
    settlement: SavingsSettlement
    bureau: str
    title: str
    batches: tuple[str, ...]
    parameters: tuple[dict[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    band_columns: tuple[str, ...]
    bands: tuple[dict[str, str], ...]


def publish(
    session: Session,
    *,
    settlement: SavingsSettlement,
    until: date,
    basis: str,
    actor: Actor,
    moment: datetime,
) -> SavingsPublication:
    """Publish the table of a settlement that was reported.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        until: Last day of the term of publicity; no source states how long it is.
        basis: The document that states the term.
        actor: For the bureau.
        moment: Now, aware.

    Raises:
        InvalidInputError: The day is before today, or the document is missing.
        MisprintError: The table contradicts itself.
        ReportChangedError: The statements are not those that were reported.
        WrongStateError: It is not reported.
    """
    text = require_reason(basis, field_name="basis")
    locked = lock(session, settlement=settlement)
    require_idle(session, settlement=locked)
    require_status(locked, SettlementStatus.REPORTED)
    today = day_in_china(moment)
    if until < today:
        zh, en = "须为今天或以后的日期。", "Expected today or a later day."
        raise InvalidInputError([FieldFault("until", zh, en)])
    report = _unchanged_report(session, locked)
    table = public_table(session, settlement=locked)
    if table.misprints:
        raise MisprintError(table)
    content = json.dumps(_content(session, locked, table), ensure_ascii=False, sort_keys=True)
    publication = SavingsPublication(
        settlement_id=locked.id,
        number=len(publications_of(session, settlement=locked)) + 1,
        report_id=report.id,
        content=content,
        digest=text_digest(content),
        starts_on=today,
        until=until,
        basis=text,
        published_by=actor.person_id,
        published_at=moment,
    )
    session.add(publication)
    set_status(session, settlement=locked, status=SettlementStatus.PUBLISHED, moment=moment)
    facts = {"until": until.isoformat(), "digest": publication.digest}
    noted(
        session,
        settlement=locked,
        action="publish-settlement",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return publication


def withdraw_publication(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Take a published table back: somebody objected to it, and hospitals answer again.

    Raises:
        InvalidInputError: No reason is given.
        WrongStateError: It is not public, or being paid already.
    """
    text = require_reason(reason)
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.PUBLISHED)
    publication = standing_publication(session, settlement=locked)
    publication.withdrawn_because, publication.withdrawn_at = text, moment
    status = SettlementStatus.WITH_HOSPITALS
    set_status(session, settlement=locked, status=status, moment=moment)
    noted(
        session,
        settlement=locked,
        action="withdraw-publication",
        actor=actor,
        moment=moment,
        facts={"reason": text},
    )


def publications_of(
    session: Session, *, settlement: SavingsSettlement
) -> Sequence[SavingsPublication]:
    """Return the publications of a settlement, oldest first."""
    return session.scalars(
        select(SavingsPublication)
        .where(SavingsPublication.settlement_id == settlement.id)
        .order_by(SavingsPublication.number)
    ).all()


def standing_publication(session: Session, *, settlement: SavingsSettlement) -> SavingsPublication:
    """Return the publication that was not withdrawn.

    Raises:
        NotFoundForActorError: There is none.
    """
    rows = publications_of(session, settlement=settlement)
    if not rows or rows[-1].withdrawn_at is not None:
        raise NotFoundForActorError
    return rows[-1]


def is_published(session: Session, *, settlement: SavingsSettlement) -> bool:
    """Tell whether a settlement's table is public."""
    rows = publications_of(session, settlement=settlement)
    return bool(rows) and rows[-1].withdrawn_at is None


def publication_of(session: Session, *, settlement: SavingsSettlement) -> PublicationView:
    """Return what is published of a settlement.

    Raises:
        NotFoundForActorError: Nothing is.
    """
    row = standing_publication(session, settlement=settlement)
    content = json.loads(row.content)
    return PublicationView(
        row=row,
        settlement=settlement,
        bureau=content["bureau"],
        title=content["title"],
        batches=tuple(content["batches"]),
        parameters=tuple(content["parameters"]),
        columns=COLUMNS,
        rows=tuple(content["rows"]),
        band_columns=BAND_COLUMNS,
        bands=tuple(content["bands"]),
    )


def published_settlements(session: Session) -> list[SavingsSettlement]:
    """Return the settlements whose table is public, the newest first."""
    return list(
        session.scalars(
            select(SavingsSettlement)
            .join(SavingsPublication, SavingsPublication.settlement_id == SavingsSettlement.id)
            .where(SavingsPublication.withdrawn_at.is_(None))
            .order_by(SavingsPublication.published_at.desc(), SavingsSettlement.id.desc())
        )
    )


def _unchanged_report(session: Session, settlement: SavingsSettlement) -> SettlementReport:
    report = latest_report(session, settlement=settlement)
    statements = list(latest_statements(session, settlement_id=settlement.id).values())
    if statements_digest(statements) != report.digest:
        raise ReportChangedError
    return report


def _content(
    session: Session, settlement: SavingsSettlement, table: PublicTable
) -> dict[str, object]:
    rulebook = rules_of(settlement).scheme.rulebook
    return {
        "title": settlement.title,
        "bureau": session.get_one(Organisation, settlement.bureau_id).name,
        "region": settlement.region,
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "batches": [one.batch for one in terms_of(session, settlement=settlement)],
        "parameters": [
            {
                "key": one.key,
                "zh": one.zh,
                "en": one.en,
                "value_zh": one.value_zh,
                "value_en": one.value_en,
                "by_zh": one.by_zh,
                "by_en": one.by_en,
            }
            for one in parameter_views(settlement)
        ],
        "rows": list(table.rows),
        "bands": list(table.bands),
    }
