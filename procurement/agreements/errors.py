"""Refusals of this stage."""

from procurement.errors import RefusedError


class RegionsNotChosenError(RefusedError):
    """Nobody knows yet who supplies which region."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="选区尚未完成，还不能办理协议事项。",
            en="Regions are not chosen yet: nothing can be done about agreements.",
        )


class TermUnfinishedError(RefusedError):
    """Agreements of a term are still being made."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="上一期协议尚未生成完毕。", en="The agreements of the term before are not made yet."
        )


class LinesChangedError(RefusedError):
    """What hospitals reported does not add up to the base volume that the award rests on."""

    def __init__(self, region: str) -> None:
        """Keep the region."""
        super().__init__(
            zh=f"地区 {region} 的报量与汇总的采购基数不符，不能生成协议。",
            en=f"The reports of region {region} do not add up to the base volumes that were "
            "aggregated: no agreements are made.",
        )
        self.region = region


class NotSuppliedError(RefusedError):
    """The manufacturer supplies nothing there."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="贵单位在该地区没有约定采购量。", en="You have no agreed volume in this region."
        )


class NotConfirmedError(RefusedError):
    """The distributor is not one of those that may be chosen."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="只能从已确认的配送企业中选择。",
            en="Choose one of the distributors that have confirmed.",
        )


class InUseError(RefusedError):
    """Agreements name this distributor."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="已有协议选定该配送企业，不能撤回。",
            en="Agreements name this distributor: it cannot be withdrawn.",
        )


class NotEntrustedError(RefusedError):
    """The organisation did not let the actor's sign for it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该单位没有委托贵单位签署；没有作任何改动。",
            en="That organisation did not entrust you with signing; nothing was changed.",
        )


class NothingToSignError(RefusedError):
    """None of the agreements can be signed by this party now."""

    def __init__(self) -> None:
        """Say why that may be."""
        super().__init__(
            zh="没有可签署的协议：须先选定配送企业，并由医疗机构先签。",
            en="Nothing to sign: a distributor must be chosen, and the hospital signs first.",
        )


class SealRefusedError(RefusedError):
    """The seal is another organisation's."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="电子签章不是签署单位的；没有作任何改动。",
            en="The seal is another organisation's; nothing was changed.",
        )


class NotAllSignedError(RefusedError):
    """Some agreements are not signed, and nobody gave a reason to begin without them."""

    def __init__(self, number: int) -> None:
        """Keep how many."""
        super().__init__(
            zh=f"还有 {number:,} 份协议未签署；提前执行须说明理由。",
            en=f"{number:,} agreements are not signed; give a reason to begin without them.",
        )
        self.number = number


class CycleNotOverError(RefusedError):
    """The procurement cycle has not begun, or its last term is not over."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="采购周期尚未期满，不能结束本批次；期满之后也可以延期或起草接续批次。",
            en="The procurement cycle is not over: the round cannot be ended. When it is, it can "
            "also be extended or followed on.",
        )


class NotFollowableError(RefusedError):
    """No follow-on round can start from this one yet."""

    def __init__(self) -> None:
        """Say from which rounds one can."""
        super().__init__(
            zh="只能从已开始执行或已期满、且已生成协议的批次起草接续批次。",
            en="A follow-on round starts from a round whose cycle runs or is over, and that has "
            "agreements.",
        )


class SumsDifferError(RefusedError):
    """Agreed volumes of hospitals do not add up to what is supplied: nothing is kept."""

    def __init__(self, region: str) -> None:
        """Keep the region."""
        super().__init__(
            zh=f"地区 {region} 的约定采购量合计不符，未保存。",
            en=f"The agreed volumes of region {region} do not add up; nothing was kept.",
        )
        self.region = region
