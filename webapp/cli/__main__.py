"""`python -m webapp.cli`: the same as `titian`."""

from webapp.cli import main

main()
