"""What lines of a report are about: the places and drugs that they name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.errors import FieldFault
from procurement.pharmacies.finder.kinds import StockLevel
from procurement.pharmacies.finder.reading import NameCell, ReadLine
from procurement.pharmacies.finder.tables import PRODUCT_LENGTH_MAX
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Stated:
    """What a place says of one product.

    Attributes:
        number: Of the line; 0 where it came from no line.
        place: Who says so.
        generic_product_id: The drug.
        product_id: The pack of the catalogue, if it is known.
        product: As people see it.
        packs: How many; None where only the level is known.
        level: How much.
        price: Sale price of a pack, if given.
        as_of: Of which day.
    """

    number: int
    place: Place
    generic_product_id: int
    product_id: int | None
    product: str
    packs: int | None
    level: StockLevel
    price: Decimal | None
    as_of: date

    @property
    def key(self) -> tuple[int, int, str]:
        """What makes two lines the same: place, drug, product."""
        return self.place.id, self.generic_product_id, self.product


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack of the catalogue.

    Attributes:
        product_id: Its id.
        generic_product_id: Its drug.
        pack_units: Minimal units in it.
        text: As people see it.
    """

    product_id: int
    generic_product_id: int
    pack_units: int
    text: str


def packs_by_code(session: Session, codes: Sequence[str]) -> dict[str, Pack]:
    """Return packs of the catalogue by their national codes."""
    found: dict[str, Pack] = {}
    for start in range(0, len(codes), CHUNK):
        rows = session.execute(
            select(Product, ProductStrength.label, GenericProduct.unit, Organisation.short_name)
            .join(ProductStrength, ProductStrength.id == Product.strength_id)
            .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
            .join(Organisation, Organisation.id == Product.holder_id)
            .where(Product.drug_code.in_(codes[start : start + CHUNK]))
        )
        for product, label, unit, holder in rows:
            size = product.pack or f"{product.pack_units}{unit}"
            parts = (product.brand or "", f"{label}×{size}", holder)
            text = " ".join(part for part in parts if part)[:PRODUCT_LENGTH_MAX]
            # Never None: the statement asks for these codes.
            found[product.drug_code or ""] = Pack(
                product.id, product.generic_product_id, product.pack_units, text
            )
    return found


def resolve(
    session: Session, *, lines: Sequence[ReadLine], places: Sequence[Place], name_cell: NameCell
) -> tuple[list[Stated], list[FieldFault]]:
    """Find the places and drugs of lines, and collect everything that cannot be found.

    Args:
        session: Any session.
        lines: That could be read.
        places: Those that the reporter keeps.
        name_cell: Names a cell for the faults.
    """
    resolver = _Resolver(
        by_code={one.institution_code: one for one in places},
        packs=packs_by_code(session, sorted({one.drug_code for one in lines if one.drug_code})),
        drugs=_drugs(session, sorted({one.name for one in lines if not one.drug_code})),
        name_cell=name_cell,
        faults=[],
    )
    stated = [found for line in lines if (found := resolver.stated(line)) is not None]
    return stated, [*resolver.faults, *_twice(stated, name_cell)]


def _drugs(session: Session, names: Sequence[str]) -> dict[str, list[GenericProduct]]:
    found: dict[str, list[GenericProduct]] = {}
    for start in range(0, len(names), CHUNK):
        part = names[start : start + CHUNK]
        for one in session.scalars(select(GenericProduct).where(GenericProduct.name.in_(part))):
            found.setdefault(one.name, []).append(one)
    return found


def _twice(stated: Sequence[Stated], name_cell: NameCell) -> Iterator[FieldFault]:
    first: dict[tuple[int, int, str], int] = {}
    for one in stated:
        line = first.setdefault(one.key, one.number)
        if line != one.number:
            yield FieldFault(
                name_cell(one.number, "product"),
                f"与第 {line} 行是同一机构的同一药品。",
                f"The same product of the same place as line {line}.",
            )


@dataclass(frozen=True, slots=True)
class _Resolver:
    by_code: Mapping[str, Place]
    packs: Mapping[str, Pack]
    drugs: Mapping[str, list[GenericProduct]]
    name_cell: NameCell
    faults: list[FieldFault]

    def stated(self, line: ReadLine) -> Stated | None:
        place, drug = self._place(line), self._drug(line)
        if place is None or drug is None:
            return None
        generic_product_id, product_id, product = drug
        return Stated(
            number=line.number,
            place=place,
            generic_product_id=generic_product_id,
            product_id=product_id,
            product=product,
            packs=line.packs,
            level=line.level,
            price=line.price,
            as_of=line.as_of,
        )

    def _fault(self, line: ReadLine, key: str, zh: str, en: str) -> None:
        self.faults.append(FieldFault(self.name_cell(line.number, key), zh, en))

    def _place(self, line: ReadLine) -> Place | None:
        is_clear = not line.place and len(self.by_code) == 1
        code = next(iter(self.by_code)) if is_clear else line.place
        place = self.by_code.get(code)
        if place is None:
            self._fault(
                line,
                "place",
                f"“{line.place[:20]}”不是本机构的门店或院区代码。",
                f"“{line.place[:20]}” is none of your places.",
            )
            return None
        if place.status != PlaceStatus.OPEN:
            self._fault(line, "place", "该机构已停业。", "This place is closed.")
            return None
        return place

    def _drug(self, line: ReadLine) -> tuple[int, int | None, str] | None:
        if line.drug_code:
            pack = self.packs.get(line.drug_code)
            if pack is not None:
                return pack.generic_product_id, pack.product_id, pack.text
            self._fault(
                line,
                "drug_code",
                f"药品目录中没有代码“{line.drug_code[:30]}”。",
                f"The catalogue has no product “{line.drug_code[:30]}”.",
            )
            return None
        named = self.drugs.get(line.name, [])
        fitting = [one for one in named if not line.form or one.printed_form == line.form]
        if len(fitting) == 1:
            return fitting[0].id, None, line.product
        self._unclear(line, named)
        return None

    def _unclear(self, line: ReadLine, named: Sequence[GenericProduct]) -> None:
        if not named:
            self._fault(
                line,
                "name",
                f"药品目录中没有“{line.name[:60]}”。",
                f"The catalogue has no “{line.name[:60]}”.",
            )
            return
        forms = "、".join(sorted(one.printed_form or "—" for one in named))
        self._fault(
            line, "form", f"剂型须为其中之一：{forms}。", f"Expected one of the forms: {forms}."
        )
