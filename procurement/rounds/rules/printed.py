"""The table of transitions as the documentation prints it."""

from procurement.rounds.rules.four_eyes import needs_two_officers
from procurement.rounds.rules.transitions import TRANSITIONS
from procurement.rounds.status import STATUS_NAMES, RoundStatus


def printed_transitions() -> str:
    """Print the table of transitions in Markdown; steps of two officers are marked with ²."""
    rows = ["| status | 中文 | may be followed by |", "|---|---|---|"]
    for status, following in TRANSITIONS.items():
        zh, en = STATUS_NAMES[status]
        after = ", ".join(_printed(status, wanted) for wanted in following)
        rows.append(f"| {en} | {zh} | {after or '–'} |")
    return "\n".join(rows)


def _printed(present: RoundStatus, wanted: RoundStatus) -> str:
    mark = "²" if needs_two_officers(present, wanted) else ""
    return STATUS_NAMES[wanted][1] + mark
