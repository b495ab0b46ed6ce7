"""The states of agreements, distributions, terms and changes, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class AgreementStatus(StrEnum):
    """Where an agreement stands; `AGREEMENT_TRANSITIONS` says what may follow."""

    WAITING = "waiting"
    """The hospital has not chosen a distributor."""
    OPEN = "open"
    """Its content stands; nobody has signed."""
    SIGNING = "signing"
    """One or two of the three have signed."""
    SIGNED = "signed"
    """All three have signed: it binds."""
    VOID = "void"
    """Its volume was reduced or transferred to nothing before it was signed."""


class Party(StrEnum):
    """A party of an agreement."""

    HOSPITAL = "hospital"
    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"


class DistributionStatus(StrEnum):
    """Where a nomination of a distributor stands."""

    NOMINATED = "nominated"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TermKind(StrEnum):
    """What a term of agreements is."""

    FIRST = "first"
    """The first procurement year, from the award."""
    NEXT_YEAR = "next-year"
    """A later procurement year, from the year before."""
    EXTENSION = "extension"
    """The last year goes on by some months, pro rata."""


class TermStatus(StrEnum):
    """Where the run stands that makes a term's agreements."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ChangeKind(StrEnum):
    """How an agreed volume is changed."""

    TRANSFER = "transfer"
    """To another hospital of the same region, strength and supplier."""
    REDUCTION = "reduction"


class ChangeStatus(StrEnum):
    """Where a request for a change stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_A = AgreementStatus

AGREEMENT_TRANSITIONS: Mapping[AgreementStatus, tuple[AgreementStatus, ...]] = {
    _A.WAITING: (_A.OPEN, _A.VOID),
    # Back: another distributor is to be chosen.
    _A.OPEN: (_A.SIGNING, _A.WAITING, _A.VOID),
    # Back to open: an approved change of volume is signed anew.
    _A.SIGNING: (_A.SIGNED, _A.OPEN, _A.VOID),
    _A.SIGNED: (_A.OPEN, _A.VOID),
    # An approved transfer gives it volume again.
    _A.VOID: (_A.WAITING, _A.OPEN),
}
"""For each status of an agreement, what may follow it."""

_D = DistributionStatus

DISTRIBUTION_TRANSITIONS: Mapping[DistributionStatus, tuple[DistributionStatus, ...]] = {
    _D.NOMINATED: (_D.CONFIRMED, _D.DECLINED, _D.WITHDRAWN),
    _D.CONFIRMED: (_D.WITHDRAWN,),
    _D.DECLINED: (_D.NOMINATED,),
    _D.WITHDRAWN: (_D.NOMINATED,),
}
"""For each status of a nomination, what may follow it."""

CHANGE_TRANSITIONS: Mapping[ChangeStatus, tuple[ChangeStatus, ...]] = {
    ChangeStatus.REQUESTED: (
        ChangeStatus.APPROVED,
        ChangeStatus.REJECTED,
        ChangeStatus.WITHDRAWN,
    ),
    ChangeStatus.APPROVED: (),
    ChangeStatus.REJECTED: (),
    ChangeStatus.WITHDRAWN: (),
}
"""For each status of a request, what may follow it."""

AGREEMENT_NAMES: dict[AgreementStatus, tuple[str, str]] = {
    _A.WAITING: ("待选配送企业", "distributor to be chosen"),
    _A.OPEN: ("待签署", "to be signed"),
    _A.SIGNING: ("签署中", "partly signed"),
    _A.SIGNED: ("已签署", "signed"),
    _A.VOID: ("无约定量", "no agreed volume"),
}
DISTRIBUTION_NAMES: dict[DistributionStatus, tuple[str, str]] = {
    _D.NOMINATED: ("待配送企业确认", "waits for the distributor"),
    _D.CONFIRMED: ("已确认", "confirmed"),
    _D.DECLINED: ("已谢绝", "declined"),
    _D.WITHDRAWN: ("已撤回", "withdrawn"),
}
CHANGE_NAMES: dict[ChangeStatus, tuple[str, str]] = {
    ChangeStatus.REQUESTED: ("待批准", "waits for the bureau"),
    ChangeStatus.APPROVED: ("已批准", "approved"),
    ChangeStatus.REJECTED: ("未批准", "rejected"),
    ChangeStatus.WITHDRAWN: ("已撤回", "withdrawn"),
}
KIND_NAMES: dict[TermKind, tuple[str, str]] = {
    TermKind.FIRST: ("首个采购年度", "first procurement year"),
    TermKind.NEXT_YEAR: ("后续采购年度", "later procurement year"),
    TermKind.EXTENSION: ("延期", "extension"),
}
CHANGE_KIND_NAMES: dict[ChangeKind, tuple[str, str]] = {
    ChangeKind.TRANSFER: ("调剂", "transfer"),
    ChangeKind.REDUCTION: ("调减", "reduction"),
}
PARTY_NAMES: dict[Party, tuple[str, str]] = {
    Party.HOSPITAL: ("医疗机构", "hospital"),
    Party.MANUFACTURER: ("中选企业", "selected manufacturer"),
    Party.DISTRIBUTOR: ("配送企业", "distributor"),
}


class WrongStateError(RefusedError):
    """A thing cannot go from where it stands to where it should."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Take the names of both."""
        super().__init__(
            zh=f"目前为“{present[0]}”，不能转为“{wanted[0]}”。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”.",
        )


def check_agreement(present: AgreementStatus, wanted: AgreementStatus) -> None:
    """Let a change of an agreement's status pass, or raise.

    Raises:
        WrongStateError: `AGREEMENT_TRANSITIONS` does not list it.

    Examples:
        >>> check_agreement(AgreementStatus.OPEN, AgreementStatus.SIGNING)
        >>> check_agreement(AgreementStatus.WAITING, AgreementStatus.SIGNED)
        Traceback (most recent call last):
        ...
        procurement.agreements.states.WrongStateError: It is “distributor to be chosen” and cannot \
become “signed”.
    """
    if wanted not in AGREEMENT_TRANSITIONS[present]:
        raise WrongStateError(AGREEMENT_NAMES[present], AGREEMENT_NAMES[wanted])


def check_distribution(present: DistributionStatus, wanted: DistributionStatus) -> None:
    """Let a change of a nomination pass, or raise.

    Raises:
        WrongStateError: `DISTRIBUTION_TRANSITIONS` does not list it.
    """
    if wanted not in DISTRIBUTION_TRANSITIONS[present]:
        raise WrongStateError(DISTRIBUTION_NAMES[present], DISTRIBUTION_NAMES[wanted])


def check_change(present: ChangeStatus, wanted: ChangeStatus) -> None:
    """Let a change of a request pass, or raise.

    Raises:
        WrongStateError: `CHANGE_TRANSITIONS` does not list it.
    """
    if wanted not in CHANGE_TRANSITIONS[present]:
        raise WrongStateError(CHANGE_NAMES[present], CHANGE_NAMES[wanted])


def sources_of(wanted: AgreementStatus) -> tuple[AgreementStatus, ...]:
    """Return the statuses from which agreements may go to another, for changes in bulk.

    Examples:
        >>> [str(one) for one in sources_of(AgreementStatus.SIGNED)]
        ['signing']
    """
    return tuple(one for one, following in AGREEMENT_TRANSITIONS.items() if wanted in following)
