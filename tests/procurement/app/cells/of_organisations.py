"""How the actions of accounts, catalogue, credit rating and audit are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, form, get, machine
from tests.procurement.app.cells.sides import Side

ORGANISATION = {
    "kind": "hospital",
    "name": "新登记医院",
    "region": "340100",
    "credit_code": None,
}

MATTER = {
    "organisation": "no-such-firm",
    "region": "340000",
    "matter": "bribery",
    "basis": "judgement",
    "document": "judgement 2",
    "found_on": "2026-01-01",
    "description": "",
    "in_force_from": "2026-01-01",
}

RELATION = {"kind": "member-of-group", "related_id": 1, "since_date": "2026-01-01"}

PROMISE = {"regions": ["340000"], "signed_by": "a", "signed_on": "2026-01-01", "wording": "b"}

APPLICATION = {"kind": "objection", "text": "a", "signed_by": "b"}

GENERIC = {"name": "新药", "printed_form": "片剂", "unit": "片"}


def always(ask: Ask) -> Exemplar:
    """An action that is about nothing in particular."""
    return Exemplar({Condition.ALWAYS: lambda ours, theirs, role: ask})


def _applications(matter_id: object) -> str:
    return f"/api/v1/credit/matters/{matter_id}/applications"


def _own_matter(side: Side, role: Role) -> object:
    """A matter of a side's firm: of its distributor, or of its manufacturer."""
    is_distributor = role is Role.DISTRIBUTOR
    return side.things["distributor_matter_id" if is_distributor else "matter_id"]


def _mine(path: str) -> Make:
    """The page of the organisation of whoever asks."""
    return lambda ours, theirs, role: get(f"{path}/{ours.organisation_id(role)}")


def _page(path: str, side: str) -> Make:
    """A page of a side's hospital."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        things = (ours if side == "ours" else theirs).things
        return get(f"/organisations/{things['organisation_id']}/{path.format(**things)}")

    return make


def _post(path: str, side: str, **fields: str) -> Make:
    """A form of a side's hospital."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        things = (ours if side == "ours" else theirs).things
        address = f"/organisations/{things['organisation_id']}/{path.format(**things)}"
        return form(address, version="1", **fields)

    return make


def _of_hospital(make: Make, foreign: Make, *conditions: Condition) -> Exemplar:
    return Exemplar(dict.fromkeys(conditions, make), (foreign,))


def _with_page(path: str, *conditions: Condition) -> Exemplar:
    return _of_hospital(_page(path, "ours"), _page(path, "theirs"), *conditions)


def _with_form(path: str, *conditions: Condition, **fields: str) -> Exemplar:
    return _of_hospital(_post(path, "ours", **fields), _post(path, "theirs", **fields), *conditions)


OWN, REGION, ALWAYS = Condition.OWN, Condition.REGION, Condition.ALWAYS

ACCOUNTS: Mapping[Action, Exemplar] = {
    Action.SIGN_OUT: always(form("/sign-out")),
    Action.USE_ACCOUNT: always(get("/api/v1/me")),
    Action.READ_ORGANISATIONS: always(get("/api/v1/organisations")),
    Action.READ_ORGANISATION: Exemplar(
        {
            OWN: _mine("/api/v1/organisations"),
            ALWAYS: lambda ours, theirs, role: get(
                f"/api/v1/organisations/{theirs.things['organisation_id']}"
            ),
        },
        (_page("", "theirs"),),
    ),
    Action.REGISTER_ORGANISATION: Exemplar(
        {REGION: lambda ours, theirs, role: machine("/api/v1/organisations", ORGANISATION)},
        (
            lambda ours, theirs, role: machine(
                "/api/v1/organisations", {**ORGANISATION, "region": theirs.region}
            ),
        ),
    ),
    Action.CHANGE_ORGANISATION: _with_page("edit", OWN, REGION),
    Action.CHANGE_IDENTITY: Exemplar(
        {REGION: _post("edit", "ours", name="改名医院", kind="hospital", region="340100")},
        (_post("edit", "theirs", name="改名医院", kind="hospital", region="340100"),),
        unsaid=frozenset({Role.ADMINISTRATOR}),
    ),
    Action.ACTIVATE_ORGANISATION: _with_form("active", REGION, active="no"),
    Action.RECORD_RELATION: Exemplar(
        dict.fromkeys(
            (OWN, REGION),
            lambda ours, theirs, role: machine(
                f"/api/v1/organisations/{ours.things['organisation_id']}/relations", RELATION
            ),
        ),
        (
            lambda ours, theirs, role: machine(
                f"/api/v1/organisations/{theirs.things['organisation_id']}/relations", RELATION
            ),
        ),
    ),
    Action.END_RELATION: _with_form("relations/{relation_id}/end", REGION, until_date="2026-12-31"),
    Action.INVITE_PERSON: _with_form("invite", OWN, REGION),
    Action.MANAGE_PEOPLE: _with_page("people/{person_id}", OWN),
    Action.MANAGE_TOKENS: Exemplar(
        {OWN: lambda o, t, role: form(f"/account/tokens/{o.things['token_id']}/revoke")},
        (lambda o, t, role: form(f"/account/tokens/{t.things['token_id']}/revoke"),),
    ),
    Action.BIND_CERTIFICATE: _with_page("keys/{challenge}", OWN),
    Action.CONFIGURE_DIRECTORY: _with_page("directory", OWN),
    Action.READ_AUDIT: Exemplar(
        # What is not the own organisation's is left out of the page: nobody can name it.
        dict.fromkeys((OWN, ALWAYS), lambda ours, theirs, role: get("/audit")),
    ),
}

CATALOGUE: Mapping[Action, Exemplar] = {
    Action.READ_CATALOGUE: always(get("/api/v1/catalogue/products")),
    Action.CHANGE_CATALOGUE: always(machine("/api/v1/catalogue/generic-products", GENERIC)),
    Action.IMPORT_CATALOGUE: Exemplar(
        {
            ALWAYS: lambda ours, theirs, role: get(
                f"/api/v1/catalogue/imports/{ours.things['catalogue_import']}"
            )
        }
    ),
}

CREDIT: Mapping[Action, Exemplar] = {
    Action.READ_CREDIT: Exemplar(
        {
            OWN: _mine("/api/v1/credit/grades"),
            ALWAYS: lambda o, t, role: get(f"/api/v1/credit/matters/{t.things['matter_id']}"),
        },
        (
            lambda o, t, role: get(f"/api/v1/credit/grades/{t.things['firm']}"),
            lambda o, t, role: get(f"/credit/matters/{t.things['matter_id']}"),
        ),
    ),
    Action.CHANGE_CREDIT: Exemplar(
        {
            REGION: lambda o, t, role: form(f"/credit/matters/{o.things['matter_id']}/measures"),
        },
        (
            lambda o, t, role: form(f"/credit/matters/{t.things['matter_id']}/measures"),
            lambda o, t, role: machine("/api/v1/credit/matters", {**MATTER, "region": t.region}),
        ),
    ),
    # A promise is always the own firm's: nobody can name another.
    Action.GIVE_PROMISE: Exemplar(
        {OWN: lambda ours, theirs, role: machine("/api/v1/credit/promises", PROMISE)}
    ),
    Action.HOLD_RECORDS: always(get("/audit/holds")),
    Action.APPLY_CREDIT: Exemplar(
        {OWN: lambda o, t, role: machine(_applications(_own_matter(o, role)), APPLICATION)},
        (lambda o, t, role: machine(_applications(t.things["matter_id"]), APPLICATION),),
    ),
}
