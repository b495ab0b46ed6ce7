"""Invoices, stock movements and partitions by machine."""

import json

import pytest

from procurement.accounts.tables import Person
from procurement.catalogue.spreadsheets import as_csv
from procurement.database import transaction
from tests.procurement.orders.invoices.selling import line
from tests.procurement.orders.movements.stock import PURCHASE, furnish, of_delivery
from tests.procurement.platform import running_platform


@pytest.fixture
def machines(engine, world, tmp_path):
    """Give organisations of a running round a token each."""
    furnish(world)
    with running_platform(engine, tmp_path, clock=lambda: world.moment) as platform:

        def of(somebody):
            with transaction(world.engine) as session:
                person = session.get_one(Person, somebody.actor.person_id)
            return platform.with_token(person)

        yield of


def body_of(world, receipt, packs=10):
    sent = line(world, receipt, packs)
    return {
        "hospital_id": world.hospital.id,
        "number": "25342000000001",
        "issued_on": "2027-03-01",
        "amount": str(sent.amount),
        "lines": [
            {
                "product": sent.product,
                "packs": sent.packs,
                "pack_price": "30.00",
                "amount": str(sent.amount),
                "receipt_line_id": sent.receipt_line_id,
            }
        ],
    }


def test_an_invoice_is_handed_in_compared_seen_and_withdrawn(machines, world):
    receipt = world.buy(10)
    seller, buyer, stranger = (
        machines(one) for one in (world.distributor, world.hospital, world.outsider)
    )
    (left,) = seller.get("/api/v1/invoiceable-lines").json()["items"]
    assert (left["packs_left"], left["pack_price"]) == (10, "30.00")
    answer = seller.post("/api/v1/invoices", json=body_of(world, receipt, 11))
    assert answer.status_code == 201
    invoice = answer.json()
    assert invoice["invoice"]["status"] == "mismatched"
    assert "so at most 10" in invoice["lines"][0]["fault_en"]
    address = f"/api/v1/invoices/{invoice['invoice']['id']}"
    assert buyer.get(address).json() == invoice
    assert stranger.get(address).status_code == 404
    assert [one["id"] for one in buyer.get("/api/v1/invoices").json()["items"]] == [
        invoice["invoice"]["id"]
    ]
    assert stranger.get("/api/v1/invoices").json()["items"] == []
    again = seller.post("/api/v1/invoices", json=body_of(world, receipt))
    assert again.status_code == 409 and "cannot be submitted twice" in again.text
    assert buyer.post(f"{address}/withdrawal", json={"reason": "x"}).status_code == 403
    gone = seller.post(f"{address}/withdrawal", json={"reason": "数量有误"})
    assert gone.json()["invoice"]["status"] == "withdrawn"
    good = seller.post("/api/v1/invoices", json=body_of(world, receipt))
    assert good.json()["invoice"]["status"] == "matched"
    assert seller.get("/api/v1/invoiceable-lines").json()["items"] == []


def test_every_fault_of_an_invoice_is_listed(machines, world):
    body = body_of(world, world.buy(10))
    body["amount"] = "1e3"
    body["lines"][0]["pack_price"] = "30,00"
    answer = machines(world.distributor).post("/api/v1/invoices", json=body)
    assert answer.status_code == 422
    assert "amount" in answer.text and "lines.1.pack_price" in answer.text


def test_movements_are_sent_as_the_interface_names_them(machines, world):
    receipt = world.buy(10)
    hospital = machines(world.hospital)
    body = {
        "infno": "3503",
        "counted_in": "packs",
        "input": {"purcinfo": [of_delivery(world, receipt), PURCHASE | {"fixmedins_bchno": "2"}]},
    }
    answer = hospital.post("/api/v1/movements", json=body)
    assert answer.status_code == 201
    file = answer.json()
    assert (file["lines"], file["matched"], file["counted"]) == (2, 1, 1)
    found = hospital.get(f"/api/v1/movement-files/{file['id']}/records").json()["items"]
    assert [one["status"] for one in found] == ["matched", "counted"]
    assert hospital.get("/api/v1/movement-files").json()["items"] == [file]
    twice = hospital.post("/api/v1/movements", json=body)
    assert twice.status_code == 409 and "cannot be sent twice" in twice.text
    other = machines(world.outsider)
    assert other.get(f"/api/v1/movement-files/{file['id']}/records").status_code == 404
    sent = body | {"hospital_id": world.hospital.id}
    assert other.post("/api/v1/movements", json=sent).status_code == 404
    days = {"since": "2027-01-01", "until": "2027-12-31"}
    differs = hospital.get("/api/v1/mismatches", params=days).json()
    assert [one["kind"] for one in differs] == ["not-invoiced", "off-platform"]
    agency = machines(world.agency)
    params = days | {"hospital_id": str(world.hospital.id)}
    assert agency.get("/api/v1/mismatches", params=params).json() == differs
    long = days | {"until": "2029-01-01"}
    assert hospital.get("/api/v1/mismatches", params=long).status_code == 422


def test_what_is_counted_must_be_said_and_faults_have_their_places(machines, world):
    hospital = machines(world.hospital)
    body = {"infno": "3508", "counted_in": "", "input": {}}
    answer = hospital.post("/api/v1/movements", json=body)
    assert answer.status_code == 422 and "counted_in" in answer.text and "infno" in answer.text
    heading = list(PURCHASE)
    rows = [list(PURCHASE.values()), [*list(PURCHASE.values())[:-1], ""]]
    upload = {"file": ("三月.csv", as_csv([heading, *rows]), "text/csv")}
    form = {"infno": "3503", "counted_in": "packs"}
    answer = hospital.post("/api/v1/movement-files", data=form, files=upload)
    assert answer.status_code == 422
    assert "line 3, purc_retn_opter_name" in json.dumps(answer.json(), ensure_ascii=False)
    upload = {"file": ("三月.csv", as_csv([heading, rows[0]]), "text/csv")}
    answer = hospital.post("/api/v1/movement-files", data=form, files=upload)
    assert answer.status_code == 201 and answer.json()["file_name"] == "三月.csv"


def test_an_officer_has_the_partitions_of_the_own_division_written(machines, world):
    class Officer:
        actor = world.officer

    officer = machines(Officer)
    started = officer.post("/api/v1/purchase-partitions", json={"years": [2027]})
    assert started.status_code == 202
    run = officer.get(f"/api/v1/purchase-partitions/{started.json()['id']}").json()
    assert (run["run"]["years"], run["partitions"]) == ("2027", [])
    assert len(officer.get("/api/v1/purchase-partitions").json()) == 1
    hospital = machines(world.hospital)
    assert hospital.get("/api/v1/purchase-partitions").status_code == 403
