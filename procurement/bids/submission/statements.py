"""The statements of a submission, built once: in the last minute thousands of bids arrive."""

from typing import cast

from sqlalchemy import BigInteger, Table, bindparam, func, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from procurement.bids.submission.leaves import PURPOSE
from procurement.bids.tables import LogLeaf, Refusal
from procurement.database import Moment
from procurement.rounds.tables import Round

REFUSAL_PURPOSE = "refusal"

_round, _leaf, _refusal = Round.__table__.c, LogLeaf.__table__.c, Refusal.__table__.c
WINDOW = (
    select(_round.status, _round.bidding_opens_at, _round.closes_at)
    .where(_round.id == bindparam("round_id"))
    # Submissions share the row, so that their commits reach the disk together; what closes or moves
    # the round takes it alone, waits for all who hold it, and lets nobody in meanwhile.
    .with_for_update(read=True)
)
# The same request sent twice at once: one is decided after the other, or the one that is late would
# be refused while the other's receipt is on its way.
CLAIM = func.pg_advisory_xact_lock(bindparam("claim", type_=BigInteger))
# One way to the server instead of three while the lock is held. The clock stands outside: it is
# asked for the row that comes out of the inner query, which is when the locks have been granted.
_LOCKED = WINDOW.add_columns(CLAIM.label("claim")).cte("locked").prefix_with("MATERIALIZED")
WINDOW_AND_CLOCK = select(
    _LOCKED.c.status,
    _LOCKED.c.bidding_opens_at,
    _LOCKED.c.closes_at,
    func.clock_timestamp(type_=Moment),
)
BEFORE = union_all(
    select(literal(PURPOSE), _leaf.request_tag, _leaf.id, _leaf.sealed).where(
        (_leaf.request_tag == bindparam("request"))
        | _leaf.chain_tag.in_([bindparam("previous"), bindparam("own")])
    ),
    select(literal(REFUSAL_PURPOSE), _refusal.request_tag, _refusal.id, _refusal.sealed).where(
        _refusal.request_tag == bindparam("request")
    ),
)
APPEND = {
    (dialect, table): build(cast("Table", table.__table__))
    .on_conflict_do_nothing()
    .returning(table.__table__.c.id)
    for dialect, build in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
    for table in (LogLeaf, Refusal)
}
