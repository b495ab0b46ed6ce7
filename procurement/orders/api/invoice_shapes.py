"""What the interface of invoices takes and gives."""

from dataclasses import dataclass
from datetime import date, datetime

from procurement.orders.invoices.rules import shown
from procurement.orders.invoices.tables import Invoice


@dataclass(frozen=True, slots=True)
class LineBody:
    """A line of an invoice.

    Attributes:
        product: As printed.
        packs: Below zero on a red invoice.
        pack_price: Yuan, a decimal as text.
        amount: Yuan, a decimal as text; below zero on a red invoice.
        receipt_line_id: What was accepted; else the order says what it is for.
        order_number: The order, where no receipt is named.
        note_number: The delivery note, where the order was delivered several times.
    """

    product: str
    packs: int
    pack_price: str
    amount: str
    receipt_line_id: int | None = None
    order_number: str = ""
    note_number: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceBody:
    """An invoice.

    Attributes:
        hospital_id: Who bought.
        number: As printed.
        issued_on: Day.
        amount: Sum with tax in yuan, a decimal as text.
        lines: At least one.
        code: Of the form; empty for a fully digital invoice.
    """

    hospital_id: int
    number: str
    issued_on: date
    amount: str
    lines: list[LineBody]
    code: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalBody:
    """Why an invoice is taken back.

    Attributes:
        reason: In words.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class InvoiceEntry:
    """An invoice in a list.

    Attributes:
        id: Names it in addresses.
        seller_id: Who sold.
        hospital_id: Who bought.
        code: Of the form.
        number: As printed.
        issued_on: Day.
        amount: Yuan.
        status: submitted (waits for acceptance), matched, mismatched or withdrawn.
        fault_zh: What differs in the invoice as a whole.
        fault_en: The same in English.
        submitted_at: When.
    """

    id: int
    seller_id: int
    hospital_id: int
    code: str
    number: str
    issued_on: date
    amount: str
    status: str
    fault_zh: str | None
    fault_en: str | None
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line of an invoice beside what it was compared with.

    Attributes:
        id: Names it to payments.
        number: From 1.
        receipt_line_id: What was accepted; null while nothing fits.
        order_number: The order.
        product: As printed.
        packs: Below zero on a red invoice.
        pack_price: Yuan.
        amount: Yuan.
        ordered_price: Of the order, yuan; null where no order fits.
        accepted: Packs; null where no receipt fits.
        returned: Packs that went back.
        invoiced: Packs of the same goods on all standing invoices.
        fault_zh: What differs; null where it agrees.
        fault_en: The same in English.
    """

    id: int
    number: int
    receipt_line_id: int | None
    order_number: str
    product: str
    packs: int
    pack_price: str
    amount: str
    ordered_price: str | None
    accepted: int | None
    returned: int | None
    invoiced: int
    fault_zh: str | None
    fault_en: str | None


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """Some invoices.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[InvoiceEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """A whole invoice.

    Attributes:
        invoice: As in the list.
        lines: In order.
    """

    invoice: InvoiceEntry
    lines: list[LineEntry]


@dataclass(frozen=True, slots=True)
class InvoiceableEntry:
    """Accepted goods of which packs are not invoiced yet.

    Attributes:
        receipt_line_id: What a line of an invoice names.
        hospital_id: Who accepted.
        order_number: The order.
        note_number: Of the delivery note.
        batch_number: Of the maker.
        product: Generic name.
        strength: As printed.
        received_on: Day of acceptance.
        packs_left: Below zero where a red invoice is missing.
        pack_price: Yuan.
    """

    receipt_line_id: int
    hospital_id: int
    order_number: str
    note_number: str
    batch_number: str
    product: str
    strength: str
    received_on: date
    packs_left: int
    pack_price: str


@dataclass(frozen=True, slots=True)
class InvoiceablePage:
    """Some accepted goods of which packs are not invoiced yet.

    Attributes:
        items: By receipt line.
        next_cursor: Where to go on; null at the end.
    """

    items: list[InvoiceableEntry]
    next_cursor: str | None


def entry(row: Invoice) -> InvoiceEntry:
    """An invoice as the interface gives it."""
    return InvoiceEntry(
        row.id,
        row.seller_id,
        row.hospital_id,
        row.code,
        row.number,
        row.issued_on,
        shown(row.amount),
        row.status,
        row.fault_zh,
        row.fault_en,
        row.submitted_at,
    )
