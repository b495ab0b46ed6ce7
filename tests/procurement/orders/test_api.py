"""Orders by machine, from the offers to a return, by those whose they are."""

from datetime import date

import pytest

from procurement.accounts.tables import Person
from procurement.orders.tables import PurchaseOrder
from tests.procurement.orders.world import running_round
from tests.procurement.platform import running_platform


@pytest.fixture
def world(engine):
    return running_round(engine)


@pytest.fixture
def ask(world, tmp_path):
    """Ask as somebody of the world; returns status and what was answered."""
    machines = {}
    with running_platform(world.engine, tmp_path, clock=lambda: world.moment) as platform:

        def asked(actor, address, body=None, **options):
            if actor.person_id not in machines:
                with world.read() as session:
                    person = session.get_one(Person, actor.person_id)
                machines[actor.person_id] = platform.with_token(person)
            machine = machines[actor.person_id]
            if body is None and not options:
                answer = machine.get(f"/api/v1{address}")
            else:
                answer = machine.post(f"/api/v1{address}", json=body, **options)
            return answer.status_code, answer.json()

        yield asked


def offer_of(ask, world, product="缬沙坦"):
    status, found = ask(world.hospital.actor, "/orders/offers?product=" + product)
    assert (status, found["on_date"]) == (200, "2027-03-01")
    return found["items"][0]


def test_an_order_by_machine_from_its_offer_to_a_return(world, ask):
    offer = offer_of(ask, world)
    maker, seller = world.actor_for(offer["manufacturer_id"]), world.distributor.actor
    line = {"offer": offer["key"], "packs": 5, "pack_price": offer["pack_price"]}
    status, placed = ask(world.hospital.actor, "/orders", {"lines": [line]})
    assert (status, placed["order"]["status"]) == (201, "placed")
    order = f"/orders/{placed['order']['id']}"
    assert ask(maker, f"{order}/confirmation", {"version": 1})[1]["order"]["status"] == "confirmed"
    batch = {
        "order_line_id": placed["lines"][0]["id"],
        "packs": 5,
        "batch_number": "B1",
        "expires_on": "2029-01-01",
        "trace_codes": ["A-1", "A-2", "A-3", "A-4", "A-5"],
    }
    status, sent = ask(seller, f"{order}/deliveries", {"note_number": "SH-1", "lines": [batch]})
    assert (status, sent["status"]) == (201, "shipped")
    assert sent["lines"][0]["trace_codes"] == dict.fromkeys(batch["trace_codes"], "delivered")
    said = {"delivery_line_id": sent["lines"][0]["id"], "accepted": 4, "refused": 1}
    said |= {"reason": "破损", "refused_codes": ["A-1"]}
    receipt = f"{order}/deliveries/{sent['id']}/receipt"
    status, taken = ask(world.hospital.actor, receipt, {"lines": [said]})
    assert (status, taken["received_on"]) == (201, "2027-03-01")
    assert ask(seller, receipt) == (200, taken)
    back = f"{order}/receipt-lines/{taken['lines'][0]['id']}/returns"
    named = {"trace_codes": ["A-2"]}
    status, gone = ask(world.hospital.actor, back, {"packs": 1, "reason": "质量问题"} | named)
    assert (status, gone["packs"]) == (201, 1)
    status, left = ask(world.hospital.actor, f"{order}/cancellation", {"reason": "不再需要"})
    assert (status, left["order"]["status"]) == (201, "closed")
    told = left["lines"][0]
    parts = [told[name] for name in ("packs", "accepted", "returned", "cancelled", "open")]
    assert parts == [5, 4, 1, 1, 0]
    assert ask(maker, f"{order}/deliveries")[1]["items"][0]["status"] == "partly-accepted"


