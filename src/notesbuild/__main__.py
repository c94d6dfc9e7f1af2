"""``python -m notesbuild`` is the command ``notesbuild``."""

from notesbuild.cli.main import main

main()
