"""What happens in a journey: who takes part, which lots, under which rules."""

from dataclasses import dataclass

HOLDERS = ("公证处", "审计局", "监督所", "药学会", "质控中心", "档案馆", "交易中心")
CLINICS = ("东镇卫生院", "西镇卫生院")
LEAD = "县医院"
"""Leads the group of the clinics and reports for them."""


@dataclass(frozen=True)
class Story:
    """A round from its draft on.

    Attributes:
        name: Short name of the round.
        rulebook: Its rules.
        bureau: Division of the lead bureau.
        regions: That take part.
        lots: Code, product, unit and strengths (label, ratio, ceiling) of each.
        rules: What the rulebook leaves open: rule, choice, and the value if it is an own one.
        hospitals: Name and division; the group's lead is among them.
        demands: What each hospital types, in the order of the grid.
        total: What the page of base volumes shows.
        makers: Their names.
        bidding_seconds: From publication to the closing.
    """

    name: str
    rulebook: str
    bureau: str
    regions: tuple[str, ...]
    lots: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...]
    rules: tuple[tuple[str, str, str], ...]
    hospitals: tuple[tuple[str, str], ...]
    demands: tuple[tuple[str, ...], ...]
    total: str
    makers: tuple[str, ...]
    bidding_seconds: int

    def at(self, place: str = "") -> str:
        """Return the address of a page of the round."""
        return f"/rounds/{self.name}{place}"
