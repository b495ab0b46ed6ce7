"""The words of a negotiation: who takes part, where a dossier stands, what is recorded."""

from enum import StrEnum


class CampaignStatus(StrEnum):
    """How far the campaign of a catalogue year is."""

    DRAFT = "draft"
    OPEN = "open"
    CONCLUDED = "concluded"


class Part(StrEnum):
    """What somebody was appointed as, in a whole campaign or for one dossier."""

    REVIEWER = "reviewer"
    ECONOMICS = "economics"
    FUND = "fund"
    CHAIR = "chair"
    NEGOTIATOR = "negotiator"


class Group(StrEnum):
    """The two groups that compute back to back (背靠背)."""

    ECONOMICS = "economics"
    FUND = "fund"

    @property
    def part(self) -> Part:
        """Who belongs to it."""
        return Part(self.value)


class Track(StrEnum):
    """By which way a drug comes to its payment standard."""

    REGULAR = "regular"
    RARE_DISEASE = "rare-disease"
    RENEWAL = "renewal"
    NON_EXCLUSIVE = "non-exclusive"


class DossierStatus(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    PASSED = "passed"
    DECLINED = "declined"
    ADMITTED = "admitted"
    SCHEDULED = "scheduled"
    SEALED = "sealed"
    TALKS = "talks"
    AGREED = "agreed"
    FAILED = "failed"


class Verdict(StrEnum):
    """How the formal review of a dossier ends."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    RETURN = "return"
    REJECT = "reject"


class TalkKind(StrEnum):
    """What was spoken about with the maker before the session."""

    REFERENCE_DRUG = "reference-drug"
    ONE_TO_ONE = "one-to-one"


class SessionStatus(StrEnum):
    """How far a session is."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    AGREED = "agreed"
    FAILED = "failed"
    UNSIGNED = "unsigned"
    """A price was agreed, and one side ended the deal before both had signed it."""


class Party(StrEnum):
    """The two sides of the table."""

    MAKER = "maker"
    BUREAU = "bureau"


Words = tuple[str, str]

CAMPAIGN_WORDS: dict[CampaignStatus, Words] = {
    CampaignStatus.DRAFT: ("准备中", "in preparation"),
    CampaignStatus.OPEN: ("进行中", "under way"),
    CampaignStatus.CONCLUDED: ("已结束", "concluded"),
}

PART_WORDS: dict[Part, Words] = {
    Part.REVIEWER: ("评审专家", "expert reviewer"),
    Part.ECONOMICS: ("药物经济学组", "economics group"),
    Part.FUND: ("基金测算组", "fund group"),
    Part.CHAIR: ("测算组长", "chair"),
    Part.NEGOTIATOR: ("谈判人员", "negotiator"),
}

TRACK_WORDS: dict[Track, Words] = {
    Track.REGULAR: ("独家药品谈判", "negotiation of an exclusive drug"),
    Track.RARE_DISEASE: ("罕见病用药谈判", "negotiation of a drug for a rare disease"),
    Track.RENEWAL: ("续约", "renewal"),
    Track.NON_EXCLUSIVE: ("非独家药品竞价", "bidding of a non-exclusive drug"),
}

STATUS_WORDS: dict[DossierStatus, Words] = {
    DossierStatus.DRAFT: ("填写中", "draft"),
    DossierStatus.SUBMITTED: ("形式审查中", "in formal review"),
    DossierStatus.RETURNED: ("待补正", "returned with deficiencies"),
    DossierStatus.REJECTED: ("形式审查未通过", "rejected"),
    DossierStatus.PASSED: ("专家评审中", "in expert review"),
    DossierStatus.DECLINED: ("专家评审未通过", "not admitted"),
    DossierStatus.ADMITTED: ("测算中", "being calculated"),
    DossierStatus.SCHEDULED: ("待封存谈判底价", "maximum price to be sealed"),
    DossierStatus.SEALED: ("谈判底价已封存", "maximum price sealed"),
    DossierStatus.TALKS: ("谈判中", "in the session"),
    DossierStatus.AGREED: ("已达成", "agreed"),
    DossierStatus.FAILED: ("未达成", "not agreed"),
}

STATUS_MARKS: dict[DossierStatus, str] = {
    DossierStatus.RETURNED: "warning",
    DossierStatus.REJECTED: "bad",
    DossierStatus.DECLINED: "bad",
    DossierStatus.AGREED: "good",
    DossierStatus.FAILED: "bad",
}
"""Marks of a status on pages; the others are `info`."""

VERDICT_WORDS: dict[Verdict, Words] = {
    Verdict.PASS: ("通过", "pass"),
    Verdict.RETURN: ("退回补正", "return with deficiencies"),
    Verdict.REJECT: ("不予通过", "reject"),
}

TALK_WORDS: dict[TalkKind, Words] = {
    TalkKind.REFERENCE_DRUG: ("参照药沟通", "talk on the reference drug"),
    TalkKind.ONE_TO_ONE: ("一对一沟通", "one-to-one meeting"),
}

PARTY_WORDS: dict[Party, Words] = {
    Party.MAKER: ("企业", "manufacturer"),
    Party.BUREAU: ("医保方", "bureau"),
}

SESSION_WORDS: dict[SessionStatus, Words] = {
    SessionStatus.SCHEDULED: ("待开始", "not started"),
    SessionStatus.OPEN: ("谈判中", "under way"),
    SessionStatus.AGREED: ("已达成", "agreed"),
    SessionStatus.FAILED: ("未达成", "not agreed"),
    SessionStatus.UNSIGNED: ("协议未签署", "deal not signed"),
}

MAY_FOLLOW: dict[DossierStatus, frozenset[DossierStatus]] = {
    DossierStatus.DRAFT: frozenset({DossierStatus.SUBMITTED}),
    DossierStatus.SUBMITTED: frozenset(
        {DossierStatus.RETURNED, DossierStatus.REJECTED, DossierStatus.PASSED}
    ),
    DossierStatus.RETURNED: frozenset({DossierStatus.SUBMITTED}),
    DossierStatus.REJECTED: frozenset(),
    DossierStatus.PASSED: frozenset({DossierStatus.DECLINED, DossierStatus.ADMITTED}),
    DossierStatus.DECLINED: frozenset(),
    DossierStatus.ADMITTED: frozenset(
        {
            DossierStatus.SCHEDULED,
            DossierStatus.AGREED,
            DossierStatus.FAILED,
            DossierStatus.RETURNED,
        }
    ),
    DossierStatus.SCHEDULED: frozenset({DossierStatus.SEALED}),
    DossierStatus.SEALED: frozenset({DossierStatus.TALKS}),
    DossierStatus.TALKS: frozenset({DossierStatus.AGREED, DossierStatus.FAILED}),
    DossierStatus.AGREED: frozenset(),
    DossierStatus.FAILED: frozenset(),
}
"""Which status of a dossier may follow which; a renewal by the rules has no session."""
