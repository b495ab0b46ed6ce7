"""The files of the containers agree with each other and with what the documents promise."""

import re

import pytest

from tests.house_rules import ROOT

COMPOSE = (ROOT / "docker" / "compose.yaml").read_text("utf-8")
PROXY = (ROOT / "docker" / "nginx.conf").read_text("utf-8")
LOGS = (ROOT / "docker" / "compose.logs.yaml").read_text("utf-8")
IMAGE = (ROOT / "docker" / "Dockerfile").read_text("utf-8")


def test_the_proxy_asks_both_processes():
    processes = re.findall(r"^  (platform-\d):$", COMPOSE, re.M)
    assert processes == ["platform-1", "platform-2"]
    assert re.findall(r"server (platform-\d):8000", PROXY) == processes


def test_every_service_says_whether_it_is_well():
    proxy = COMPOSE.split("\n  proxy:\n")[1].split("\n  database:\n")
    assert "healthcheck:" in COMPOSE.split("\nservices:\n")[0]
    assert all("healthcheck:" in service for service in proxy)
    assert "HEALTHCHECK" in IMAGE


@pytest.mark.parametrize("log", [r"access_log off;", r"error_log /dev/stderr crit;"])
def test_the_proxy_logs_no_requests(log):
    assert re.search(log, PROXY)


def test_the_database_logs_no_statements_and_keeps_every_commit():
    assert "log_statement=none" in COMPOSE
    assert "synchronous_commit=on" in COMPOSE


def test_only_pages_are_led_from_http_to_https():
    plain = PROXY.split("listen 80 default_server;")[1].split("listen 443")[0]
    assert re.search(r"location /api/ \{ return 403; \}", plain)
    assert re.search(r"if \(\$request_method !~ \^\(GET\|HEAD\)\$\) \{ return 403; \}", plain)
    assert plain.count("return 308 https://$host$request_uri;") == 1


def test_the_proxy_speaks_todays_protocols_with_authenticated_ciphers_only():
    assert re.findall(r"ssl_protocols (.+);", PROXY) == ["TLSv1.2 TLSv1.3"]
    assert re.findall(r"ssl_ciphers (.+);", PROXY) == ["ECDHE+AESGCM:ECDHE+CHACHA20"]


@pytest.mark.parametrize("address", ["/metrics", "/ready"])
def test_what_operators_ask_is_not_for_visitors(address):
    assert f"location = {address} {{ return 404; }}" in PROXY


def test_only_the_proxy_is_reached_from_outside():
    published = [part for part in COMPOSE.split("\n  ") if part.lstrip().startswith("ports:")]
    assert len(published) == 1


def test_nothing_but_the_proxy_has_a_way_out():
    services, networks = COMPOSE.split("\nnetworks:\n")
    inside, outside = networks.split("\n  outside:")
    assert re.search(r"^    internal: true$", inside, re.M)
    assert "internal" not in outside.split("\nvolumes:")[0]
    joined = re.findall(r"^    networks: \[(.+)\]$", services, re.M)
    joined += re.findall(r"^  networks: \[(.+)\]$", services, re.M)
    assert sorted(joined) == ["inside", "inside", "inside, outside"]


def test_logs_can_be_sent_to_another_machine_over_an_encrypted_connection():
    services = re.findall(r"^  ([\w-]+):$", COMPOSE.split("\nservices:\n")[1], re.M)
    sent = re.findall(r"^  ([\w-]+):\n    logging: \*elsewhere$", LOGS, re.M)
    named = [name for name in services if name not in {"inside", "outside", "files", "rows"}]
    assert sorted(sent) == sorted(named)
    assert "driver: syslog" in LOGS
    assert "syslog-address: tcp+tls://${LOG_ADDRESS:?}" in LOGS
    assert "skip-verify" not in LOGS


def test_the_processes_run_without_rights_and_no_secret_is_in_the_files():
    assert re.search(r"^USER jicai$", IMAGE, re.M)
    assert "cap_drop: [ALL]" in COMPOSE
    for secret in ("JICAI_SECRET_KEY", "DATABASE_PASSWORD"):
        assert re.search(rf"\${{{secret}:\?}}", COMPOSE)
    ignored = (ROOT / "docker" / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert {"jicai-data", "docker/.env", "docker/tls", ".git"} <= set(ignored)


def test_visitors_cannot_say_for_whom_they_ask():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in PROXY
    network = re.search(r"subnet: (\S+)", COMPOSE)
    assert network is not None
    assert f"JICAI_PROXIES:-{network[1]}" in COMPOSE
