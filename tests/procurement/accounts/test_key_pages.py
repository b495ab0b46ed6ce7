"""Binding a key at a browser, with authorities from the data folder."""

import secrets
from dataclasses import replace

from bidding.sealing.suites import suite
from procurement.accounts.authorities import FOLDER
from procurement.accounts.certificates import signing_key_of
from procurement.accounts.key_binding import binding_statement
from procurement.database import transaction
from tests.procurement.accounts.authority import PLAIN, issue, new_root, seal
from tests.procurement.accounts.reading import found
from tests.procurement.world import MOMENT


def test_an_administrator_binds_a_key_with_the_organisations_certificate(world, tmp_path):
    root = new_root()
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "root.pem").write_bytes(root.pem)
    holder = issue(
        root, world.maker.name, issuing=replace(PLAIN, credit_code=world.maker.credit_code)
    )
    visitor, keys = world.as_maker(), f"/organisations/{world.maker.id}/keys"
    page = visitor.post(f"{keys}/begin").text
    challenge = found(r'name="challenge" value="([0-9a-f]{64})"', page)
    assert f"challenge: {challenge}" in page
    pair = suite("intl-1").signing_pair(bytes(32))
    statement = binding_statement(
        world.maker, suite="intl-1", public_key=pair.public.hex(), challenge=challenge
    ).encode()
    signature = suite("intl-1").sign(pair, message=statement, random_bytes=secrets.token_bytes)
    form = {
        "challenge": challenge,
        "suite": "intl-1",
        "public_key": pair.public.hex(),
        "key_signature": "00",
    }
    files = {"seal": ("statement.p7s", seal(holder, statement), "application/pkcs7-signature")}
    refused = visitor.post(f"{keys}/new", data=form, files=files)
    assert (refused.status_code, pair.public.hex() in refused.text) == (422, True)
    form["key_signature"] = signature.hex()
    assert world.as_hospital().post(f"{keys}/new", data=form, files=files).status_code == 404
    assert visitor.post(f"{keys}/new", data=form, files=files).status_code == 303
    with transaction(world.engine) as session:
        bound = signing_key_of(session, organisation_id=world.maker.id, on=MOMENT)
        assert bound == ("intl-1", pair.public)
    here = visitor.get(f"/organisations/{world.maker.id}").text
    assert pair.public.hex()[:16] in here
    revocation = found(rf'action="({keys}/\d+/revoke)"', here)
    assert visitor.post(revocation).status_code == 303
    with transaction(world.engine) as session:
        assert signing_key_of(session, organisation_id=world.maker.id, on=MOMENT) is None
