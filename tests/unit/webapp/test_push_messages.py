"""Push messages: sealed as RFC 8291 says, and sent to push services only."""

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.desk import PushTarget
from webapp.config import Settings
from webapp.delivery.places import PlaceRefused, is_push_service, public_address
from webapp.delivery.sealing import (
    BrowserKeyInvalid,
    browser_keys,
    from_base64url,
    sealed_message,
    to_base64url,
)

EXAMPLE = PushTarget(
    "x",
    "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqK"
    "K6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text)), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    sealed = sealed_message(
        EXAMPLE,
        b"When I grow up, I want to be a watermelon",
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
        ours=private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        padded=0,
    )
    assert to_base64url(sealed) == SEALED


def test_another_library_reads_it_and_its_length_says_nothing() -> None:
    browser, secret = ec.generate_private_key(ec.SECP256R1()), bytes(range(16))
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    target = PushTarget("x", "https://push.example.net/", to_base64url(point), to_base64url(secret))
    short, long = sealed_message(target, b"ya"), sealed_message(target, b"Ada pemberitahuan baru")
    assert len(short) == len(long) < 4096
    assert http_ece.decrypt(short, private_key=browser, auth_secret=secret) == b"ya"


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", EXAMPLE.auth),
        (EXAMPLE.p256dh, ""),
        (EXAMPLE.p256dh, "!"),
        (EXAMPLE.p256dh, EXAMPLE.auth[:-4]),
        (to_base64url(b"\x04" + bytes(64)), EXAMPLE.auth),
        (to_base64url(bytes(65)), EXAMPLE.auth),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BrowserKeyInvalid):
        browser_keys(p256dh, auth)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com:443/Qabc",
    ],
)
def test_the_push_services_of_the_browsers_are_taken(endpoint: str) -> None:
    assert is_push_service(Settings(), endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://xpush.apple.com/x",
        "https://push.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://fcm.googleapis.com/x\r\nX-A: b",
        "https://fcm.googleapis.com:99999/x",
        "https://[/x",
        "file:///etc/passwd",
        f"https://fcm.googleapis.com/{'x' * 2048}",
        "",
    ],
)
def test_no_other_address_is_ever_called(endpoint: str) -> None:
    assert not is_push_service(Settings(), endpoint)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1"])
def test_a_name_that_leads_into_our_own_network_is_refused(host: str) -> None:
    with pytest.raises(PlaceRefused):
        public_address(host, 443)


def test_an_address_of_the_world_is_taken() -> None:
    assert public_address("8.8.8.8", 443) == "8.8.8.8"
