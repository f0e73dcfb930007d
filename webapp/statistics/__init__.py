"""Statistics: how many cases, how long, with what outcome, and the cases without identity as a file.

For ``petugas_data`` and ``manajer``. Numbers come from the engine as they may be told: what counts fewer than
three cases is "<3" on the page and in the files.
"""

from webapp.statistics import files, pages
from webapp.statistics.part import blueprint

__all__ = ["blueprint", "files", "pages"]
