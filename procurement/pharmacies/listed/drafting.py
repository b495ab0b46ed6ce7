"""From what was typed, in a form or through the interface, to a proposed decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.listed.finding import decision_by_number
from procurement.pharmacies.listed.kinds import DecisionKind
from procurement.pharmacies.listed.matching import drugs_by_name, find_drug
from procurement.pharmacies.listed.proposing import LINES_MAX, draft_faults, propose
from procurement.pharmacies.listed.reading import EARLIEST, LATEST, read_day, read_typed
from procurement.pharmacies.listed.tables import ListDecision
from procurement.pharmacies.listed.terms import DecisionDraft, LineDraft

DAYS = ("decided_on", "in_force_from", "public_from")


@dataclass(frozen=True, slots=True)
class TypedDraft:
    """What was typed, as far as it can be read.

    Attributes:
        draft: With the lines that can be read; None where a day of the head cannot.
        positions: Of those lines, as typed.
        faults: Everything that cannot be read.
    """

    draft: DecisionDraft | None
    positions: Sequence[int]
    faults: Sequence[FieldFault]


def propose_typed(
    session: Session,
    *,
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, str]],
    actor: Actor,
    moment: datetime,
) -> ListDecision:
    """Propose a decision on the list of the actor's region.

    Args:
        session: Session of the caller's transaction.
        head: ``kind``, ``document``, ``decided_on``, ``in_force_from``, ``public_from``,
            ``reason``, ``notice_title``, ``notice_text``, ``corrects``.
        lines: For each drug ``name``, ``form``, ``brand``, ``catalogue_number`` and what
            `read_typed` reads.
        actor: Of the bureau.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault, those of a line at ``field-position``.
        OtherListError: The bureau has no such list.
        CityListError: Cities may not change it.
        LaterDecisionError: A later decision rests on that which it corrects.
    """
    typed = read_draft(session, head=head, lines=lines, actor=actor)
    if typed.draft is None:
        raise InvalidInputError(typed.faults)
    if typed.faults:
        more = draft_faults(session, draft=typed.draft)
        raise InvalidInputError(
            [*typed.faults, *(_renumbered(fault, typed.positions) for fault in more)]
        )
    return propose(session, draft=typed.draft, actor=actor, moment=moment)


def read_draft(
    session: Session,
    *,
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, str]],
    actor: Actor,
) -> TypedDraft:
    """Read the head and the lines of a decision."""
    faults: list[FieldFault] = []
    read = _head(head, actor, faults)
    corrects = _corrected(session, head, actor, faults)
    positions, drafts = _lines(session, lines[: LINES_MAX + 1], faults)
    if read is None:
        return TypedDraft(None, positions, faults)
    draft = replace(read, corrects_id=corrects, lines=tuple(drafts))
    return TypedDraft(draft, positions, faults)


def read_head(head: Mapping[str, str], *, actor: Actor) -> DecisionDraft:
    """Read the head of a decision whose lines come from elsewhere; see `propose_typed`.

    Raises:
        InvalidInputError: A day or the kind cannot be read.
    """
    faults: list[FieldFault] = []
    read = _head(head, actor, faults)
    if read is None:
        raise InvalidInputError(faults)
    return read


def _head(head: Mapping[str, str], actor: Actor, faults: list[FieldFault]) -> DecisionDraft | None:
    decided_on, in_force_from, public_from = (_day(head, name, faults) for name in DAYS)
    kind = _kind(head, faults)
    if kind is None or decided_on is None or in_force_from is None or public_from is None:
        return None
    return DecisionDraft(
        kind=kind,
        region=actor.region,
        bureau_id=actor.organisation_id or 0,
        document=head.get("document", "").strip(),
        decided_on=decided_on,
        in_force_from=in_force_from,
        public_from=public_from,
        reason=head.get("reason", "").strip(),
        notice_title=head.get("notice_title", "").strip(),
        notice_text=head.get("notice_text", "").strip(),
        lines=(),
    )


def _kind(head: Mapping[str, str], faults: list[FieldFault]) -> DecisionKind | None:
    try:
        return DecisionKind(head.get("kind", ""))
    except ValueError:
        expected = ", ".join(DecisionKind)
        faults.append(FieldFault("kind", "请选择决定类别。", f"Expected one of {expected}."))
        return None


def _day(head: Mapping[str, str], name: str, faults: list[FieldFault]) -> date | None:
    day = read_day(head.get(name, ""))
    if day is None:
        faults.append(
            FieldFault(
                name,
                f"应为 {EARLIEST} 至 {LATEST} 的日期，写作 2022-05-01。",
                f"Expected a date from {EARLIEST} to {LATEST} like 2022-05-01.",
            )
        )
    return day


def _corrected(
    session: Session, head: Mapping[str, str], actor: Actor, faults: list[FieldFault]
) -> int | None:
    number = head.get("corrects", "").strip()
    if not number:
        return None
    found = decision_by_number(session, number=number)
    if found is None or found.region != actor.region:
        faults.append(
            FieldFault(
                "corrects",
                f"本地区名单没有决定 {number}。",
                f"There is no decision {number} on this list.",
            )
        )
        return None
    return found.id


def _lines(
    session: Session, lines: Sequence[Mapping[str, str]], faults: list[FieldFault]
) -> tuple[list[int], list[LineDraft]]:
    known = drugs_by_name(session, names={line.get("name", "").strip() for line in lines})
    positions, drafts = [], []
    for position, line in enumerate(lines, start=1):
        generic = find_drug(line.get("name", "").strip(), line.get("form", "").strip(), known)
        typed = read_typed(line)
        own = [*_stated(line), *typed.faults]
        if not isinstance(generic, GenericProduct):
            own.insert(0, generic)
        faults += [
            FieldFault(
                f"{one.field}-{position}",
                f"第 {position} 条：{one.zh}",
                f"Entry {position}: {one.en}",
            )
            for one in own
        ]
        if own or not isinstance(generic, GenericProduct):
            continue
        positions.append(position)
        drafts.append(
            LineDraft(
                generic_product_id=generic.id,
                brand=line.get("brand", "").strip(),
                control=typed.control,
                terms=typed.terms,
                starts_on=typed.starts_on,
                ends_on=typed.ends_on,
                catalogue_number=line.get("catalogue_number", "").strip(),
                evidence=typed.evidence,
            )
        )
    return positions, drafts


def _stated(line: Mapping[str, str]) -> list[FieldFault]:
    if line.get("control", "").strip():
        return []
    return [
        FieldFault(
            "control",
            "请说明是否属于特殊管理药品。",
            "Say whether the drug is under special control.",
        )
    ]


def _renumbered(fault: FieldFault, positions: Sequence[int]) -> FieldFault:
    """Give a fault the position that its line had when typed: lines with faults were left out."""
    name, _, number = fault.field.rpartition("-")
    if not name or not number.isdigit() or not 0 < int(number) <= len(positions):
        return fault
    typed = positions[int(number) - 1]
    return FieldFault(
        f"{name}-{typed}",
        f"第 {typed} 条：{fault.zh.partition('：')[2]}",
        f"Entry {typed}: {fault.en.partition(': ')[2]}",
    )
