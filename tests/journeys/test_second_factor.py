"""A second factor: an authenticator app and a passkey, in a real browser."""

import base64
import hmac
import re
import struct
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import make_person


@pytest.fixture
def walk(site, page):
    """Somebody new, signed in. Passkeys need a name instead of a number for a host, so this walk says localhost."""
    handle = f"fay-{time.monotonic_ns() % 10**9}"
    return Walk(page, f"http://localhost:{urlsplit(site.url).port}", handle, make_person(site, handle))


class Walk:
    def __init__(self, page, base, handle, password):
        self.page, self.base, self.handle, self.password = page, base, handle, password

    def open(self, path):
        self.page.goto(self.base + path)

    def sign_in(self):
        self.page.context.clear_cookies()
        self.open("/accounts/login/")
        self.page.get_by_label("Handle or e-mail").fill(self.handle)
        self.page.get_by_label("Password").fill(self.password)
        self.press("Sign in")

    def press(self, words):
        """Press a button and wait until another document stands there."""
        before = self.page.evaluate("performance.timeOrigin")
        self.page.get_by_role("button", name=words, exact=True).first.click()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(Exception):  # between two documents there is nobody to ask
                if self.page.evaluate("performance.timeOrigin") != before:
                    return self.page.wait_for_load_state()
            time.sleep(0.05)
        raise AssertionError(f"{words} led nowhere")

    def confirm_it_is_me(self):
        """What touches the second factor asks for the password once more."""
        if "reauthenticate" in self.page.url:
            self.page.get_by_label("Password").fill(self.password)
            self.press("Confirm")

    def is_signed_in(self):
        self.open("/me/")
        return urlsplit(self.page.url).path == "/me/"


def totp(secret, moment=None):
    """The six digits of RFC 6238 with its default parameters (SHA-1, 30 s)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int((moment or time.time()) // 30))
    mac = hmac.new(key, counter, "sha1").digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_totp_is_the_algorithm_of_the_standard():
    assert totp(base64.b32encode(b"12345678901234567890").decode(), 59) == "287082"  # RFC 6238, appendix B


def test_authenticator_app_is_asked_for_at_the_next_sign_in(walk):
    walk.sign_in()
    walk.open("/accounts/2fa/totp/activate/")
    walk.confirm_it_is_me()
    assert walk.page.locator("img").evaluate("image => image.naturalWidth") > 0, "the QR code is drawn"
    secret = walk.page.locator("#authenticator_secret").input_value()
    walk.page.locator("input[name=code]").fill(totp(secret))
    walk.press("Activate")

    walk.sign_in()
    assert not walk.is_signed_in(), "the password alone is not enough"

    walk.sign_in()
    walk.page.locator("input[name=code]").fill("000000")
    walk.press("Sign In")
    assert not walk.is_signed_in(), "a wrong code is refused"

    walk.sign_in()
    # The code of the next half minute, since one that was used is not taken again.
    walk.page.locator("input[name=code]").fill(totp(secret, time.time() + 30))
    walk.press("Sign In")
    assert walk.is_signed_in()


@pytest.fixture
def authenticator(walk):
    """A device that holds keys and touches itself."""
    session = walk.page.context.new_cdp_session(walk.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def test_passkey_signs_in(walk, authenticator):
    walk.sign_in()
    walk.open("/accounts/2fa/webauthn/add/")
    walk.confirm_it_is_me()
    walk.page.get_by_label("Passwordless").check()
    walk.page.get_by_role("button", name="Add").click()
    walk.page.wait_for_url(re.compile("recovery-codes|webauthn/$|2fa/$"))

    walk.page.context.clear_cookies()
    assert not walk.is_signed_in()
    walk.open("/accounts/login/")
    walk.page.get_by_role("button", name="Sign in with a passkey").click()
    walk.page.wait_for_url(lambda url: "/login/" not in url)

    assert walk.is_signed_in()


def test_passkey_is_asked_for_after_the_password_and_a_recovery_code_stands_in_for_it_once(walk, authenticator):
    walk.sign_in()
    walk.open("/accounts/2fa/webauthn/add/")
    walk.confirm_it_is_me()
    walk.page.get_by_role("button", name="Add").click()
    walk.page.wait_for_url(re.compile("recovery-codes|webauthn/$|2fa/$"))
    walk.open("/accounts/2fa/recovery-codes/")
    walk.confirm_it_is_me()
    codes = walk.page.locator("#recovery_codes").input_value().split()
    assert len(codes) == len(set(codes)) == 10

    walk.sign_in()
    assert not walk.is_signed_in(), "the password alone is not enough"

    walk.sign_in()
    walk.page.get_by_role("button", name="Use a security key").click()
    walk.page.wait_for_url(lambda url: "/authenticate/" not in url)
    assert walk.is_signed_in(), "with the key it is"

    walk.sign_in()
    walk.page.locator("input[name=code]").fill(codes[0])
    walk.press("Sign In")
    assert walk.is_signed_in(), "and with a code that was kept"

    walk.sign_in()
    walk.page.locator("input[name=code]").fill(codes[0])
    walk.press("Sign In")
    assert not walk.is_signed_in(), "but not twice with the same"
