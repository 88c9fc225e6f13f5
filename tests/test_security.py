"""Headers, health, logs and settings that keep the portal safe from the first day."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings

from brst_site.logs import JSONFormatter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/en/", "/ar/", "/api/v1/", "/en/nothing/", "/admin/login/", "/en/figures/?x=1", "/healthz"]
)
def test_the_content_policy_has_no_loophole(client, path):
    policy = client.get(path).headers.get("Content-Security-Policy", "")
    if path == "/healthz":
        assert policy == ""
        return
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_set_no_cookie(client):
    for path in ("/en/", "/en/countries/", "/api/v1/countries/"):
        assert not client.get(path).cookies


def test_health_is_answered_before_the_host_is_checked(client):
    assert client.get("/healthz", headers={"Host": "anything"}).json() == {"status": "ok"}
    ready = client.get("/readyz", headers={"Host": "anything"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "database": "ok", "migrations": "ok"})
    assert "no-store" in ready["Cache-Control"]
    assert "Site-Revision" not in ready


def test_a_wrong_host_is_refused(client):
    assert client.get("/en/", headers={"Host": "evil.example"}).status_code == 400


def test_tracking_keys_are_led_away_and_the_rest_is_kept(client):
    response = client.get("/en/countries/?utm_source=x&q=a&fbclid=1")
    assert (response.status_code, response["Location"]) == (301, "/en/countries/?q=a")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "en"), ("fr-CH,fr;q=0.9", "fr"), ("zh-CN", "zh-hans"), ("ar", "ar"), ("de,ru;q=0.5", "ru"), ("ja", "en")],
)
def test_the_root_leads_to_the_best_language(client, accepted, language):
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in response["Vary"]


def test_a_log_line_has_the_request_and_nothing_about_a_person(client, caplog):
    with caplog.at_level(logging.INFO, logger="portal.requests"):
        client.get("/en/countries/?q=secret-word", headers={"User-Agent": "Somebody"}, REMOTE_ADDR="203.0.113.9")
    lines = [JSONFormatter().format(record) for record in caplog.records if record.name == "portal.requests"]
    line = json.loads(lines[-1])
    assert (line["method"], line["path"], line["status"]) == ("GET", "/en/countries/", 200)
    assert not {"secret-word", "Somebody", "203.0.113.9"} & set(lines[-1].split('"'))
    assert "secret-word" not in lines[-1]


def deployed(**environment) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_deployment_check_has_no_warning_under_https():
    # Tests in a browser set this for their process; a deployment has it not.
    result = deployed(SITE_URL="https://portal.example.org", DJANGO_ALLOW_ASYNC_UNSAFE="")
    assert (result.returncode, "no issues" in result.stdout + result.stderr) == (0, True), result.stderr


def test_the_deployment_check_sees_a_host_that_is_not_allowed():
    result = deployed(SITE_URL="https://portal.example.org", ALLOWED_HOSTS="other.example.org")
    assert "portal.W001" in result.stderr


def test_metrics_are_there_for_who_has_the_token_alone(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "token"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer token"})
    assert "portal_ready 1\nportal_site_revision" in answer.content.decode()
