"""What the interface says of fulfilment: progress, use, entry, rates, rules."""

from dataclasses import dataclass
from datetime import date

from procurement.orders.fulfilment.progress import ProgressRow


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """The progress of one thing.

    Attributes:
        key: Id, or division code.
        name: In Chinese.
        agreed: Minimal units in the term.
        received: Winning products taken in, less returns.
        missing: Units still to be taken in.
        completion_percent: Half up to two decimals; null where nothing was agreed.
        time_target_percent: How much of the term is over.
        gap_points: Completion less time target; below zero is behind.
        first_received_on: When the first of it was taken in.
    """

    key: str
    name: str
    agreed: int
    received: int
    missing: int
    completion_percent: str | None
    time_target_percent: str
    gap_points: str | None
    first_received_on: date | None


@dataclass(frozen=True, slots=True)
class ProgressList:
    """The progress of a term.

    Attributes:
        on_date: The last day that counts.
        by: By what it is summed.
        items: The least completed first.
    """

    on_date: date
    by: str
    items: list[ProgressEntry]


@dataclass(frozen=True, slots=True)
class UseEntry:
    """The use of generics by one thing.

    Attributes:
        key: Id, or division code.
        name: In Chinese.
        winning_amount: Yuan.
        other_amount: Yuan.
        non_winning_percent_units: Of units of the main strength; null without use.
        non_winning_percent_amount: Of money.
        unconverted_units: Units whose strength is not known; they count as of the main strength.
    """

    key: str
    name: str
    winning_amount: str
    other_amount: str
    non_winning_percent_units: str | None
    non_winning_percent_amount: str | None
    unconverted_units: int


@dataclass(frozen=True, slots=True)
class UseList:
    """The use in a term.

    Attributes:
        items: By key.
    """

    items: list[UseEntry]


@dataclass(frozen=True, slots=True)
class EntryEntry:
    """The entry of winning products into a hospital.

    Attributes:
        hospital_id: The hospital.
        name: Its name.
        products: How many it agreed to buy.
        entered: How many it has taken in.
        missing: The others.
    """

    hospital_id: int
    name: str
    products: int
    entered: int
    missing: list[str]


@dataclass(frozen=True, slots=True)
class EntryList:
    """Entry by hospital.

    Attributes:
        checked_from: The day from which it is checked; null where no rule of the region says.
        items: Those that lack most first.
    """

    checked_from: date | None
    items: list[EntryEntry]


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    """The monthly delivery rates of a supplier.

    Attributes:
        organisation_id: The supplier.
        name: Its name.
        rates: In percent, by month; null where nothing was ordered.
    """

    organisation_id: int
    name: str
    rates: list[str | None]


@dataclass(frozen=True, slots=True)
class SupplierList:
    """Delivery rates of complete months.

    Attributes:
        months: The months, such as 2027-02.
        measure: What the rate measures.
        items: By supplier.
    """

    months: list[str]
    measure: str
    items: list[SupplierEntry]


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule that holds.

    Attributes:
        key: Of the vocabulary.
        value: In words.
        region: The division that has it.
        rulebook: Its rulebook; empty where a bureau decided.
        cited: Clause and key, or the basis on which it was given.
        verified: Whether a source states it.
    """

    key: str
    value: str
    region: str
    rulebook: str
    cited: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RuleList:
    """The rules of a region today.

    Attributes:
        region: The division.
        items: In the order of the vocabulary.
        open_keys: Rules that documents leave open and nobody has given.
    """

    region: str
    items: list[RuleEntry]
    open_keys: list[str]


@dataclass(frozen=True, slots=True)
class ParameterBody:
    """A rule that texts leave open, as the bureau decides it.

    Attributes:
        region: Division code.
        key: Of the vocabulary.
        value: JSON as text, or a word or decimal as it is.
        basis: The document or decision that says so.
        in_force_from: The first day.
    """

    region: str
    key: str
    value: str
    basis: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A rule that was given.

    Attributes:
        id: Names it.
        region: Division code.
        key: Of the vocabulary.
        value: JSON as text.
        in_force_from: The first day.
    """

    id: int
    region: str
    key: str
    value: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class SearchBody:
    """A search for what crosses a threshold.

    Attributes:
        region: Division code.
        monthly: Again on the first day of each month, until the term is over.
    """

    region: str
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A search that was asked for.

    Attributes:
        job_id: The job that carries it out.
    """

    job_id: int


def progress_entry(row: ProgressRow) -> ProgressEntry:
    """A row of progress as the interface gives it."""
    return ProgressEntry(
        key=str(row.key),
        name=row.zh,
        agreed=row.progress.agreed,
        received=row.progress.received,
        missing=row.progress.missing,
        completion_percent=text_or_null(row.completion_percent),
        time_target_percent=str(row.target_percent),
        gap_points=text_or_null(row.gap_percent),
        first_received_on=row.first_received_on,
    )


def text_or_null(number: object) -> str | None:
    """An exact number as text.

    Examples:
        >>> text_or_null(None) is None, text_or_null(5)
        (True, '5')
    """
    return None if number is None else str(number)
