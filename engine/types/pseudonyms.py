"""A name for a case that names nobody: it is remembered, said on the phone, and tells two cases apart."""

from hashlib import sha256

_TREES = """
Akasia Anggrek Asoka Bakung Bambu Beringin Bidara Bungur Cemara Cempaka Cendana Dadap Dahlia Delima
Flamboyan Gaharu Gandaria Jambu Jati Jeruk Kamboja Kapas Kapuk Kecapi Kedondong Kelapa Kemiri
Kemuning Kenari Kepel Ketapang Kesumba Kopi Lontar Mahoni Mangga Manggis Matoa Mawar Melati Melinjo
Mengkudu Meranti Merbau Nangka Nipah Padi Pakis Pala Pandan Pinang Pinus Puspa Rambutan Randu Rotan
Sagu Salak Sawo Sengon Seroja Sirih Srikaya Sukun Tanjung Teratai Trembesi Waru
"""
WORDS = tuple(_TREES.split())


def pseudonym_of(instance_id: str) -> str:
    """``Melati 27``: drawn from the id of a case, which says nothing of a person, so it never changes.

    Two cases may share one; the registration number tells them apart.
    """
    drawn = int.from_bytes(sha256(b"pseudonym " + instance_id.encode()).digest()[:8], "big")
    rest, word = divmod(drawn, len(WORDS))
    return f"{WORDS[word]} {10 + rest % 90}"
