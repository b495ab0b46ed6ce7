"""Print the demo's platform: where it is, who signs in, and which keys there are."""

from dataclasses import asdict

from bidding.report_json import Document
from procurement.cli.aligned import table
from procurement.cli.demo_platform import Platform
from procurement.permissions import ROLE_NAMES, Role
from procurement.settings import Settings

_STAGES = (
    ("正在申报", "takes bids"),
    ("正在报量", "takes volumes"),
    (
        "已由七家中的四家共同开启，经评审、公示、确定中选和选区，协议已部分签订，开始采购",
        "was opened by four of seven, evaluated and awarded; it runs, and is ordered from",
    ),
)
"""Where the rounds stand, in the order in which the folder of keys names them."""


def platform_document(platform: Platform | None, settings: Settings) -> Document:
    """The platform's part of ``--json``; without a platform there are no accounts."""
    if platform is None:
        return {"accounts": []}
    kept = platform.kept
    return {
        "accounts": [asdict(account) for account in kept.accounts],
        "address": settings.public_address,
        "live_rounds": list(kept.rounds),
        "keys": str(platform.folder),
        "passphrase": kept.passphrase,
    }


def describe_platform(platform: Platform, settings: Settings, *, language: str) -> str:
    """The platform in words.

    Args:
        platform: The platform.
        settings: Where it is served.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed.
    """
    is_chinese = language == "zh"
    address, folder = settings.public_address, platform.folder
    if is_chinese:
        state = "已建立演示平台" if platform.is_new else "演示平台已在此前建立"
        lines = [
            f"{state}：运行 jicai serve，打开 {address}",
            *_rounds(platform, is_chinese),
            "账户（均为虚构）：",
        ]
        keys = f"密钥文件在 {folder}，口令 {platform.kept.passphrase}"
    else:
        state = "A platform to look at" + ("" if platform.is_new else ", set up earlier")
        lines = [
            f"{state}: run jicai serve and open {address}",
            *_rounds(platform, is_chinese),
            "accounts, all made up:",
        ]
        keys = f"key files are in {folder}, their passphrase is {platform.kept.passphrase}"
    return "\n".join(["", *lines, *_accounts(platform, is_chinese), keys]) + "\n"


def _accounts(platform: Platform, is_chinese: bool) -> list[str]:
    head = ["用户名", "密码", "角色", "机构"] if is_chinese else ["user", "password", "role", "at"]
    rows = [
        [
            account.user,
            account.password,
            ROLE_NAMES[Role(account.role)][0 if is_chinese else 1],
            account.organisation,
        ]
        for account in platform.kept.accounts
    ]
    return table([head, *rows])


def _rounds(platform: Platform, is_chinese: bool) -> list[str]:
    """What each round is there for; a platform of an earlier version has no third one."""
    rounds = zip(platform.kept.rounds, _STAGES, strict=False)
    if is_chinese:
        return [f"批次 {name} {zh}" for name, (zh, _en) in rounds]
    return [f"round {name} {en}" for name, (_zh, en) in rounds]
