"""``jicai seal`` for second answers: from the sitting's manifest to the opening."""

import json
import secrets

import pytest

from bidding.sealing import KeyUse, lock_key, read_submission
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.sittings import opened_answers
from tests.procurement.bids.answering import asked, call, evaluated, opened, send
from tests.procurement.bids.world import World

PASSPHRASE = "a sentence that nobody else says"  # noqa: S105 - of keys that exist in tests only


@pytest.fixture
def sitting(engine, tmp_path):
    """A maker that is asked, its manifest as a file, and what it is asked."""
    world = World(engine)
    (firm,) = evaluated(world, world.prepare(), makers=1)
    manifest = call(world, asked(firm))
    (tmp_path / "manifest.json").write_bytes(manifest.to_bytes())
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE, "utf-8")
    (tmp_path / "key.json").write_bytes(
        lock_key(
            firm.key,
            use=KeyUse.BIDDER,
            passphrase=PASSPHRASE,
            random_bytes=secrets.token_bytes,
        )
    )
    question = {"lot": "L01", "bid": firm.name, "question": "revive", "product": None}
    (tmp_path / "questions.json").write_text(json.dumps({"items": [question | {"price": "7.05"}]}))
    return world, firm, manifest


@pytest.fixture
def seal(jicai, tmp_path, sitting):
    """Seal answers from their text."""
    _, firm, _ = sitting

    def run(answers, *more, name="answers.csv", out="envelope.json"):
        file = tmp_path / name
        file.write_text(answers, encoding="utf-8")
        key = ("--key", tmp_path / "key.json", "--passphrase-file", tmp_path / "passphrase.txt")
        written = ("--out", tmp_path / out, "--secret", tmp_path / f"secret-{out}")
        questions = ("--questions", tmp_path / "questions.json")
        who = ("--bidder", firm.bidder, "--yes")
        return jicai(
            "seal", tmp_path / "manifest.json", file, *key, *written, *questions, *who, *more
        )

    return run


def test_answers_sealed_here_are_acknowledged_replaced_and_opened(sitting, seal, tmp_path):
    world, firm, manifest = sitting
    assert seal("lot,question,answer\nL01,revive,0\n").status == 0
    first = (tmp_path / "envelope.json").read_bytes()
    assert send(world, firm, first, key="first").is_receipt
    better = seal(
        "lot,question,answer,price\nL01,revive,1,7.01\n",
        *("--replaces", tmp_path / "envelope.json"),
        out="better.json",
    )
    assert better.status == 0, better.err
    second = (tmp_path / "better.json").read_bytes()
    assert read_submission(second).version == 2
    assert send(world, firm, second, key="second").is_receipt
    opened(world, manifest)
    with world.read() as session:
        (given,) = opened_answers(session, round_id=world.round_id)
    assert (given.answer, str(given.price)) == (True, "7.01")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("lot,question,answer\nL01,cut,1\n", "is not asked"),
        ("lot,question,answer,product\nL01,revive,1,other\n", "is not asked"),
        ("lot,question,answer,price\nL01,revive,1,7.06\n", "above the offer"),
        ("lot,question,answer\nL99,revive,1\n", "is not in the manifest"),
        ("lot,question,answer\nL01,revive,1\nL01,revive,0\n", "is there already"),
        ("lot,strength,declared_price\nL01,1mg,7\n", "question"),
    ],
)
def test_what_would_not_count_is_refused_before_it_is_sealed(seal, tmp_path, answers, said):
    refused = seal(answers)
    assert refused.status == 2 and said in refused.err
    assert not (tmp_path / "envelope.json").exists()


def test_a_bid_is_not_replaced_by_an_answer(sitting, seal, tmp_path):
    world, firm, _ = sitting
    with world.read() as session:
        bids = require_manifest(session, round_id=world.round_id)
    firm.version, firm.last = 0, None
    (tmp_path / "bid.json").write_bytes(firm.seal(bids).to_bytes())
    refused = seal("lot,question,answer\nL01,revive,1\n", "--replaces", tmp_path / "bid.json")
    assert refused.status == 2 and "another sitting" in refused.err


@pytest.mark.parametrize("questions", ["[]", "{", '{"items":[{"lot":1}]}'])
def test_a_file_that_holds_no_questions_is_refused(seal, tmp_path, questions):
    (tmp_path / "questions.json").write_text(questions)
    refused = seal("lot,question,answer\nL01,revive,1\n")
    assert refused.status == 2 and "answers/N" in refused.err
