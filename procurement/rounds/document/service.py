"""Use cases of procurement documents, for the round's core, pages and interfaces.

The functions live in files by use case; this is the list of them.
"""

from procurement.rounds.document.acknowledge import (
    acknowledge,
    acknowledged_by,
    acknowledgement_of,
    awaiting_acknowledgement,
    has_acknowledged,
    may_list,
    remind_to_acknowledge,
)
from procurement.rounds.document.amend import AmendmentPreview, amend, preview_amendment
from procurement.rounds.document.amended import RulesInForce
from procurement.rounds.document.amendment import Amendment, read_amendment, write_amendment
from procurement.rounds.document.changes import changes_between
from procurement.rounds.document.comments import (
    Thread,
    answer_comment,
    comment,
    takes_comments,
    threads_of,
    unanswered,
)
from procurement.rounds.document.effect import effect_of
from procurement.rounds.document.facts import plan_of
from procurement.rounds.document.files import file_of, issued_digests
from procurement.rounds.document.versions import (
    content_of,
    find_version,
    make_draft,
    newest_version,
    notice_of,
    preview_document,
    publish_document,
    published_document,
    rules_in_force,
    versions_of,
)

__all__ = [
    "Amendment",
    "AmendmentPreview",
    "RulesInForce",
    "Thread",
    "acknowledge",
    "acknowledged_by",
    "acknowledgement_of",
    "amend",
    "answer_comment",
    "awaiting_acknowledgement",
    "changes_between",
    "comment",
    "content_of",
    "effect_of",
    "file_of",
    "find_version",
    "has_acknowledged",
    "issued_digests",
    "make_draft",
    "may_list",
    "newest_version",
    "notice_of",
    "plan_of",
    "preview_amendment",
    "preview_document",
    "publish_document",
    "published_document",
    "read_amendment",
    "remind_to_acknowledge",
    "rules_in_force",
    "takes_comments",
    "threads_of",
    "unanswered",
    "versions_of",
    "write_amendment",
]
