"""Deadlines as people read them: in words, with their reasons."""
