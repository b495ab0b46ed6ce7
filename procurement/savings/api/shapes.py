"""What settlements look like to machines."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from procurement.savings.settlements.drafting import Draft
from procurement.savings.tables import SavingsRun, SavingsSettlement
from procurement.web import Visit


@dataclass(frozen=True, slots=True)
class DraftBody:
    """What an officer decides about a settlement.

    Attributes:
        title: What it is called.
        region: Division code; its hospitals are settled.
        rulebook: Id of the document.
        term_ids: The batch-years.
        follow_on: Those of them whose round follows another one on.
        parameters: What texts leave open, by name; none has a default.
        agency_id: The fund agency that pays.
        name: Of a new settlement, for addresses.
        version: Of the settlement that is changed.
    """

    title: str
    region: str
    rulebook: str
    term_ids: list[int]
    follow_on: list[int] = field(default_factory=list)
    parameters: dict[str, object] = field(default_factory=dict)
    agency_id: int | None = None
    name: str = ""
    version: int = 0

    @property
    def draft(self) -> Draft:
        """As the service takes it."""
        return Draft(
            title=self.title,
            region=self.region,
            rulebook=self.rulebook,
            term_ids=tuple(self.term_ids),
            follow_on=frozenset(self.follow_on),
            parameters=self.parameters,
            agency_id=self.agency_id,
        )


@dataclass(frozen=True, slots=True)
class SettlementEntry:
    """A settlement.

    Attributes:
        name: In addresses.
        title: What it is called.
        region: Division code.
        rulebook: Id of the document.
        status: Where it stands.
        version: Counts its changes.
        answer_by: Until when hospitals are asked to answer.
    """

    name: str
    title: str
    region: str
    rulebook: str
    status: str
    version: int
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class SettlementList:
    """The settlements that the asker may see.

    Attributes:
        items: The newest first.
    """

    items: list[SettlementEntry]


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A batch-year.

    Attributes:
        term_id: The term.
        batch: Its name.
        starts_on: First day.
        ends_on: Last day.
        follow_on: Its round follows another one on.
    """

    term_id: int
    batch: str
    starts_on: date
    ends_on: date
    follow_on: bool


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """What texts leave open, and who decided it.

    Attributes:
        key: Its name.
        value: In words.
        given_by: Who decided it.
    """

    key: str
    value: str
    given_by: str


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run of a job.

    Attributes:
        id: The run.
        kind: extract, compute or pay.
        number: From 1, for each kind.
        status: waiting, running, done or failed.
        done: Steps that are finished.
        total: All steps.
        fault: Why it failed.
    """

    id: int
    kind: str
    number: int
    status: str
    done: int
    total: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class SettlementDetail:
    """A settlement at a glance.

    Attributes:
        settlement: Its head.
        terms: Its batch-years.
        parameters: What texts leave open.
        unverified: Rules of the rulebook that no source states.
        hospitals: How many are settled.
        lines: How many lines.
        run: The newest run.
    """

    settlement: SettlementEntry
    terms: list[TermEntry]
    parameters: list[ParameterEntry]
    unverified: list[str]
    hospitals: int
    lines: int
    run: RunEntry | None


@dataclass(frozen=True, slots=True)
class LeftOutEntry:
    """Purchases that no line covers.

    Attributes:
        hospital: As partitions call it.
        product: As partitions call it.
        batch: Their batch-year.
        reason: Why.
        lines: How many.
        amount: Yuan.
    """

    hospital: str
    product: str
    batch: str | None
    reason: str
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LeftOutList:
    """Purchases that no line covers.

    Attributes:
        items: The largest first.
    """

    items: list[LeftOutEntry]


@dataclass(frozen=True, slots=True)
class ReasonBody:
    """Why something is done.

    Attributes:
        reason: Kept on record.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgencyBody:
    """Who pays.

    Attributes:
        agency_id: The fund agency.
    """

    agency_id: int


def entry(settlement: SavingsSettlement) -> SettlementEntry:
    """A settlement as the interface gives it."""
    return SettlementEntry(
        settlement.name,
        settlement.title,
        settlement.region,
        settlement.rulebook,
        settlement.status,
        settlement.version,
        settlement.answer_by,
    )


def run_entry(visit: Visit, run: SavingsRun) -> RunEntry:
    """A run as the interface gives it."""
    fault = None if run.fault_zh is None else visit.text(run.fault_zh, run.fault_en or "")
    return RunEntry(run.id, run.kind, run.number, run.status, run.done, run.total, fault)
