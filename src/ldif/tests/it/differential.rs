//! Files that python-ldap, Net::LDAP::LDIF and ldapmodify read, too: where they agree, and where they are known to
//! differ.
//!
//! A peer that is not installed is skipped with a message (Debian: python3-ldap, libnet-ldap-perl, ldap-utils).

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ldif::{Content, Operation};
use ldif::{Profile, Record, Writer};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::{property, read};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Peer {
    Python,
    Perl,
    OpenLdap,
}

impl Peer {
    fn command(self) -> Command {
        let script = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name);
        let mut command = match self {
            // The packages of the distribution, not those of another interpreter that comes first in PATH.
            Self::Python => Command::new("/usr/bin/python3"),
            Self::Perl => Command::new("/usr/bin/perl"),
            Self::OpenLdap => Command::new("ldapmodify"),
        };
        match self {
            Self::Python => command.arg(script("read.py")),
            Self::Perl => command.arg(script("read.pl")),
            Self::OpenLdap => command.args(["-n", "-v", "-a", "-f"]),
        };
        command
    }

    fn is_installed(self) -> bool {
        let mut command = self.command();
        match self {
            Self::OpenLdap => command.arg("/dev/null"),
            _ => &mut command,
        };
        command.output().is_ok_and(|output| output.status.success())
    }

    /// Returns what the peer reads from each file; `None` if it refuses it.
    fn read(self, files: &[PathBuf]) -> Vec<Option<String>> {
        if self == Self::OpenLdap {
            return files.iter().map(|file| self.read_with_ldapmodify(file)).collect();
        }
        let output = self.command().args(files).output().expect("it is installed");
        let text = String::from_utf8(output.stdout).expect("the scripts print ASCII");
        let blocks = text.split("file\n").skip(1);
        blocks.map(|block| (!block.contains("error")).then(|| block.trim_ascii().to_owned())).collect()
    }

    /// Returns the kinds and names of the records, the only part of ldapmodify's output that can be compared.
    fn read_with_ldapmodify(self, file: &Path) -> Option<String> {
        let output = self.command().arg(file).output().expect("it is installed");
        let text = String::from_utf8_lossy(&output.stdout);
        let heads = text.lines().filter_map(|line| {
            let (verb, dn) = line.strip_prefix('!')?.split_once(" entry \"")?;
            let kind = match verb {
                "adding new" => "entry",
                "modifying" => "modify",
                "deleting" => "delete",
                _ => "rename",
            };
            Some(format!("{kind} {}", hex(dn.trim_end_matches('"').as_bytes())))
        });
        output.status.success().then(|| heads.collect::<Vec<_>>().join("\n"))
    }
}

const PEERS: [Peer; 3] = [Peer::Python, Peer::Perl, Peer::OpenLdap];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Formats our records as the scripts print them; for ldapmodify, only kinds and names.
fn dump(records: &[Record], peer: Peer) -> String {
    let mut out = Vec::new();
    for record in records {
        let kind = match &record.content {
            Content::Entry(_) | Content::Add(_) => "entry",
            Content::Modify(_) => "modify",
            Content::Rename(_) => "rename",
            _ => "delete",
        };
        out.push(format!("{kind} {}", hex(record.dn.as_bytes())));
        if peer == Peer::OpenLdap {
            continue;
        }
        let values = |name: &str, values: &[Vec<u8>], out: &mut Vec<String>| {
            let name = name.to_ascii_lowercase();
            out.extend(values.iter().map(|value| format!("{name} {}", hex(value))));
        };
        for attribute in record.attributes() {
            values(&attribute.name, &attribute.values, &mut out);
        }
        match &record.content {
            Content::Modify(modifications) => {
                for modification in modifications {
                    let operation = match modification.operation {
                        Operation::Add => "add",
                        Operation::Delete => "delete",
                        Operation::Replace => "replace",
                        Operation::Increment => "increment",
                    };
                    out.push(format!("{operation} {}", modification.name.to_ascii_lowercase()));
                    values(&modification.name, &modification.values, &mut out);
                }
            }
            Content::Rename(rename) => {
                let delete_old = if rename.delete_old { b"1" } else { b"0" };
                values("newrdn", &[rename.new_rdn.clone().into_bytes()], &mut out);
                values("deleteoldrdn", &[delete_old.to_vec()], &mut out);
                let superior = rename.new_superior.iter().map(|dn| dn.clone().into_bytes());
                values("newsuperior", &superior.collect::<Vec<_>>(), &mut out);
            }
            _ => {}
        }
    }
    out.join("\n")
}

