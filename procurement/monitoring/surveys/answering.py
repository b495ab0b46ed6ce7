"""Taking answers: from a file, a form or a machine; a new revision takes the place of the last."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.tables import Organisation
from procurement.catalogue.csv_lines import FAULTS_MAX, ROWS_MAX, cell_place, read_lines
from procurement.catalogue.tables import GenericProduct, Product
from procurement.errors import FieldFault, InvalidInputError
from procurement.monitoring.errors import SurveyClosedError
from procurement.monitoring.states import Link, SurveyStatus
from procurement.monitoring.surveys.forms import CODE, COLUMNS, SurveyRow, read_row
from procurement.monitoring.surveys.running import lock_survey
from procurement.monitoring.tables import (
    NAME_LENGTH_MAX,
    MonitoringSurvey,
    SurveyAddressee,
    SurveyAnswer,
    SurveyLine,
)
from procurement.permissions import Actor, NotFoundForActorError

_CODES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: rows of cells, each with how faults name its columns.

    Attributes:
        rows: Number, cells, and places of the faults.
        file_name: Empty for a form or a machine.
    """

    rows: Sequence[tuple[int, Mapping[str, str], Mapping[str, str]]]
    file_name: str = ""


def sent_file(content: bytes, *, link: Link, file_name: str) -> Sent:
    """Read a CSV file with the columns of a link.

    Raises:
        InvalidInputError: It is none, with every fault of the file as such.
    """
    columns = COLUMNS[link]
    found = read_lines(content, columns)
    if found.faults:
        raise InvalidInputError(found.faults)
    rows = [
        (row.number, row.cells, {one.key: cell_place(row.number, one) for one in columns})
        for row in found.rows
    ]
    return Sent(rows, file_name[-NAME_LENGTH_MAX:])


def sent_rows(records: Iterable[Mapping[str, str]], *, link: Link, prefix: str = "lines") -> Sent:
    """Take rows of a form or a machine; empty ones are passed over.

    Args:
        records: Cells by column.
        link: Whose form it is.
        prefix: Of the names that faults give: ``lines.1.drug_code``.
    """
    return Sent(
        [
            (number, cells, {one.key: f"{prefix}.{number}.{one.key}" for one in COLUMNS[link]})
            for number, cells in enumerate(records, start=1)
            if any(cell.strip() for cell in cells.values())
        ]
    )


def answer_survey(
    session: Session,
    *,
    survey_id: int,
    organisation_id: int,
    sent: Sent,
    actor: Actor,
    moment: datetime,
) -> SurveyAnswer:
    """Take an organisation's answer: all of it, or nothing with every fault.

    Args:
        session: Session of the caller's transaction.
        survey_id: The survey.
        organisation_id: Whose answer it is.
        sent: Its rows; none of them says that there is nothing to report.
        actor: Who sends it.
        moment: Now.

    Raises:
        NotFoundForActorError: The organisation is not asked.
        SurveyClosedError: It is too late.
        InvalidInputError: With every fault.
    """
    # The survey first, then the addressee: closing waits, and so does a second sending.
    survey = lock_survey(session, survey_id=survey_id)
    asked = _lock_addressee(session, survey_id, organisation_id)
    if survey.status != SurveyStatus.OPEN or moment >= survey.closes_at:
        raise SurveyClosedError
    rows, known = _checked(session, survey, Link(asked.link), sent)
    answer = SurveyAnswer(
        survey_id=survey.id,
        organisation_id=organisation_id,
        link=asked.link,
        revision=asked.answers + 1,
        lines=len(rows),
        file_name=sent.file_name,
        digest=_digest(rows),
        sent_by=actor.person_id,
        sent_at=moment,
    )
    session.add(answer)
    session.flush()
    lines = [
        _line(answer, place, row, known.get(row.drug_code))
        for place, row in enumerate(rows, start=1)
    ]
    if lines:
        session.execute(insert(SurveyLine), lines)
    asked.answers += 1
    asked.answered_at = moment
    session.flush()
    _record(session, answer, actor, moment)
    return answer


def _record(session: Session, answer: SurveyAnswer, actor: Actor, moment: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action="answer-survey",
        subject=f"survey/{answer.survey_id}",
        facts={
            "organisation": str(answer.organisation_id),
            "revision": str(answer.revision),
            "lines": str(answer.lines),
            "digest": answer.digest,
        },
        moment=moment,
    )


def _lock_addressee(session: Session, survey_id: int, organisation_id: int) -> SurveyAddressee:
    asked = session.scalars(
        select(SurveyAddressee)
        .filter_by(survey_id=survey_id, organisation_id=organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if asked is None:
        raise NotFoundForActorError
    return asked


@dataclass(frozen=True, slots=True)
class _Known:
    """A product of the catalogue, by its code."""

    product_id: int
    generic_product_id: int
    drug: str
    maker: str


def _checked(
    session: Session, survey: MonitoringSurvey, link: Link, sent: Sent
) -> tuple[list[SurveyRow], dict[str, _Known]]:
    rows: list[SurveyRow] = []
    faults: list[FieldFault] = []
    if len(sent.rows) > ROWS_MAX:
        raise InvalidInputError(
            [FieldFault("file", f"超过 {ROWS_MAX} 行。", f"More than {ROWS_MAX} lines.")]
        )
    for number, cells, place in sent.rows:
        row, wrong = read_row(cells, link=link, month=survey.month, number=number, place=place)
        rows.append(row)
        faults += wrong
    known = _products(session, {row.drug_code for row in rows if row.drug_code})
    seen: dict[str, int] = {}
    for row, (_, _, place) in zip(rows, sent.rows, strict=True):
        if row.drug_code and row.drug_code not in known:
            zh, en = "药品目录中没有该代码。", "The catalogue has no such code."
            faults.append(FieldFault(place[CODE.key], zh, en))
        elif row.drug_code and link is not Link.OPINION:
            first = seen.setdefault(row.drug_code, row.number)
            if first != row.number:
                zh, en = f"与第 {first} 行的药品相同。", f"The same drug as in line {first}."
                faults.append(FieldFault(place[CODE.key], zh, en))
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    return rows, known


def _products(session: Session, codes: set[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), _CODES_AT_ONCE):
        rows = session.execute(
            select(Product, GenericProduct.name, Organisation.name)
            .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
            .join(Organisation, Organisation.id == Product.holder_id)
            .where(Product.drug_code.in_(wanted[start : start + _CODES_AT_ONCE]))
        )
        for product, drug, maker in rows:
            found[str(product.drug_code)] = _Known(
                product.id, product.generic_product_id, drug, maker
            )
    return found


def _line(
    answer: SurveyAnswer, place: int, row: SurveyRow, known: _Known | None
) -> dict[str, object]:
    told = asdict(row)
    del told["number"]
    if known is not None:
        told |= {"drug": known.drug, "maker": row.maker or known.maker}
    return {
        **told,
        "answer_id": answer.id,
        "number": place,
        "product_id": None if known is None else known.product_id,
        "generic_product_id": None if known is None else known.generic_product_id,
    }


def _digest(rows: Sequence[SurveyRow]) -> str:
    plain = [{name: str(value) for name, value in asdict(row).items()} for row in rows]
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
