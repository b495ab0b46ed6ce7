"""While a round takes bids nobody can read a price, a key or a share, nor count bids."""

import base64
import io
import json
import logging
import re
import zipfile
from decimal import Decimal
from urllib.parse import quote

import pytest
from sqlalchemy import func, inspect, select, text

from bidding.sealing import Bid, BidLine, Envelope, UnsealError, unseal_share
from bidding.sealing.bid import read_plaintext
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import cover_row
from procurement.bids.tables import LogLeaf
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.bids.test_pages import officer, visitor
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import new_person

# Long enough not to occur by chance, as digits and as a count of 1/10,000 yuan.
PRICES = ("31415.9265", "27182.8182", "16180.3398")
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+]+Z?|\d\d:\d\d(:\d\d)?|_csrf_token\" value=\"[^\"]*|还有[^<]*"
    # Over a list of files that says when it was made.
    r'|"signature":"[^"]*"'
)

# How long requests and jobs took, how many pages these tests look at, how old a heartbeat is: the
# names and labels stay, so that a count of anything else, or of another route, would be found.
MEASURED = re.compile(
    r"^(jicai_(?:request|job)_seconds\w*\S*|jicai_(?:queue|heartbeat)_age_seconds) \S+$", re.M
)

METRICS = "/metrics"

# A new secret each time it is looked at.
NEVER_THE_SAME = {"/account/second-factor"}


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def encodings(secret: bytes):
    """The secret as it could stand anywhere."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    # In Base64 it looks otherwise at each of three places; the ends mix with what stands around.
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            coded = encode(bytes(shift) + secret)
            yield coded[4 if shift else 0 : -4]
    yield secret[::-1]


def price_encodings(price: str):
    digits = price.replace(".", "")
    for words in (price, digits, quote(price), price.replace(".", ",")):
        for codec in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            yield words.encode(codec)
        yield from encodings(words.encode())
    count = int(Decimal(price) * 10000)
    for size in (8, 4):
        # SQLite writes integers with as few bytes as they need, the highest first.
        yield count.to_bytes(size, "big")
        yield count.to_bytes(size, "little")


def secrets_of(world, manifest, envelopes):
    """Every key, share and nonce that could open something."""
    for key in (*world.keys, *(maker.key for maker in world.makers)):
        yield key.seed
    for maker in world.makers:
        for secret, envelope in zip(maker.secrets, envelopes[maker.id], strict=True):
            yield secret.content_key
            content = manifest.suite.decrypt(
                secret.content_key,
                nonce=envelope.nonce,
                ciphertext=envelope.ciphertext,
                associated=f"{manifest.round_name}|{maker.bidder}|{envelope.version}"
                f"|{manifest.digest}".encode(),
            )
            yield read_plaintext(content).nonce
            for seat, key in enumerate(world.keys, start=1):
                yield unseal_share(manifest, envelope, seat=seat, key=key)[:-1]


def dump(engine, folder):
    """Everything that is stored: each cell of each table, and every file."""
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - our own names
                for cell in row:
                    if isinstance(cell, bytes | memoryview):
                        yield table, bytes(cell)
                    elif cell is not None:
                        yield table, str(cell).encode()
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.name, file.read_bytes()


def addresses(platform, world):
    """Every page and interface that is asked with nothing but the round's name and a sitting."""
    for route in platform.client.app.routes:
        names = set(getattr(route, "path_parameters", {}))
        path = route.path_format
        asks_little = names <= ({"name", "number"} if "/answers/" in path else {"name"})
        if "GET" in getattr(route, "methods", ()) and asks_little:
            yield path.replace("{name}", world.name).replace("{number}", "1")


def people(platform, world):
    with transaction(world.engine) as session:
        supervisor = new_person(session, world.bureau, Role.SUPERVISOR).id
    return {
        "nobody": platform.nobody(),
        "officer": officer(platform, world),
        "evaluator": visitor(platform, world, world.evaluator.person_id),
        "supervisor": visitor(platform, world, supervisor),
        "holder": visitor(platform, world, world.holder_actors[0].person_id),
        "rival": visitor(platform, world, world.makers[-1].person_id),
    }


def seen_by(visit, platform, world):
    answers = {}
    for address in sorted(set(addresses(platform, world))):
        answer = visit.get(address)
        assert answer.status_code < 500, address
        answers[address] = answer.content
    return answers


def bid(world, manifest, prices):
    """The last maker does not bid: it is the rival who looks."""
    envelopes: dict[int, list[Envelope]] = {maker.id: [] for maker in world.makers}
    for maker, price in zip(world.makers, prices, strict=False):
        for _ in range(2):
            line = BidLine("L01", "1mg", declared_price=Decimal(price))
            envelope = maker.seal(manifest, Bid(lines=(line,)))
            assert world.submit(maker, envelope).is_receipt
            maker.sent(envelope)
            envelopes[maker.id].append(envelope)
    return envelopes


