#!/usr/bin/env python3
"""floor.py EXPORT RUN OUT : what `enable` cannot do without, and nothing else, on two threads.

The export is read twice and hashed once; as much as the run directory RUN holds is written to OUT and hashed. Reading, hashing
and writing are done by the C library and the kernel without the interpreter's lock.
"""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BLOCK = 256 << 10


def read(path, hash=None, out=None):
    block = bytearray(BLOCK)
    with open(path, "rb", buffering=0) as file:
        while got := file.readinto(block):
            part = memoryview(block)[:got]
            if out:
                out.write(part)
            if hash:
                hash.update(part)


def copy(path, folder):
    with open(folder / path.name, "wb", buffering=0) as out:
        read(path, hashlib.sha256(), out)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    export, run, out = map(Path, sys.argv[1:])
    out.mkdir()
    files = sorted(run.iterdir(), key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(2) as threads:
        work = [threads.submit(read, export, hashlib.sha256()), threads.submit(read, export)]
        work += [threads.submit(copy, path, out) for path in files]
        for done in work:
            done.result()


main()
