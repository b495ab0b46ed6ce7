"""Files for the bank and the bank's answers: exact, in the order of the schema, never a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.errors import InvalidInputError
from procurement.payments.bank_file.answer_csv import read_answer_csv
from procurement.payments.bank_file.answer_xml import read_answer_xml
from procurement.payments.bank_file.content import (
    AMOUNT_MAX,
    Account,
    BankFileContent,
    Transfer,
    check_content,
    is_plain,
)
from procurement.payments.bank_file.csv_file import write_csv
from procurement.payments.bank_file.pain_001 import NAMESPACE, write_pain_001
from procurement.payments.bank_file.recording import read_answer

PAYER = Account("某市医疗保障基金管理中心", "34001234567890123", "某银行某市分行", "102361000013")
MADE = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)

# The order in which the schema of the message has the elements that we write (ISO 20022,
# pain.001.001.09): a file in another order is refused by the bank as a whole.
ORDER = {
    "CstmrCdtTrfInitn": ["GrpHdr", "PmtInf"],
    "GrpHdr": ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"],
    "PmtInf": [
        "PmtInfId",
        "PmtMtd",
        "NbOfTxs",
        "CtrlSum",
        "ReqdExctnDt",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "CdtTrfTxInf",
    ],
    "CdtTrfTxInf": ["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"],
    "PmtId": ["InstrId", "EndToEndId"],
    "CdtrAcct": ["Id", "Ccy", "Nm"],
    "DbtrAcct": ["Id", "Ccy", "Nm"],
    "FinInstnId": ["ClrSysMmbId", "Nm"],
    "ClrSysMmbId": ["ClrSysId", "MmbId"],
}


def transfer(number="P1", amount="12.34", holder="甲药业有限公司", purpose="2026-10 货款", **of):
    account = Account(holder, of.pop("account", "6222020000"), of.pop("bank", "某银行"), **of)
    return Transfer(number, account, Decimal(amount), purpose)


def content(*transfers, payer=PAYER):
    return BankFileContent(
        "F340100-20261122-1",
        MADE,
        date(2026, 11, 23),
        payer,
        "911100000000000012",
        tuple(transfers),
    )


def faults_of(read, *arguments):
    with pytest.raises(InvalidInputError) as refused:
        read(*arguments)
    return refused.value.faults


def parsed(file):
    return ElementTree.fromstring(file)  # noqa: S314 - our own file


def found_in(root, path):
    found = root.find(path)
    assert found is not None, path
    return found


def rows_of(file):
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def test_a_csv_file_begins_with_count_and_total_and_quotes_every_cell():
    file = write_csv(content(transfer(), transfer("P2", "100.5", "乙", "")))
    rows = rows_of(file)
    assert [row[0] for row in rows] == ["记录", "H", "记录", "D", "D"]
    head = dict(zip(rows[0], rows[1], strict=True))
    assert (head["笔数"], head["合计金额"], head["币种"]) == ("2", "112.84", "CNY")
    second = dict(zip(rows[2], rows[4], strict=True))
    assert (second["收款人"], second["金额"], second["附言"]) == ("乙", "100.50", "")
    for line in file.decode("utf-8-sig").splitlines():
        assert line.startswith('"') and line.endswith('"')


def test_an_xml_file_has_the_elements_of_the_schema_in_their_order():
    root = parsed(write_pain_001(content(transfer(bank_code="103"), transfer("P2"))))
    assert root.tag == f"{{{NAMESPACE}}}Document"
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        wanted = ORDER.get(name)
        if wanted is not None:
            places = [wanted.index(child.tag.rpartition("}")[2]) for child in element]
            assert places == sorted(places), name
    said = {one.tag.rpartition("}")[2]: one.text for one in root.iter() if one.text}
    assert (said["CreDtTm"], said["Dt"]) == ("2026-11-22T09:02:03+08:00", "2026-11-23")
    assert found_in(root, ".//{*}GrpHdr/{*}NbOfTxs").text == "2"
    assert found_in(root, ".//{*}GrpHdr/{*}CtrlSum").text == "24.68"
    assert found_in(root, ".//{*}InstdAmt").attrib == {"Ccy": "CNY"}


def test_names_with_signs_of_markup_stay_names():
    name = "甲 & 乙 <药业> \"丙\" '丁'"
    file = write_pain_001(content(transfer(holder=name, purpose="<x>&</x>")))
    root = parsed(file)
    assert found_in(root, ".//{*}Cdtr/{*}Nm").text == name
    assert found_in(root, ".//{*}Ustrd").text == "<x>&</x>"
    assert rows_of(write_csv(content(transfer(holder=name))))[3][2] == name


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", "\t=1", "a\rb", "a\nb", "\x00", " a"],
)
def test_nothing_that_a_spreadsheet_computes_reaches_a_file(text):
    for wrong in (
        transfer(holder=text),
        transfer(bank=text),
        transfer(purpose=text),
        transfer(number=text),
        transfer(account=text),
        transfer(bank_code=text),
    ):
        for write in (write_csv, write_pain_001):
            assert faults_of(write, content(wrong))


@given(st.text(max_size=20))
def test_a_plain_text_is_the_same_in_both_formats(text):
    if not (text and is_plain(text)):
        return
    paid = content(transfer(holder=text))
    assert rows_of(write_csv(paid))[3][2] == text
    assert found_in(parsed(write_pain_001(paid)), ".//{*}Cdtr/{*}Nm").text == text


def test_every_fault_is_told_at_once():
    faults = faults_of(
        check_content,
        content(
            transfer("P1", "0"),
            transfer("P2", "0.001"),
            transfer("P3", "-1"),
            transfer("P4", str(AMOUNT_MAX + 1)),
            transfer("P5", "1", ""),
            transfer("P5", "1", "x" * 71),
            transfer("P6", "1", account="12 34"),
            transfer("P" * 36),
        ),
    )
    assert [fault.field for fault in faults[:6]] == ["P1", "P2", "P3", "P4", "P5", "P5"]
    told = " ".join(fault.en for fault in faults)
    for words in ("whole cents", "stands twice", "over 70", "account number", "over 35"):
        assert words in told


def test_an_empty_file_and_a_total_beyond_the_limit_are_refused():
    assert faults_of(check_content, content())[0].field == "instruction"
    most = [transfer(f"P{number}", str(AMOUNT_MAX)) for number in range(2)]
    assert [fault.field for fault in faults_of(check_content, content(*most))] == ["total"]


CSV = "指令编号,结果,金额,日期,银行流水号,原因\n"


def test_an_answer_as_csv_is_read_in_both_languages_and_encodings():
    lines = (
        'P1,成功,"1,234.50",2026-11-23,\'0012,\nP2,退汇,,2026/11/24,,账号不符\nP3,处理中,,,,\n\n'
    )
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        found = read_answer_csv((CSV + lines).encode(encoding))
        assert [one.outcome for one in found] == ["paid", "returned", "pending"]
        assert (found[0].amount, found[0].reference) == (Decimal("1234.50"), "0012")
        assert (found[1].on, found[1].reason) == (date(2026, 11, 24), "账号不符")
        assert found[2].on is None
    english = read_answer_csv(b"Instruction,Result,Date\nP1,paid,2026-11-23\n")
    assert english[0].line == 2


def test_every_fault_of_a_csv_answer_is_told_with_row_and_column():
    bad = f"{CSV},成功,x,2026-11-23,,\nP2,也许,1,23.11.2026,,\nP3,成功,1,,,\n"
    told = [fault.zh for fault in faults_of(read_answer_csv, bad.encode())]
    assert [words.split("：")[0] for words in told] == [
        "第 2 行 指令编号",
        "第 2 行 金额",
        "第 3 行 结果",
        "第 3 行 日期",
        "第 4 行 日期",
    ]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"a,b\n1,2\n",
        CSV.encode(),
        b"\xff\xff\xff",
        b'"a\n',
        "指令编号,结果\nP1,成功\n".encode(),
    ],
)
def test_a_file_that_is_no_answer_is_refused(file):
    assert faults_of(read_answer_csv, file)[0].field == "file"


def message(*lines, namespace="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10", head=""):
    return (
        f"{head}<Document xmlns='{namespace}'><CstmrPmtStsRpt><GrpHdr><MsgId>M1</MsgId>"
        "<CreDtTm>2026-11-24T10:00:00+08:00</CreDtTm></GrpHdr><OrgnlPmtInfAndSts>"
        f"{''.join(lines)}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def status(number, state, more=""):
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{number}</OrgnlEndToEndId><TxSts>{state}</TxSts>"
        f"{more}</TxInfAndSts>"
    )


def test_an_answer_as_xml_is_read_whatever_its_version():
    reason = "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>账号不符</AddtlInf></StsRsnInf>"
    accepted = (
        "<AccptncDtTm>2026-11-23T15:00:00</AccptncDtTm><AcctSvcrRef>B77</AcctSvcrRef>"
        "<OrgnlTxRef><Amt><InstdAmt Ccy='CNY'>12.34</InstdAmt></Amt></OrgnlTxRef>"
    )
    lines = (
        status("P1", "ACSC", accepted),
        status("P2", "RJCT", reason),
        status("P3", "ACSP"),
    )
    for version in ("03", "10", "14"):
        found = read_answer_xml(
            message(*lines, namespace=f"urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}")
        )
        assert [one.outcome for one in found] == ["paid", "returned", "pending"]
        assert (found[0].on, found[0].amount) == (date(2026, 11, 23), Decimal("12.34"))
        assert found[0].reference == "B77"
        assert (found[1].on, found[1].reason) == (date(2026, 11, 24), "AC01 账号不符")


def test_xml_that_could_grow_or_is_another_message_is_refused():
    bomb = (
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
        "<Document><CstmrPmtStsRpt>&b;</CstmrPmtStsRpt></Document>"
    )
    assert "DOCTYPE" in faults_of(read_answer_xml, bomb.encode())[0].zh
    outside = "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><Document/>"
    assert "declaration" in faults_of(read_answer_xml, outside.encode())[0].en
    assert "line 1" in faults_of(read_answer_xml, b"<Document>")[0].en
    assert "pain.002" in faults_of(read_answer_xml, b"<Document/>")[0].en
    assert "TxInfAndSts" in faults_of(read_answer_xml, message())[0].en
    nameless = "<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts><TxInfAndSts/>"
    assert len(faults_of(read_answer_xml, message(nameless))) == 3


def test_a_message_in_a_chinese_encoding_is_read_and_an_unknown_one_is_refused():
    body = message(status("P1", "RJCT", "<AddtlInf>账号不符</AddtlInf>")).decode()
    for encoding in ("GBK", "gb2312", "GB18030"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        (found,) = read_answer(f"{head}{body}".encode(encoding))
        assert found.reason == "账号不符"
    for encoding in ("klingon", "big5", "utf-7", "idna"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        assert faults_of(read_answer, f"{head}{body}".encode())[0].field == "file"
    broken = b'<?xml version="1.0" encoding="GBK"?><Document>\xff\xff</Document>'
    assert "GB 18030" in faults_of(read_answer, broken)[0].en
    hidden = b'<?xml version="1.0" encoding="GBK"?><!DOCTYPE x><Document/>'
    assert "declaration" in faults_of(read_answer, hidden)[0].en


def test_a_prefix_without_a_namespace_is_refused():
    assert "prefix" in faults_of(read_answer, b"<a:Document/>")[0].en
