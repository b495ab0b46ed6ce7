"""What the pages and the API of rounds share: finding the round, and trying a change."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation

from procurement.china_days import CHINA
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action, NotFoundForActorError, NotPermittedError, Subject
from procurement.rounds.reading import round_named
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round
from procurement.web import Form, Visit

STALE, INVALID, REFUSED = 409, 422, 409


def round_for(visit: Visit, name: str, action: Action) -> tuple[Round, Subject]:
    """Return a round that the visitor may do something with, and its subject.

    Raises:
        NotFoundForActorError: There is no such round, or not for him.
        NotPermittedError: None of his roles may do this at all.
    """
    with suppress(NotFoundForActorError):
        # Before looking: who may do it with no round must not learn which rounds there are.
        visit.require(action)
    round_ = round_named(visit.session, name=name)
    subject = round_subject(visit.session, round_)
    visit.require(action, subject=subject)
    return round_, subject


def attempt(visit: Visit, change: Callable[[], object]) -> RefusedError | None:
    """Try a change; if it is refused, nothing of it stays and the page is answered all the same.

    Returns:
        The refusal, or None. What the visitor may not do at all is raised, not returned.
    """
    try:
        with visit.savepoint():
            change()
    except (NotPermittedError, NotFoundForActorError):
        raise
    except RefusedError as refusal:
        return refusal
    return None


def status_of(refusal: RefusedError) -> int:
    """Return the HTTP status of a page that shows a refusal."""
    return INVALID if isinstance(refusal, InvalidInputError) else REFUSED


def faults_of(refusal: RefusedError | None) -> tuple[FieldFault, ...]:
    """Return the faults of a refused form; none where it was refused as a whole."""
    return refusal.faults if isinstance(refusal, InvalidInputError) else ()


def whole_of(refusal: RefusedError | None) -> RefusedError | None:
    """Return a refusal that is not about single fields."""
    return None if isinstance(refusal, InvalidInputError) else refusal


class FormReader:
    """Reads typed values from a form and collects what is wrong with them.

    Examples:
        >>> reader = FormReader(Form({"quorum": ("vier",)}))
        >>> reader.whole("quorum") is None, [fault.field for fault in reader.faults]
        (True, ['quorum'])
    """

    def __init__(self, form: Form) -> None:
        """Take the form."""
        self.form = form
        self.faults: list[FieldFault] = []

    @property
    def version(self) -> int:
        """The version that the page showed; a page without one counts as stale.

        Raises:
            StaleError: The form has none, or no number.
        """
        text = self.form.get("version", "")
        if not _is_whole(text):
            raise StaleError
        return int(text)

    def text(self, name: str) -> str:
        """A text on one line, empty where nothing was typed."""
        return " ".join(self.form.get(name, "").split())

    def whole(self, name: str) -> int | None:
        """A whole number from 0; None where the field is empty or wrong."""
        text = self.form.get(name, "").replace(",", "")
        if not text:
            return None
        if not _is_whole(text):
            self._fault(name, "须为不小于 0 的整数。", "Expected a whole number from 0.")
            return None
        return int(text)

    def decimal(self, name: str) -> Decimal | None:
        """A decimal; None where the field is empty or wrong."""
        text = self.form.get(name, "").replace(",", "")
        if not text:
            return None
        try:
            value = Decimal(text) if text.isascii() and "e" not in text.lower() else None
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite() or len(text) > _DIGITS_MAX * 2:
            self._fault(name, "须为数字，例如 0.5。", "Expected a number, such as 0.5.")
            return None
        return value

    def moment(self, name: str) -> datetime | None:
        """A moment typed in Beijing time; None where the field is empty or wrong."""
        text = self.form.get(name, "")
        if not text:
            return None
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            typed = None
        if typed is None or typed.year < _FIRST_YEAR or typed.year > _LAST_YEAR:
            self._fault(
                name,
                "须为日期和时间，例如 2026-12-01T17:00。",
                "Expected a date and a time, such as 2026-12-01T17:00.",
            )
            return None
        return typed if typed.tzinfo is not None else typed.replace(tzinfo=CHINA)

    def _fault(self, name: str, zh: str, en: str) -> None:
        self.faults.append(FieldFault(name, zh, en))

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Add this reader's faults to those of a service that is called within.

        Raises:
            InvalidInputError: With all of them.
        """
        try:
            yield
        except InvalidInputError as refusal:
            named = {fault.field for fault in self.faults}
            others = [fault for fault in refusal.faults if fault.field not in named]
            raise InvalidInputError([*self.faults, *others]) from refusal
        if self.faults:
            raise InvalidInputError(self.faults)


_DIGITS_MAX = 15
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX


def filled_form(fields: Mapping[str, tuple[str, ...]]) -> Form:
    """Return a form as if it had been typed; fields without a value were not sent.

    Examples:
        >>> filled_form({"regions": ("340000",), "observers": ()}).get("observers") is None
        True
    """
    return Form({name: values for name, values in fields.items() if values})


def typed_moment(moment: datetime | None) -> str:
    """Return a moment as a form's field shows it, in Beijing time, to the second where it has any.

    Examples:
        >>> from datetime import UTC
        >>> typed_moment(datetime(2026, 12, 1, 9, tzinfo=UTC))
        '2026-12-01T17:00'
        >>> typed_moment(datetime(2026, 12, 1, 9, 0, 5, tzinfo=UTC))
        '2026-12-01T17:00:05'
    """
    if moment is None:
        return ""
    precision = "seconds" if moment.second or moment.microsecond else "minutes"
    return moment.astimezone(CHINA).replace(tzinfo=None).isoformat(timespec=precision)
