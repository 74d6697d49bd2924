"""What the tests do to a directory, whichever server has it."""

import entries


class Directory:
    """A directory in the folder `home`, which its server can `modify(path)` and `export()`."""

    def state(self):
        """The entries, canonical."""
        return entries.canonical(self.export())

    def apply(self, paths):
        """Imports change files up to the first that fails; says what was refused, or not counted as applied."""
        for path in paths:
            count, refusal = self.modify(path)
            records = sum(line.startswith("dn:") for line in path.read_text("ascii").splitlines())
            if refusal or count != records:
                return f"{path.name}: {count} of {records} records; {refusal}"
