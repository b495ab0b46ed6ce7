"""The formulas of the sheet of lines: the settlement once more, as cells. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from procurement.savings.papers.columns import LETTERS
from procurement.savings.rules import Choices
from procurement.savings.rules.completion import EVERY_PRODUCT, GROUP, INSTITUTION

TOLERANCE = "0.005"
"""Half a cent: a spreadsheet counts with 15 digits, the platform exactly."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands on the sheet.

    Attributes:
        row: Its row, from 1.
        first: First row of its hospital's batch.
        last: Last row of it.
    """

    row: int
    first: int
    last: int

    def cell(self, key: str) -> str:
        """The line's cell in a column."""
        return f"{LETTERS[key]}{self.row}"

    def batch(self, key: str) -> str:
        """The cells of the whole batch in a column."""
        return f"{LETTERS[key]}{self.first}:{LETTERS[key]}{self.last}"


def line_formulas(place: Place, choices: Choices, *, has_pack: bool) -> Mapping[str, str]:
    """The formulas of one line by column; a column without one holds what is given.

    Examples:
        >>> from procurement.savings.rules import Formula
        >>> made = line_formulas(
        ...     Place(3, 3, 4), Choices(Formula(), "floor_each", "product"), has_pack=True
        ... )
        >>> made["budget"], made["retained"]
        ('=K3*M3*N3*P3', '=MAX(AE3,0)')
    """
    cell = place.cell
    found = {
        **_bases(place, choices),
        "completion": f'=IF({cell("agreed_volume")}=0,"—",'
        f"{cell('winning_volume')}/{cell('agreed_volume')})",
        **_completed(place, choices.completion_unit),
        "draft": f"=IF({_eligible(place, choices)},{cell('savings_base')}*{cell('ratio')},0)",
        "retained": _retained(place, choices),
        "employee": f'=IF({cell("fund_share")}="","—",{_rounded(place, choices)}'
        f"*{cell('fund_share')})",
        "check": _check(place, choices),
    }
    if has_pack:
        found["winning_price"] = f"=ROUND({cell('pack_price')}/{cell('pack_units')},4)"
    return found


def _bases(place: Place, choices: Choices) -> Mapping[str, str]:
    cell = place.cell
    if choices.formula.layout == "price-drop":
        drop = f"({cell('price_before')}-{cell('winning_price')})"
        factors = (cell("agreed_volume"), drop, cell("payment_ratio"), cell("insured_share"))
        return {"savings_base": f"={'*'.join(factors)}"}
    budget = ("base_volume", "price_before", "payment_ratio", "insured_share")
    spent = f"{cell('agreed_volume')}*{cell('winning_price')}"
    if choices.formula.subtracts_non_winning:
        spent = f"({spent}+{cell('non_winning_amount')})"
    return {
        "budget": f"={'*'.join(map(cell, budget))}",
        "spend": f"={spent}*{cell('payment_ratio_spend')}*{cell('insured_share')}",
        "savings_base": f"={cell('budget')}-{cell('spend')}",
    }


def _completed(place: Place, unit: str) -> Mapping[str, str]:
    """Whether the unit that counts is done; a group's volumes are given, its members are not."""
    cell, batch = place.cell, place.batch
    agreed, winning = batch("agreed_volume"), batch("winning_volume")
    found: dict[str, str] = {}
    if unit == INSTITUTION:
        found = {"unit_winning": f"=SUM({winning})", "unit_agreed": f"=SUM({agreed})"}
    elif unit not in (GROUP, EVERY_PRODUCT):
        found = {
            "unit_winning": f"={cell('winning_volume')}",
            "unit_agreed": f"={cell('agreed_volume')}",
        }
    if unit == EVERY_PRODUCT:
        done = f"SUMPRODUCT(({agreed}>0)*({winning}>={agreed}))=ROWS({agreed})"
    else:
        done = f"{cell('unit_agreed')}>0,{cell('unit_winning')}>={cell('unit_agreed')}"
    return {**found, "completed": f"=IF(AND({cell('agreed_volume')}>0,{done}),1,0)"}


def _eligible(place: Place, choices: Choices) -> str:
    cell = place.cell
    conditions = [f"{cell('agreed_volume')}>0"]
    if choices.needs_completion:
        conditions.append(f"{cell('completed')}=1")
    if choices.needs_passing:
        conditions.append(f"{cell('passed')}=1")
    if not choices.follow_on_earns:
        conditions.append(f"{cell('follow_on')}=0")
    return f"AND({','.join(conditions)})"


def _retained(place: Place, choices: Choices) -> str:
    draft = place.cell("draft")
    if choices.negative_base == "net_batch":
        return f"=IF(SUM({place.batch('draft')})>=0,{draft},0)"
    return f"=MAX({draft},0)"


def _rounded(place: Place, choices: Choices) -> str:
    retained = place.cell("retained")
    return f"ROUND({retained},2)" if choices.rounding == "half_up_cent_line" else retained


def _check(place: Place, choices: Choices) -> str:
    pairs = [("savings_base", "base_given"), ("retained", "retained_given")]
    if choices.formula.layout != "price-drop":
        pairs += [("budget", "budget_given"), ("spend", "spend_given")]
    differences = ",".join(
        f"ABS({place.cell(ours)}-{place.cell(theirs)})" for ours, theirs in pairs
    )
    return f"=IF(MAX({differences})<{TOLERANCE},1,0)"


def paid_formula(first: int, last: int, sheet: str, choices: Choices) -> str:
    """What a hospital is paid, from its lines on another sheet.

    Examples:
        >>> from procurement.savings.rules import Formula
        >>> paid_formula(3, 5, "lines", Choices(Formula(), "floor_each", "product"))
        "=ROUND(SUM('lines'!AF3:AF5),2)"
    """
    cells = f"'{sheet}'!{LETTERS['retained']}{first}:{LETTERS['retained']}{last}"
    if choices.rounding == "not_rounded":
        return f"=SUM({cells})"
    if choices.rounding == "half_up_cent_line":
        return f"=SUMPRODUCT(ROUND({cells},2))"
    return f"=ROUND(SUM({cells}),2)"
