"""Binding a key at a browser, with authorities from the data folder."""

import secrets
from dataclasses import replace

from bidding.sealing.suites import suite
from procurement.accounts.certificates.authorities import FOLDER
from procurement.accounts.certificates.key_binding import binding_statement
from procurement.accounts.certificates.service import signing_key_of
from procurement.database import transaction
from tests.procurement.accounts.authority import PLAIN, issue, new_root, seal
from tests.procurement.accounts.reading import found
from tests.procurement.world import MOMENT


def certified(world, folder):
    """A certificate of the maker, by an authority that the platform trusts."""
    root = new_root()
    folder.mkdir()
    (folder / "root.pem").write_bytes(root.pem)
    issuing = replace(PLAIN, credit_code=world.maker.credit_code)
    return issue(root, world.maker.name, issuing=issuing)


def begin(world, visitor):
    """A fresh binding: its page's address and its challenge."""
    begun = visitor.post(f"/organisations/{world.maker.id}/keys/begin").headers["location"]
    page = visitor.get(begun)
    assert "wasm-unsafe-eval" in page.headers["content-security-policy"]
    return begun, found(r'name="challenge" value="([0-9a-f]{64})"', page.text)


def binding_form(world, challenge, holder):
    """What a browser and the keeper of the seal fill in: fields and file."""
    pair = suite("intl-1").signing_pair(bytes(32))
    statement = binding_statement(
        world.maker, suite="intl-1", public_key=pair.public.hex(), challenge=challenge
    ).encode()
    signature = suite("intl-1").sign(pair, message=statement, random_bytes=secrets.token_bytes)
    form = {
        "challenge": challenge,
        "suite": "intl-1",
        "public_key": pair.public.hex(),
        "key_signature": signature.hex(),
    }
    return form, {"seal": ("statement.p7s", seal(holder, statement), "application/pkcs7-signature")}


def test_an_administrator_binds_a_key_and_revokes_it(world, tmp_path):
    holder, visitor = certified(world, tmp_path / FOLDER), world.as_maker()
    begun, challenge = begin(world, visitor)
    form, files = binding_form(world, challenge, holder)
    assert begun in visitor.get(f"/organisations/{world.maker.id}").text
    keys = f"/organisations/{world.maker.id}/keys"
    assert visitor.post(f"{keys}/new", data=form, files=files).status_code == 303
    assert visitor.get(begun).status_code == 404
    with transaction(world.engine) as session:
        bound = signing_key_of(session, organisation_id=world.maker.id, on=MOMENT)
        assert bound == ("intl-1", bytes.fromhex(form["public_key"]))
    here = visitor.get(f"/organisations/{world.maker.id}").text
    assert form["public_key"][:16] in here
    assert visitor.post(found(rf'action="({keys}/\d+/revoke)"', here)).status_code == 303
    with transaction(world.engine) as session:
        assert signing_key_of(session, organisation_id=world.maker.id, on=MOMENT) is None


def test_a_refused_binding_keeps_what_was_typed(world, tmp_path):
    holder, visitor = certified(world, tmp_path / FOLDER), world.as_maker()
    _, challenge = begin(world, visitor)
    form, files = binding_form(world, challenge, holder)
    address = f"/organisations/{world.maker.id}/keys/new"
    refused = visitor.post(address, data={**form, "key_signature": "00"}, files=files)
    assert (refused.status_code, form["public_key"] in refused.text) == (422, True)
    without = visitor.post(address, data=form)
    assert (without.status_code, 'id="fault-seal"' in without.text) == (422, True)
    assert visitor.post(address, data=form, files=files).status_code == 303


def test_another_organisation_does_not_see_a_binding(world):
    begun, challenge = begin(world, world.as_maker())
    for visitor in (world.as_officer(), world.as_hospital()):
        assert visitor.get(begun).status_code == 404
        address = f"/organisations/{world.maker.id}/keys/new"
        assert visitor.post(address, data={"challenge": challenge}).status_code == 404
