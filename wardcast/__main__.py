"""The command `wardcast`, and `python -m wardcast`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; where one of its rooms is shadowed, say by which file, in words."""
    try:
        import wardcast
    except ImportError as shadowed:
        sys.exit(str(shadowed))
    del wardcast

    from pipelines.commands.cli import app

    app()


if __name__ == "__main__":
    main()
