"""What a page shows of a dossier: charts with their tables, and everything at one price."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procurement.negotiations.outputs.at_price import AtPrice, at_price
from procurement.negotiations.outputs.base_tables import base_tables, register_table
from procurement.negotiations.outputs.chart_list import Chart, charts_of, reach_of
from procurement.negotiations.outputs.charts import draw
from procurement.negotiations.outputs.charts.lettering import figure, yuan_and_cents
from procurement.negotiations.outputs.figures import Dossier
from procurement.negotiations.outputs.said import Reader
from procurement.negotiations.outputs.tables import NONE, Table

REGISTER_MAX = 120
"""Assumptions on a page; the workbook has all."""

SLIDER_STEPS = 400

_PRICE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Everything that a page shows, in one language.

    Attributes:
        dossier: What it comes from.
        reader: Who reads: the language, and the currency of the model.
        price: The price that is looked at.
        reach: The highest price shown.
        at_price: Everything at that price.
        charts: In the order in which they stand.
        tables: Base tables, in the order in which they stand.
        register: Of assumptions.
    """

    dossier: Dossier
    reader: Reader
    price: float
    reach: float
    at_price: Sequence[AtPrice]
    charts: Sequence[Chart]
    tables: Sequence[Table]
    register: Table

    def drawn(self, chart: Chart) -> Markup:
        """A chart as SVG."""
        return draw(chart.picture, language=self.reader.language)

    @property
    def ceiling(self) -> str:
        """The ceiling as it is read."""
        ceiling = self.dossier.ceiling
        return NONE if ceiling is None else figure(float(ceiling), 2)

    @property
    def money(self) -> str:
        """The currency of the model."""
        return self.dossier.money.text(self.reader)

    @property
    def binding(self) -> str:
        """What decides the ceiling."""
        binding = self.dossier.binding
        return NONE if binding is None else binding.name.text(self.reader)

    @property
    def policy(self) -> str:
        """How ceilings were combined."""
        return self.dossier.policy.text(self.reader)

    @property
    def discussed(self) -> str:
        """The price under discussion."""
        return yuan_and_cents(self.dossier.price)

    @property
    def asked(self) -> str:
        """The price that is looked at, as it stands in a field."""
        return f"{self.price:.2f}"

    @property
    def step(self) -> float:
        """How far a slider moves at a time: a round part of the axis."""
        return float(f"{self.reach / SLIDER_STEPS:.1g}")

    @property
    def notes(self) -> Sequence[str]:
        """What must be said of the run."""
        return [note.text(self.reader) for note in self.dossier.notes]


def outputs_of(dossier: Dossier, *, language: str, price: float | None = None) -> Outputs:
    """Return what a page shows of a dossier.

    Args:
        dossier: The figures of a run.
        language: ``zh`` or ``en``.
        price: The price to look at; the one under discussion unless given.
    """
    reader = Reader(language, dossier.money)
    asked = dossier.price if price is None else price
    reach = reach_of(dossier)
    return Outputs(
        dossier=dossier,
        reader=reader,
        price=asked,
        reach=reach,
        at_price=at_price(dossier, asked, reader),
        charts=charts_of(dossier, reader=reader),
        tables=base_tables(dossier, reader),
        register=register_table(dossier, reader, REGISTER_MAX),
    )


def price_asked(text: str | None) -> float | None:
    """The price in the address of a page; none where it is no price.

    Examples:
        >>> price_asked("２０,０００.5"), price_asked("-3"), price_asked("1e400"), price_asked(None)
        (20000.5, None, None, None)
    """
    plain = unicodedata.normalize("NFKC", text or "").replace(",", "").strip()
    return float(plain) if _PRICE.fullmatch(plain) else None
