"""Secrecy: a key for each case, kept apart from the data (UU 11/2012 Ps 19, UU 27/2022; issue 5).

Law of the house: the database that holds sealed values never holds a key that opens them. Case keys lie in
the key store, a database of its own, wrapped by a master key that lies in neither
(``docs/discussion/secrecy.md``). Destroying a case's key erases what it has sealed, wherever copies of that
lie. Knows nothing of processes.
"""

from engine.secrecy.cipher import CaseKey, open_text, seal_text
from engine.secrecy.halves import join_halves, split_key
from engine.secrecy.keys import Keys, KeyStoreView, keys_of, with_keys
from engine.secrecy.master import MasterKey
from engine.secrecy.place import KeyPlace

__all__ = [
    "CaseKey",
    "KeyPlace",
    "KeyStoreView",
    "Keys",
    "MasterKey",
    "join_halves",
    "keys_of",
    "open_text",
    "seal_text",
    "split_key",
    "with_keys",
]
