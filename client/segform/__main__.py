"""`python -m segform`: the command line, without a script on PATH."""

from segform.cli import main

main()
