"""The table: for each action, which roles may do it and on what condition.

A cell is a tuple of conditions of which one suffices; a role that a row does not name may not.
"""

from collections.abc import Mapping
from enum import StrEnum

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role


class Condition(StrEnum):
    """When a role may act; each is decided in ``decide.py`` from the subject alone."""

    ALWAYS = "always"
    OWN = "own"
    """The thing belongs to the actor's organisation."""
    GROUP = "group"
    """The actor's organisation reports for the one whose thing it is."""
    REGION = "region"
    """The thing lies in the region of the actor's bureau (a national bureau's is all)."""
    LEAD = "lead"
    """The actor's bureau leads the round."""
    MEMBER = "member"
    """The actor's region takes part in the round."""
    NAMED = "named"
    """The round names the actor's organisation as keyholder or observer."""
    SECOND = "second"
    """The actor's bureau leads the round, and another person proposed."""
    PUBLISHED = "published"
    """It is published."""
    APPOINTED = "appointed"
    """The actor was appointed for it, as the person and not as the organisation."""


Cell = tuple[Condition, ...]

_ALWAYS: Cell = (Condition.ALWAYS,)
_OWN: Cell = (Condition.OWN,)
_OWN_OR_GROUP: Cell = (Condition.OWN, Condition.GROUP)
_REGION: Cell = (Condition.REGION,)
_LEAD: Cell = (Condition.LEAD,)
_LEAD_OR_REGION: Cell = (Condition.LEAD, Condition.REGION)
_NAMED: Cell = (Condition.NAMED,)
_PUBLISHED: Cell = (Condition.PUBLISHED,)
_APPOINTED: Cell = (Condition.APPOINTED,)
# A round that is still a draft is seen by those who lead it or are named in it.
_LEAD_OR_PUBLISHED: Cell = (Condition.LEAD, Condition.PUBLISHED)
_NAMED_OR_PUBLISHED: Cell = (Condition.NAMED, Condition.PUBLISHED)

_SIGNED_IN = tuple(role for role in Role if role is not Role.PUBLIC)
_RATED = (Role.MANUFACTURER, Role.DISTRIBUTOR)
_OBJECTING = (Role.MANUFACTURER, Role.HOSPITAL, Role.DISTRIBUTOR, Role.PHARMACY)
_OF_A_BUREAU = (Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR)
# Who may be appointed to the groups, the review and the table of a negotiation.
_EXPERTS = (Role.OFFICER, Role.EVALUATOR)
_NAMED_IN_ROUND = (Role.KEYHOLDER, Role.NOTARY, Role.INSPECTOR)

_READ_ROUND: dict[Role, Cell] = {
    Role.PUBLIC: _PUBLISHED,
    **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_PUBLISHED),
    **dict.fromkeys(_NAMED_IN_ROUND, _NAMED_OR_PUBLISHED),
}

