"""The budget impact by year, as formulas of the inputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.model_file.budget_layout import (
    BudgetLayout,
    CohortsLayout,
    FunnelLayout,
    TreatmentLayout,
)
from procurement.negotiations.outputs.figures import BudgetTable
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Sheet
from procurement.negotiations.outputs.workbook.checks import Checks
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells
from procurement.negotiations.outputs.workbook.live import (
    Live,
    added,
    at_least,
    exp,
    half_even,
    live,
    minimum,
)

FIRST = 1
"""Column of the first year."""


@dataclass(frozen=True, slots=True)
class BudgetCells:
    """Cells of a budget impact, each by year.

    Attributes:
        impact: What the fund pays more.
        at_zero: The same if the drug cost nothing.
        units: Units of the drug that the fund pays, more with it than without.
        patients: Patients of the drug with it.
    """

    impact: list[Live]
    at_zero: list[Live]
    units: list[Live]
    patients: list[Live]


@dataclass(slots=True)
class _Table:
    """A table with a column for each year that grows downwards."""

    sheet: Sheet
    checks: Checks
    years: int
    row: int = 4

    def add(
        self,
        name: Said,
        numbers: Sequence[Live],
        style: str = "number",
        computed: Sequence[float] = (),
    ) -> list[Live]:
        """Write a row; with what the program computed, compare it."""
        self.sheet.text(self.row, 0, name)
        cells = [
            self.sheet.formula(self.row, FIRST + year, number, style)
            for year, number in enumerate(numbers)
        ]
        if len(computed):
            column = FIRST + self.years + 1
            self.checks.compare(self.sheet, self.row, column, name, cells, computed)
        self.row += 1
        return cells

    def heading(self, name: Said) -> None:
        """Write the head of a group of rows."""
        self.row += 1
        self.sheet.heads(self.row, [name])
        self.row += 1


def write_budget(
    sheet: Sheet, layout: BudgetLayout, cells: InputCells, computed: BudgetTable, checks: Checks
) -> BudgetCells:
    """Write a budget impact and compare it with what the program computed."""
    table = _Table(sheet, checks, layout.years)
    _heads(sheet, layout.years)
    years = table.add(Said("年", "year"), [live(year + 1) for year in range(layout.years)], "count")
    eligible = _eligible(table, layout, cells, computed)
    curve = _curve(table, layout, cells, years)
    base = _Base(layout, cells, eligible, curve)
    parts = [_treatment(table, base, one, computed) for one in layout.treatments]
    ratio = cells[layout.payment_ratio]
    impact = _write_impact(table, parts, ratio, computed)
    at_zero, units = _write_pieces(table, parts, ratio, cells["negotiated.price"], computed)
    own = next(part for part in parts if part.is_negotiated)
    return BudgetCells(impact, at_zero, units, own.patients)


def _write_impact(
    table: "_Table", parts: "Sequence[_Parts]", ratio: Live, computed: BudgetTable
) -> list[Live]:
    """What the fund pays without and with the drug, and what patients pay more."""
    table.heading(Said("预算影响（¤）", "Budget impact, ¤"))
    rows = [_sum(parts, name, ratio) for name in ("without", "with_", "offsets")]
    without = table.add(
        Said("无本药：基金支出", "without: fund"), rows[0], "money", computed.without
    )
    with_ = table.add(Said("有本药：基金支出", "with: fund"), rows[1], "money", computed.with_)
    difference = [new - old for new, old in zip(with_, without, strict=True)]
    name = Said("基金预算影响", "impact on the fund")
    impact = table.add(name, difference, "result", computed.impact)
    saved = Said("其中：别处节省", "of it: saved elsewhere")
    table.add(saved, rows[2], "money", computed.offsets)
    patients = [number * (1 - ratio) for number in _sum(parts, "more", live(1))]
    name = Said("患者多付", "impact on patients")
    table.add(name, patients, "money", computed.patient_view)
    return impact


def _write_pieces(
    table: "_Table",
    parts: "Sequence[_Parts]",
    ratio: Live,
    price: Live,
    computed: BudgetTable,
) -> tuple[list[Live], list[Live]]:
    """The impact parted by price: at a price of 0, and the units that the fund pays for."""
    heading = Said(
        "按价格分解：影响＝零价影响＋价格×基金付费用量",
        "By price: impact = at zero + price × units",
    )
    table.heading(heading)
    zero = Said("价格为 0 时的影响（¤）", "impact at a price of 0, ¤")
    at_zero = table.add(zero, _sum(parts, "at_zero", ratio), "money")
    paid = Said("基金付费用量", "units paid by the fund")
    units = table.add(paid, _sum(parts, "units", ratio), "count")
    same = Said("由分解得到的影响（应与上相同）", "impact from these (must equal the above)")
    put_back = [one + price * unit for one, unit in zip(at_zero, units, strict=True)]
    table.add(same, put_back, "money", computed.impact)
    return at_zero, units


def _heads(sheet: Sheet, years: int) -> None:
    sheet.widths(44, *([16] * years), 3, *([14] * years), 12)
    sheet.text(0, 0, Said("预算影响", "Budget impact"), "title")
    note = Said(
        "右侧为程序的计算值和最大相对差。",
        "To the right: what the program computed, and the largest relative difference.",
    )
    sheet.text(1, 0, note, "note")
    names = [Said(f"第{year + 1}年", f"year {year + 1}") for year in range(years)]
    checks = [Said(f"程序：第{year + 1}年", f"program: year {year + 1}") for year in range(years)]
    sheet.heads(3, [Said("项目", "item"), *names])
    sheet.heads(3, [*checks, Said("相对差", "difference")], FIRST + years + 1)
    sheet.freeze(4, 1)


def _eligible(
    table: _Table, layout: BudgetLayout, cells: InputCells, computed: BudgetTable
) -> list[Live]:
    table.heading(Said("目标人群", "Eligible patients"))
    if isinstance(layout.population, FunnelLayout):
        people = _grown(table, layout.population, cells, layout.years)
    else:
        people = _cohort(table, layout.population, cells, layout.years)
    for path in layout.factors:
        name = path.rpartition(".")[2]
        people = table.add(Said(f"× {name}", f"× {name}"), [one * cells[path] for one in people])
    whole = Said("目标患者", "eligible patients")
    return table.add(whole, _whole(people, layout), "count", computed.eligible)


def _grown(table: _Table, layout: FunnelLayout, cells: InputCells, years: int) -> list[Live]:
    size, growth = cells[layout.size], cells[layout.growth]
    people = [size * (1 + growth) ** live(year) for year in range(years)]
    return table.add(Said("参保人数", "insured people"), people, "count")


def _cohort(table: _Table, layout: CohortsLayout, cells: InputCells, years: int) -> list[Live]:
    incident = cells.yearly(layout.incident, years)
    exits = cells.yearly(layout.exits, years)
    prevalent = [None if path is None else cells[path] for path in layout.prevalent]
    table.add(Said("新发", "incident"), incident, "count")
    table.add(Said("退出", "exits"), exits, "count")
    if not layout.retention:
        return _carried(table, incident, prevalent, exits)
    entering = table.add(
        Said("进入", "entering"),
        [
            new + (0 if old is None else old) - gone
            for new, old, gone in zip(incident, prevalent, exits, strict=True)
        ],
        "count",
    )
    staying = [cells[path] for path in layout.retention]
    stacked = [
        added([entering[year - age] * staying[age] for age in range(min(year + 1, len(staying)))])
        for year in range(years)
    ]
    return table.add(Said("各队列合计", "all cohorts"), stacked, "count")


def _carried(
    table: _Table, incident: list[Live], prevalent: list[Live | None], exits: list[Live]
) -> list[Live]:
    """Prevalent plus incident less exits; a year without prevalent patients takes those before."""
    people: list[Live] = []
    table.sheet.text(table.row, 0, Said("患者", "patients"))
    for year, (new, old, gone) in enumerate(zip(incident, prevalent, exits, strict=True)):
        before = old if old is not None else (people[-1] if people else live(0))
        number = before + new - gone
        people.append(table.sheet.formula(table.row, FIRST + year, number, "count"))
    table.row += 1
    return people


def _curve(table: _Table, layout: BudgetLayout, cells: InputCells, years: list[Live]) -> list[Live]:
    curve = layout.curve
    inputs = [cells[path] for path in curve.inputs]
    if curve.kind == "linear":
        parts = [minimum([year / inputs[0], live(1)]) for year in years]
    elif curve.kind == "step":
        parts = [at_least(year, inputs[0]) for year in years]
    elif curve.kind == "logistic":
        parts = [1 / (1 + exp(-(inputs[0] * (year - inputs[1])))) for year in years]
    else:
        parts = cells.yearly(curve.inputs, layout.years)
    return table.add(Said("放量曲线", "uptake curve"), parts, "part")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one treatment adds to the totals, by year, of patients and fund together."""

    is_negotiated: bool
    without: list[Live]
    with_: list[Live]
    more: list[Live]
    offsets: list[Live]
    at_zero: list[Live]
    units: list[Live]
    patients: list[Live]


