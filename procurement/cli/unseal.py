"""``jicai unseal``: a keyholder unseals its own shares without a browser."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from bidding.report_json import dumps
from bidding.sealing import (
    Envelope,
    HolderKey,
    Manifest,
    MismatchError,
    SharePosting,
    check_manifest,
    check_postponement,
    check_submission,
    closing_and_opening,
    post_shares,
    standing_envelopes,
    unlock_holder_key,
)
from bidding.sealing.evidence import Bundle, read_bundle
from procurement import clock
from procurement.cli.arguments import add_command
from procurement.cli.sealing_files import (
    BadFileError,
    add_bureau_key,
    add_passphrase,
    bureau_key_of,
    check_new,
    passphrase_of,
    read_key,
    read_many,
    write_new,
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "unseal",
        run,
        example="jicai unseal examples/sealed-bid --key examples/sealed-bid/keys/holder-1.json"
        " --passphrase-file examples/sealed-bid/keys/passphrase.txt",
    )
    parser.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="manifest and envelopes: files, folders or ZIP archives",
    )
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the key file")
    add_passphrase(parser)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where the shares go; standard output unless given"
    )
    add_bureau_key(parser)


def run(arguments: argparse.Namespace) -> int:
    """Unseal and sign."""
    if arguments.out is not None:
        check_new(arguments.out)
    bundle = read_bundle(read_many(arguments.paths))
    manifest = _manifest(arguments, bundle)
    key = unlock_holder_key(read_key(arguments.key), passphrase=passphrase_of(arguments))
    posting = post_shares(
        manifest,
        envelopes=_envelopes(bundle, manifest),
        seat=_seat(manifest, key),
        key=key,
        moment=clock.now(),
        random_bytes=secrets.token_bytes,
    )
    return _hand_out(arguments, posting)


def _manifest(arguments: argparse.Namespace, bundle: Bundle) -> Manifest:
    if len(bundle.manifests) != 1:
        problem = f"there are {len(bundle.manifests)} manifests"
        raise BadFileError("PATH", problem, "one manifest with the envelopes sealed under it")
    (manifest,) = bundle.manifests
    check_manifest(manifest, bureau_key=bureau_key_of(arguments))
    for notice in bundle.postponements:
        check_postponement(notice, manifest)
        _, opens_at = closing_and_opening(manifest, notice)
        if clock.now() < opens_at:
            raise BadFileError("PATH", "the opening was postponed", f"a moment from {opens_at} on")
    return manifest


def _envelopes(bundle: Bundle, manifest: Manifest) -> Sequence[Envelope]:
    order = {leaf: place for _, leaves in bundle.logs for place, leaf in enumerate(leaves)}
    own = [one for one in bundle.submissions if one.manifest == manifest.digest]
    for submission in own:
        check_submission(submission, manifest)
    if not own:
        raise BadFileError("PATH", "there is no envelope of the manifest", "one or more")
    if order:
        own = sorted((one for one in own if one.digest in order), key=lambda one: order[one.digest])
    else:
        own.sort(key=lambda one: one.version)
    return standing_envelopes(own)


def _seat(manifest: Manifest, key: HolderKey) -> int:
    for holder in manifest.holders:
        if holder.signing_key == key.signing_key.public:
            return holder.seat
    raise MismatchError("key", "the key of one of the manifest's holders")


def _hand_out(arguments: argparse.Namespace, posting: SharePosting) -> int:
    if arguments.out is None:
        sys.stdout.write(posting.to_bytes().decode() + "\n")
        return 0
    write_new(arguments.out, posting.to_bytes(), is_secret=True)
    unsealed, failed = len(posting.shares), len(posting.failed)
    if arguments.json:
        facts = {"file": str(arguments.out), "seat": posting.seat}
        sys.stdout.write(dumps({**facts, "unsealed": unsealed, "failed": list(posting.failed)}))
    elif arguments.lang == "zh":
        sys.stdout.write(f"第 {posting.seat} 席：解封 {unsealed} 份，未能解封 {failed} 份。\n")
    else:
        sys.stdout.write(f"Seat {posting.seat}: {unsealed} unsealed, {failed} did not open.\n")
    return 0
