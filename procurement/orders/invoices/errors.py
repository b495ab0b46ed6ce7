"""Refusals about invoices."""

from datetime import date

from procurement.errors import RefusedError


class InvoiceTwiceError(RefusedError):
    """The seller handed in this invoice, or this file, before."""

    def __init__(self, *, code: str, number: str, submitted_on: date, by_file: bool) -> None:
        """Keep which invoice it is.

        Args:
            code: Of the invoice that is there.
            number: Of the invoice that is there.
            submitted_on: Day in China on which that was submitted.
            by_file: The same file was handed in with it; else code and number are the same.
        """
        name = f"{code} {number}".strip()
        super().__init__(
            zh=f"该{'发票文件' if by_file else '发票'}已于 {submitted_on} 作为发票 {name} 提交，"
            "不能重复提交；如需更正，请先撤回原发票。没有保存任何内容。",
            en=f"This {'file' if by_file else 'invoice'} was submitted on {submitted_on} as "
            f"invoice {name} and cannot be submitted twice; to correct it, withdraw that one "
            "first. Nothing was stored.",
        )
        self.code = code
        self.number = number


class InvoiceHeldError(RefusedError):
    """A payment rests on the invoice."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该发票已进入货款结算，不能撤回；如需更正，请开具红字发票。",
            en="A payment rests on this invoice: it cannot be withdrawn. Issue a red invoice.",
        )


class InvoiceGoneError(RefusedError):
    """The invoice was withdrawn."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该发票已撤回。", en="This invoice was withdrawn.")
