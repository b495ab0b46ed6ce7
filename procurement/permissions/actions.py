"""What can be done on the platform, in the order of the process."""

from enum import StrEnum


class Action(StrEnum):
    """One thing that somebody may or may not do; its value is the name in docs and audit."""

    # accounts
    SIGN_OUT = "sign-out"
    READ_ORGANISATIONS = "read-organisations"
    READ_ORGANISATION = "read-organisation"
    REGISTER_ORGANISATION = "register-organisation"
    CHANGE_ORGANISATION = "change-organisation"
    INVITE_PERSON = "invite-person"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_TOKENS = "manage-tokens"
    BIND_CERTIFICATE = "bind-certificate"
    READ_AUDIT = "read-audit"
    # catalogue
    READ_CATALOGUE = "read-catalogue"
    CHANGE_CATALOGUE = "change-catalogue"
    IMPORT_CATALOGUE = "import-catalogue"
    # credit rating
    READ_CREDIT = "read-credit"
    CHANGE_CREDIT = "change-credit"
    # rounds
    READ_ROUND = "read-round"
    DRAFT_ROUND = "draft-round"
    CHANGE_ROUND = "change-round"
    SIMULATE_ROUND = "simulate-round"
    PROPOSE_STEP = "propose-step"
    CONFIRM_STEP = "confirm-step"
    READ_DOCUMENT = "read-document"
    COMMENT_DOCUMENT = "comment-document"
    ANSWER_COMMENT = "answer-comment"
    AMEND_DOCUMENT = "amend-document"
    ACKNOWLEDGE_DOCUMENT = "acknowledge-document"
    # volumes
    READ_CALENDAR = "read-calendar"
    READ_REPORT = "read-report"
    REPORT_VOLUMES = "report-volumes"
    SPLIT_VOLUMES = "split-volumes"
    REVIEW_REPORT = "review-report"
    UPLOAD_VOLUMES = "upload-volumes"
    IMPORT_HISTORY = "import-history"
    READ_BASE_VOLUMES = "read-base-volumes"
    AGGREGATE_VOLUMES = "aggregate-volumes"
    # bids
    READ_PAPERS = "read-papers"
    SUBMIT_PAPERS = "submit-papers"
    REVIEW_PAPERS = "review-papers"
    MAKE_ROUND_KEY = "make-round-key"
    REHEARSE = "rehearse"
    READ_MANIFEST = "read-manifest"
    SUBMIT_BID = "submit-bid"
    READ_RECEIPT = "read-receipt"
    READ_LOG = "read-log"
    POST_SHARES = "post-shares"
    OPEN_BIDS = "open-bids"
    REVEAL_KEY = "reveal-key"
