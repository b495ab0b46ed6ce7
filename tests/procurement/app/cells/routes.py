"""Every route of the application, and the addresses that it has for a side's things."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.procurement.app.cells.asking import Ask
from tests.procurement.app.cells.sides import Side

# The first that fits an address says which of a side's rounds it is asked about.
_STAGES = (
    (r"/document", "commenting"),
    (r"/proposals", "commenting"),
    (r"/(volumes|volume-\w+|base-volumes)", "reporting"),
    (r"/answers", "answering"),
    (r"/(agreements|distributors)", "agreed"),
    (r"/regions", "awarded"),
    (r"/(evaluation|bureau-answers|second-answers|award|objections|letters|result)", "announced"),
    (r"/(questions|announcement)", "announced"),
    (r"/(opening|screens|evidence)", "opened"),
    (
        r"/(keys|rehearsal|papers|applicants|bids?|receipts|log|manifests?|checkpoint|envelopes"
        r"|shares|reveal|postponement)\b",
        "bidding",
    ),
    (r"", "draft"),
)

# The first that fits names the thing of a side; where none does, it is called as the parameter.
_THINGS = (
    (r"/(credit|grades|papers|applicants)/.*organisation_id", "organisation_id", "firm"),
    (r"/(letters|manufacturers)/", "organisation_id", "firm"),
    (r"/credit/applications/", "application_id", "credit_application"),
    (r"/credit/applications/", "file_id", "credit_evidence"),
    (r"/audit/holds/", "hold_id", "legal_hold"),
    (r"/catalogue/imports", "upload_id", "catalogue_import"),
    (r"/dual-channel/imports", "upload_id", "list_import"),
    (r"/reports/.*upload_id", "upload_id", "form"),
    (r"", "upload_id", "bulk"),
    (r"/reports/.*paper_id", "paper_id", "volume_paper"),
    (r"/registrations/", "paper_id", "registration_paper"),
    (r"", "paper_id", "paper"),
    (r"/monitoring/", "proposal_id", "linkage_proposal"),
    (r"/monitoring/", "generic_id", "drug_id"),
    (r"/monitoring/", "list_id", "reference_list_id"),
    (r"/amendments/proposals", "proposal_id", "amending"),
    (r"/manifests/", "digest", "manifest"),
    (r"/answers/", "digest", "answer"),
    (r"/designations/", "objection_id", "designation_objection"),
    (r"/designations/", "evidence_id", "designation_evidence"),
    (r"/designation", "notice_id", "designation_notice"),
    (r"/places/", "code", "place_code"),
    (r"/savings/", "objection_id", "savings_objection"),
    (r"/savings/", "hospital_id", "savings_hospital"),
    (r"/savings/", "name", "settlement"),
    (r"/payments/.*/objections/", "objection_id", "claim_objection"),
    (r"/payments/", "account_id", "hospital_account_id"),
    (r"", "hospital_id", "hospital"),
    (r"/bank-files/", "file_id", "bank_file"),
    (r"/objections/", "objection_id", "objection"),
    (r"/objections/", "file_id", "objection_file"),
)

SAME_FOR_ALL = {
    # What is published of rounds is the same for everybody.
    "round_file": "none.json",
    "published": "none",
    "release_file": "none.json",
    "release_id": "none",
    "table_file": "rounds.csv",
    "table": "rounds",
    "status": "comments",
    "step": "cancel",
    "key": "ranking.tie_breaks",
    "file_name": "draft-1.docx",
    "part": "receipt",
    "number": "1",
    "token": "no-such-token",
    "directory_id": "1",
    "path": "no-such-page",
    "product_id": "1",
    "kind": "xlsx",
    "paper": "lost",
    "term": "1",
    "group": "economics",
    "list_name": "places",
    "quarter": "2027Q1",
}
"""Parameters that name no thing of anybody's."""

FIELDS = {"version": "1", "until_date": "2026-12-31"}
"""What forms are asked for before the thing that they are about is looked for."""

