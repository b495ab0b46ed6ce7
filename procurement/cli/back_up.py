"""``jicai back-up FILE``: the whole installation in one file, while it runs."""

import argparse
import os
import sys
from pathlib import Path

from bidding.report_json import dumps
from procurement.cli.arguments import add_command
from procurement.cli.describe_recovery import describe, document
from procurement.clock import now
from procurement.database import check_installation, make_engine
from procurement.recovery.back_up import back_up
from procurement.settings import read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "back-up",
        run,
        example="jicai back-up jicai.back-up",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="is made; it must not exist")
    parser.add_argument(
        "--by-copy",
        action="store_true",
        help="PostgreSQL by COPY, also where pg_dump is installed",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file; say what a restore will be compared with."""
    settings = read_settings(os.environ)
    engine = make_engine(settings.database_url, sandbox=settings.is_sandbox)
    try:
        check_installation(engine, sandbox=settings.is_sandbox)
        manifest = back_up(
            engine,
            settings=settings,
            file=arguments.file,
            moment=now(),
            by_copy=arguments.by_copy,
        )
    finally:
        engine.dispose()
    if arguments.json:
        sys.stdout.write(dumps(document(manifest)))
        return 0
    zh = arguments.lang == "zh"
    size = arguments.file.stat().st_size
    head = f"备份已写入 {arguments.file}" if zh else f"backed up into {arguments.file}"
    without = "不含安装密钥，请另行保管" if zh else "without the installation's key: keep it apart"
    sys.stdout.write(f"{head} ({size:,} B), {without}\n")
    sys.stdout.write(describe(manifest, language=arguments.lang))
    return 0
