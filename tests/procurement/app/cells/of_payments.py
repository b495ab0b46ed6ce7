"""How the actions of payments are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, machine
from tests.procurement.app.cells.of_orders import of_things
from tests.procurement.app.cells.sides import Side

OWN, GROUP, REGION, SECOND = Condition.OWN, Condition.GROUP, Condition.REGION, Condition.SECOND

_API = "/api/v1/payments"
_CLAIM = f"{_API}/claims/{{claim_id}}"
_INSTRUCTION = f"{_API}/instructions/{{instruction_id}}"
_OFFSETS = f"POST {_API}/months/{{month_id}}/offsets/{{hospital}}"
_STEP = {"version": 0}
_RESULTS = {"name": "x", "digest": "0" * 64, "results": []}


def _sold(path: str, **how: object) -> Make:
    """About our claim, which for a manufacturer is the one of what it sold itself."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        prefix = "direct_" if role is Role.MANUFACTURER else ""
        return of_things("ours", prefix, path, **how)(ours, theirs, role)

    return make


def _account(side: str) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        holder = role if f"{role}_account_id" in ours.things else Role.HOSPITAL
        prefix = f"{holder}_"
        path = f"POST {_API}/accounts/{{account_id}}/confirm"
        return of_things(side, prefix, path)(ours, theirs, role)

    return make


def _for_hospital(address: str, **fields: object) -> Exemplar:
    """Something that an agency does for a hospital of its region, and for one elsewhere."""

    def make(side: str) -> Make:
        def ask(ours: Side, theirs: Side, role: Role) -> Ask:
            one = ours if side == "ours" else theirs
            return machine(address, {"hospital_id": one.things["hospital"], **fields})

        return ask

    return Exemplar({REGION: make("ours")}, (make("theirs"),))


def _plain(condition: Condition, path: str, **how: object) -> Exemplar:
    return Exemplar(
        {condition: of_things("ours", "", path, **how)}, (of_things("theirs", "", path, **how),)
    )


PAYMENTS: Mapping[Action, Exemplar] = {
    Action.READ_LEDGER: Exemplar(
        {
            OWN: _sold(f"GET {_CLAIM}"),
            GROUP: of_things("ours", "member_", f"GET {_CLAIM}"),
            REGION: of_things("theirs", "guest_", f"GET {_CLAIM}"),
        },
        (of_things("theirs", "", f"GET {_CLAIM}"),),
    ),
    Action.MANAGE_BANK_ACCOUNT: Exemplar({OWN: _account("ours")}, (_account("theirs"),)),
    Action.GIVE_PREPAYMENT: _for_hospital(
        f"{_API}/prepayments", term_id=1, rulebook="x", document="x"
    ),
    Action.CLAIM_SETTLEMENT: Exemplar(
        {OWN: _sold(f"POST {_CLAIM}/reconcile", json=_STEP)},
        (of_things("theirs", "", f"POST {_CLAIM}/reconcile", json=_STEP),),
    ),
    Action.CHECK_CLAIM: Exemplar(
        {
            OWN: of_things("ours", "", f"POST {_CLAIM}/check", json=_STEP),
            GROUP: of_things("ours", "member_", f"POST {_CLAIM}/check", json=_STEP),
        },
        (of_things("theirs", "", f"POST {_CLAIM}/check", json=_STEP),),
    ),
    Action.APPROVE_CLAIM: _plain(OWN, f"POST {_CLAIM}/approve", json=_STEP),
    Action.RECORD_FUND_PAYABLE: _for_hospital(
        f"{_API}/fund-payables", month="2026-03-01", fund="employee", amount="1", document="x"
    ),
    Action.INSTRUCT_PAYMENT: _plain(OWN, _OFFSETS),
    Action.CONFIRM_PAYMENT: Exemplar(
        {SECOND: of_things("ours", "", f"POST {_INSTRUCTION}/confirm", json=_STEP)},
        (
            of_things("theirs", "", f"POST {_INSTRUCTION}/confirm", json=_STEP),
            # Whoever drafted it cannot confirm it.
            of_things("ours", "own_", f"POST {_INSTRUCTION}/confirm", json=_STEP),
        ),
    ),
    Action.RECORD_BANK_RESULT: Exemplar(
        {OWN: lambda ours, theirs, role: machine(f"{_API}/bank-results", _RESULTS)}
    ),
}