/// Creates a directory for the files of a test.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the target directory can be written");
    folder
}

/// Generates random records that `peer` can read.
fn generated(peer: Peer, changes: bool, count: usize) -> Vec<Record> {
    let mut runner = TestRunner::deterministic();
    let strategy = property::record();
    let records =
        std::iter::repeat_with(|| strategy.new_tree(&mut runner).expect("no filter is tight").current());
    let fits = |record: &Record| {
        let increments = |content: &Content| matches!(content, Content::Modify(m) if m.iter().any(|m| m.operation == Operation::Increment));
        match peer {
            // It reads either entries or modifications, and nothing else.
            Peer::Python if changes => {
                matches!(record.content, Content::Modify(_)) && !increments(&record.content)
            }
            Peer::Perl if changes => {
                !matches!(record.content, Content::Entry(_)) && !increments(&record.content)
            }
            _ if changes => !matches!(record.content, Content::Entry(_)),
            _ => matches!(record.content, Content::Entry(_)),
        }
    };
    let mut records: Vec<Record> = records.filter(fits).take(count).collect();
    for record in &mut records {
        // Controls have their own table below.
        record.controls.clear();
    }
    records
}

#[test]
fn generated_files_are_read_alike() {
    let folder = scratch("generated");
    for peer in PEERS {
        if !peer.is_installed() {
            println!("{peer:?} is not installed: not compared");
            continue;
        }
        let mut files = Vec::new();
        let mut expected = Vec::new();
        for changes in [false, true] {
            let records = generated(peer, changes, 60);
            for (i, profile) in
                [Profile::ldap(), Profile::ldifde(), Profile::ldap().wrap(0)].iter().enumerate()
            {
                let mut writer = Writer::new(Vec::new(), *profile);
                records.iter().for_each(|record| writer.write(record).unwrap());
                let file = folder.join(format!("{peer:?}-{changes}-{i}.ldif"));
                fs::write(&file, writer.into_inner().unwrap()).unwrap();
                files.push(file);
                expected.push(Some(dump(&records, peer)));
            }
        }
        for ((file, found), expected) in files.iter().zip(peer.read(&files)).zip(expected) {
            assert_eq!(found, expected, "{peer:?} reads {} otherwise", file.display());
        }
    }
}

/// What a peer reads from a file, compared with our result.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    /// The same records.
    Same,
    /// An error.
    Refused,
    /// Success, but other records.
    Other,
}

struct Difference {
    input: &'static [u8],
    /// The number of records that we read.
    records: usize,
    /// The verdicts of python-ldap 3.4, Net::LDAP::LDIF 0.27 and ldapmodify 2.5.
    verdicts: [Verdict; 3],
    why: &'static str,
}

const fn case(input: &'static [u8], records: usize, verdicts: [Verdict; 3], why: &'static str) -> Difference {
    Difference { input, records, verdicts, why }
}

use Verdict::{Other, Refused, Same};

