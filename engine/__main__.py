"""`python -m engine` paints a picture; see `engine.cli`."""

import os
import sys

from engine.children import WAIT_POLICY


def main() -> int:
    """Run the command line; returns the exit code."""
    os.environ.setdefault(*WAIT_POLICY)  # before torch is loaded, which is after this
    try:
        from engine.cli import main as paint
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"{error.name} is missing; the engine needs: pip install 'easel[engine]'\n"
        )
        return 1
    return paint()


if __name__ == "__main__":
    sys.exit(main())
