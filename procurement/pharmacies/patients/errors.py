"""Refusals on a patient's way."""

from collections.abc import Sequence

from procurement.errors import RefusedError
from procurement.pharmacies.rules.dispensing import Obstacle


class RegistrationExistsError(RefusedError):
    """The patient has a registration for this drug."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该患者已有此药的登记；更换医院或医师，请先由原责任医师或经办机构结束原登记。",
            en="This patient is registered for this drug already; the doctor or the agency must "
            "end that registration first.",
        )


class OtherInsuranceError(RefusedError):
    """A living registration of the patient says otherwise."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该患者现有登记的险种或参保地与填写的不同；请先与经办机构核对。",
            en="A registration of this patient states another fund or pooling area; ask the agency "
            "which is right.",
        )


class NoRulesError(RefusedError):
    """The pooling area has not said by which documents it registers patients."""

    def __init__(self, region: str) -> None:
        """Name the region."""
        super().__init__(
            zh=f"参保地 {region} 的经办机构尚未给出登记所依据的规则。",
            en=f"The agency of {region} has not given the rules of registration yet.",
        )


class NoTermsError(RefusedError):
    """Nobody has said what the insured of a fund are entitled to."""

    def __init__(self, region: str) -> None:
        """Name the region."""
        super().__init__(
            zh=f"参保地 {region} 的经办机构尚未给出该险种、该类药品当日的待遇标准。",
            en=f"The agency of {region} has not given the benefit of this fund and state of drug "
            "for that day.",
        )


class SelfPayMissingError(RefusedError):
    """The list does not say what the insured pay first."""

    def __init__(self) -> None:
        """Say who can mend it."""
        super().__init__(
            zh="药品名单未载明该药的先行自付比例，无法计算待遇；请主管部门补充名单。",
            en="The list does not state the share that the insured pay first; the benefit cannot "
            "be computed until the bureau adds it.",
        )


class DispensingRefusedError(RefusedError):
    """The drug cannot be given out as covered; every obstacle is named."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        """Keep the obstacles."""
        super().__init__(
            zh="".join(one.zh for one in obstacles), en=" ".join(one.en for one in obstacles)
        )
        self.obstacles = tuple(obstacles)


class OtherPharmacyError(RefusedError):
    """The prescription belongs to a registration that names another pharmacy."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该患者登记时选定的是另一家药店；在本店购药由患者全额自付，或由其责任医师申请变更药店。",
            en="The patient chose another pharmacy at the registration: here he pays all himself, "
            "or his doctor asks for a change of pharmacy.",
        )


class UnknownPrescriptionError(RefusedError):
    """No prescription with such a number was reported, or not one to be seen here."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="没有查到这张处方；请核对编号，或等电子处方中心上报后再查。",
            en="No such prescription is known; compare the number, or wait until the centre has "
            "reported it.",
        )


class BillDiffersError(RefusedError):
    """The number of a bill is taken by another one."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该单据号已登记过，内容不同；如需更正，请先冲销原单据，再用新的单据号登记。",
            en="A bill with this number was recorded with other contents; reverse it, and record "
            "the right one with a new bill number.",
        )


class BillReversedError(RefusedError):
    """The number of a bill belongs to one that was taken back."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该单据号已使用并已冲销；请用新的单据号登记。",
            en="This number was used and reversed; use a new bill number.",
        )


class AlreadyReversedError(RefusedError):
    """A bill was taken back before, or is itself a reversal."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该单据已冲销。", en="This bill was reversed before.")


class OtherProvinceError(RefusedError):
    """Patient and place lie in different provinces."""

    def __init__(self) -> None:
        """Say that nothing is known."""
        super().__init__(
            zh="就医购药地与参保地不在同一省份：跨省待遇规则未见来源，本平台不计算。",
            en="The place lies in another province than the patient is insured in: no source "
            "states the rules, and nothing is computed.",
        )


class PaperTakenError(RefusedError):
    """A paper cannot be added or deleted in this state."""

    def __init__(self) -> None:
        """Say when it can."""
        super().__init__(
            zh="只有起草中的申请或待审核的评估可以增减材料。",
            en="Papers are added and deleted while a registration is drafted or a review waits.",
        )


class PaperGoneError(RefusedError):
    """A paper was deleted."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该材料已删除。", en="This paper was deleted.")
