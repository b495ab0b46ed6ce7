"""What negotiations refuse, in both languages."""

from procurement.errors import RefusedError
from procurement.negotiations.kinds import STATUS_WORDS, DossierStatus


class NotNationalError(RefusedError):
    """Campaigns are run by the national bureau."""

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            zh="目录谈判由国家级机构组织。",
            en="Catalogue negotiations are run by the national bureau.",
        )


class CampaignStateError(RefusedError):
    """The campaign is not at the point where this can be done."""

    def __init__(self, *, zh: str, en: str) -> None:
        """Say what is missing."""
        super().__init__(zh=zh, en=en)


class DossierStateError(RefusedError):
    """The dossier stands elsewhere."""

    def __init__(self, status: DossierStatus) -> None:
        """Say where it stands."""
        zh, en = STATUS_WORDS[status]
        super().__init__(
            zh=f"申报材料目前的状态是“{zh}”，不能办理此事。",
            en=f"The dossier is {en}: this cannot be done now.",
        )
        self.status = status


class FilingClosedError(RefusedError):
    """Dossiers are taken between two moments, deficiencies until their deadline."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="现在不在申报期内，或补正期限已过。",
            en="Dossiers are not taken now, or the deadline for deficiencies has passed.",
        )


class NotDeclaredError(RefusedError):
    """Whoever is appointed declares interests before acting on a dossier."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="请先就本品种作利益冲突声明。",
            en="Declare your interests in this drug first.",
        )


class CalculationSealedError(RefusedError):
    """Models and results are sealed together with the maximum payable price."""

    def __init__(self) -> None:
        """Say when they come back."""
        super().__init__(
            zh="测算材料已随谈判底价一并封存，谈判结束后可在记录中核对。",
            en="The calculation is sealed with the maximum payable price; it can be checked again "
            "from the record after the session.",
        )


class NotReadyError(RefusedError):
    """Something must come first."""

    def __init__(self, *, zh: str, en: str) -> None:
        """Say what."""
        super().__init__(zh=zh, en=en)
