"""Open data as a stranger reads it: pages, files, feed and interface."""

import io
import json
import re
import tempfile

import pyarrow.parquet as pq
import pytest

from tests.procurement.awards.world import awarded_round
from tests.procurement.platform import running_platform
from tests.procurement.publication.ocds.publishing import publish


@pytest.fixture
def site(engine, tmp_path):
    world = awarded_round(engine)
    publish(engine, world.name)
    with running_platform(engine, tmp_path) as platform:
        yield platform.nobody(), world


def found(answer):
    assert answer.status_code == 200, answer.text
    return answer


def test_the_page_lists_rounds_and_tables_and_every_link_works(site):
    nobody, world = site
    for language in ("zh", "en"):
        page = found(nobody.get(f"/open-data?lang={language}")).text
        links = set(re.findall(r'href="(/open-data/[^"#]+)', page))
        assert f"/open-data/rounds/{world.name}.json" in links
        assert "/open-data/tables/awards.csv" in links
        assert f"/open-data/rounds/{world.name}/record.json" in links
    for link in sorted(links):
        found(nobody.get(link))
    assert "没有登记" in found(nobody.get("/open-data/dictionary?lang=zh")).text
    assert "pack_price" in found(nobody.get("/open-data/dictionary?lang=en")).text


def test_packages_hold_what_was_published(site):
    nobody, world = site
    package = found(nobody.get(f"/open-data/rounds/{world.name}.json")).json()
    same = found(nobody.get(f"/api/v1/open-data/rounds/{world.name}")).json()
    assert package == same
    assert package["releases"][-1]["awards"]
    record = found(nobody.get(f"/api/v1/open-data/rounds/{world.name}/record")).json()
    (only,) = record["records"]
    assert only["compiledRelease"]["tag"] == ["compiled"]
    last = package["releases"][-1]["id"]
    assert only["releases"][-1]["url"].endswith(f"/open-data/releases/{last}.json")
    single = found(nobody.get(f"/open-data/releases/{last}.json")).json()
    assert single["releases"] == package["releases"][-1:]
    assert found(nobody.get(f"/api/v1/open-data/releases/{last}")).json() == single


def test_a_file_that_is_larger_than_the_memory_it_may_take_comes_whole(site, monkeypatch):
    nobody, world = site
    addresses = [f"/open-data/rounds/{world.name}.json"]
    addresses += [f"/open-data/tables/bids.{ending}" for ending in ("csv", "parquet")]
    in_memory = [found(nobody.get(address)).content for address in addresses]
    spooled: list[tuple[tempfile.SpooledTemporaryFile[bytes], int]] = []

    class OnDisk(tempfile.SpooledTemporaryFile[bytes]):
        def rollover(self):
            spooled.append((self, self.tell()))
            super().rollover()

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", OnDisk)
    monkeypatch.setattr("procurement.publication.open_data_at_edge._IN_MEMORY_MAX", 64)
    monkeypatch.setattr("procurement.publication.open_data_at_edge._PART", 100)
    assert [found(nobody.get(address)).content for address in addresses] == in_memory
    assert len(spooled) == len(addresses)
    assert all(file.closed for file, _ in spooled)
    # It went to the disk before all of it was written.
    assert spooled[0][1] < len(in_memory[0]) / 2


def test_the_feed_goes_on_where_it_stopped(site):
    nobody, _ = site
    whole = found(nobody.get("/open-data/releases.jsonl"))
    lines = [json.loads(line) for line in whole.text.splitlines()]
    assert [one["position"] for one in lines] == list(range(1, len(lines) + 1))
    assert whole.headers["x-last-position"] == str(len(lines))
    rest = found(nobody.get("/api/v1/open-data/feed?after=2")).text.splitlines()
    assert [json.loads(line) for line in rest] == lines[2:]
    first = found(nobody.get("/api/v1/open-data/releases?page_size=2")).json()
    cursor = first["next_cursor"]
    second = found(nobody.get(f"/api/v1/open-data/releases?page_size=2&cursor={cursor}")).json()
    assert [one["position"] for one in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert nobody.get("/open-data/releases.jsonl?after=-1").status_code == 400


def test_tables_come_as_csv_and_parquet(site):
    nobody, world = site
    csv = found(nobody.get("/open-data/tables/rounds.csv"))
    assert csv.content.startswith(b"\xef\xbb\xbfround,ocid,")
    assert world.name in csv.text
    parquet = found(nobody.get("/open-data/tables/lots.parquet"))
    assert pq.read_table(io.BytesIO(parquet.content)).num_rows > 0
    described = found(nobody.get("/api/v1/open-data/tables")).json()["items"]
    assert {"rounds", "prices", "drug-list", "places"} <= {one["name"] for one in described}
    lots = found(nobody.get("/api/v1/open-data/tables/lots")).json()
    assert lots["columns"][0]["name"] == "round"
    rounds = found(nobody.get("/api/v1/open-data/rounds")).json()["items"]
    assert [one["name"] for one in rounds] == [world.name]


@pytest.mark.parametrize(
    "address",
    [
        "/open-data/rounds/no-such.json",
        "/open-data/rounds/no-such/record.json",
        "/open-data/releases/no-such.json",
        "/open-data/tables/rounds.xlsx",
        "/open-data/tables/people.csv",
        "/api/v1/open-data/rounds/no-such",
        "/api/v1/open-data/releases/no-such",
        "/api/v1/open-data/tables/people",
    ],
)
def test_what_is_not_published_is_not_there(site, address):
    nobody, _ = site
    assert nobody.get(address).status_code == 404
