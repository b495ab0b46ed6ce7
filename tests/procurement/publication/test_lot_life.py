"""A lot's life is told in order, to everybody as far as he may know it."""

import pytest

from procurement.accounts.tables import Person
from procurement.database import snapshot, transaction
from procurement.permissions import NotFoundForActorError
from procurement.publication.lot_life import lot_life
from tests.procurement.awards.world import announced_round, awarded_round, evaluated_round
from tests.procurement.orders.world import running_round
from tests.procurement.platform import running_platform


def titles(world, code="L03", **seen):
    with snapshot(world.engine) as session:
        life = lot_life(
            session,
            round_=world.round(session),
            code=code,
            **{"is_opened": True, "conducts": False, **seen},
        )
    moments = [one.moment for one in life.stations if one.moment is not None]
    assert moments == sorted(moments)
    return [one.en for one in life.stations]


def test_a_round_on_notice_tells_its_evaluation_and_no_award(engine):
    world = announced_round(engine)
    found = titles(world)
    assert "Evaluated" in found
    assert "Notice 1" in found
    assert "Awarded" not in found


def test_before_the_notice_the_public_learns_nothing_of_the_evaluation(engine):
    world = evaluated_round(engine)
    assert "Evaluated" not in titles(world, is_opened=False)


def test_an_award_names_its_winners(engine):
    world = awarded_round(engine)
    with snapshot(world.engine) as session:
        life = lot_life(
            session, round_=world.round(session), code="L03", is_opened=True, conducts=False
        )
    (award,) = [one for one in life.stations if one.en == "Awarded"]
    assert world.maker("F").name in award.note_en


def test_purchases_are_told_to_those_who_conduct_the_round(engine):
    world = running_round(engine)
    world.buy(3)
    assert "Goods received" not in titles(world)
    found = titles(world, conducts=True)
    assert "Goods received" in found
    assert "Agreements of year 1" in found


def test_an_unknown_lot_is_not_found(engine):
    with pytest.raises(NotFoundForActorError):
        titles(announced_round(engine), code="L99")


def test_the_page_in_both_languages(engine, tmp_path):
    world = awarded_round(engine)
    with running_platform(engine, tmp_path) as platform:
        nobody = platform.nobody()
        address = f"/rounds/{world.name}/lots/L03/life"
        assert "全过程" in nobody.get(address).text
        assert "Whole life" in nobody.get(f"{address}?lang=en").text
        assert nobody.get(f"/rounds/{world.name}/lots/L99/life").status_code == 404
        with transaction(engine) as session:
            officer = session.get_one(Person, world.officers[0].id)
        assert platform.signed_in(officer).get(address).status_code == 200
