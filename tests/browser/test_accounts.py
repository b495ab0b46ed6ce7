"""Accounts in a real browser: a link, a password, a second factor, a bound signing key."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from procurement.accounts.certificates.authorities import FOLDER
from procurement.accounts.certificates.service import signing_key_of
from procurement.accounts.people.invitations import Invited, invite_person
from procurement.clock import now
from procurement.database import make_engine, transaction
from procurement.permissions import Role
from tests.browser.looking import arrive
from tests.procurement.accounts.authority import PLAIN, issue, new_root, seal
from tests.procurement.world import PASSWORD, new_organisation, new_person
from tests.server import running_server

PASSPHRASE = "一句自己编的话好记又难猜"  # noqa: S105 - of a test's own key


@pytest.fixture
def served(tmp_path, sqlite_template):
    """A served platform with a manufacturer and a link for its administrator."""
    file = tmp_path / "jicai.sqlite3"
    shutil.copyfile(sqlite_template, file)
    engine = make_engine(f"sqlite:///{file}")
    with transaction(engine) as session:
        maker = new_organisation(session, "manufacturer", name="演示制药有限公司")
        token, _ = invite_person(
            session,
            organisation_id=maker.id,
            invited=Invited(
                name="申报经理", roles=frozenset({Role.MANUFACTURER, Role.ADMINISTRATOR})
            ),
            moment=now(),
        )
    with running_server(engine, tmp_path) as server:
        yield server, engine, maker, token
    engine.dispose()


def enter(page, served):
    """Accept the invitation and sign in."""
    server, _, _, token = served
    arrive(page, f"{server.address}/invitations/{token}")
    page.get_by_label("用户名").fill("bids@example.org")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="加入").click()
    expect(page.get_by_text("密码已保存")).to_be_visible()
    page.get_by_label("用户名").fill("bids@example.org")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="申报经理")).to_be_visible()


def test_a_link_leads_to_an_account_with_a_second_factor(context, served):
    page = context.new_page()
    enter(page, served)
    page.get_by_role("link", name="申报经理").click()
    page.get_by_role("link", name="设置动态验证码").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    secret = page.locator("main code").inner_text()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("手机上显示的 6 位数字").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("heading", name="恢复代码")).to_be_visible()
    assert page.locator("main li code").count() == 10


def make_key(page, folder):
    """Make a key in the page; keep its file and its statement."""
    page.get_by_role("button", name="绑定签名密钥").click()
    page.locator("#field-new-passphrase").fill(PASSPHRASE)
    page.locator("#field-again").fill(PASSPHRASE)
    page.get_by_role("button", name="生成密钥").click()
    expect(page.get_by_text("声明已签名")).to_be_visible(timeout=60_000)
    for label, name in [("下载密钥文件", "key.json"), ("下载声明", "statement.txt")]:
        with page.expect_download() as download:
            page.get_by_role("link", name=label).click()
        download.value.save_as(folder / name)


def open_key(page, folder):
    """Open the key file in the page, as somebody does who comes back."""
    page.get_by_text("已有密钥文件").click()
    page.locator("#field-key-file").set_input_files(folder / "key.json")
    page.locator("#open-key input[type=password]").fill(PASSPHRASE)
    page.get_by_role("button", name="打开密钥文件").click()
    expect(page.get_by_text("声明已签名")).to_be_visible(timeout=60_000)


def certificate_of(maker, folder):
    """The maker's certificate, by an authority that the platform trusts from now on."""
    root, moment = new_root(), now().replace(microsecond=0)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "root.pem").write_bytes(root.pem)
    issuing = replace(
        PLAIN, credit_code=maker.credit_code, since=moment, until=moment + timedelta(days=300)
    )
    return issue(root, maker.name, issuing=issuing)


def test_a_key_made_in_the_browser_is_bound_by_the_organisations_certificate(
    context, served, tmp_path
):
    server, engine, maker, _ = served
    holder = certificate_of(maker, tmp_path)
    page = context.new_page()
    enter(page, served)
    arrive(page, f"{server.address}/organisations/{maker.id}")
    make_key(page, tmp_path)
    statement = (tmp_path / "statement.txt").read_bytes()
    (tmp_path / "statement.p7s").write_bytes(seal(holder, statement))
    page.reload()
    open_key(page, tmp_path)
    page.locator("#field-seal").set_input_files(tmp_path / "statement.p7s")
    page.get_by_role("button", name="绑定").click()
    expect(page.get_by_text("有效", exact=True)).to_be_visible()
    with transaction(engine) as session:
        bound = signing_key_of(session, organisation_id=maker.id, on=now())
    assert bound is not None
    assert bound.suite == "intl-1"
    assert f"public key: {bound.public_key.hex()}" in statement.decode()


def test_somebody_added_by_hand_signs_in_by_keyboard_alone(context, served):
    server, engine, maker, _ = served
    with transaction(engine) as session:
        new_person(session, maker, user="second@example.org", password=PASSWORD)
    page = context.new_page()
    arrive(page, f"{server.address}/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.get_by_label("用户名").focus()
    page.keyboard.type("second@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
