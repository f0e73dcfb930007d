"""What a guess at a stolen password costs: OWASP's least for argon2id, or more."""

import re
import subprocess
import sys


def test_a_hash_costs_what_owasp_asks_for() -> None:
    program = "from webapp.auth.passwords import hash_password; print(hash_password('coba'))"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", made)
    assert found, made
    memory, times = int(found[1]), int(found[2])
    assert (memory, times) >= (47104, 1) or (memory >= 19456 and times >= 2)