def test_each_sees_the_orders_that_are_his_concern(world, ask):
    order_id = world.place(5)
    offer = offer_of(ask, world)
    maker = world.actor_for(offer["manufacturer_id"])
    outsider, foreign = world.outsider.actor, world.distributors[1].actor
    for actor in (
        world.hospital.actor,
        maker,
        world.distributor.actor,
        world.agency.actor,
        world.officer,
    ):
        status, found = ask(actor, "/orders?status=placed")
        assert (status, [one["id"] for one in found["items"]]) == (200, [order_id])
        assert ask(actor, f"/orders/{order_id}")[0] == 200
    for actor in (outsider, foreign, world.hospitals["310000"][0].actor):
        assert ask(actor, "/orders")[1]["items"] == []
        assert ask(actor, f"/orders/{order_id}")[0] == 404


def test_a_group_lead_orders_for_its_member_and_for_nobody_else(world, ask):
    member = world.members[0]
    status, found = ask(world.lead.actor, f"/orders/offers?hospital_id={member.id}")
    assert status == 200
    line = {"offer": next(one["key"] for one in found["items"] if one["agreed"]), "packs": 1}
    body = {"lines": [line], "hospital_id": member.id}
    status, placed = ask(world.lead.actor, "/orders", body)
    assert (status, placed["order"]["hospital_id"]) == (201, member.id)
    assert ask(world.hospital.actor, "/orders", body)[0] == 404
    assert ask(member.actor, "/orders", {**body, "hospital_id": world.lead.id})[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [{"offer": "agreed-1", "packs": 2**64}]},
        {"lines": [{"offer": "agreed-1", "packs": 1, "pack_price": "1,5"}]},
        {"lines": [{"offer": "a\x00b", "packs": 1}]},
        {"lines": [{"offer": "agreed-1", "packs": 1.5}]},
        {"lines": [], "distributor_id": 2**70},
        {"lines": [], "hospital_id": 0},
        {"lines": [], "urgency": "soon"},
        {},
    ],
)
def test_nonsense_is_refused_with_its_place(world, ask, body):
    status, told = ask(world.hospital.actor, "/orders", body)
    assert status in (400, 422)
    assert told["errors"]


def test_a_price_that_is_not_the_agreed_one_is_refused_at_its_line(world, ask):
    line = {"offer": offer_of(ask, world)["key"], "packs": 1, "pack_price": "29.99"}
    status, told = ask(world.hospital.actor, "/orders", {"lines": [line]})
    assert (status, told["errors"][0]["field"]) == (422, "lines.1.price")


def test_an_order_that_is_sent_twice_with_one_key_is_placed_once(world, ask):
    line = {"offer": offer_of(ask, world)["key"], "packs": 1}
    once = {"headers": {"idempotency-key": "once"}}
    first = ask(world.hospital.actor, "/orders", {"lines": [line]}, **once)
    assert ask(world.hospital.actor, "/orders", {"lines": [line]}, **once) == first
    assert len(ask(world.hospital.actor, "/orders")[1]["items"]) == 1


def test_a_file_of_orders_is_taken_whole_or_not_at_all(world, ask):
    key = offer_of(ask, world)["key"]

    def send(text):
        return ask(
            world.hospital.actor,
            "/order-files",
            None,
            files={"file": ("o.csv", text.encode())},
            data={"urgency": "emergency", "is_remote": "yes"},
        )

    status, told = send(f"offer,packs\n{key},2\nno-such,1\n")
    assert (status, told["errors"][0]["field"]) == (422, "第 3 行，订购编号 offer")
    assert ask(world.hospital.actor, "/orders")[1]["items"] == []
    status, placed = send(f"offer,packs\n{key},2\n")
    assert (status, placed["items"][0]["urgency"], placed["items"][0]["is_remote"]) == (
        201,
        "emergency",
        True,
    )


def test_the_limit_of_delivery_is_that_of_the_hospitals_region(world, ask):
    order_id = world.confirm(world.place(1))
    told = ask(world.distributor.actor, f"/orders/{order_id}")[1]["order"]
    assert (told["due_at"], told["due_rule"]) == (None, "")
    with world.read() as session:
        assert session.get_one(PurchaseOrder, order_id).confirmed_at is not None
    assert date.fromisoformat(told["confirmed_at"][:10]) == world.day
