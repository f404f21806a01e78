"""What every answer carries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.actors import Actor
from accounts.models import User
from accounts.services.logins import create_login_link


@pytest.fixture
def built(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A front end as the build leaves it."""
    studio = tmp_path / "studio"
    (studio / "assets").mkdir(parents=True)
    manifest = {
        "src/main.tsx": {
            "file": "assets/main-abcd1234.js",
            "css": ["assets/main-abcd1234.css"],
            "imports": ["_shared.js"],
        },
        "_shared.js": {"file": "assets/shared-abcd1234.js", "css": ["assets/shared-abcd1234.css"]},
    }
    (studio / "manifest.json").write_text(json.dumps(manifest))
    for name in ("main-abcd1234.js", "main-abcd1234.css", "shared-abcd1234.js", "shared-abcd1234.css"):
        (studio / "assets" / name).write_text("/* built */")
    settings.STATIC_ROOT = studio  # type: ignore[attr-defined]
    return studio


def policy_of(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split(";")]
    return {part[0]: part[1:] for part in parts if part}


@pytest.fixture
def page(owner: Actor, built: Path) -> Client:
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=owner.user_id))})
    return client


def test_the_page_runs_only_our_own_scripts(page: Client) -> None:
    answer = page.get("/")
    policy = policy_of(answer["Content-Security-Policy"])
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["connect-src"] == ["'self'"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "'unsafe-eval'" not in policy["script-src"]


def test_the_style_nonce_is_in_the_page_and_new_each_time(page: Client) -> None:
    nonces = []
    for _ in range(2):
        answer = page.get("/")
        nonce = next(one for one in policy_of(answer["Content-Security-Policy"])["style-src"] if "nonce" in one)
        value = nonce.strip("'").removeprefix("nonce-")
        assert f'<meta name="csp-nonce" content="{value}">' in answer.content.decode()
        nonces.append(value)
    assert nonces[0] != nonces[1]


def test_the_page_names_what_the_build_made(page: Client) -> None:
    text = page.get("/pipelines/abc").content.decode()
    assert '<script type="module" src="/static/assets/main-abcd1234.js"></script>' in text
    assert '<link rel="stylesheet" href="/static/assets/main-abcd1234.css">' in text
    assert '<link rel="stylesheet" href="/static/assets/shared-abcd1234.css">' in text
    assert '<link rel="modulepreload" href="/static/assets/shared-abcd1234.js">' in text


def test_without_a_build_the_page_says_what_to_do(owner: Actor) -> None:
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=owner.user_id))})
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make build" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/login", "/health/live", "/api/session/", "/api/nothing/", "/static/none.js"])
def test_every_answer_is_closed_to_other_sites(path: str, db: None, built: Path) -> None:
    answer = Client().get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer


def test_built_files_are_served_to_everybody_and_kept_for_ever(built: Path, db: None) -> None:
    answer = Client().get("/static/assets/main-abcd1234.js")
    assert answer.status_code == 200
    assert answer.content == b"/* built */"
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Access-Control-Allow-Origin" not in answer


def test_a_foreign_host_name_is_refused(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/login", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_the_request_id_comes_back_and_is_ours_when_it_is_odd(db: None) -> None:
    assert Client().get("/health/live", headers={"X-Request-Id": "abc-12345"})["X-Request-Id"] == "abc-12345"
    for odd in ("short", "with space in it", "x" * 65, "<script>alert</script>"):
        given = Client().get("/health/live", headers={"X-Request-Id": odd})["X-Request-Id"]
        assert given != odd
        assert len(given) == 16


def test_debug_is_off() -> None:
    assert settings.DEBUG is False
