#!/usr/bin/env python3
"""applied.py EXPORT CHANGES : the export as a directory would write it once the change file is imported, on standard output.

For an export of corpus.py and a change file of `--split 0`: a record a user in the order of the export, which adds values alone.
"""

import sys


def records(path):
    """Each record's lines, comments and line ends with them."""
    lines = []
    with open(path, "rb") as file:
        for line in file:
            if line.strip():
                lines.append(line)
            elif lines:
                yield lines
                lines = []


def added(record):
    begin = next(at for at, line in enumerate(record) if line.startswith(b"changetype:")) + 1
    for line in record[begin:]:
        if line.startswith((b"delete:", b"replace:")):
            sys.exit(f"{sys.argv[2]} does more than add: {line}")
        if not line.startswith((b"add:", b"-")):
            yield line


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for entry, change in zip(records(sys.argv[1]), records(sys.argv[2]), strict=True):
        sys.stdout.buffer.writelines([*entry, *added(change), b"\r\n"])


main()