@dataclass(frozen=True, slots=True)
class _Base:
    """What all treatments share."""

    layout: BudgetLayout
    cells: InputCells
    eligible: list[Live]
    curve: list[Live]


def _treatment(table: _Table, base: _Base, one: TreatmentLayout, computed: BudgetTable) -> _Parts:
    table.heading(Said(f"治疗方案 {one.name}", f"Treatment {one.name}"))
    years, cells = base.layout.years, base.cells
    before, after = _patients(table, base, one, computed)
    a_year, offset = cells.yearly(one.units_a_year, years), cells.yearly(one.offset, years)
    other = cells.yearly(one.other_cost, years)
    beside = [cost - saved for cost, saved in zip(other, offset, strict=True)]
    drug = _times(cells.yearly(one.price, years), a_year)
    name = Said("每患者年费用（¤）", "cost of a patient and year, ¤")
    cost = table.add(name, [a + b for a, b in zip(drug, beside, strict=True)], "money")
    more = [new - old for new, old in zip(after, before, strict=True)]
    negotiated = one.name == base.layout.negotiated
    return _Parts(
        is_negotiated=negotiated,
        without=_times(before, cost),
        with_=_times(after, cost),
        more=_times(more, cost),
        offsets=[-one for one in _times(more, offset)],
        at_zero=_times(more, beside if negotiated else cost),
        units=_times(more, a_year) if negotiated else [],
        patients=after,
    )


