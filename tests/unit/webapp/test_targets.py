"""After signing in one lands on a page of ours, whatever the address said."""

import pytest

from webapp.auth.targets import safe_target


@pytest.mark.parametrize("target", ["/", "/tasks/1?tab=mine", "/cases/a#facts", "/?search=https://x"])
def test_a_path_of_ours_is_kept(target: str) -> None:
    assert safe_target(target, "/home") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "tasks/1",
        "https://jahat.example/",
        "http:/x",
        "javascript:alert(1)",
        "//jahat.example",
        "///jahat.example",
        " //jahat.example",
        "/\\jahat.example",
        "\\\\jahat.example",
        "/\t/jahat.example",
        "/\n/jahat.example",
        "/a\\b",
        "/%0a\x00",
    ],
)
def test_everything_else_leads_home(target: str | None) -> None:
    assert safe_target(target, "/home") == "/home"
