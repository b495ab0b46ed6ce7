"""Storing the lots of a file that was read, after a preview of what would happen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.lots import LotFacts, add_lot, change_lot, lot_facts, lot_faults
from procurement.rounds.progress import lock_version
from procurement.rounds.rules import Part, check_may_change
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import Lot, Round, RoundStatus


class ImportAction(StrEnum):
    """What an import does with a lot."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LotPreview:
    """What would become of one lot of a file.

    Attributes:
        facts: As they would be stored.
        action: What would be done.
        is_in_catalogue: Whether the catalogue has the product.
    """

    facts: LotFacts
    action: ImportAction
    is_in_catalogue: bool


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do; nothing is stored yet.

    Attributes:
        lots: In the order of the file.
        faults: What is wrong with them, besides what reading the file found.
    """

    lots: tuple[LotPreview, ...]
    faults: tuple[FieldFault, ...]


def preview_import(session: Session, *, round_: Round, lots: Sequence[LotFacts]) -> ImportPreview:
    """Compare the lots of a file with those of the round and the catalogue.

    Args:
        session: Any session.
        round_: The draft.
        lots: As `procurement.rounds.lot_file` read them.
    """
    known = {lot.code: lot for lot in lots_of(session, round_id=round_.id)}
    products = _products(session, [facts.product for facts in lots])
    previews, faults = [], []
    for read in lots:
        facts = replace(read, generic_product_id=products.get(read.product))
        action = _action(session, known.get(facts.code), facts)
        previews.append(LotPreview(facts, action, facts.generic_product_id is not None))
        faults += [
            replace(fault, field=f"{facts.code}，{fault.field}")
            for fault in lot_faults(session, facts=facts)
        ]
    return ImportPreview(tuple(previews), tuple(faults))


def import_lots(
    session: Session,
    *,
    round_: Round,
    lots: Sequence[LotFacts],
    version: int,
    actor: Actor,
    moment: datetime,
) -> ImportPreview:
    """Store the lots of a file, all or none; lots that the file does not name stay.

    Args:
        session: Session of the caller's transaction.
        round_: The draft.
        lots: As `procurement.rounds.lot_file` read them.
        version: The round's version that the preview showed.
        actor: The officer.
        moment: When.

    Returns:
        What was done.

    Raises:
        StaleError: The round changed since the preview.
        PartFixedError: Lots are fixed by now.
        InvalidInputError: With every fault.
    """
    lock_version(session, round_=round_, version=version)
    check_may_change(Part.LOTS, RoundStatus(round_.status))
    preview = preview_import(session, round_=round_, lots=lots)
    if preview.faults:
        raise InvalidInputError(preview.faults)
    known = {lot.code: lot for lot in lots_of(session, round_id=round_.id)}
    for one in preview.lots:
        if one.action is ImportAction.NEW:
            add_lot(session, round_=round_, facts=one.facts, actor=actor, moment=moment)
        elif one.action is ImportAction.CHANGED:
            lot = known[one.facts.code]
            change_lot(
                session,
                round_=round_,
                lot=lot,
                facts=one.facts,
                version=lot.version,
                actor=actor,
                moment=moment,
            )
    return preview


def _action(session: Session, lot: Lot | None, facts: LotFacts) -> ImportAction:
    if lot is None:
        return ImportAction.NEW
    present = lot_facts(session, lot=lot)
    same = present == replace(
        facts,
        strengths=tuple(sorted(facts.strengths, key=lambda one: (one.ratio, one.strength))),
        generic_product_id=facts.generic_product_id,
    )
    return ImportAction.UNCHANGED if same else ImportAction.CHANGED


def _products(session: Session, names: Sequence[str]) -> dict[str, int]:
    """Generic products by the name that documents print: generic name and form."""
    printed = GenericProduct.name + GenericProduct.printed_form
    found = session.execute(select(printed, GenericProduct.id).where(printed.in_(set(names))))
    return {str(name): product_id for name, product_id in found}
