"""``jicai seal``: seal a bid, withdraw one, or reveal a content key, without a browser."""

import argparse
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from bidding.report_json import dumps
from bidding.sealing import (
    Bid,
    Envelope,
    Manifest,
    Purpose,
    ReceiptSecret,
    SigningKey,
    Submission,
    lines_above_ceiling,
    read_receipt_secret,
    read_submission,
    reveal_key,
    seal_bid,
    seal_withdrawal,
    unlock_signing_key,
)
from procurement.cli.arguments import add_command, add_encoding
from procurement.cli.bid_file import read_bid
from procurement.cli.describe_bid import describe_bid
from procurement.cli.question_file import check_answers, read_questions
from procurement.cli.sealing_files import (
    BadFileError,
    add_bureau_key,
    add_passphrase,
    check_new,
    manifest_of,
    passphrase_of,
    read_document,
    read_key,
    write_new,
)

DECLINED = 1
"""Exit status where a person did not confirm; nothing was written."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "seal",
        run,
        example="jicai seal examples/sealed-bid/manifest.json examples/sealed-bid/bid.csv "
        "--check --lang en",
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST", help="the round's manifest")
    parser.add_argument(
        "bid", type=Path, nargs="?", metavar="BID", help="CSV or JSON: the prices to seal"
    )
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="second answers: what is asked, as the interface gives it; checked before sealing",
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the bidder's key file")
    add_passphrase(parser)
    parser.add_argument("--bidder", help="who bids, as the platform names it: the credit code")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the envelope is written")
    parser.add_argument(
        "--secret", type=Path, metavar="FILE", help="where the receipt secret is written: keep it"
    )
    previous = "an earlier envelope (or withdrawal) of this bidder"
    parser.add_argument("--replaces", type=Path, metavar="FILE", help=f"{previous}: replace it")
    parser.add_argument("--withdraw", type=Path, metavar="FILE", help=f"{previous}: take it back")
    parser.add_argument(
        "--reveal", type=Path, metavar="FILE", help="a receipt secret: reveal its key, signed"
    )
    parser.add_argument("--check", action="store_true", help="only show the bid and its faults")
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    parser.add_argument(
        "--above-ceiling", action="store_true", help="seal although a price is above its ceiling"
    )
    add_bureau_key(parser)
    add_encoding(parser)


def run(arguments: argparse.Namespace) -> int:
    """Seal, withdraw or reveal."""
    manifest = manifest_of(arguments)
    if arguments.withdraw is not None:
        return _withdraw(arguments, manifest)
    if arguments.reveal is not None:
        return _reveal(arguments)
    if arguments.bid is None:
        raise BadFileError("BID", "is not given", "a CSV or JSON file with the prices")
    bid = read_bid(arguments.bid, manifest, encoding=arguments.encoding)
    if arguments.questions is not None:
        check_answers(bid, read_questions(arguments.questions), file=arguments.bid.name)
    if arguments.check:
        sys.stdout.write(describe_bid(bid, manifest, language=arguments.lang))
        return 0
    return _seal(arguments, manifest, bid)


def _seal(arguments: argparse.Namespace, manifest: Manifest, bid: Bid) -> int:
    out, secret_file = _new_file(arguments, "out"), _new_file(arguments, "secret")
    bidder = _given(arguments, "bidder", "the unified social credit code")
    previous = _previous(arguments.replaces, manifest)
    _refuse_above_ceiling(arguments, manifest, bid)
    sys.stderr.write(describe_bid(bid, manifest, language=arguments.lang))
    if not _confirmed(arguments):
        return DECLINED
    envelope, secret = seal_bid(
        manifest,
        bid=bid,
        bidder=bidder,
        version=1 if previous is None else previous.version + 1,
        replaces=None if previous is None else previous.digest,
        signing_key=_signing_key(arguments),
        random_bytes=secrets.token_bytes,
    )
    # The secret first: an envelope without it would have no fallback.
    write_new(secret_file, secret.to_bytes(), is_secret=True)
    write_new(out, envelope.to_bytes())
    _say(arguments, _Sealed(envelope, out, secret_file, secret))
    return 0


def _new_file(arguments: argparse.Namespace, name: str) -> Path:
    path = getattr(arguments, name)
    if path is None:
        raise BadFileError(f"--{name}", "is not given", "the name of a new file")
    return check_new(path)


def _given(arguments: argparse.Namespace, name: str, expected: str) -> str:
    value: str | None = getattr(arguments, name)
    if not value:
        raise BadFileError(f"--{name}", "is not given", expected)
    return value


def _previous(path: Path | None, manifest: Manifest) -> Submission | None:
    if path is None:
        return None
    previous = read_document(path, read_submission)
    # An amendment makes a new manifest, so only the round has to be the same.
    if previous.round_name != manifest.round_name:
        raise BadFileError(path, "is of another round", f"an envelope of {manifest.round_name}")
    # A sitting of second answers has one manifest, and envelopes of its own.
    if manifest.purpose is Purpose.ANSWERS and previous.manifest != manifest.digest:
        raise BadFileError(path, "is of another sitting", "an envelope under this manifest")
    return previous


def _refuse_above_ceiling(arguments: argparse.Namespace, manifest: Manifest, bid: Bid) -> None:
    above = lines_above_ceiling(bid, manifest)
    if above and not arguments.above_ceiling:
        named = "; ".join(f"lot {line.lot}, {line.strength}" for line in above)
        raise BadFileError(
            arguments.bid,
            f"a price above its ceiling: {named}",
            "prices up to their ceilings, or the option --above-ceiling",
        )


def _confirmed(arguments: argparse.Namespace) -> bool:
    if arguments.yes:
        return True
    chinese = arguments.lang == "zh"
    question = (
        "密封后不能查看，只能整份替换或撤回。密封请输入 yes："
        if chinese
        else ("Once sealed it cannot be read, only replaced or withdrawn. Type yes to seal: ")
    )
    sys.stderr.write(question)
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() == "yes":
        return True
    sys.stderr.write("未密封。\n" if chinese else "Not sealed.\n")
    return False


def _signing_key(arguments: argparse.Namespace) -> SigningKey:
    if arguments.key is None:
        raise BadFileError("--key", "is not given", "a key file, see jicai keys new")
    return unlock_signing_key(read_key(arguments.key), passphrase=passphrase_of(arguments))


@dataclass(frozen=True, slots=True)
class _Sealed:
    envelope: Envelope
    out: Path
    secret_file: Path
    secret: ReceiptSecret


def _say(arguments: argparse.Namespace, sealed: _Sealed) -> None:
    envelope = sealed.envelope
    if arguments.json:
        document = {
            "envelope": envelope.digest,
            "bidder": envelope.bidder,
            "version": envelope.version,
            "replaces": envelope.replaces,
            "file": str(sealed.out),
            "secret_file": str(sealed.secret_file),
        }
        sys.stdout.write(dumps(document))
    elif arguments.lang == "zh":
        sys.stdout.write(
            f"已密封：{sealed.out}（第 {envelope.version} 版，哈希 {envelope.digest}）\n"
            f"请妥善保管 {sealed.secret_file}：到场持有人不足时须凭它公布密钥。\n"
        )
    else:
        sys.stdout.write(
            f"Sealed: {sealed.out} (version {envelope.version}, hash {envelope.digest})\n"
            f"Keep {sealed.secret_file}: with it you reveal the key if too few holders turn up.\n"
        )


def _withdraw(arguments: argparse.Namespace, manifest: Manifest) -> int:
    out = _new_file(arguments, "out")
    previous = _previous(arguments.withdraw, manifest)
    if not isinstance(previous, Envelope):
        raise BadFileError(arguments.withdraw, "is no envelope", "the envelope to take back")
    withdrawal = seal_withdrawal(
        manifest,
        bidder=previous.bidder,
        version=previous.version + 1,
        replaces=previous.digest,
        signing_key=_signing_key(arguments),
        random_bytes=secrets.token_bytes,
    )
    write_new(out, withdrawal.to_bytes())
    _say_written(arguments, out, withdrawal.digest, "撤回书已签名", "Withdrawal signed")
    return 0


def _reveal(arguments: argparse.Namespace) -> int:
    out = _new_file(arguments, "out")
    secret = read_document(arguments.reveal, read_receipt_secret)
    key = _signing_key(arguments)
    reveal = reveal_key(secret, signing_key=key, random_bytes=secrets.token_bytes)
    write_new(out, reveal.to_bytes(), is_secret=True)
    _say_written(arguments, out, secret.envelope, "密钥公布书已签名", "Key reveal signed")
    return 0


def _say_written(arguments: argparse.Namespace, out: Path, digest: str, zh: str, en: str) -> None:
    if arguments.json:
        sys.stdout.write(dumps({"file": str(out), "digest": digest}))
    elif arguments.lang == "zh":
        sys.stdout.write(f"{zh}：{out}\n")
    else:
        sys.stdout.write(f"{en}: {out}\n")
