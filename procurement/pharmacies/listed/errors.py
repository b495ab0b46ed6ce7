"""What the list refuses."""

from datetime import date

from procurement.errors import RefusedError
from procurement.pharmacies.listed.kinds import DECISION_STATUS_NAMES, DecisionStatus


class SamePersonError(RefusedError):
    """Who proposed a decision cannot confirm it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="名单决定须由提出人以外的另一人复核。",
            en="A decision on the list is confirmed by another person than who proposed it.",
        )


class SettledError(RefusedError):
    """A decision was confirmed or withdrawn before."""

    def __init__(self, status: DecisionStatus) -> None:
        """Keep where it stands."""
        zh, en = DECISION_STATUS_NAMES[status]
        super().__init__(zh=f"该决定的状态为“{zh}”。", en=f"The decision is {en} already.")
        self.status = status


class OtherListError(RefusedError):
    """A bureau decides on the list of its own region only, and only where that has one."""

    def __init__(self, region: str) -> None:
        """Keep the region."""
        super().__init__(
            zh=f"不能对地区 {region} 的名单作出决定：名单由省级或统筹地区医疗保障部门制定。",
            en=f"The list of {region} is not this bureau's: a province or pooling area makes it.",
        )
        self.region = region


class CityListError(RefusedError):
    """The province makes the list and cities may not change it."""

    def __init__(self, region: str, rulebook: str) -> None:
        """Keep the region and the rulebook."""
        super().__init__(
            zh=f"名单由省级统一制定，市县不得调整（规则书 {rulebook}，list.cities_may_change）。",
            en=f"The province makes the list and cities may not change it (rulebook {rulebook}, "
            "list.cities_may_change).",
        )
        self.region = region


class ListMovedError(RefusedError):
    """What a decision was proposed on is not what the list holds now."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep what stands against it."""
        super().__init__(
            zh=f"提出之后名单已有变化，不能生效：{zh}。请撤回后重新提出。",
            en=f"The list changed since this was proposed: {en}. Withdraw it and propose anew.",
        )


class LaterDecisionError(RefusedError):
    """A later decision rests on that which is to be corrected."""

    def __init__(self, drug: str, number: str, day: date) -> None:
        """Keep which."""
        super().__init__(
            zh=f"“{drug}”已由之后的决定 {number}（{day}）变更，须先更正该决定。",
            en=f"“{drug}” was changed by the later decision {number} ({day}): correct that first.",
        )
        self.number = number
