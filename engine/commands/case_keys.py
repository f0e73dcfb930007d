"""The key of a case for what is written beside its steps: the reasons and consents that people put in
words.
"""

from sqlalchemy import Connection, select, update

from engine.errors import InstanceErased
from engine.secrecy import CaseKey, keys_of, seal_text
from engine.store.tables import ProcessInstance


def key_of_case(tx: Connection, instance_id: str) -> CaseKey:
    """The key of a case, a new one where it has none; nothing else is sealed or erased there meanwhile.

    Raises ``InstanceErased`` where the case was erased, or its key destroyed.
    """
    of_case = select(ProcessInstance.key_id, ProcessInstance.erased_at)
    locked = of_case.where(ProcessInstance.id == instance_id).with_for_update(key_share=True)
    key_id, erased_at = tx.execute(locked).one()
    if erased_at is not None:  # the key may still be there: it is destroyed after the commit
        raise InstanceErased(id=instance_id)
    if key_id is None:
        key = keys_of(tx).take()
        tx.execute(update(ProcessInstance).where(ProcessInstance.id == instance_id).values(key_id=key.id))
        return key
    found = keys_of(tx).find(key_id)
    if found is None:
        raise InstanceErased(id=instance_id)
    return found


def sealed_words(tx: Connection, instance_id: str, purpose: str, words: str) -> str:
    """What a person has written about a case, sealed with its key. Raises ``InstanceErased``."""
    return seal_text(key_of_case(tx, instance_id), purpose, words)
