"""What can be done: one transaction a command, all of it or nothing.

A command loads what it changes, decides by ``engine.access``, and writes state, user tasks, variables, jobs
and history together. It holds nothing in memory afterwards and commits nowhere else.
"""
