"""The states of rounds, of proposals and of simulations, each explained in a sentence."""

from enum import StrEnum


class RoundStatus(StrEnum):
    """Where a round stands; `procurement.rounds.rules.TRANSITIONS` says what may follow."""

    IMPORTED = "imported"
    """A past round, read from a folder: it is evaluated again, never conducted."""
    DRAFT = "draft"
    """The lead bureau works on it; nobody else sees it."""
    VOLUME_REPORTING = "volume-reporting"
    """Hospitals report what they need."""
    COMMENTS = "comments"
    """The draft document is open for comments."""
    PUBLISHED = "published"
    """The document is out; from here on the rules are frozen."""
    BIDDING = "bidding"
    """Sealed bids are accepted."""
    CLOSED = "closed"
    """The number of bids is public, no price is known."""
    OPENED = "opened"
    """All bids are decrypted."""
    EVALUATED = "evaluated"
    """The rules were applied; questions may be open."""
    SECOND_ANSWERS = "second-answers"
    """Bidders answer under a clock: revival, second quotes, ties."""
    ANNOUNCED = "announced"
    """Provisional selection is on notice, open to objections."""
    AWARDED = "awarded"
    """The selection is final."""
    REGIONS_CHOSEN = "regions-chosen"
    """Each region has its main (and spare) suppliers."""
    AGREEMENTS = "agreements"
    """Hospitals, winners and distributors sign."""
    RUNNING = "running"
    """The procurement cycle runs."""
    FOLLOWED_ON = "followed-on"
    """The cycle is over and another round follows on."""
    ENDED = "ended"
    """The cycle is over and no round follows on."""
    CANCELLED = "cancelled"
    """Called off, with a reason that is published."""


class ParticipantPart(StrEnum):
    """What an organisation does in a round besides reporting and bidding."""

    KEYHOLDER = "keyholder"
    OBSERVER = "observer"


class RoundEventKind(StrEnum):
    """What an event of a round changed."""

    STATUS = "status"
    TIMETABLE = "timetable"
    """A date was moved after volume reporting had begun, or later."""
    OUTAGE = "outage"
    """Closing and opening moved by the outage rule."""
    LOT_FAILED = "lot-failed"
    """A lot failed or was withdrawn."""


class Step(StrEnum):
    """A step of a round that two officers take together (四眼)."""

    PUBLISH = "publish"
    OPEN_BIDS = "open-bids"
    ANSWER_QUESTION = "answer-question"
    """Settle a tie, or record that a bidder withdrew after the opening."""
    FIX_AWARD = "fix-award"
    AMEND = "amend"
    """A numbered amendment of the published document."""
    FAIL_LOT = "fail-lot"
    """Withdraw a lot after publication, or record that it failed."""
    CANCEL = "cancel"


class ProposalStatus(StrEnum):
    """Where a proposal stands; `procurement.rounds.rules.PROPOSAL_TRANSITIONS` orders them."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """What was proposed is no longer what would be done."""


class SimulationStatus(StrEnum):
    """Where a simulation stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STATUS_NAMES: dict[RoundStatus, tuple[str, str]] = {
    RoundStatus.IMPORTED: ("历史导入", "imported"),
    RoundStatus.DRAFT: ("起草", "draft"),
    RoundStatus.VOLUME_REPORTING: ("报量", "volume reporting"),
    RoundStatus.COMMENTS: ("征求意见", "comments"),
    RoundStatus.PUBLISHED: ("文件已发布", "published"),
    RoundStatus.BIDDING: ("申报", "bidding"),
    RoundStatus.CLOSED: ("申报截止", "closed"),
    RoundStatus.OPENED: ("申报信息已公开", "opened"),
    RoundStatus.EVALUATED: ("已评审", "evaluated"),
    RoundStatus.SECOND_ANSWERS: ("二次答复", "second answers"),
    RoundStatus.ANNOUNCED: ("拟中选公示", "announced"),
    RoundStatus.AWARDED: ("中选结果已公布", "awarded"),
    RoundStatus.REGIONS_CHOSEN: ("已选区", "regions chosen"),
    RoundStatus.AGREEMENTS: ("签订协议", "agreements"),
    RoundStatus.RUNNING: ("执行", "running"),
    RoundStatus.FOLLOWED_ON: ("已接续", "followed on"),
    RoundStatus.ENDED: ("期满结束", "ended"),
    RoundStatus.CANCELLED: ("已取消", "cancelled"),
}
"""Each status in Chinese and in English, as pages print it."""

STEP_NAMES: dict[Step, tuple[str, str]] = {
    Step.PUBLISH: ("发布采购文件", "publish the procurement document"),
    Step.OPEN_BIDS: ("公开申报信息", "open the bids"),
    Step.ANSWER_QUESTION: ("裁定同价或记录撤回", "settle a tie or record a withdrawal"),
    Step.FIX_AWARD: ("确定中选结果", "fix the award"),
    Step.AMEND: ("发布修改通知", "publish an amendment"),
    Step.FAIL_LOT: ("品种撤出或采购失败", "withdraw or fail a lot"),
    Step.CANCEL: ("取消本批次", "cancel the round"),
}
"""Each step in Chinese and in English, as pages print it."""
