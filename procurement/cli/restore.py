"""``jicai restore FILE``: an empty installation becomes the one that was backed up."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from bidding.report_json import dumps
from procurement.cli.arguments import add_command
from procurement.cli.describe_recovery import describe, document
from procurement.cli.opening import check_folder
from procurement.database import make_engine
from procurement.recovery.restore import Restored, restore
from procurement.settings import KEY_FILE, Settings, read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "restore",
        run,
        example="jicai restore jicai.back-up",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="as `jicai back-up` made it")


def run(arguments: argparse.Namespace) -> int:
    """Restore, compare, and say what was compared."""
    settings = _with_key(read_settings(os.environ))
    check_folder(settings)
    engine = make_engine(settings.database_url, sandbox=settings.is_sandbox)
    try:
        restored = restore(engine, settings=settings, file=arguments.file)
    finally:
        engine.dispose()
    if arguments.json:
        printed = {**document(restored.manifest), "key_fits": restored.key_fits}
        sys.stdout.write(dumps(printed))
        return 0
    zh = arguments.lang == "zh"
    sys.stdout.write("已恢复，与备份一致：\n" if zh else "restored; the same as backed up:\n")
    sys.stdout.write(describe(restored.manifest, language=arguments.lang))
    sys.stdout.write(_about_key(restored, zh=zh))
    return 0


def _with_key(settings: Settings) -> Settings:
    """Take the key that was put back beforehand; none is made, as it would open nothing."""
    file = settings.data / KEY_FILE
    if settings.secret_key is not None or not file.exists():
        return settings
    return replace(settings, secret_key=file.read_bytes())


def _about_key(restored: Restored, *, zh: bool) -> str:
    if restored.key_fits:
        return "安装密钥相符\n" if zh else "the installation's key fits\n"
    if restored.key_fits is None:
        return (
            "启动前请放回安装密钥（JICAI_SECRET_KEY）\n"
            if zh
            else "put the installation's key back before you start (JICAI_SECRET_KEY)\n"
        )
    return (
        "警告：此安装密钥打不开已封存的内容，进行中的批次既不能截止也不能开启\n"
        if zh
        else "WARNING: this installation's key does not open what is sealed: running rounds can "
        "neither be closed nor opened\n"
    )