PERMISSIONS: Mapping[Action, Mapping[Role, Cell]] = {
    # accounts
    # Anybody: whoever is signed out already is sent home too.
    Action.SIGN_OUT: {Role.PUBLIC: _ALWAYS},
    Action.USE_ACCOUNT: dict.fromkeys(_SIGNED_IN, _ALWAYS),
    Action.READ_ORGANISATIONS: dict.fromkeys(_OF_A_BUREAU, _ALWAYS),
    Action.READ_ORGANISATION: {
        **dict.fromkeys(_SIGNED_IN, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _ALWAYS),
    },
    Action.REGISTER_ORGANISATION: {Role.OFFICER: _REGION},
    Action.CHANGE_ORGANISATION: {Role.ADMINISTRATOR: _OWN, Role.OFFICER: _REGION},
    # Name, codes and region: what an organisation is known by.
    Action.CHANGE_IDENTITY: {Role.OFFICER: _REGION},
    Action.ACTIVATE_ORGANISATION: {Role.OFFICER: _REGION},
    # Who controls whom decides who counts as one bidder: a firm states it, and cannot end it.
    Action.RECORD_RELATION: {Role.ADMINISTRATOR: _OWN, Role.OFFICER: _REGION},
    Action.END_RELATION: {Role.OFFICER: _REGION},
    Action.INVITE_PERSON: {Role.ADMINISTRATOR: _OWN, Role.OFFICER: _REGION},
    Action.MANAGE_PEOPLE: {Role.ADMINISTRATOR: _OWN},
    Action.MANAGE_TOKENS: {Role.ADMINISTRATOR: _OWN},
    Action.BIND_CERTIFICATE: {Role.ADMINISTRATOR: _OWN},
    Action.CONFIGURE_DIRECTORY: {Role.ADMINISTRATOR: _OWN},
    Action.READ_AUDIT: {Role.SUPERVISOR: _ALWAYS, Role.ADMINISTRATOR: _OWN},
    # catalogue
    Action.READ_CATALOGUE: {Role.PUBLIC: _ALWAYS},
    Action.CHANGE_CATALOGUE: {Role.OFFICER: _ALWAYS},
    Action.IMPORT_CATALOGUE: {Role.OFFICER: _ALWAYS},
    # prices
    # Published here means that everybody may see the price; a hospital's own are those it pays.
    Action.READ_PRICES: {
        Role.PUBLIC: _PUBLISHED,
        **dict.fromkeys((Role.MANUFACTURER, Role.HOSPITAL), _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _LEAD),
    },
    # The price at which a product is listed for purchase in a region (挂网价).
    Action.RECORD_LISTING: {Role.OFFICER: _REGION},
    # credit rating
    Action.READ_CREDIT: {
        **dict.fromkeys(_RATED, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _ALWAYS),
    },
    Action.CHANGE_CREDIT: {Role.OFFICER: _REGION},
    Action.GIVE_PROMISE: dict.fromkeys(_RATED, _OWN),
    # rounds
    Action.READ_ROUND: _READ_ROUND,
    Action.DRAFT_ROUND: {Role.OFFICER: _ALWAYS},
    Action.CHANGE_ROUND: {Role.OFFICER: _LEAD},
    Action.SIMULATE_ROUND: {Role.OFFICER: _LEAD, Role.EVALUATOR: _LEAD},
    Action.PROPOSE_STEP: {Role.OFFICER: _LEAD},
    Action.CONFIRM_STEP: {Role.OFFICER: (Condition.SECOND,)},
    Action.READ_DOCUMENT: _READ_ROUND,
    Action.COMMENT_DOCUMENT: dict.fromkeys(
        (Role.MANUFACTURER, Role.HOSPITAL, Role.DISTRIBUTOR, Role.PHARMACY), _PUBLISHED
    ),
    Action.ANSWER_COMMENT: {Role.OFFICER: _LEAD},
    Action.AMEND_DOCUMENT: {Role.OFFICER: _LEAD},
    Action.ACKNOWLEDGE_DOCUMENT: {Role.MANUFACTURER: _PUBLISHED},
    # volumes
    Action.READ_CALENDAR: dict.fromkeys((Role.HOSPITAL, *_OF_A_BUREAU), _ALWAYS),
    Action.READ_REPORT: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_REGION),
    },
    Action.REPORT_VOLUMES: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.SPLIT_VOLUMES: {Role.HOSPITAL: _OWN},
    Action.REVIEW_REPORT: {Role.OFFICER: _LEAD_OR_REGION},
    Action.UPLOAD_VOLUMES: {Role.OFFICER: _LEAD_OR_REGION},
    Action.IMPORT_HISTORY: {Role.OFFICER: _ALWAYS},
    Action.READ_BASE_VOLUMES: {
        Role.PUBLIC: _PUBLISHED,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_REGION),
    },
    Action.AGGREGATE_VOLUMES: {Role.OFFICER: _LEAD},
    # bids
    Action.READ_PAPERS: {
        Role.MANUFACTURER: _OWN,
        Role.EVALUATOR: _LEAD,
        Role.SUPERVISOR: _LEAD,
        Role.NOTARY: _NAMED,
        Role.INSPECTOR: _NAMED,
    },
    Action.SUBMIT_PAPERS: {Role.MANUFACTURER: _OWN},
    Action.REVIEW_PAPERS: {Role.EVALUATOR: _LEAD},
    Action.MAKE_ROUND_KEY: {Role.KEYHOLDER: _NAMED},
    Action.REHEARSE: {Role.KEYHOLDER: _NAMED, Role.OFFICER: _LEAD},
    Action.READ_MANIFEST: _READ_ROUND,
    Action.SUBMIT_BID: {Role.MANUFACTURER: _OWN},
    Action.READ_RECEIPT: {Role.MANUFACTURER: _OWN},
    Action.READ_LOG: _READ_ROUND,
    Action.POST_SHARES: {Role.KEYHOLDER: _NAMED},
    Action.OPEN_BIDS: {Role.OFFICER: _LEAD},
    Action.REVEAL_KEY: {Role.MANUFACTURER: _OWN},
    # Second answers: questions to the own firm, sealed like a bid.
    Action.ANSWER_QUESTIONS: {Role.MANUFACTURER: _OWN},
    # Published here means that the rulebook lets everybody see the prices.
    Action.READ_OPENED_BIDS: {
        Role.PUBLIC: _PUBLISHED,
        Role.MANUFACTURER: _OWN,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD),
        Role.NOTARY: _NAMED,
        Role.INSPECTOR: _NAMED,
    },
    # awards
    Action.EVALUATE_ROUND: {Role.OFFICER: _LEAD},
    # Drafted by one officer; confirmed by another, as every step that takes two.
    Action.DRAFT_ANSWER: {Role.OFFICER: _LEAD},
    Action.CALL_ANSWERS: {Role.OFFICER: _LEAD},
    Action.ANNOUNCE_AWARD: {Role.OFFICER: _LEAD},
    # A prompt to look at a file, never a finding: nobody else sees them.
    Action.READ_SCREENS: {Role.EVALUATOR: _LEAD},
    Action.READ_RESULT: _READ_ROUND,
    # What a loser would have needed tells how close the winners are: only for the addressee.
    Action.READ_LETTER: {Role.MANUFACTURER: _OWN, **dict.fromkeys(_OF_A_BUREAU, _LEAD)},
    Action.FILE_OBJECTION: dict.fromkeys(_OBJECTING, _PUBLISHED),
    Action.READ_OBJECTION: {
        **dict.fromkeys(_OBJECTING, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _LEAD),
        Role.NOTARY: _NAMED,
        Role.INSPECTOR: _NAMED,
    },
    Action.APPEAL_OBJECTION: dict.fromkeys(_OBJECTING, _OWN),
    Action.ANSWER_OBJECTION: {Role.OFFICER: _LEAD},
    # Not by those who gave the answer that is appealed against.
    Action.ANSWER_APPEAL: {Role.SUPERVISOR: _LEAD},
    # regions: published once they are chosen; before, for winners and those who conduct.
    Action.READ_REGIONS: {
        Role.PUBLIC: _PUBLISHED,
        Role.MANUFACTURER: _OWN,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD),
        Role.NOTARY: _NAMED,
        Role.INSPECTOR: _NAMED,
    },
    Action.CHOOSE_REGION: {Role.MANUFACTURER: _OWN},
    Action.RUN_REGION_CHOICE: {Role.OFFICER: _LEAD},
    # agreements: for their three parties, and for the bureaus in charge.
    Action.READ_AGREEMENT: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_REGION),
    },
    Action.MAKE_AGREEMENTS: {Role.OFFICER: _LEAD},
    Action.NOMINATE_DISTRIBUTOR: {Role.MANUFACTURER: _OWN},
    Action.ANSWER_NOMINATION: {Role.DISTRIBUTOR: _OWN},
    Action.CHOOSE_DISTRIBUTOR: {Role.HOSPITAL: _OWN_OR_GROUP},
    # Whoever signs for another must also be entrusted by it; the service asks.
    Action.SIGN_AGREEMENT: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        Role.OFFICER: _LEAD_OR_REGION,
    },
    Action.ENTRUST_SIGNING: dict.fromkeys((Role.HOSPITAL, *_RATED), _OWN),
    Action.REQUEST_CHANGE: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.DECIDE_CHANGE: {Role.OFFICER: _LEAD_OR_REGION},
    # Drafting the round that follows shows what every winner supplied, and at which price.
    Action.FOLLOW_ON: {Role.OFFICER: _LEAD},
    # orders: for hospital, manufacturer and distributor, the bureaus, and the agency that pays.
    Action.READ_ORDER: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_REGION),
        Role.FUND_AGENCY: _REGION,
    },
    Action.PLACE_ORDER: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.CONFIRM_ORDER: {Role.MANUFACTURER: _OWN},
    # A manufacturer may deliver on its own.
    Action.DELIVER_ORDER: dict.fromkeys(_RATED, _OWN),
    Action.ACCEPT_DELIVERY: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.RETURN_GOODS: {Role.HOSPITAL: _OWN_OR_GROUP},
    # fulfilment: everybody sees the own one, bureaus and agencies that of their region.
    Action.READ_FULFILMENT: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_REGION),
        Role.FUND_AGENCY: _REGION,
    },
    # Warnings, exemptions, and the rules that texts leave to the bureau.
    Action.WARN_FULFILMENT: {Role.OFFICER: _REGION},
    Action.ANSWER_WARNING: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
    },
    Action.REPLACE_SUPPLIER: {Role.OFFICER: _LEAD_OR_REGION},
    # retained savings: the bureau settles, hospitals read and answer their own, the agency pays.
    Action.DRAFT_SETTLEMENT: {Role.OFFICER: _LEAD},
    Action.READ_SETTLEMENT: {
        Role.OFFICER: _LEAD_OR_REGION,
        Role.SUPERVISOR: _LEAD_OR_REGION,
        Role.FUND_AGENCY: _REGION,
        Role.HOSPITAL: _OWN,
    },
    Action.ASSESS_SELF: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.ASSESS_ON_SITE: {Role.OFFICER: _LEAD},
    Action.READ_STATEMENT: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        Role.OFFICER: _LEAD_OR_REGION,
        Role.SUPERVISOR: _LEAD_OR_REGION,
        Role.FUND_AGENCY: _REGION,
    },
    Action.ANSWER_STATEMENT: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.DECIDE_OBJECTION: {Role.OFFICER: _LEAD},
    # The bureau above takes note of a report, or returns it: it leads that step.
    Action.REPORT_SETTLEMENT: {Role.OFFICER: _LEAD},
    Action.PUBLISH_SETTLEMENT: {Role.OFFICER: _LEAD},
    Action.READ_PUBLISHED_SAVINGS: {Role.PUBLIC: _PUBLISHED},
    # The agency that the settlement names; nobody who computed the amounts.
    Action.PAY_RETAINED: {Role.FUND_AGENCY: _OWN},
    Action.PLAN_DISTRIBUTION: {Role.HOSPITAL: _OWN_OR_GROUP},
    # payments: companies and hospitals see their own books, agencies those of their region.
    Action.READ_LEDGER: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        Role.FUND_AGENCY: (Condition.OWN, Condition.REGION),
        **dict.fromkeys(_OF_A_BUREAU, _REGION),
    },
    Action.MANAGE_BANK_ACCOUNT: dict.fromkeys((Role.HOSPITAL, *_RATED, Role.FUND_AGENCY), _OWN),
    Action.GIVE_PREPAYMENT: {Role.FUND_AGENCY: _REGION},
    Action.CLAIM_SETTLEMENT: dict.fromkeys(_RATED, _OWN),
    Action.CHECK_CLAIM: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.APPROVE_CLAIM: {Role.FUND_AGENCY: _OWN},
    Action.RECORD_FUND_PAYABLE: {Role.FUND_AGENCY: _REGION},
    Action.INSTRUCT_PAYMENT: {Role.FUND_AGENCY: _OWN},
    # The agency's second person: not the one who drafted the instruction.
    Action.CONFIRM_PAYMENT: {Role.FUND_AGENCY: (Condition.SECOND,)},
    Action.RECORD_BANK_RESULT: {Role.FUND_AGENCY: _OWN},
    # negotiations: a campaign is public once it is open, a dossier's summary once it passed review.
    Action.READ_CAMPAIGN: {
        Role.PUBLIC: _PUBLISHED,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD_OR_PUBLISHED),
        Role.KEYHOLDER: _NAMED_OR_PUBLISHED,
    },
    # That the bureau is the national one is asked by the service: levels are no condition.
    Action.DRAFT_CAMPAIGN: {Role.OFFICER: _ALWAYS},
    Action.CHANGE_CAMPAIGN: {Role.OFFICER: _LEAD},
    Action.MAKE_CAMPAIGN_KEY: {Role.KEYHOLDER: _NAMED},
    Action.READ_DOSSIER: {
        Role.MANUFACTURER: _OWN,
        Role.OFFICER: (Condition.LEAD, Condition.APPOINTED),
        Role.EVALUATOR: _APPOINTED,
        Role.SUPERVISOR: _LEAD,
    },
    Action.SUBMIT_DOSSIER: {Role.MANUFACTURER: _OWN},
    Action.REVIEW_DOSSIER: {Role.OFFICER: _LEAD},
    Action.DECLARE_INTEREST: dict.fromkeys(_EXPERTS, _APPOINTED),
    Action.SCORE_DOSSIER: dict.fromkeys(_EXPERTS, _APPOINTED),
    Action.RECORD_TALK: dict.fromkeys(_EXPERTS, _APPOINTED),
    Action.ANSWER_TALK: {Role.MANUFACTURER: _OWN},
    # The own group's copy only; whoever leads the campaign sees neither.
    Action.USE_GROUP_MODEL: dict.fromkeys(_EXPERTS, _APPOINTED),
    Action.RECONCILE_CEILINGS: dict.fromkeys(_EXPERTS, _APPOINTED),
    # The sealed envelope and its digest; what is in it nobody reads here.
    Action.READ_ENVELOPE: {
        Role.MANUFACTURER: _OWN,
        **dict.fromkeys(_OF_A_BUREAU, _LEAD),
        Role.KEYHOLDER: _NAMED,
    },
    Action.POST_ENVELOPE_SHARE: {Role.KEYHOLDER: _NAMED},
    Action.NEGOTIATE: dict.fromkeys(_EXPERTS, _APPOINTED),
    Action.QUOTE_PRICE: {Role.MANUFACTURER: _OWN},
    Action.READ_SESSION_RECORD: {
        Role.OFFICER: (Condition.LEAD, Condition.APPOINTED),
        Role.EVALUATOR: _APPOINTED,
        Role.SUPERVISOR: _LEAD,
    },
    Action.CONFIRM_RENEWAL: {Role.OFFICER: (Condition.SECOND,)},
    # papers of goods: a manufacturer is a seller where it delivers itself.
    Action.SUBMIT_INVOICE: dict.fromkeys(_RATED, _OWN),
    Action.READ_INVOICE: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys(_RATED, _OWN),
        **dict.fromkeys((Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY), _REGION),
    },
    Action.UPLOAD_MOVEMENTS: {Role.HOSPITAL: _OWN_OR_GROUP},
    Action.READ_MOVEMENTS: {
        Role.HOSPITAL: _OWN_OR_GROUP,
        **dict.fromkeys((Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY), _REGION),
    },
    Action.WRITE_PARTITIONS: {Role.OFFICER: _REGION},
    # publication
    Action.READ_STANDING: {Role.PUBLIC: _ALWAYS},
}
"""Who may do what."""
