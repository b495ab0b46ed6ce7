"""What a file for the bank says, whatever its format; pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.errors import FieldFault, InvalidInputError

CURRENCY = "CNY"
CENT = Decimal("0.01")
AMOUNT_MAX = Decimal("999999999999.99")
NUMBER_LENGTH, NAME_LENGTH, ACCOUNT_LENGTH, PURPOSE_LENGTH = 35, 70, 34, 140
"""The shortest limits of the fields concerned in ISO 20022 (Max35Text, Max70Text, …)."""

FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
"""Signs, also in full width, with which a cell begins that a spreadsheet computes."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a bank.

    Attributes:
        holder: Name of the account (户名); it must be the organisation's.
        number: Account number (账号).
        bank: Name of the bank and branch (开户行).
        bank_code: Code of the branch in the clearing system (联行号), empty where unknown.
    """

    holder: str
    number: str
    bank: str
    bank_code: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment that the bank is to make.

    Attributes:
        number: Names the instruction, in the file and in the bank's answer.
        payee: To whom.
        amount: In yuan, whole cents, above 0.
        purpose: What the payee reads (附言).
    """

    number: str
    payee: Account
    amount: Decimal
    purpose: str


@dataclass(frozen=True, slots=True)
class BankFileContent:
    """A whole file.

    Attributes:
        number: Names the file for ever.
        made_at: When it was made.
        pay_on: Day on which the bank is to pay.
        payer: From which account.
        payer_code: Unified social credit code of the payer, empty where it has none.
        transfers: In the order of the file.
    """

    number: str
    made_at: datetime
    pay_on: date
    payer: Account
    payer_code: str
    transfers: tuple[Transfer, ...]

    @property
    def count(self) -> int:
        """How many transfers."""
        return len(self.transfers)

    @property
    def total(self) -> Decimal:
        """Sum of all amounts in yuan.

        Examples:
            >>> from datetime import UTC
            >>> one = Account("甲", "6222", "某行")
            >>> made = datetime(2026, 11, 22, tzinfo=UTC)
            >>> BankFileContent("F1", made, date(2026, 11, 23), one, "", ()).total
            Decimal('0.00')
        """
        return sum((one.amount for one in self.transfers), Decimal("0.00"))


def check_content(content: BankFileContent) -> None:
    """Refuse a file that a bank could not carry out, or read otherwise than it is meant.

    Raises:
        InvalidInputError: With every fault; the field names the transfer concerned.
    """
    faults = [*_account_faults("payer", content.payer)]
    if not content.transfers:
        faults.append(FieldFault("instruction", "没有可导出的付款指令。", "Nothing to export."))
    for transfer in content.transfers:
        faults += _transfer_faults(transfer)
    faults += _repeated(content.transfers)
    if content.total > AMOUNT_MAX:
        faults.append(FieldFault("total", "合计金额超出上限。", "The total is too large."))
    if faults:
        raise InvalidInputError(faults)


def _transfer_faults(transfer: Transfer) -> Iterator[FieldFault]:
    where = transfer.number
    yield from _text_faults(where, transfer.number, NUMBER_LENGTH, needed=True)
    yield from _account_faults(where, transfer.payee)
    yield from _text_faults(where, transfer.purpose, PURPOSE_LENGTH, needed=False)
    if transfer.amount <= 0 or transfer.amount > AMOUNT_MAX:
        yield FieldFault(
            where,
            f"金额须大于 0、不超过 {AMOUNT_MAX:,}，现为 {transfer.amount}。",
            f"Expected an amount above 0 and up to {AMOUNT_MAX:,}, not {transfer.amount}.",
        )
    elif transfer.amount != transfer.amount.quantize(CENT):
        yield FieldFault(
            where,
            f"银行只能支付到分，现为 {transfer.amount}。",
            f"A bank pays whole cents, not {transfer.amount}.",
        )


def _account_faults(where: str, account: Account) -> Iterator[FieldFault]:
    yield from _text_faults(where, account.holder, NAME_LENGTH, needed=True)
    yield from _text_faults(where, account.bank, NAME_LENGTH, needed=True)
    yield from _text_faults(where, account.bank_code, NUMBER_LENGTH, needed=False)
    number = account.number
    if not (number.isascii() and number.isalnum() and len(number) <= ACCOUNT_LENGTH):
        yield FieldFault(
            where,
            f"账号须为 1–{ACCOUNT_LENGTH} 位数字或字母。",
            f"Expected an account number of 1 to {ACCOUNT_LENGTH} digits or letters.",
        )


def _text_faults(where: str, text: str, longest: int, *, needed: bool) -> Iterator[FieldFault]:
    if needed and not text:
        yield FieldFault(where, "户名、开户行、编号不能为空。", "A name or number is missing.")
    if len(text) > longest:
        yield FieldFault(
            where, f"“{text}”超过 {longest} 个字。", f"“{text}” has over {longest} characters."
        )
    if not is_plain(text):
        yield FieldFault(
            where,
            f"“{text}”含控制符，或以会被电子表格当作公式的符号开头。",
            f"“{text}” holds a control character, or begins like a formula of a spreadsheet.",
        )


def is_plain(text: str) -> bool:
    r"""Tell whether a text is one line that neither a spreadsheet computes nor XML refuses.

    A name is refused and not mended: the bank compares it with that of the account.

    Examples:
        >>> is_plain("某某医药有限公司"), is_plain("=1+1"), is_plain("－1"), is_plain("a\tb")
        (True, False, False, False)
    """
    if text != text.strip() or text[:1] in FORMULA_SIGNS:
        return False
    return not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn"} for letter in text)


def _repeated(transfers: Sequence[Transfer]) -> Iterable[FieldFault]:
    seen: set[str] = set()
    for transfer in transfers:
        if transfer.number in seen:
            yield FieldFault(transfer.number, "付款指令重复。", "The instruction stands twice.")
        seen.add(transfer.number)
