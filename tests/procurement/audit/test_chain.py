"""Whatever is changed, left out, added or swapped in a record, following its chain finds it."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from procurement.audit.chain import FIRST, Link, follow, link_digest, link_line, read_links

texts = st.text(max_size=20)
ids = st.none() | st.integers(1, 10**9)
entries = st.lists(st.tuples(texts, ids, ids, texts, texts, texts), min_size=2, max_size=8)


def chained(facts) -> list[Link]:
    previous, links = FIRST, []
    for number, one in enumerate(facts, start=1):
        digest = link_digest(previous, *one)
        links.append(Link._make((number, *one, previous, digest)))
        previous = digest
    return links


def by_hand(link: Link) -> str:
    """What a court computes with nothing but SHA-256 and JSON."""
    covered = [link.previous_digest, *link[1:7]]
    written = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@given(entries)
def test_an_untouched_chain_holds_and_is_what_anybody_computes(facts):
    links = chained(facts)
    found = follow(links)
    assert (found.entries, found.head, found.broken) == (len(links), links[-1].digest, None)
    assert [by_hand(link) for link in links] == [link.digest for link in links]


@given(entries, st.data())
def test_a_changed_field_breaks_it_there(facts, data):
    links = chained(facts)
    place = data.draw(st.integers(0, len(links) - 1))
    field = data.draw(st.sampled_from(Link._fields[1:]))
    changed = links[place]._replace(**{field: "never drawn, as it is longer than the others"})
    assert follow([*links[:place], changed, *links[place + 1 :]]).broken == links[place].id


@given(entries, st.data())
def test_a_line_left_out_or_swapped_breaks_it(facts, data):
    links = chained(facts)
    place = data.draw(st.integers(0, len(links) - 2))
    assert follow([*links[:place], *links[place + 1 :]]).broken is not None
    swapped = [*links[:place], links[place + 1], links[place], *links[place + 2 :]]
    assert follow(swapped).broken is not None


@given(entries)
def test_lines_are_read_as_they_were_written(facts):
    links = chained(facts)
    assert list(read_links(json.loads(link_line(link)) for link in links)) == links
