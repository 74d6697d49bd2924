//! CSV as each producer writes it: in any dialect and encoding, it gives the same users as LDIF.

use std::io::Read;

use proptest::prelude::*;
use userprep::input::encoding::{CharsetDecoder, TextEncoding};

use crate::enable::column;
use crate::{POOL, Work, fixture};

/// A program that writes tables, and their form.
struct Producer {
    /// The text before the heading; `|` is the delimiter.
    before: &'static str,
    /// Whether every cell is quoted, or only those that need it.
    quotes: csv::QuoteStyle,
    /// Its headings, where they differ from the directory's names.
    headings: &'static [(&'static str, &'static str)],
    /// Its words for true and false.
    booleans: [&'static str; 2],
    /// Whether GUIDs and SIDs are text, or octets in hexadecimal.
    text_ids: bool,
}

const CSVDE: Producer = Producer {
    before: "",
    quotes: csv::QuoteStyle::Necessary,
    headings: &[],
    booleans: ["TRUE", "FALSE"],
    text_ids: false,
};

const EXPORT_CSV: Producer = Producer {
    before: "#TYPE Microsoft.ActiveDirectory.Management.ADUser\n",
    quotes: csv::QuoteStyle::Always,
    headings: &[
        ("DN", "DistinguishedName"),
        ("objectGUID", "ObjectGUID"),
        ("sAMAccountName", "SamAccountName"),
        ("userPrincipalName", "UserPrincipalName"),
        ("mail", "EmailAddress"),
        ("sn", "Surname"),
        ("givenName", "GivenName"),
        ("displayName", "DisplayName"),
        ("l", "City"),
        ("department", "Department"),
    ],
    booleans: ["True", "False"],
    text_ids: true,
};

const EXCHANGE: Producer = Producer {
    headings: &[
        ("DN", "DistinguishedName"),
        ("objectGUID", "Guid"),
        ("displayName", "Display Name"),
        ("mail", "PrimarySmtpAddress"),
        ("proxyAddresses", "EmailAddresses"),
        ("msExchRecipientTypeDetails", "RecipientTypeDetails"),
        ("targetAddress", "ExternalEmailAddress"),
        ("givenName", "FirstName"),
        ("sn", "LastName"),
    ],
    ..EXPORT_CSV
};

const FRENCH_EXCEL: Producer = Producer {
    before: "sep=|\n",
    headings: &[
        ("DN", "Nom unique"),
        ("sn", "Nom"),
        ("givenName", "Prénom"),
        ("displayName", "Nom complet"),
        ("mail", "Adresse de messagerie"),
        ("userPrincipalName", "Nom d’ouverture de session"),
        ("sAMAccountName", "Compte"),
        ("l", "Ville"),
        ("department", "Service"),
    ],
    booleans: ["VRAI", "FAUX"],
    ..CSVDE
};

const GERMAN_EXCEL: Producer = Producer {
    before: "",
    headings: &[
        ("DN", "DistinguishedName"),
        ("sn", "Nachname"),
        ("givenName", "Vorname"),
        ("displayName", "Anzeigename"),
        ("mail", "E-Mail-Adresse"),
        ("userPrincipalName", "Benutzeranmeldename"),
        ("sAMAccountName", "Anmeldename (Prä-Windows 2000)"),
        ("l", "Ort"),
        ("department", "Abteilung"),
    ],
    booleans: ["WAHR", "FALSCH"],
    ..CSVDE
};

/// Returns the table of the invented forest, as csvde exported it.
fn forest() -> Vec<Vec<String>> {
    let mut text = String::new();
    let file = std::fs::File::open(fixture("contoso/users.csv")).unwrap();
    CharsetDecoder::new(file, TextEncoding::UTF_16LE).read_to_string(&mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

impl Producer {
    /// Writes the file that this producer would have written.
    fn write(&self, forest: &[Vec<String>], delimiter: char, end: &str) -> String {
        let terminator = match end {
            "\r\n" => csv::Terminator::CRLF,
            _ => csv::Terminator::Any(b'\n'),
        };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter as u8)
            .terminator(terminator)
            .quote_style(self.quotes)
            .from_writer(Vec::new());
        let kept: Vec<usize> =
            (0..forest[0].len()).filter(|&at| forest[0][at] != "distinguishedName").collect();
        let heading = |&at: &usize| {
            let name = forest[0][at].as_str();
            self.headings
                .iter()
                .find(|(attribute, _)| *attribute == name)
                .map_or(name, |(_, heading)| heading)
        };
        writer.write_record(kept.iter().map(heading)).unwrap();
        for row in &forest[1..] {
            writer.write_record(kept.iter().map(|&at| self.cell(&forest[0][at], &row[at]))).unwrap();
        }
        let rows = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        self.before.replace('|', &delimiter.to_string()).replace('\n', end) + &rows
    }

    fn cell(&self, attribute: &str, text: &str) -> String {
        match (attribute, text) {
            (_, "TRUE") => self.booleans[0].to_owned(),
            (_, "FALSE") => self.booleans[1].to_owned(),
            ("objectGUID", octets) if self.text_ids => guid(&unhexed(octets)),
            ("msExchMasterAccountSid" | "objectSid", octets) if self.text_ids => sid(&unhexed(octets)),
            _ => text.to_owned(),
        }
    }
}

/// Decodes `X'…'`.
fn unhexed(cell: &str) -> Vec<u8> {
    let digits = cell.trim_start_matches("X'").trim_end_matches('\'');
    let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(octet).collect()
}

fn guid(octets: &[u8]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = octets else { return String::new() };
    let start: String = [d, c, b, a, f, e, h, g].iter().map(|octet| format!("{octet:02x}")).collect();
    let end: String = rest.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &start[..8], &start[8..12], &start[12..], &end[..4], &end[4..])
}

fn sid(octets: &[u8]) -> String {
    let [revision, _, _, _, _, _, _, authority, rest @ ..] = octets else { return String::new() };
    let parts = rest.chunks(4).map(|part| format!("-{}", u32::from_le_bytes(part.try_into().unwrap())));
    format!("S-{revision}-{authority}{}", parts.collect::<String>())
}

/// Returns the result of a run: its change files without the comments, and the outcome of each record.
fn outcome(work: &Work) -> (String, Vec<String>) {
    let files = work
        .names("run1")
        .into_iter()
        .filter(|name| name.ends_with("-apply.ldif") || name.ends_with("-undo.ldif"));
    let text: String = files.map(|name| work.read(&format!("run1/{name}"))).collect();
    let changes: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let report = work.read("run1/report.xml");
    let columns = ["seq", "status", "code", "sam", "dn", "guid", "sipUri", "source", "pool", "rule", "file"];
    let columns = columns.map(|name| column(&report, name));
    let rows = (0..columns[0].len()).map(|at| columns.each_ref().map(|column| column[at]).join(" "));
    (changes.join("\n"), rows.collect())
}

/// Tests four encodings, three delimiters and two line ends of one producer.
fn matrix(producer: &Producer) {
    let forest = forest();
    let config = fixture("contoso/userprep.toml");
    let expected = {
        let work = Work::new();
        assert_eq!(work.enable(&[&fixture("contoso/users.ldif"), "--config", &config]).code, 3);
        outcome(&work)
    };
    assert!(expected.0.matches("changetype: modify").count() > 100);
    for (encoding, bom) in [
        (TextEncoding::UTF_8, ""),
        (TextEncoding::UTF_8, "\u{feff}"),
        (TextEncoding::UTF_16LE, "\u{feff}"),
        (TextEncoding::WINDOWS_1252, ""),
    ] {
        for delimiter in [',', ';', '\t'] {
            for end in ["\n", "\r\n"] {
                let work = Work::new();
                let mut bytes = Vec::new();
                encoding.encode(&(bom.to_owned() + &producer.write(&forest, delimiter, end)), &mut bytes);
                work.write("users.csv", bytes);
                let ran = work.enable(&["users.csv", "--config", &config, "--absent", "all"]);
                let name = format!("{} {bom:?} {delimiter:?} {end:?}", encoding.label());
                assert_eq!(ran.code, 3, "{name}: {}", ran.stderr);
                let (changes, rows) = outcome(&work);
                for (row, expected) in rows.iter().zip(&expected.1) {
                    assert_eq!(row, expected, "{name}");
                }
                assert_eq!(rows.len(), expected.1.len(), "{name}");
                assert!(changes == expected.0, "{name}: the change files differ");
            }
        }
    }
}

#[test]
fn csvde_gives_what_ldif_gives() {
    matrix(&CSVDE);
}

#[test]
fn export_csv_gives_what_ldif_gives() {
    matrix(&EXPORT_CSV);
}

#[test]
fn exchange_gives_what_ldif_gives() {
    matrix(&EXCHANGE);
}

#[test]
fn a_french_excel_gives_what_ldif_gives() {
    matrix(&FRENCH_EXCEL);
}

#[test]
fn a_german_excel_gives_what_ldif_gives() {
    matrix(&GERMAN_EXCEL);
}

#[test]
fn a_missing_attribute_of_a_table_is_reported_once_at_its_heading() {
    let work = Work::new();
    let rows = "CN=Ann,DC=x;user;512;ann@x\n".repeat(2);
    work.write("users.csv", format!("sep=;\nDN;objectClass;userAccountControl;proxyAdresses\n{rows}"));
    let ran = work.enable(&["users.csv", "--pool", POOL]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
    for says in [
        "users.csv:2:1: error[attribute-not-shown]: `users.csv` does not show proxyAddresses, msRTCSIP-",
        "the headings are `DN`, `objectClass`, `userAccountControl`, `proxyAdresses`",
        "did you mean `proxyAdresses` for proxyAddresses? name it in [input.columns]",
    ] {
        assert!(ran.stderr.contains(says), "{says} in {}", ran.stderr);
    }
}

#[test]
fn a_list_of_users_may_be_a_column() {
    let work = Work::new();
    work.write(
        "users.csv",
        "DN,sAMAccountName,mail\nCN=Ann,ann,ann@x.y\nCN=Bob,bob,bob@x.y\nCN=Cyd,cyd,cyd@x.y\n",
    );
    for (list, code, taken) in [
        ("ann\nbob\n", 0, &["CN=Ann", "CN=Bob"][..]),
        ("Nom;Prénom;Compte;Courriel\nDoe;Ann;ann;?\nDoe;Dan;dan;bob@x.y\n", 3, &["CN=Ann"]),
        ("\"EmailAddress\"\r\n\"CYD@x.y\"\r\n", 0, &["CN=Cyd"]),
    ] {
        work.write("list.csv", list);
        let all = ["users.csv", "--pool", POOL, "--absent", "all", "--users", "list.csv", "--force"];
        let ran = work.enable(&all);
        assert_eq!(ran.code, code, "{list}: {}", ran.stderr);
        assert_eq!(column(&work.read("run1/report.xml"), "dn"), taken, "{list}");
        assert_eq!(
            ran.stderr.contains("line 3 of --users, `dan`, matches no user"),
            code == 3,
            "{}",
            ran.stderr
        );
    }
}

proptest! {
    /// The function of the fuzz target, for bytes that contain something to find.
    #[test]
    fn any_bytes_are_read_or_refused(
        start in prop::sample::select(vec!["", "DN,mail\n", "sep=;\nDN;sn;proxyAddresses;Enabled\r\n", "userprep-code\tDN\n"]),
        rest in prop::collection::vec(
            prop_oneof![1 => any::<u8>(), 4 => prop::sample::select(b"\",;\t\r\nX'\\ a4?=".to_vec())],
            0..300,
        ),
    ) {
        crate::invariant::table(&[start.as_bytes(), &rest].concat());
    }
}
