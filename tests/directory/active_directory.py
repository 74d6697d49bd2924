"""A Samba Active Directory database, provisioned offline as any user, and its LDAP server.

The samba modules belong to Debian's own /usr/bin/python3.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
import uuid
from pathlib import Path

import entries
import schema
from directory import Directory

ADMIN, PASSWORD = "Administrator@contoso.com", "P@ssw0rd-T3st"
SERVER = """\
[global]
    netbios name = DC1
    realm = CONTOSO.COM
    workgroup = CONTOSO
    server role = active directory domain controller
    server services = ldap
    interfaces = lo
    bind interfaces only = yes
    ldap server require strong auth = no
    tls enabled = no
    private dir = {0}/private
    state directory = {0}/state
    cache directory = {0}/cache
    lock directory = {0}/run
    pid directory = {0}/run
    ncalrpc dir = {0}/run/ncalrpc
    ntp signd socket directory = {0}/run/ntp_signd
    winbindd socket directory = {0}/run/winbindd
    log file = {0}/log/log.%m
    ldb:nosync = true
"""


PRESENT = [prefix + entries.ROOT for prefix in ("", "CN=Users,", "CN=Computers,", "CN=Services,CN=Configuration,")]


def provision(home, store):
    """The contoso.com domain in an absent or empty directory. The SID is fixed, GUIDs differ from run to run.

    `store`: tdb, as Samba's own default, or mdb, which is fast for a hundred thousand objects, too.
    """
    from samba.auth import system_session
    from samba.dcerpc import security
    from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
    from samba.param import LoadParm
    from samba.provision import FILL_FULL, provision as samba_provision

    (home / "etc").mkdir(parents=True)
    settings = LoadParm()
    settings.set("interfaces", "lo")
    settings.set("bind interfaces only", "yes")
    log = logging.getLogger("provision")
    log.setLevel(logging.ERROR)
    # The sysvol ACLs need root; nothing here reads sysvol.
    samba_provision(
        log, system_session(), targetdir=str(home), samdb_fill=FILL_FULL, realm="CONTOSO.COM", domain="CONTOSO",
        domainsid=security.dom_sid("S-1-5-21-1004336348-1177238915-682003330"), hostname="dc1", hostip="127.0.0.1",
        adminpass=PASSWORD, dns_backend="NONE", serverrole="active directory domain controller",
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2, base_schema="2012_R2", useeadb=True, use_rfc2307=True,
        lp=settings, skip_sysvolacl=True, backend_store=store)


class Samba(Directory):
    """The database in `home`."""

    def __init__(self, home):
        self.home = Path(home).resolve()

    @classmethod
    def contoso(cls, cache, fixture):
        """The domain with the msRTCSIP schema and the objects of the fixture."""
        return cls.made(Path(cache) / "samba", "tdb", entries.loadable(fixture, PRESENT))

    @classmethod
    def made(cls, home, store, content):
        """A domain with the msRTCSIP schema and this content; made once, by the first who asks for it, then kept."""
        samba, ready = cls(home), Path(home) / "ready"
        attributes, classes = ("".join(part(entries.ROOT)) for part in (schema.samba_attributes, schema.samba_classes))
        made_of = hashlib.sha256("".join([attributes, classes, content]).encode()).hexdigest()
        with open(f"{home}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists() or ready.read_text() != made_of:
                shutil.rmtree(samba.home, ignore_errors=True)
                subprocess.run([sys.executable, __file__, "provision", samba.home, store], check=True,
                               stderr=subprocess.DEVNULL)
                for text in (attributes, classes):
                    samba.must("ldbmodify", text, "--option=dsdb:schema update allowed=true")
                samba.must("ldbadd", content)
                ready.write_text(made_of)
        return samba

    def copy(self, home):
        """A database of its own for one test."""
        copy = Samba(home)
        shutil.rmtree(copy.home, ignore_errors=True)
        (copy.home / "etc").mkdir(parents=True)
        sockets = shutil.ignore_patterns("ldapi", "ldap_priv")
        shutil.copytree(self.home / "private", copy.home / "private", ignore=sockets)
        settings = (self.home / "etc/smb.conf").read_text()
        (copy.home / "etc/smb.conf").write_text(settings.replace(str(self.home), str(copy.home)))
        return copy

    def command(self, name, *arguments):
        """What runs one of the ldb tools on this database."""
        return [name, "-H", self.home / "private/sam.ldb", f"--configfile={self.home}/etc/smb.conf", *arguments]

    def tool(self, name, *arguments):
        """Runs one of the ldb tools."""
        return subprocess.run(self.command(name, *arguments), capture_output=True, text=True)

    def must(self, name, text, *arguments):
        path = self.home / "input.ldif"
        path.write_text(text)
        done = self.tool(name, *arguments, path)
        # ldbadd answers 0 after an error, too: count the records.
        if f" {text.count('dn:')} records" not in done.stdout:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")

    def modify(self, path):
        """Imports a change file: the records it reports as applied, and what it said if it failed.

        ldbmodify is one transaction: an error in one record undoes all.
        """
        done = self.tool("ldbmodify", path)
        count = [int(word) for word in done.stdout.split() if word.isdigit()]
        return (count[0] if not done.returncode and count else 0), done.stderr if done.returncode else ""

    def imported(self, out):
        """Imports a run file by file; says what went wrong."""
        return self.apply(sorted(out.glob("*-apply.ldif")))

    def killed_import(self, out):
        """Imports the first half of a run, and kills ldbmodify in the transaction behind it."""
        batches = sorted(out.glob("*-apply.ldif"))
        half = len(batches) // 2
        self.apply(batches[:half])
        with subprocess.Popen(self.command("ldbmodify", batches[half]), stdout=subprocess.DEVNULL) as importer:
            time.sleep(0.2)
            importer.kill()

    def multiply(self, users):
        """Adds these users, `(DN, {attribute: values})`, as copies: of each kind, by its attributes, the first is there.

        Samba takes some milliseconds to add a user, more with each. This writes what it has made of the first beneath its
        modules, with a name, GUID, SID and sequence number of its own for each copy.
        """
        import ldb
        import samba

        path = self.home / f"private/sam.ldb.d/{entries.ROOT.upper()}.ldb"
        database = samba.Ldb(f"mdb://{path}", flags=ldb.FLG_NOSYNC,
                             options=["modules:", "batch_mode:1", "transaction_index_cache_size:500000"])
        kinds = {}
        database.transaction_start()
        for n, (dn, lines) in enumerate(users):
            if tuple(lines) not in kinds:
                [found] = database.search(base=dn, scope=ldb.SCOPE_BASE)
                kinds[tuple(lines)] = {name: [bytes(value) for value in found[name]] for name in found.keys()
                                       if name not in ("dn", "distinguishedName")}
                continue
            first = kinds[tuple(lines)]
            cn = dn.split(",")[0].removeprefix("CN=").encode()
            change = str(1_000_000 + n).encode()
            message = ldb.Message(ldb.Dn(database, dn))
            for name, values in (first | {n: v for n, v in lines.items() if n != entries.HOME} | {
                    "cn": [cn], "name": [cn], "uSNCreated": [change], "uSNChanged": [change],
                    "objectGUID": [uuid.uuid4().bytes_le],
                    "objectSid": [first["objectSid"][0][:-4] + struct.pack("<I", 1_000_000 + n)]}).items():
                message[name] = ldb.MessageElement(values, ldb.FLAG_MOD_ADD, name)
            database.add(message)
        database.transaction_commit()

    def served(self, *command):
        """Runs a command while the LDAP server of this database listens, both in a network namespace of their own.

        None where no namespace is to be had.
        """
        namespace = ["unshare", *([] if os.getuid() == 0 else ["--map-root-user"]), "--net"]
        if subprocess.run([*namespace, "true"], capture_output=True).returncode:
            return None
        serve = [sys.executable, __file__, "serve", self.home]
        return subprocess.run([*namespace, *serve, *command], capture_output=True, text=True)

    def script(self, path, *arguments):
        """Runs one of a run's scripts over LDAP, bound as administrator."""
        return self.served("sh", path, *arguments, "-x", "-H", "ldap://127.0.0.1", "-D", ADMIN, "-w", PASSWORD)

    def export(self):
        """The entries of the domains as ldbsearch prints them: a search ends at the border of a domain."""
        found = [self.tool("ldbsearch", "-b", base, "(objectClass=*)", "*") for base in (entries.ROOT, entries.EMEA)]
        return "".join(done.stdout for done in found if not done.returncode)


