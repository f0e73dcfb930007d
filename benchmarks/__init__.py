"""What a step costs, measured on this machine against a floor that is measured in the same run.

Law: a benchmark decides nothing in CI; it prints figures. It drives Titian as users do (over HTTP, or through
``engine``'s public names), on databases and servers of its own, in folders that go when it ends.
"""
