from datetime import datetime, UTC
from procurement.web.tables import IdempotentAnswer
from procurement.web.idempotency import _INSERT
from procurement.database import transaction
def test_rc(engine):
    for _ in range(2):
        with transaction(engine) as s:
            st=_INSERT[engine.dialect.name](IdempotentAnswer).values(dict(organisation_id=1,key="k",request_digest="0"*64,answered_at=datetime(2026,1,1,tzinfo=UTC))).on_conflict_do_nothing()
            r=s.execute(st); print(engine.dialect.name, r.rowcount)
