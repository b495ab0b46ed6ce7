"""``jicai keys``: make, show and restore the key files of bidders and keyholders."""

import argparse
import base64
import secrets
import sys
from pathlib import Path

from bidding.report_json import Document, dumps
from bidding.sealing import (
    SUITES,
    HolderKey,
    KeyFile,
    KeyUse,
    SigningKey,
    canonical_bytes,
    lock_key,
    new_holder_key,
    new_signing_key,
    read_key_file,
    seed_from_words,
    suite,
    unlock_holder_key,
    unlock_signing_key,
    words_from_seed,
)
from bidding.sealing.signing import sign_document, with_signature
from procurement.bids.keyholders.holder_proof import HolderStatement
from procurement.cli.arguments import add_command
from procurement.cli.sealing_files import (
    BadFileError,
    add_passphrase,
    check_new,
    passphrase_of,
    read_file,
    read_key,
    write_new,
)

ACTIONS = ("new", "show", "words", "restore", "hand-over")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "keys",
        run,
        example="jicai keys show examples/sealed-bid/keys/bidder.json",
    )
    parser.add_argument("action", choices=ACTIONS, metavar="ACTION", help=", ".join(ACTIONS))
    parser.add_argument("file", type=Path, metavar="FILE", help="the key file")
    parser.add_argument(
        "--use",
        choices=[one.value for one in KeyUse],
        default=KeyUse.BIDDER.value,
        help="whose key it is; bidder unless given",
    )
    parser.add_argument(
        "--suite", choices=sorted(SUITES), default="intl-1", help="intl-1 unless given"
    )
    parser.add_argument(
        "--words-file",
        type=Path,
        metavar="FILE",
        help="restore: a file with the 33 words; typed in unless given",
    )
    parser.add_argument("--round", metavar="NAME", help="hand-over: the round's short name")
    parser.add_argument("--seat", type=int, help="hand-over: the holder's seat in it")
    add_passphrase(parser)


def run(arguments: argparse.Namespace) -> int:
    """Carry out one action."""
    actions = {
        "new": _new,
        "show": _show,
        "words": _words,
        "restore": _restore,
        "hand-over": _hand_over,
    }
    return actions[arguments.action](arguments)


def _new(arguments: argparse.Namespace) -> int:
    check_new(arguments.file)
    use = KeyUse(arguments.use)
    make = new_holder_key if use is KeyUse.HOLDER else new_signing_key
    key = make(arguments.suite, random_bytes=secrets.token_bytes)
    return _write(arguments, key, use)


def _write(arguments: argparse.Namespace, key: HolderKey | SigningKey, use: KeyUse) -> int:
    content = lock_key(
        key,
        use=use,
        passphrase=passphrase_of(arguments, is_new=True),
        random_bytes=secrets.token_bytes,
    )
    write_new(arguments.file, content, is_secret=True)
    _say(arguments, read_key_file(content))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    _say(arguments, read_key(arguments.file))
    return 0


def _say(arguments: argparse.Namespace, file: KeyFile) -> None:
    facts = _facts(file)
    if arguments.json:
        sys.stdout.write(dumps(facts))
    else:
        sys.stdout.writelines(f"{name}: {value}\n" for name, value in facts.items() if value)


def _facts(file: KeyFile) -> Document:
    return {
        "suite": file.suite_name,
        "use": file.use.value,
        "signing_key": base64.b64encode(file.signing_key).decode(),
        "sealing_key": file.sealing_key and base64.b64encode(file.sealing_key).decode(),
        # Short enough to be read aloud and compared.
        "fingerprint": suite(file.suite_name).hash(file.signing_key).hex()[:16],
    }


def _words(arguments: argparse.Namespace) -> int:
    file = read_key(arguments.file)
    unlock = unlock_holder_key if file.use is KeyUse.HOLDER else unlock_signing_key
    key = unlock(file, passphrase=passphrase_of(arguments))
    words = words_from_seed(key.seed, random_bytes=secrets.token_bytes)
    if arguments.json:
        sys.stdout.write(dumps({"words": list(words)}))
    else:
        numbered = (f"{number:2}  {word}\n" for number, word in enumerate(words, start=1))
        sys.stdout.writelines(numbered)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    check_new(arguments.file)
    seed = seed_from_words(_typed_words(arguments))
    use = KeyUse(arguments.use)
    kind = HolderKey if use is KeyUse.HOLDER else SigningKey
    return _write(arguments, kind(arguments.suite, seed), use)


def _hand_over(arguments: argparse.Namespace) -> int:
    """Print what a holder's page would send: both public keys, signed, for one seat."""
    if not arguments.round or not arguments.seat:
        raise BadFileError("--round, --seat", "are not given", "the round and the holder's seat")
    key = unlock_holder_key(read_key(arguments.file), passphrase=passphrase_of(arguments))
    statement = HolderStatement(
        suite_name=key.suite_name,
        round_name=arguments.round,
        seat=arguments.seat,
        sealing_key=key.sealing_pair.public,
        signing_key=key.signing_key.public,
    ).unsigned()
    signature = sign_document(statement, key=key.signing_key, random_bytes=secrets.token_bytes)
    document = canonical_bytes(with_signature(statement, signature))
    sys.stdout.write(f"{document.decode()}\n")
    return 0


def _typed_words(arguments: argparse.Namespace) -> list[str]:
    if arguments.words_file is not None:
        text = read_file(arguments.words_file).decode(errors="replace")
    elif sys.stdin.isatty():
        chinese = arguments.lang == "zh"
        sys.stderr.write(
            "依次输入 33 个单词，以空行结束：\n"
            if chinese
            else ("Type the 33 words in their order, then an empty line:\n")
        )
        text = " ".join(iter(lambda: sys.stdin.readline().strip(), ""))
    else:
        raise BadFileError("--words-file", "is not given", "a file, as nobody can be asked")
    # Numbers in front of words, as `jicai keys words` prints them, are passed over.
    return [word for word in text.split() if not word.isdigit()]
