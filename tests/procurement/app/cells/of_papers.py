"""How the actions on invoices, stock movements and written partitions are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, machine
from tests.procurement.app.cells.of_orders import of_parties, of_things
from tests.procurement.app.cells.sides import Side

OWN, GROUP, REGION = Condition.OWN, Condition.GROUP, Condition.REGION

_MATCHING = "POST /api/v1/invoices/{invoice_id}/matching"
_RUN = "GET /api/v1/purchase-partitions/{run_id}"


def _matching(ours: Side, theirs: Side, role: Role) -> Ask:
    """A manufacturer is a seller where it delivers on its own."""
    prefix = "direct_" if role is Role.MANUFACTURER else ""
    return of_things("ours", prefix, _MATCHING)(ours, theirs, role)


def _upload(side: str, thing: str) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        hospital = one.things[thing] if thing else one.organisation_id(Role.HOSPITAL)
        body: dict[str, object] = {"infno": "3507", "counted_in": "packs", "input": {}}
        body["hospital_id"] = hospital
        return machine("/api/v1/movements", body)

    return make


PAPERS: Mapping[Action, Exemplar] = {
    Action.SUBMIT_INVOICE: Exemplar({OWN: _matching}, (of_things("theirs", "", _MATCHING),)),
    Action.READ_INVOICE: of_parties("GET /api/v1/invoices/{invoice_id}", OWN, GROUP, REGION),
    Action.UPLOAD_MOVEMENTS: Exemplar(
        {OWN: _upload("ours", ""), GROUP: _upload("ours", "member")}, (_upload("theirs", ""),)
    ),
    Action.READ_MOVEMENTS: of_parties(
        "GET /api/v1/movement-files/{file_id}/records", OWN, GROUP, REGION
    ),
    Action.WRITE_PARTITIONS: Exemplar(
        {REGION: of_things("ours", "", _RUN)}, (of_things("theirs", "", _RUN),)
    ),
}