BELONGING = frozenset(
    {
        "relation_id",
        "flag_id",
        "complaint_number",
        "invitation_id",
        "person_id",
        "key_id",
        "challenge",
        "token_id",
        "session_id",
        "proposal_id",
        "simulation_id",
        "comment_id",
        "paper_id",
        "report_id",
        "upload_id",
        "digest",
        "objection_id",
        "file_id",
        "price_id",
        "agreement_id",
        "distribution_id",
        "entrustment_id",
        "change_id",
        "order_id",
        "delivery_id",
        "receipt_line_id",
        "invoice_id",
        "run_id",
        "notice_id",
        "exemption_id",
        "replacement_id",
        "awarded_bid_id",
        "assessment_id",
        "evidence_id",
        "dossier_id",
        "member_id",
        "talk_id",
        "claim_id",
        "instruction_id",
        "account_id",
        "ledger_account_id",
        "decision_number",
        "posting_id",
        "prepayment_id",
        "registration_number",
        "prescription_number",
        "record_id",
        "application_id",
        "doctor_id",
        "duty_id",
        "plan_id",
    }
)
"""Parameters that name a thing within somebody's organisation or round."""


@dataclass(frozen=True)
class Route:
    """One method of one address.

    Attributes:
        method: Of HTTP.
        path: With its parameters in braces.
        body: What it takes as JSON; None where it takes none.
    """

    method: str
    path: str
    body: Any = None

    def __str__(self) -> str:
        """As ``GET /rounds/{name}``."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters."""
        return re.findall(r"{(\w+)}", self.path)

    def ask(
        self,
        side: Side,
        *,
        belonging: Side | None = None,
        put: Mapping[str, str] = MappingProxyType({}),
    ) -> Ask:
        """Ask for it about a side's things.

        Args:
            side: Whose.
            belonging: Another side for things within the side's organisations and rounds.
            put: What stands in the place of a parameter instead.
        """
        address = self.path.format(**{**self.values(side, belonging=belonging), **put})
        if self.method == "GET":
            return Ask("GET", address)
        if self.body is not None:
            return Ask(self.method, address, {"json": sample(msgspec.inspect.type_info(self.body))})
        return Ask(self.method, address, {"data": FIELDS})

    def values(self, side: Side, *, belonging: Side | None = None) -> dict[str, object]:
        """What the parameters are for a side's things; as in `ask`."""
        return {
            name: self._value(name, belonging if belonging and name in BELONGING else side)
            for name in self.parameters
        }

    def _value(self, name: str, side: Side) -> object:
        if name == "name" and "/savings/" not in self.path:
            fits = (stage for part, stage in _STAGES if re.search(part, self.path))
            return side.rounds[next(fits)]
        if name in SAME_FOR_ALL:
            return SAME_FOR_ALL[name]
        fitting = (
            thing for part, one, thing in _THINGS if one == name and re.search(part, self.path)
        )
        return side.things[next(fitting, name)]


def routes_of(app: Litestar) -> Iterator[Route]:
    """All routes of an application but its static files."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or route.path_format.startswith("/static/"):
            continue
        for handler in route.route_handlers:
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                field = handler.parsed_data_field
                body = None if field is None else field.annotation
                yield Route(str(method), route.path_format, body)


def sample(known: msgspec.inspect.Type) -> object:
    """Make the smallest JSON value of a type."""
    if isinstance(known, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
        return {one.encode_name: sample(one.type) for one in known.fields if one.required}
    if isinstance(known, msgspec.inspect.UnionType):
        return sample(known.types[0])
    if isinstance(known, msgspec.inspect.EnumType):
        return next(iter(known.cls)).value
    for kinds, value in _SAMPLES:
        if isinstance(known, kinds):
            return value
    raise AssertionError(f"no sample of {known}")


_SAMPLES: tuple[tuple[Any, object], ...] = (
    (msgspec.inspect.IntType, 1),
    (msgspec.inspect.StrType, "x"),
    (msgspec.inspect.BoolType, False),
    (msgspec.inspect.ListType, []),
    (msgspec.inspect.DictType, {}),
    (msgspec.inspect.DateTimeType, "2026-12-01T09:00:00+08:00"),
    (msgspec.inspect.DateType, "2026-12-01"),
    (msgspec.inspect.DecimalType, "1"),
    (msgspec.inspect.NoneType, None),
    (msgspec.inspect.AnyType, None),
)