def serve(home, command):
    """Runs `command` while the LDAP server of `home` listens on 389: for a network namespace of its own."""
    home = Path(home).resolve()
    for name in ("run", "log", "cache", "state"):
        (home / name).mkdir(exist_ok=True)
    (home / "etc/server.conf").write_text(SERVER.format(home))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with open(home / "log/server", "w") as log:
        server = subprocess.Popen(
            ["/usr/sbin/samba", f"--configfile={home}/etc/server.conf",
             "--foreground", "--no-process-group", "--model=single"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            for _ in range(200):
                if subprocess.run(["ldapsearch", "-x", "-H", "ldap://127.0.0.1", "-s", "base", "-b", ""],
                                  capture_output=True).returncode == 0:
                    return subprocess.run(command).returncode
                if server.poll() is not None:
                    break
                time.sleep(0.1)
            sys.exit((home / "log/server").read_text() or "the LDAP server does not answer")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["provision", home, store]:
            provision(Path(home), store)
        case ["serve", home, *command]:
            sys.exit(serve(home, command))
        case ["fixture"]:
            top = Path(__file__).resolve().parents[2]
            print(Samba.contoso(top / "target/directory", (top / "fixtures/contoso/users.ldif").read_text()).home)
        case _:
            sys.exit("active_directory.py provision HOME STORE | serve HOME COMMAND… | fixture")
