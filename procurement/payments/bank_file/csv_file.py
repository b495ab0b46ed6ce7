"""A file for the bank as CSV: a record with count and total, then one for each transfer; pure."""

import csv
import io

from procurement.payments.bank_file.content import CURRENCY, BankFileContent, check_content

MEDIA_TYPE = "text/csv; charset=utf-8"

HEAD = (
    "记录",
    "文件编号",
    "付款人",
    "付款人代码",
    "付款账号",
    "付款行",
    "付款行号",
    "付款日期",
    "币种",
    "笔数",
    "合计金额",
)
LINE = ("记录", "指令编号", "收款人", "收款账号", "收款行", "收款行号", "币种", "金额", "附言")


def write_csv(content: BankFileContent) -> bytes:
    """Write a file as CSV in UTF-8 with a mark; every cell is quoted.

    Args:
        content: What it says; checked, so that no cell can be taken for a formula.

    Returns:
        The file: the headings of record H, record H with count and total, the headings of record
        D, and a record D for each transfer.

    Raises:
        InvalidInputError: A bank could not carry it out, with every fault.
    """
    check_content(content)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    payer = content.payer
    writer.writerow(HEAD)
    writer.writerow(
        (
            "H",
            content.number,
            payer.holder,
            content.payer_code,
            payer.number,
            payer.bank,
            payer.bank_code,
            content.pay_on.isoformat(),
            CURRENCY,
            str(content.count),
            f"{content.total:.2f}",
        )
    )
    writer.writerow(LINE)
    for one in content.transfers:
        payee = one.payee
        account = (payee.holder, payee.number, payee.bank, payee.bank_code)
        writer.writerow(("D", one.number, *account, CURRENCY, f"{one.amount:.2f}", one.purpose))
    return buffer.getvalue().encode("utf-8-sig")
