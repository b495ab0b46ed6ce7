"""A file for the bank as ISO 20022 message pain.001.001.09 (credit transfer initiation); pure.

Elements stand in the order of the schema. Accounts have no IBAN in China, so their numbers stand
under ``Othr``; the branch's code is a member of the clearing system CNAPS. Who bears charges is
left to the agreement with the bank: no source states it.
"""

from decimal import Decimal
from xml.etree import ElementTree

from procurement.china_days import CHINA
from procurement.payments.bank_file.content import (
    CURRENCY,
    Account,
    BankFileContent,
    Transfer,
    check_content,
)

MEDIA_TYPE = "application/xml"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CLEARING_SYSTEM = "CNAPS"


def write_pain_001(content: BankFileContent) -> bytes:
    """Write a file as XML.

    Args:
        content: What it says.

    Returns:
        The message, in UTF-8; ``NbOfTxs`` and ``CtrlSum`` stand in the group header and again at
        the payment information.

    Raises:
        InvalidInputError: A bank could not carry it out, with every fault.
    """
    check_content(content)
    document = ElementTree.Element("Document", {"xmlns": NAMESPACE})
    message = ElementTree.SubElement(document, "CstmrCdtTrfInitn")
    _group_header(ElementTree.SubElement(message, "GrpHdr"), content)
    _payment_information(ElementTree.SubElement(message, "PmtInf"), content)
    ElementTree.indent(document)
    written: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def _group_header(header: ElementTree.Element, content: BankFileContent) -> None:
    _text(header, "MsgId", content.number)
    _text(header, "CreDtTm", content.made_at.astimezone(CHINA).isoformat(timespec="seconds"))
    _totals(header, content)
    _party(ElementTree.SubElement(header, "InitgPty"), content)


def _payment_information(information: ElementTree.Element, content: BankFileContent) -> None:
    _text(information, "PmtInfId", content.number)
    _text(information, "PmtMtd", "TRF")
    _totals(information, content)
    _text(ElementTree.SubElement(information, "ReqdExctnDt"), "Dt", content.pay_on.isoformat())
    _party(ElementTree.SubElement(information, "Dbtr"), content)
    _account(ElementTree.SubElement(information, "DbtrAcct"), content.payer)
    _agent(ElementTree.SubElement(information, "DbtrAgt"), content.payer)
    for transfer in content.transfers:
        _transfer(ElementTree.SubElement(information, "CdtTrfTxInf"), transfer)


def _transfer(element: ElementTree.Element, transfer: Transfer) -> None:
    named = ElementTree.SubElement(element, "PmtId")
    _text(named, "InstrId", transfer.number)
    _text(named, "EndToEndId", transfer.number)
    amount = ElementTree.SubElement(element, "Amt")
    _text(amount, "InstdAmt", _cents(transfer.amount)).set("Ccy", CURRENCY)
    _agent(ElementTree.SubElement(element, "CdtrAgt"), transfer.payee)
    _text(ElementTree.SubElement(element, "Cdtr"), "Nm", transfer.payee.holder)
    _account(ElementTree.SubElement(element, "CdtrAcct"), transfer.payee)
    if transfer.purpose:
        _text(ElementTree.SubElement(element, "RmtInf"), "Ustrd", transfer.purpose)


def _totals(element: ElementTree.Element, content: BankFileContent) -> None:
    _text(element, "NbOfTxs", str(content.count))
    _text(element, "CtrlSum", _cents(content.total))


def _party(element: ElementTree.Element, content: BankFileContent) -> None:
    _text(element, "Nm", content.payer.holder)
    if content.payer_code:
        path = ElementTree.SubElement(ElementTree.SubElement(element, "Id"), "OrgId")
        _text(ElementTree.SubElement(path, "Othr"), "Id", content.payer_code)


def _account(element: ElementTree.Element, account: Account) -> None:
    other = ElementTree.SubElement(ElementTree.SubElement(element, "Id"), "Othr")
    _text(other, "Id", account.number)
    _text(element, "Ccy", CURRENCY)
    _text(element, "Nm", account.holder)


def _agent(element: ElementTree.Element, account: Account) -> None:
    institution = ElementTree.SubElement(element, "FinInstnId")
    if account.bank_code:
        member = ElementTree.SubElement(institution, "ClrSysMmbId")
        _text(ElementTree.SubElement(member, "ClrSysId"), "Cd", CLEARING_SYSTEM)
        _text(member, "MmbId", account.bank_code)
    _text(institution, "Nm", account.bank)


def _text(parent: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    element.text = text
    return element


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"
