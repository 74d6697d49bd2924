"""A private slapd with the objects of the fixture, on a loopback port, as any user."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import entries
import schema
from directory import Directory

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
envflags writemap
"""


class Slapd(Directory):
    """A running server: both domains of the forest in one tree. Used as a context."""

    CREDENTIALS = ADMIN, PASSWORD

    def __init__(self, home, fixture, more=()):
        """`fixture`: LDIF that is made loadable; `more`: content records that are so already."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"ldap://127.0.0.1:{free.getsockname()[1]}"
        self.home = Path(home).resolve()
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "db").mkdir(parents=True)
        (self.home / "ad.schema").write_text("".join(schema.slapd()))
        (self.home / "slapd.conf").write_text(CONFIGURATION.format(self.home, entries.ROOT, ADMIN, PASSWORD))
        with open(self.home / "content.ldif", "w") as file:
            file.write(entries.loadable(fixture, [], [*schema.CLASSES, "organizationalUnit", "domain"]))
            file.writelines(more)
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", self.home / "slapd.conf", "-l", self.home / "content.ldif"],
                       check=True, stderr=subprocess.DEVNULL)

    def __enter__(self):
        with open(self.home / "log", "w") as log:
            self.server = subprocess.Popen(
                ["/usr/sbin/slapd", "-f", self.home / "slapd.conf", "-h", self.url, "-d", "0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(200):
            if self.server.poll() is not None:
                break
            if self.client("ldapsearch", "-s", "base", "-b", "").returncode == 0:
                return self
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

    def command(self, path, *arguments):
        """What runs one of a run's scripts, bound as administrator."""
        return ["sh", path, *arguments, "-x", "-H", self.url, "-D", ADMIN, "-w", PASSWORD]

    def script(self, path, *arguments):
        """Runs one of a run's scripts."""
        return subprocess.run(self.command(path, *arguments), capture_output=True, text=True)

    def imported(self, out):
        """Imports a run by its script; says what went wrong."""
        done = self.script(out / "apply.sh")
        return done.stderr if done.returncode else ""

    def killed_import(self, out):
        """Kills the script of a run, and its ldapmodify, in the middle of the middle batch."""
        batches = sorted(out.glob("*-apply.ldif"))
        middle = batches[len(batches) // 2].name[:4]
        importer = subprocess.Popen(self.command(out / "apply.sh"), stderr=subprocess.DEVNULL, start_new_session=True)
        output = out / "apply-log" / middle / "out"
        while importer.poll() is None and not (output.exists() and output.stat().st_size):
            time.sleep(0.001)
        os.killpg(importer.pid, signal.SIGKILL)
        importer.wait()

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
