"""Kinds of things on the list, each with its name in both languages."""

from collections.abc import Mapping
from enum import StrEnum


class DrugState(StrEnum):
    """How a listed drug is paid for; the order is that of the benefit, best first."""

    DUAL_SEPARATE = "dual-separate"
    """Dual channel with separate payment (双通道，单独支付)."""
    DUAL = "dual"
    """Dual channel only."""
    ORDINARY = "ordinary"
    """An ordinary drug of class B: hospitals only."""


class Storage(StrEnum):
    """How a drug is kept."""

    ROOM = "room"
    COOL = "cool"
    COLD = "cold"
    FROZEN = "frozen"


class ChangeKind(StrEnum):
    """What a decision does to one drug."""

    ENTER = "enter"
    UPGRADE = "upgrade"
    """To a state of higher benefit."""
    DOWNGRADE = "downgrade"
    """To a state of lower benefit, but still on the list."""
    REMOVE = "remove"
    """Off the list: an ordinary drug, or none of the catalogue any more."""
    CHANGE = "change"
    """The same state under other terms."""
    CORRECT = "correct"
    """What stood on the list was not what had been decided."""


class DecisionKind(StrEnum):
    """What a decision is."""

    ADJUSTMENT = "adjustment"
    """A new decision on drugs of the list."""
    PUBLISHED_LIST = "published-list"
    """A list that was published elsewhere, taken over as it stands."""
    CORRECTION = "correction"
    """Of an earlier decision."""


class DecisionStatus(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    """By a second person: its periods are on the list."""
    WITHDRAWN = "withdrawn"
    """By whoever proposed it, or refused by the second person."""


class Control(StrEnum):
    """Whether a drug is under special control, which keeps it out of pharmacies."""

    NONE = "none"
    NARCOTIC = "narcotic"
    PSYCHOTROPIC = "psychotropic"
    TOXIC = "toxic"


STATE_NAMES: Mapping[DrugState, tuple[str, str]] = {
    DrugState.DUAL_SEPARATE: ("双通道，单独支付", "dual channel with separate payment"),
    DrugState.DUAL: ("双通道", "dual channel"),
    DrugState.ORDINARY: ("乙类普通药品", "ordinary drug of class B"),
}
STORAGE_NAMES: Mapping[Storage, tuple[str, str]] = {
    Storage.ROOM: ("常温", "room temperature"),
    Storage.COOL: ("阴凉", "cool place"),
    Storage.COLD: ("冷藏", "refrigerated"),
    Storage.FROZEN: ("冷冻", "frozen"),
}
CHANGE_NAMES: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.ENTER: ("新增", "entered"),
    ChangeKind.UPGRADE: ("调升", "upgraded"),
    ChangeKind.DOWNGRADE: ("调降", "downgraded"),
    ChangeKind.REMOVE: ("调出", "removed"),
    ChangeKind.CHANGE: ("条件变更", "terms changed"),
    ChangeKind.CORRECT: ("更正", "corrected"),
}
DECISION_NAMES: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.ADJUSTMENT: ("名单调整", "adjustment of the list"),
    DecisionKind.PUBLISHED_LIST: ("登记已公布名单", "published list taken over"),
    DecisionKind.CORRECTION: ("更正", "correction"),
}
DECISION_STATUS_NAMES: Mapping[DecisionStatus, tuple[str, str]] = {
    DecisionStatus.PROPOSED: ("待复核", "to be confirmed"),
    DecisionStatus.CONFIRMED: ("已生效", "confirmed"),
    DecisionStatus.WITHDRAWN: ("已撤回", "withdrawn"),
}
CONTROL_NAMES: Mapping[Control, tuple[str, str]] = {
    Control.NONE: ("不属于特殊管理药品", "not under special control"),
    Control.NARCOTIC: ("麻醉药品", "narcotic"),
    Control.PSYCHOTROPIC: ("精神药品", "psychotropic"),
    Control.TOXIC: ("毒性药品", "toxic"),
}