#[rustfmt::skip]
const DIFFERENCES: &[Difference] = &[
    // What Windows writes and no peer reads.
    case(b"\xEF\xBB\xBFdn: cn=a\ncn: a\n\ndn: cn=b\ncn: b\n", 2, [Refused, Refused, Other], "byte order mark: ldapmodify passes over the first record"),
    case(b"d\0n\0:\0c\0n\0=\0a\0\n\0c\0n\0:\0a\0", 1, [Refused, Refused, Refused], "UTF-16"),
    case(b"dn: cn=a\ncn: \xE9\n", 1, [Refused, Other, Same], "Windows-1252: Perl keeps the byte, ldapmodify is compared by names only"),
    case(b"dn: cn=a\ncn: a\n\x1A", 1, [Refused, Refused, Refused], "Ctrl-Z at the end"),
    case(b"dn: cn=a\nchangetype: ntdsSchemaAdd\ncn: a\n", 1, [Other, Other, Refused], "a change of the schema"),
    // Line ends and folds.
    case(b"dn: cn=a\rcn: a\r", 1, [Refused, Other, Other], "CR alone: the peers see one long line"),
    case(b"dn: cn=a\ncn: \xC3\n \xA9\n", 1, [Refused, Same, Same], "fold inside a character: python-ldap decodes before it unfolds"),
    case(b"dn: cn=a\ncn: a\n\tb\n", 1, [Refused, Other, Refused], "fold by a tab: Perl makes a space of it"),
    case(b"dn: cn=a\ncn: a\n \ndn: cn=b\ncn: b\n", 2, [Other, Other, Other], "a space for a blank line: two records become one"),
    case(b"dn: cn=a\nc\n n: a\n", 1, [Same, Same, Same], "fold inside a name"),
    // Keywords and structure.
    case(b"DN: cn=a\nCN: a\n", 1, [Refused, Refused, Same], "keywords in capitals"),
    case(b"version: 2\ndn: cn=a\ncn: a\n", 1, [Same, Same, Same], "version 2: an error here, though the record is read"),
    case(b"dn: nonsense\ncn: a\n", 0, [Refused, Other, Other], "an invalid DN"),
    case(b"dn: cn=a\ncn: a\nnonsense\n", 0, [Refused, Refused, Refused], "a line without a colon"),
    case(b"dn: cn=a\ncn: a\n\nsearch: 2\nresult: 0 Success\n", 1, [Refused, Refused, Same], "the trailer of ldapsearch"),
    // Values.
    case(b"dn: cn=a\ncn:: YW!j\n", 0, [Refused, Other, Refused], "bad base64: Perl drops the character"),
    case(b"dn: cn=a\ncn:: YQ\n", 0, [Refused, Other, Refused], "no padding: Perl does without"),
    case(b"dn: cn=a\ncn: a\ncn: a\n", 1, [Other, Other, Same], "the same value twice: once here"),
    case(b"dn: cn=a\ncn:< file:///nowhere/at/all\n", 0, [Refused, Refused, Refused], "a URL: not opened here, not found there"),
    case(b"dn: cn=a\ncn: a\0b\n", 1, [Same, Same, Same], "NUL in a plain value: a warning here"),
    // Changes.
    case(b"dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n", 1, [Same, Same, Same], "no final dash"),
    case(b"dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n- \n", 1, [Refused, Refused, Refused], "a space after the dash"),
    case(b"dn: cn=a\nchangetype: modify\n", 0, [Refused, Refused, Other], "no modification"),
    case(b"dn: cn=a\nchangetype: modify\nadd: cn\nsn: b\n-\n", 0, [Other, Refused, Refused], "a value of another attribute: python-ldap drops it"),
    case(b"dn: cn=a\nchangetype: modify\nincrement: n\nn: 1\n-\n", 1, [Refused, Refused, Same], "increment (RFC 4525)"),
    case(b"dn: cn=a\ncontrol: 1.2 true: a\nchangetype: delete\n", 1, [Other, Same, Same], "a control: python-ldap takes it for an attribute unless asked to read changes"),
    case(b"dn: cn=a\ncontrol: 1.2:: YQ==\nchangetype: delete\n", 1, [Other, Same, Refused], "a control without criticality: ldapmodify wants one before a value"),
];

#[test]
fn peers_differ_only_where_it_is_known() {
    let folder = scratch("known");
    let mut files = Vec::new();
    for (i, case) in DIFFERENCES.iter().enumerate() {
        let file = folder.join(format!("{i}.ldif"));
        fs::write(&file, case.input).unwrap();
        files.push(file);
        assert_eq!(read(case.input).0.len(), case.records, "{}", case.why);
    }
    for (p, peer) in PEERS.into_iter().enumerate() {
        if !peer.is_installed() {
            println!("{peer:?} is not installed: not compared");
            continue;
        }
        for (case, found) in DIFFERENCES.iter().zip(peer.read(&files)) {
            let verdict = match found {
                None => Refused,
                Some(found) if found == dump(&read(case.input).0, peer) => Same,
                Some(_) => Other,
            };
            assert_eq!(verdict, case.verdicts[p], "{peer:?}: {}", case.why);
        }
    }
}
