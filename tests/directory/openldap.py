"""A private slapd with the objects of the fixture, on a loopback port, as any user."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import entries
import schema

ADMIN, PASSWORD = f"CN=admin,{entries.ROOT}", "secret"
CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {0}/ad.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {0}/slapd.pid
sizelimit unlimited
database mdb
suffix "{1}"
rootdn "{2}"
rootpw {3}
directory {0}/db
maxsize 1073741824
dbnosync
"""


class Slapd:
    """A running server: both domains of the forest in one tree. Used as a context."""

    CREDENTIALS = ADMIN, PASSWORD

    def __init__(self, home, fixture):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"ldap://127.0.0.1:{free.getsockname()[1]}"
        self.home = Path(home).resolve()
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "db").mkdir(parents=True)
        (self.home / "ad.schema").write_text("".join(schema.slapd()))
        (self.home / "slapd.conf").write_text(CONFIGURATION.format(self.home, entries.ROOT, ADMIN, PASSWORD))
        content = entries.loadable(Path(fixture).read_text(), [], [*schema.CLASSES, "organizationalUnit", "domain"])
        (self.home / "content.ldif").write_text(content)
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", self.home / "slapd.conf", "-l", self.home / "content.ldif"],
                       check=True, stderr=subprocess.DEVNULL)

    def __enter__(self):
        with open(self.home / "log", "w") as log:
            self.server = subprocess.Popen(
                ["/usr/sbin/slapd", "-f", self.home / "slapd.conf", "-h", self.url, "-d", "0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(200):
            if self.client("ldapsearch", "-s", "base", "-b", "").returncode == 0:
                return self
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError((self.home / "log").read_text() or "slapd does not answer")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def client(self, name, *arguments):
        """One of the OpenLDAP clients, bound as administrator."""
        command = [name, "-x", "-H", self.url, "-D", ADMIN, "-w", PASSWORD, *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def script(self, path, *arguments):
        """Runs one of a run's scripts, bound as administrator."""
        command = ["sh", path, *arguments, "-x", "-H", self.url, "-D", ADMIN, "-w", PASSWORD]
        return subprocess.run(command, capture_output=True, text=True)

    def modify(self, path):
        """Imports a change file: the records it reports as applied, and what it said if it failed.

        It goes on after a record that fails.
        """
        refused = self.home / "refused.ldif"
        refused.unlink(missing_ok=True)
        done = self.client("ldapmodify", "-c", "-S", refused, "-f", path)
        failed = refused.read_text().count("# Error:") if refused.exists() else 0
        return done.stdout.count("modifying entry") - failed, done.stderr if done.returncode else ""

    def export(self):
        """The entries as ldapsearch prints them."""
        return self.client("ldapsearch", "-LLL", "-b", entries.ROOT, "(objectClass=*)", "*").stdout

    def state(self):
        """The entries, canonical."""
        return entries.canonical(self.export())
