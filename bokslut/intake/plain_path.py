"""A file under a name that DuckDB takes as it stands: its readers expand * ? [ ] and ~, and read year=2024 as a column.

The file itself is not opened here.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# patterns, schemes, the home folder, and folders that DuckDB makes columns of
SPECIAL = re.compile(r"[*?\[\]{}~=:\\]")


@contextmanager
def plain_path(path: Path) -> Iterator[Path]:
    """The path, or a link to its file in a temporary folder where the path has a sign that DuckDB expands.

    The link is gone afterwards, so that no view may outlive the block. Raises OSError.
    """
    if not SPECIAL.search(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "received"
        try:
            link.symlink_to(path.resolve())
        except OSError:
            # a system that keeps links from its users
            shutil.copyfile(path, link)
        yield link
