"""Dossiers: the template and the calculation file, with each fault at its field; formal review."""

import io
import zipfile
from datetime import timedelta

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.negotiations.dossiers.calculation import checked, model_of, unpacked
from procurement.negotiations.dossiers.filing import filed_content, save_draft
from procurement.negotiations.dossiers.rules import TEMPLATE, public_part
from procurement.negotiations.errors import DossierStateError, FilingClosedError
from procurement.negotiations.kinds import DossierStatus, Track, Verdict
from tests.procurement.negotiations.world import FACTS, MODEL, MOMENT, TYPED, NegotiationWorld, some

LATE = some(FACTS.files_until) + timedelta(days=1)


def faults(refused):
    return {fault.field for fault in refused.value.faults}


def test_a_draft_keeps_what_is_incomplete_and_refuses_what_is_wrong(engine):
    world = NegotiationWorld(engine).open().start().fill({"strength": "10mg"})
    with pytest.raises(InvalidInputError) as refused:
        world.fill({"strength": "10mg", "expected_price": "-3", "pack_units": "x"})
    assert faults(refused) == {"expected_price", "pack_units"}


def test_what_is_missing_is_told_at_every_field_when_it_is_handed_in(engine):
    world = NegotiationWorld(engine).open().start().fill({"strength": "10mg"})
    with pytest.raises(InvalidInputError) as refused:
        world.submit()
    wanted = {one.key for one in TEMPLATE if one.required and Track.REGULAR in one.tracks}
    assert faults(refused) == (wanted - {"strength"}) | {"model"}


def test_a_stale_draft_overwrites_nothing(engine):
    world = NegotiationWorld(engine).open().start().fill()
    with transaction(engine) as session, pytest.raises(StaleError):
        save_draft(session, dossier=world.dossier(session), typed=TYPED, version=1, moment=MOMENT)


def test_the_priced_unit_is_that_of_the_calculation_file(engine):
    world = NegotiationWorld(engine).open().start().fill({**TYPED, "priced_unit": "片"})
    world.add_model()
    with pytest.raises(InvalidInputError) as refused:
        world.submit()
    assert faults(refused) == {"priced_unit"}


def test_a_dossier_is_taken_in_its_time_only(engine):
    world = NegotiationWorld(engine).open().start().fill().add_model()
    with pytest.raises(FilingClosedError):
        world.submit(moment=LATE)


def test_what_was_handed_in_does_not_change(engine):
    world = NegotiationWorld(engine).file()
    with pytest.raises(DossierStateError):
        world.fill()
    with pytest.raises(DossierStateError):
        world.add_model()


def test_deficiencies_are_made_good_until_their_own_deadline(engine):
    world = NegotiationWorld(engine).file()
    due_at = LATE + timedelta(days=5)
    world.review(Verdict.RETURN, reason="缺少批件", due_at=due_at)
    with pytest.raises(FilingClosedError):
        world.submit(moment=due_at)
    world.submit(moment=LATE)
    with snapshot(engine) as session:
        assert world.dossier(session).status == DossierStatus.SUBMITTED


@pytest.mark.parametrize(
    ("verdict", "how", "field"),
    [
        (Verdict.RETURN, {"reason": "缺少批件"}, "due_at"),
        (Verdict.RETURN, {"due_at": LATE}, "reason"),
        (Verdict.REJECT, {}, "reason"),
    ],
)
def test_a_review_gives_its_reason_and_deadline(engine, verdict, how, field):
    world = NegotiationWorld(engine).file()
    with pytest.raises(InvalidInputError) as refused:
        world.review(verdict, **how)
    assert faults(refused) == {field}


def test_a_drug_that_the_catalogue_does_not_know_does_not_pass(engine):
    world = NegotiationWorld(engine).open().start(product="无名药").fill().add_model().submit()
    with pytest.raises(InvalidInputError) as refused:
        world.review()
    assert faults(refused) == {"generic_product_id"}
    world.review(generic_product_id=world.product_id)


def test_a_rejected_dossier_goes_nowhere(engine):
    world = NegotiationWorld(engine).file().review(Verdict.REJECT, reason="不符合条件")
    for step in (world.review, world.admit, world.schedule):
        with pytest.raises(DossierStateError):
            step()


def test_the_public_summary_has_no_price_and_no_economics(engine):
    world = NegotiationWorld(engine).file()
    with snapshot(engine) as session:
        content = some(filed_content(session, dossier_id=world.dossier_id))
    shown = public_part(Track.REGULAR, content)
    assert "safety" in shown
    assert {"expected_price", "economics", "reference_drug"}.isdisjoint(shown)


def test_faults_of_a_model_name_file_line_and_column():
    with pytest.raises(InvalidInputError) as refused:
        model_of({"model.toml": MODEL.replace("share_with = 0.6", "share_with = 0.7")})
    assert faults(refused) == {"model"}
    with pytest.raises(InvalidInputError) as refused:
        model_of({"model.toml": MODEL.replace("years = 3", "years = 3\nyeers = 4")})
    assert "model.toml:8:" in refused.value.en


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"other.toml": ""},
        {"model.toml": "", "../x.csv": ""},
        {"model.toml": "", "x.exe": ""},
        {"model.toml": "x" * (9 * 2**20)},
        {"model.toml": "", **{f"t{number}.csv": "" for number in range(80)}},
    ],
)
def test_files_that_nobody_could_work_with_are_refused(files):
    with pytest.raises(InvalidInputError):
        checked(files)


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    packed.seek(0)
    return packed


def test_a_zip_of_a_folder_is_unpacked():
    packed = zipped(**{"drug/model.toml": MODEL, "drug/costs.csv": "a,b\n"})
    assert unpacked("drug.zip", packed) == {"model.toml": MODEL, "costs.csv": "a,b\n"}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("model.xlsx", io.BytesIO(b"x")),
        ("model.zip", io.BytesIO(b"not a zip")),
        ("model.toml", io.BytesIO(b"\xff\xfe")),
        ("model.zip", zipped(**{"model.toml": b"\xff"})),
        ("bomb.zip", zipped(**{"model.toml": "0" * (30 * 2**20)})),
    ],
)
def test_an_upload_of_another_kind_is_refused(name, file):
    with pytest.raises(InvalidInputError):
        unpacked(name, file)
