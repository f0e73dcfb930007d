"""What a new password must be (OWASP ASVS 5.0, 6.2): long, and nothing that is tried first.

No rule about its letters and no end date: both make passwords worse. The list of common passwords is in the
package (``webapp.auth.common``): nothing is asked of anybody.
"""

import re

from webapp.auth.common import is_common
from webapp.auth.passwords import LONGEST, SHORTEST
from webapp.i18n import gettext

_OWN_WORDS = (
    "titian",
    "dinas",
    "sosial",
    "dinsos",
    "peksos",
    "petugas",
    "manajer",
    "rehabilitasi",
    "password",
    "katasandi",
    "sandi",
    "rahasia",
    "admin",
    "anak",
    "abh",
    "ampk",
    "kemensos",
    "kemenpppa",
    "indonesia",
    "merdeka",
    "bismillah",
    "sayang",
    "qwerty",
    "asdfgh",
    "abcdef",
)
_LEAST_REST = 6
"""Letters that must be left when the known words, the own name and the like are taken out."""


def password_problem(password: str, user_id: str = "", name: str = "") -> str:
    """What is wrong with a new password, or nothing."""
    if len(password) < SHORTEST:
        return gettext("The password has at least %(least)s characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return gettext("The password has at most %(most)s characters.", most=LONGEST)
    if is_common(password):
        return gettext(
            "Many people use this password, so it is tried first. Choose several words of your own."
        )
    if _left(password, user_id, name) < _LEAST_REST:
        return gettext(
            "The password is made of names and words that are easy to guess. Add words of your own."
        )
    return ""


def _left(password: str, user_id: str, name: str) -> int:
    """How much of it is no known word, no letter again and again, no year and no row of digits."""
    own = [word for word in re.split(r"[\W_]+", f"{user_id} {name}".casefold()) if len(word) > 2]
    rest = password.casefold()
    for word in sorted({*_OWN_WORDS, *own}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    rest = re.sub(r"(19|20)\d\d|0?1234567?8?9?0?|(.)\2{2,}", " ", rest)
    return len(set("".join(rest.split())))
