"""Calls for applications, and the rules under which they are decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.errors import RulebookChangedError
from procurement.pharmacies.designation.fields import document_faults, span_faults
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import (
    DOCUMENT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    DesignationCall,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.rules.criteria import (
    PREFIXES,
    RULEBOOK_KINDS,
    Criteria,
    Given,
    criteria_of,
    rule_value,
)
from rulebooks import BadRulebookError, Rulebook, UnknownRulebookError, load_rulebook, rulebook_ids
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class GivenText:
    """What a call gives for a rule, as it was typed.

    Attributes:
        value: Raw, as a rulebook's file would have it.
        basis: The document that states it.
    """

    value: object
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A call as an officer opens it.

    Attributes:
        scheme: What places are designated for.
        region: Division code; places in it may apply.
        title: What it is called.
        document: Number of the local document; may be empty.
        rulebook: Id of the document that it rests on.
        opens_on: First day of applications.
        closes_on: Last day of applications.
        given: What the rulebook leaves open, by key.
    """

    scheme: DesignationScheme
    region: str
    title: str
    rulebook: str
    opens_on: date | None
    closes_on: date | None
    document: str = ""
    given: Mapping[str, GivenText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallRules:
    """The rules of a call.

    Attributes:
        rulebook: The document.
        given: What the call gives besides, by key.
        scheme: What for.
    """

    rulebook: Rulebook
    given: Mapping[str, Given]
    scheme: DesignationScheme

    def criteria(self, kind: PlaceKind) -> Criteria:
        """Return what a kind of place must show."""
        return criteria_of(self.rulebook, self.given, scheme=self.scheme, kind=kind)

    def value(self, name: str) -> object | None:
        """Return the value of one rule of designation, or None where it is not known."""
        found = rule_value(self.rulebook, self.given, f"{PREFIXES[self.scheme]}.{name}")
        return None if found is None else found[0]

    @property
    def notice_days(self) -> int | None:
        """How many days a notice runs."""
        days = self.value("publicity_days")
        return days if isinstance(days, int) else None

    @property
    def kinds(self) -> tuple[PlaceKind, ...]:
        """Which kinds of place may apply: those for which there is a criterion."""
        return tuple(kind for kind in PlaceKind if self.criteria(kind).wanted)


def rulebooks_for(scheme: DesignationScheme) -> tuple[Rulebook, ...]:
    """Return the documents on which a call may rest: those with a word about designation."""
    about = (f"{PREFIXES[scheme]}.", "removal.")
    books = (load_rulebook(one) for one in rulebook_ids() if one.startswith(_start(scheme)))
    return tuple(
        book for book in books if any(key.startswith(about) for key in (*book.rules, *book.unknown))
    )


def _start(scheme: DesignationScheme) -> str:
    return f"{RULEBOOK_KINDS[scheme]}-"


def givable_keys(scheme: DesignationScheme) -> tuple[str, ...]:
    """Return the rules that a call may give, in the order of the vocabulary."""
    prefix = f"{PREFIXES[scheme]}."
    return tuple(key for key in VOCABULARY[RULEBOOK_KINDS[scheme]] if key.startswith(prefix))


def open_call(session: Session, *, new: NewCall, actor: Actor, moment: datetime) -> DesignationCall:
    """Open a call; from then on it is public, and its rules stay.

    Args:
        session: Session of the caller's transaction.
        new: The call.
        actor: The officer; the caller has asked whether he may in this region.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; among them a rule without which nothing could be
            decided and that neither the rulebook states nor the call gives.
    """
    rulebook = _find(new)
    given, faults = _read_given(new, rulebook)
    faults = [*_head_faults(new, rulebook), *faults]
    if rulebook is not None and not faults:
        faults += _missing(CallRules(rulebook, given, new.scheme))
    if faults or rulebook is None or new.opens_on is None or new.closes_on is None:
        raise InvalidInputError(faults)
    call = DesignationCall(
        scheme=new.scheme,
        region=new.region,
        caller_id=actor.organisation_id,
        title=new.title.strip(),
        document=new.document.strip(),
        rulebook=rulebook.id,
        rulebook_digest=rulebook.digest,
        parameters=json.dumps(
            {key: {"value": one.value, "basis": one.basis} for key, one in new.given.items()},
            ensure_ascii=False,
            sort_keys=True,
        ),
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        opened_by=actor.person_id,
        opened_at=moment,
    )
    session.add(call)
    session.flush()
    record(
        session,
        actor=actor,
        action="open-designation-call",
        subject=f"designation-call/{call.id}",
        facts={
            "scheme": call.scheme,
            "region": call.region,
            "rulebook": call.rulebook,
            "given": call.parameters,
        },
        moment=moment,
    )
    return call


def _find(new: NewCall) -> Rulebook | None:
    try:
        rulebook = load_rulebook(new.rulebook)
    except UnknownRulebookError:
        return None
    return rulebook if rulebook.id in {one.id for one in rulebooks_for(new.scheme)} else None


def _head_faults(new: NewCall, rulebook: Rulebook | None) -> list[FieldFault]:
    faults = span_faults(
        new.opens_on, new.closes_on, names=("opens_on", "closes_on"), open_end=False
    )
    if not is_division(new.region):
        faults.append(FieldFault("region", "须为 6 位行政区划代码。", "Expected 6 digits."))
    if not 0 < len(new.title.strip()) <= TITLE_LENGTH_MAX:
        zh = f"请填写名称，不超过 {TITLE_LENGTH_MAX} 字。"
        en = f"Name it, in at most {TITLE_LENGTH_MAX} characters."
        faults.append(FieldFault("title", zh, en))
    if len(new.document) > DOCUMENT_LENGTH_MAX:
        zh = f"不得超过 {DOCUMENT_LENGTH_MAX} 字。"
        faults.append(FieldFault("document", zh, f"At most {DOCUMENT_LENGTH_MAX} characters."))
    if rulebook is None:
        faults.append(FieldFault("rulebook", "请选择规则书。", "Choose the rulebook."))
    return faults


def _read_given(
    new: NewCall, rulebook: Rulebook | None
) -> tuple[dict[str, Given], list[FieldFault]]:
    read: dict[str, Given] = {}
    faults: list[FieldFault] = []
    terms = VOCABULARY[RULEBOOK_KINDS[new.scheme]]
    for key, one in new.given.items():
        if key not in givable_keys(new.scheme):
            faults.append(FieldFault(key, "没有这一规则。", "There is no such rule."))
            continue
        try:
            value = read_value("call", key, one.value, terms)
        except BadRulebookError as fault:
            zh = f"取值不合规定：{fault.cause}"
            faults.append(FieldFault(key, zh, f"Not a value of this rule: {fault.cause}"))
            continue
        faults += document_faults(one.basis, field=f"{key}.basis")
        faults += _override_faults(rulebook, key, value)
        read[key] = Given(value, one.basis.strip())
    return read, faults


def _override_faults(rulebook: Rulebook | None, key: str, value: object) -> list[FieldFault]:
    """A rule that the document surely states is not given anew; a list of needs may be longer."""
    stated = None if rulebook is None else rulebook.rules.get(key)
    if stated is None or not stated.verified:
        return []
    if isinstance(stated.value, tuple) and isinstance(value, tuple):
        missing = [need for need in stated.value if need not in value]
        if not missing:
            return []
    zh = "规则书已载明，不能另定；列举的要求只能增加。"
    en = "The rulebook states it; it cannot be given anew, and lists can only become longer."
    return [FieldFault(key, zh, en)]


def _missing(rules: CallRules) -> list[FieldFault]:
    faults = []
    prefix = PREFIXES[rules.scheme]
    if rules.notice_days is None:
        zh = "没有来源说明公示天数，须由本次通知给出并写明依据。"
        en = "No source states how many days the notice runs: give it, with its basis."
        faults.append(FieldFault(f"{prefix}.publicity_days", zh, en))
    if not rules.kinds:
        zh = "没有任何已核实的条件；请给出至少一项条件及依据。"
        en = "No criterion is certain: give at least one, with its basis."
        faults.append(FieldFault(f"{prefix}.pharmacy_needs", zh, en))
    return faults


def rules_of(call: DesignationCall) -> CallRules:
    """Return the rules of a call.

    Raises:
        RulebookChangedError: The rulebook is not what it was when the call was opened.
    """
    rulebook = load_rulebook(call.rulebook)
    if rulebook.digest != call.rulebook_digest:
        raise RulebookChangedError(call.rulebook)
    scheme = DesignationScheme(call.scheme)
    terms = VOCABULARY[RULEBOOK_KINDS[scheme]]
    given = {
        key: Given(read_value("call", key, one["value"], terms), one["basis"])
        for key, one in json.loads(call.parameters).items()
    }
    return CallRules(rulebook, given, scheme)


def find_call(session: Session, *, call_id: int) -> DesignationCall:
    """Return a call.

    Raises:
        NotFoundForActorError: There is none.
    """
    call = session.get(DesignationCall, call_id)
    if call is None:
        raise NotFoundForActorError
    return call


def calls_open(session: Session, *, day: date) -> Sequence[DesignationCall]:
    """Return the calls under which applications are taken on a day, those that close first."""
    wanted = select(DesignationCall).where(
        DesignationCall.opens_on <= day, DesignationCall.closes_on >= day
    )
    return session.scalars(wanted.order_by(DesignationCall.closes_on, DesignationCall.id)).all()


def calls_of(session: Session, *, caller_id: int) -> Sequence[DesignationCall]:
    """Return the calls that an organisation opened, the newest first."""
    own = select(DesignationCall).where(DesignationCall.caller_id == caller_id)
    return session.scalars(own.order_by(DesignationCall.id.desc())).all()
