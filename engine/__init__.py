"""Executes processes. Knows the database; never Flask, HTTP or a particular agency."""
