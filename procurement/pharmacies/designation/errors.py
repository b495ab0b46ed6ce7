"""What designation refuses."""

from datetime import date

from procurement.errors import RefusedError


class CallClosedError(RefusedError):
    """Applications are not taken now."""

    def __init__(self, opens_on: date, closes_on: date) -> None:
        """Say when they are."""
        super().__init__(
            zh=f"申请受理时间为 {opens_on} 至 {closes_on}。",
            en=f"Applications are taken from {opens_on} to {closes_on}.",
        )


class RulebookChangedError(RefusedError):
    """The rulebook is not what it was when the call was opened."""

    def __init__(self, rulebook: str) -> None:
        """Keep its id."""
        super().__init__(
            zh=f"规则书 {rulebook} 在通知发布后有改动，须恢复原文或重新发布通知。",
            en=f"The rulebook {rulebook} was changed since the call was opened: restore it, or "
            "open another call.",
        )


class PlaceNotEligibleError(RefusedError):
    """A place cannot apply under a call, whatever it states."""


class ApplicationExistsError(RefusedError):
    """The place has an application under this call already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该机构在本次通知下已有申请。",
            en="This place has an application under this call already.",
        )


class AlreadyDesignatedError(RefusedError):
    """The place is designated under this scheme already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该机构已在该类定点中，须先终止原协议。",
            en="This place is designated under this scheme already; end that agreement first.",
        )


class NoticeRunningError(RefusedError):
    """Objections are still taken, or wait for an answer."""

    def __init__(self, until: date, unanswered: int) -> None:
        """Say which."""
        zh = f"公示至 {until}" + (f"，另有 {unanswered} 件异议未答复" if unanswered else "")
        en = f"The notice runs until {until}" + (
            f", and {unanswered} objections are not answered" if unanswered else ""
        )
        super().__init__(zh=f"{zh}；之后才能签订协议。", en=f"{en}; sign afterwards.")


class ObjectionUpheldError(RefusedError):
    """An objection was upheld: nothing can be agreed."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="异议成立，不能签订协议，请作不予通过处理。",
            en="An objection was upheld; refuse the application.",
        )


class ObjectionsClosedError(RefusedError):
    """Objections are not taken now."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该申请不在公示期内，不能提出异议。",
            en="This application is not on notice now; objections are not taken.",
        )
