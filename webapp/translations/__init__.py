"""The catalogues: every text of the pages and of the engine's messages, in Indonesian and in English.

``python -m webapp.translations.refresh`` brings them up to date with the code; what it leaves empty in
``id`` waits for a translator, and a test fails until it is filled. The build makes ``.mo`` of each ``.po``.
"""
