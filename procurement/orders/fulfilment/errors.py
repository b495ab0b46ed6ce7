"""Refusals of fulfilment, in words of the people who supply, buy and watch."""

from procurement.errors import RefusedError


class LadderEndedError(RefusedError):
    """The last step was taken; what follows is a matter of credit rating, or nothing here."""

    def __init__(self) -> None:
        """Say what may follow."""
        super().__init__(
            zh="已是最后一步；对企业可转为信用事项，对医疗机构由考核处理。",
            en="This is the last step. A firm's breach may become a matter of credit rating; a "
            "hospital's is dealt with in its assessment.",
        )


class NotRatedError(RefusedError):
    """Hospitals are not rated."""

    def __init__(self) -> None:
        """Say who is."""
        super().__init__(
            zh="信用评价只针对生产企业和配送企业，医疗机构由考核处理。",
            en="Only manufacturers and distributors are rated; hospitals are assessed.",
        )


class NotApartError(RefusedError):
    """A reason for treating a drug apart that no rule of the region knows."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(
            zh="本地区的规则未将该情形列为区别对待的情形。",
            en="The rules of this region do not treat such circumstances apart.",
        )
        self.reason = reason


class AlreadyReplacedError(RefusedError):
    """Somebody takes over this supply on some of these days already."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该供应在这段时间内已有替补企业；请先结束原替补。",
            en="Somebody else takes over this supply on these days already: end that first.",
        )


class NotACandidateError(RefusedError):
    """Neither the spare supplier nor another winner, or no price of the strength in force."""

    def __init__(self) -> None:
        """Say who may take over."""
        super().__init__(
            zh="替补企业应为该地区备供企业或同品种其他地区的中选企业，且同规格的中选价格有效。",
            en="Only the region's spare supplier or another region's winner of the same product, "
            "with a winning price of the same strength in force, may take over.",
        )


class MemberExistsError(RefusedError):
    """The firm shares this winner's volume already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该企业已登记为该中选联合体的成员。",
            en="This firm is recorded as a member of the joint bid already.",
        )
