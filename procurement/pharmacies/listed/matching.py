"""Finding the catalogue's generic product that a name and a form mean."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault


def drugs_by_name(session: Session, *, names: set[str]) -> dict[str, list[GenericProduct]]:
    """Return the catalogue's generic products of some names, each name with all its forms."""
    found: dict[str, list[GenericProduct]] = {}
    wanted = select(GenericProduct).where(GenericProduct.name.in_(names))
    for row in session.scalars(wanted.order_by(GenericProduct.printed_form)):
        found.setdefault(row.name, []).append(row)
    return found


def find_drug(
    name: str, form: str, known: Mapping[str, Sequence[GenericProduct]]
) -> GenericProduct | FieldFault:
    """Return the generic product of a name and form, or what is wrong with them."""
    if not name:
        return FieldFault("name", "应填写通用名。", "Expected a generic name.")
    named = known.get(name, ())
    if not named:
        return FieldFault(
            "name", f"药品目录中没有“{name}”。", f"The catalogue has no drug named {name}."
        )
    fitting = [one for one in named if one.printed_form == form] if form else list(named)
    if len(fitting) == 1:
        return fitting[0]
    forms = "、".join(one.printed_form or "—" for one in named)
    return FieldFault(
        "form",
        f"“{name}”在目录中的剂型为：{forms}；请填写其中之一。",
        f"The catalogue has {name} in these forms: {forms}. Name one of them.",
    )
