"""Orders by file: all of it or nothing, with every fault by line and column."""

import csv
import io

import pytest
from sqlalchemy import select

from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.placing import Terms
from procurement.orders.placing_file import order_template, place_from_file
from procurement.orders.states import OrderKind, Urgency
from procurement.orders.tables import OrderFile, PurchaseOrder

HEADING = ("offer", "packs", "pack_price", "distributor")


def written(*rows, heading=HEADING, encoding="utf-8"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([heading, *rows])
    return buffer.getvalue().encode(encoding)


def send(world, content, **terms):
    with transaction(world.engine) as session:
        orders = place_from_file(
            session,
            hospital_id=world.hospital.id,
            content=content,
            terms=Terms(**terms),
            actor=world.hospital.actor,
            moment=world.moment,
        )
        return [(one.organisation_id, len(one.lines)) for one in orders]


def faults_of(world, content):
    with pytest.raises(InvalidInputError) as refused:
        send(world, content)
    with world.read() as session:
        assert session.scalars(select(PurchaseOrder)).all() == []
        assert session.scalars(select(OrderFile)).all() == []
    return [(one.field, one.en) for one in refused.value.faults]


def offers(world):
    with world.read() as session:
        return world.offers(session)


def agreed(world, product):
    return next(one for one in offers(world) if product in one.product and one.agreed)


def test_a_file_makes_one_order_for_each_manufacturer_agreement_and_distributor(world):
    rows = [
        (one.key, 2, one.pack_price, world.distributor.organisation.name) for one in offers(world)
    ]
    made = send(world, written(*rows), urgency=Urgency.EMERGENCY)
    assert sum(lines for _, lines in made) == len(rows)
    assert len(made) == len(
        {(one.kind, one.organisation_id, one.agreement_id) for one in offers(world)}
    )
    with world.read() as session:
        orders = session.scalars(select(PurchaseOrder)).all()
        assert {one.urgency for one in orders} == {"emergency"}
        assert {one.kind for one in orders} == {
            OrderKind.AGREED,
            OrderKind.NEGOTIATED,
            OrderKind.OTHER,
        }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_headings_may_be_chinese_in_either_encoding(world, encoding):
    row = (agreed(world, "缬沙坦").key, 2)
    assert send(world, written(row, heading=("订购编号", "数量"), encoding=encoding))


def test_the_template_that_is_filled_in_is_an_order(world):
    with world.read() as session:
        template = order_template(session, hospital_id=world.hospital.id, day_at=world.moment)
    rows = list(csv.reader(io.StringIO(template.decode("utf-8-sig"))))
    valsartan = next(row for row in rows if row[0] == agreed(world, "缬沙坦").key)
    assert valsartan[2:8] == [
        "30",
        world.distributor.organisation.name,
        "缬沙坦口服常释剂型",
        "80mg",
        "10",
        agreed(world, "缬沙坦").manufacturer,
    ]
    valsartan[1] = "4"
    # Lines without packs are left out.
    assert send(world, written(*rows[1:], heading=rows[0])) == [
        (agreed(world, "缬沙坦").organisation_id, 1)
    ]


def test_one_bad_line_stores_nothing_and_every_fault_is_listed(world):
    good, other = agreed(world, "缬沙坦"), agreed(world, "阿莫西林")
    faults = faults_of(
        world,
        written(
            (good.key, 2, "30", ""),
            (good.key, 2, "", ""),
            ("no-such", 1, "", ""),
            (other.key, 1, "1.99", "nobody"),
        ),
    )
    assert [field for field, _ in faults] == [
        "第 3 行，订购编号 offer",
        "第 4 行，订购编号 offer",
        "第 5 行，包装单价 pack_price",
    ]
    faults = faults_of(
        world,
        written(("", 1, "", ""), (good.key, "两盒", "3o", ""), (good.key, "-1", "", "")),
    )
    assert faults == [
        ("第 2 行，订购编号 offer", "Expected the offer's key."),
        ("第 3 行，数量 packs", "Expected a whole number from 1."),
        ("第 3 行，包装单价 pack_price", "Expected an amount above 0, such as 12.34."),
        ("第 4 行，数量 packs", "Expected a whole number from 1."),
    ]


def test_a_distributor_that_may_not_deliver_is_a_fault_of_its_line(world):
    good = agreed(world, "缬沙坦")
    (fault,) = faults_of(world, written((good.key, 1, "", "别家公司")))
    assert fault[0] == "第 2 行，配送企业 distributor"


def test_numbers_beyond_64_bits_are_refused(world):
    for packs in (2**62, 10**17, 10**40):
        (fault,) = faults_of(world, written((agreed(world, "缬沙坦").key, packs, "", "")))
        assert fault[0] == "第 2 行，数量 packs"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe\x00", "Expected UTF-8 or GB 18030."),
        (b"offer,packs\n", "There is nothing below the heading."),
        (b"offer\nx\n", "The column “packs” (数量) is missing."),
        (b"offer,packs,offer\nx,1,y\n", "The column “offer” stands twice."),
        (b"offer,packs,sum\nx,1,2\n", "The column “sum” is not known."),
        (b'offer,packs\n"x,1\n', "Line 2 is no CSV: unexpected end of data."),
        (b"offer,packs\nx,\n", "No line says how many packs."),
        (b"offer,packs\n" + b"x,1\n" * 5001, "More than 5000 lines."),
        (b"x" * 5_000_001, "The file is larger than 5 MB."),
    ],
)
def test_a_file_of_another_form_says_what_is_wrong_with_it(world, content, said):
    assert faults_of(world, content) == [("file", said)]


def test_the_same_file_is_taken_once_a_day(world):
    content = written((agreed(world, "缬沙坦").key, 2, "", ""))
    send(world, content)
    with pytest.raises(InvalidInputError) as refused:
        send(world, content)
    assert refused.value.faults[0].en == "The same file was sent today already."
    world.later(days=1)
    send(world, content)