def _patients(
    table: _Table, base: _Base, one: TreatmentLayout, computed: BudgetTable
) -> tuple[list[Live], list[Live]]:
    """Patients of a treatment without and with the drug."""
    years = base.layout.years
    old, new = (base.cells.yearly(paths, years) for paths in (one.share_without, one.share_with))
    moved = [a + (b - a) * part for a, b, part in zip(old, new, base.curve, strict=True)]
    shares = table.add(Said("有本药时的份额", "share with the drug"), moved, "part")
    known = next(row for row in computed.patients if row[0] == one.name)
    names = (Said("无本药：患者", "patients without"), Said("有本药：患者", "patients with"))
    before, after = (
        table.add(name, _whole(_times(base.eligible, own), base.layout), "count", found)
        for name, own, found in zip(names, (old, shares), known[1:], strict=True)
    )
    return before, after


def _whole(patients: list[Live], layout: BudgetLayout) -> list[Live]:
    return [half_even(one) for one in patients] if layout.rounding == "half-even" else patients


def _times(left: Sequence[Live], right: Sequence[Live]) -> list[Live]:
    return [one * other for one, other in zip(left, right, strict=True)]


def _sum(parts: Sequence[_Parts], name: str, ratio: Live) -> list[Live]:
    """One thing of all treatments together, by year, times a ratio."""
    rows = [row for row in (getattr(part, name) for part in parts) if row]
    return [added([row[year] for row in rows]) * ratio for year in range(len(rows[0]))]
