"""`python -m snapproof.cli` is `snapproof`."""

from .main import main

main()
