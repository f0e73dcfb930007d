"""``titian``, the command line, for whoever keeps the server.

It acts as the system itself: whoever may run it on the server may do everything.
"""

from webapp.cli.main import main

__all__ = ["main"]