def test_an_open_round_holds_no_price_key_share_or_nonce_anywhere(
    platform, bidding, tmp_path, caplog
):
    world, manifest = bidding
    for _ in range(4):
        world.new_maker()
    caplog.set_level(logging.DEBUG)
    envelopes = bid(world, manifest, PRICES)
    # Errors must not repeat what was sent, either.
    firm = visitor(platform, world, world.makers[0].person_id)
    broken = envelopes[world.makers[0].id][0].to_bytes().replace(b'"version":1', b'"version":9')
    firm.post(f"/rounds/{world.name}/bid", content=broken, headers={"idempotency-key": "b"})
    firm.post(f"/rounds/{world.name}/bid?price={PRICES[0][:3]}", content=b"{}")
    everything = [
        *dump(world.engine, tmp_path),
        ("log", caplog.text.encode()),
        *(
            (f"{who} {address}", page)
            for who, visit in people(platform, world).items()
            for address, page in seen_by(visit, platform, world).items()
        ),
    ]
    assert len(everything) > 500
    needles = {coded for price in PRICES for coded in price_encodings(price)}
    for secret in secrets_of(world, manifest, envelopes):
        needles |= {coded for coded in encodings(secret) if len(coded) > 10}
    found = [
        (where, needle) for where, content in everything for needle in needles if needle in content
    ]
    assert found == []


def test_the_scan_would_find_what_it_looks_for():
    price = PRICES[0]
    hidden = b"..." + base64.b64encode(b"xy" + price.encode() + b"tail")
    assert any(needle in hidden for needle in price_encodings(price))
    assert any(
        needle in f"p={int(Decimal(price) * 10000)}".encode() for needle in price_encodings(price)
    )


def test_a_share_without_the_holders_key_is_closed(bidding):
    world, manifest = bidding
    envelope = world.new_maker().seal(manifest)
    with pytest.raises(UnsealError):
        unseal_share(manifest, envelope, seat=1, key=world.keys[1])


def test_nothing_that_anybody_sees_depends_on_the_number_of_bids(platform, bidding):
    world, manifest = bidding
    for _ in range(4):
        world.new_maker()
    visits = people(platform, world)
    before = all_seen(visits, platform, world)
    bid(world, manifest, PRICES)
    after = all_seen(visits, platform, world)
    for who in visits:
        for address in set(before[who]) - NEVER_THE_SAME:
            assert plain(before[who][address]) == plain(after[who][address]), (who, address)


def all_seen(visits, platform, world):
    """What everybody sees; the metrics last, when they know every page that is looked at."""
    seen = {who: seen_by(visit, platform, world) for who, visit in visits.items()}
    for _ in range(2):
        for who, visit in visits.items():
            seen[who][METRICS] = visit.get(METRICS).content
    return seen


def plain(page):
    """A page without times and tokens; a workbook as its parts, which are compressed in it."""
    if not page.startswith(b"PK"):
        return MEASURED.sub(r"\1", VOLATILE.sub("", page.decode(errors="replace")))
    with zipfile.ZipFile(io.BytesIO(page)) as workbook:
        return {
            name: VOLATILE.sub("", workbook.read(name).decode()) for name in workbook.namelist()
        }


def counts(engine):
    with engine.connect() as connection:
        return {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"'))  # noqa: S608
            for table in inspect(engine).get_table_names()
        }


def test_no_table_but_the_covered_log_grows_with_bids(bidding):
    world, manifest = bidding
    for _ in range(4):
        world.new_maker()
    with transaction(world.engine) as session:
        at_rest = AtRest(SECRET)
        session.add_all(cover_row(round_id=world.round_id, at_rest=at_rest) for _ in range(5))
    before = counts(world.engine)
    bid(world, manifest, PRICES)
    grown = {table for table, count in counts(world.engine).items() if count != before[table]}
    assert grown == {"log_leaf"}
    # Rows of bids and cover rows look alike, and no two of them show that they are one bidder's.
    with world.read() as session:
        rows = session.execute(
            select(func.length(LogLeaf.sealed), LogLeaf.chain_tag, LogLeaf.request_tag)
        ).all()
    assert len({length for length, _, _ in rows}) == 1
    assert len({tag for _, *tags in rows for tag in tags}) == 2 * len(rows)


def test_cover_rows_are_no_leaves(bidding):
    world, manifest = bidding
    with transaction(world.engine) as session:
        session.add_all(
            cover_row(round_id=world.round_id, at_rest=AtRest(SECRET)) for _ in range(5)
        )
    maker = world.new_maker()
    world.bid(maker, manifest)
    log = world.close()
    assert log.leaves == (maker.last,)
    assert json.loads(json.dumps(log.document()))["leaves"] == [maker.last]
