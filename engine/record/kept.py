"""The heads' file as proof: read in its order, each line held to the log's key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from engine.record.blocks import Head, is_signed, of_block, of_restoration
from engine.record.heads import read_lines
from engine.record.place import Seal


@dataclass
class KeptHeads:
    """``heads``: a mark of each block's head, small enough for a million of them; compared when the block's
    turn comes (``take``). ``unreadable``: lines that are not ours; ``restored``: moments of restorations."""

    unreadable: list[int] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    heads: dict[int, bytes] = field(default_factory=dict)

    def take(self, number: int) -> bytes | None:
        """The mark of the head that is kept of a block, once."""
        return self.heads.pop(number, None)

    def rest(self) -> list[int]:
        """Numbers of blocks that nobody has asked for."""
        return list(self.heads)


def mark(head: Head) -> bytes:
    """A short digest of a head, to compare it with."""
    return blake2b(repr(head).encode(), digest_size=16).digest()


def read_kept(path: Path, seal: Seal) -> KeptHeads:
    """What the file holds. What a restoration has made void is left out."""
    kept = KeptHeads()
    for line, found in read_lines(path):
        if not isinstance(found, Mapping):
            kept.unreadable.append(line)
        elif "restored" in found:
            _restore(kept, line, found, seal)
        else:
            _add(kept, line, found, seal)
    return kept


def _restore(kept: KeptHeads, line: int, found: Mapping[str, object], seal: Seal) -> None:
    number, at = found["restored"], str(found.get("at"))
    if not isinstance(number, int) or not _signed(seal, found, of_restoration(number, at)):
        kept.unreadable.append(line)
        return
    kept.restored.append(at)
    for gone in [n for n in kept.heads if n > number]:
        del kept.heads[gone]


def _add(kept: KeptHeads, line: int, found: Mapping[str, object], seal: Seal) -> None:
    head = as_head(found)
    if head is None or not _signed(seal, found, of_block(bytes.fromhex(head.hash))):
        kept.unreadable.append(line)
        return
    own = mark(head)
    if (
        kept.heads.setdefault(head.number, own) != own
    ):  # two histories of one block: neither the database's nor the file's can be right
        kept.unreadable.append(line)


def as_head(found: Mapping[str, object]) -> Head | None:
    """A head of a JSON object; None where it is none."""
    number, total = found.get("number"), found.get("total")
    texts = [found.get(name) for name in ("at", "hash", "signature")]
    if not isinstance(number, int) or not isinstance(total, int):
        return None
    at, hash_, signature = (text if isinstance(text, str) else "" for text in texts)
    try:
        bytes.fromhex(hash_), bytes.fromhex(signature)
    except ValueError:
        return None
    return Head(number, at, total, hash_, signature) if at and hash_ and signature else None


def _signed(seal: Seal, found: Mapping[str, object], content: bytes) -> bool:
    try:
        signature = bytes.fromhex(str(found.get("signature")))
    except ValueError:
        return False
    return is_signed(seal.public, signature, content)
