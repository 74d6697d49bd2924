//! Tests of CSV tables: the output of each producer, every fault with its place, and random tables in all dialects.

use proptest::prelude::*;

use super::*;
use crate::input::asides::Aside;
use crate::input::detect;
use crate::input::encoding::{CharsetDecoder, TextEncoding};
use crate::object::{Attr, Value};

/// Reads the records of a file as lines: the DN, `attribute=value …`, and `[code line:column]` of each finding.
fn read(text: &str, options: &CsvOptions) -> Vec<String> {
    let mut attributes = Attributes::default();
    for wanted in ["department", "telephoneNumber", "whenCreated"] {
        attributes.add(wanted);
    }
    let show = |found: &Finding, text: &[u8], line: u64| {
        let (line, column) = rows::place(text, found.place.at, line);
        format!(" [{} {line}:{column}]", found.code)
    };
    let (table, found) = match Table::open(text, options, &attributes) {
        Ok(read) => read,
        Err(found) => {
            return found.iter().map(|found| show(found, text.as_bytes(), 1).trim().to_owned()).collect();
        }
    };
    let mut out: Vec<_> =
        found.iter().map(|found| show(found, text.as_bytes(), 1).trim().to_owned()).collect();
    for chunk in table.chunks(text.as_bytes()).unwrap() {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                let message = error.diagnostic("f");
                let place = message.place.unwrap();
                out.push(format!("[{} {}:{}]", message.code, place.line, place.column));
                break;
            }
        };
        table.records(&chunk.text, &mut |record| {
            let (mark, object, findings) = match record {
                ExportRecord::Record(RecordKind::Entry, object, findings) => ("", object, findings),
                ExportRecord::Record(_, object, findings) => ("!", object, findings),
                ExportRecord::Aside(Aside::Finding(found)) => ("~", Object::default(), vec![found]),
                ExportRecord::Aside(Aside::Said(..)) => unreachable!(),
            };
            let mut line = format!("{mark}{}", object.dn);
            for value in object.values.iter() {
                line +=
                    &format!(" {}={}", attributes.name(value.attr), String::from_utf8_lossy(value.bytes()));
            }
            for found in &findings {
                line += &show(found, &chunk.text, chunk.line);
            }
            out.push(line);
        });
    }
    out
}

/// Checks that the text gives the same records, lines and columns with each kind of line end.
fn check(text: &str, expect: &[&str]) {
    for end in ["\n", "\r\n", "\r"] {
        assert_eq!(read(&text.replace('\n', end), &CsvOptions::default()), expect, "{end:?} {text}");
    }
}

#[test]
fn csvde_joins_values_and_writes_octets_in_hexadecimal() {
    check(
        "DN,objectClass,sAMAccountName,mail,objectGUID,proxyAddresses\n\
         \"CN=Doe\\, Ann,DC=x\",top;person;user,ann,ann@x,X'4142',SMTP:ann@x;sip:ann@x\n",
        &[
            "CN=Doe\\, Ann,DC=x objectClass=top objectClass=person objectClass=user sAMAccountName=ann mail=ann@x \
           objectGUID=AB proxyAddresses=SMTP:ann@x proxyAddresses=sip:ann@x",
        ],
    );
}

#[test]
fn export_csv_has_a_type_line_and_the_names_of_properties() {
    check(
        "#TYPE Microsoft.ActiveDirectory.Management.ADUser\n\
         \"DistinguishedName\",\"Enabled\",\"GivenName\",\"Surname\",\"EmailAddress\",\"ObjectGUID\"\n\
         \"CN=Ann,DC=x\",\"True\",\"Ann\",\"Doe\",\"ann@x\",\"44434241-4645-4847-494a-4b4c4d4e4f50\"\n\
         \"CN=Bob,DC=x\",\"False\",\"\",\"O\"\"Hara\",,\n",
        &[
            "CN=Ann,DC=x Enabled=TRUE givenName=Ann sn=Doe mail=ann@x objectGUID=ABCDEFGHIJKLMNOP",
            "CN=Bob,DC=x Enabled=FALSE sn=O\"Hara",
        ],
    );
}

#[test]
fn a_french_list_is_read_by_its_headings() {
    check(
        "sep=;\nNom;Prénom;Adresse de messagerie;Activé;Nom unique;Téléphone\n\n\
         Doé;Ann;ann@x;VRAI;CN=Ann,DC=x;3,31E+10\n;;;;;\n",
        &[
            "CN=Ann,DC=x sn=Doé givenName=Ann mail=ann@x Enabled=TRUE telephoneNumber=3,31E+10 [csv-damaged-number 4:32]",
        ],
    );
}

#[test]
fn faults_have_their_place() {
    let head = "DN,mail,sn,userAccountControl,proxyAddresses,whenCreated,description\n";
    let many = "\n".repeat(13);
    for (rows, expect) in [
        ("CN=é,a@x,Doe,512\n", "!CN=é mail=a@x [csv-fields 2:1]"),
        ("\nCN=é,a@x,é,512,,,,b,c\n", "!CN=é mail=a@x [csv-fields 3:19]"),
        ("\n\nCN=é,\"a\"x,é,512,,,\n", "!CN=é [csv-quote 4:9]"),
        (&format!("CN=é,\"a{many}\"x\",é,512,,,\n"), "!CN=é [csv-quote 2:6]"),
        ("CN=é, \"a@x\",é,512,,,\n", "!CN=é mail=a@x [csv-quote 2:6]"),
        ("\"\n\n\",a@x,é,512,,,\n", "! mail=a@x sn=é userAccountControl=512 [csv-no-dn 2:1]"),
        ("CN=é,a\0x,é,512,,,\n", "!CN=é sn=é userAccountControl=512 [csv-nul 2:7]"),
        ("CN=é,X'61F',é,512,,,\n", "!CN=é sn=é userAccountControl=512 [csv-hex 2:11]"),
        ("CN=é,\"X'é1'\",,512,,,\n", "!CN=é userAccountControl=512 [csv-hex 2:9]"),
        ("CN=é,a@x,é,5;1,,,\n", "CN=é mail=a@x sn=é userAccountControl=5;1"),
        ("CN=é,a@x,é,\"8,05E+08\",,,\n", "CN=é mail=a@x sn=é userAccountControl=8,05E+08"),
        (
            "CN=é,a@x,é,512,System.String[],,\n",
            "!CN=é mail=a@x sn=é userAccountControl=512 proxyAddresses=System.String[] [csv-lost-values 2:16]",
        ),
        (
            "CN=é, a@x,é\u{a0},512,,,\n",
            "CN=é mail=a@x sn=é userAccountControl=512 [csv-trimmed 2:6] [csv-trimmed 2:12]",
        ),
        (
            "CN=é,a@x,,512,\"smtp:\"\"a\"\"@x; sip:?ann@x\",,\n",
            "CN=é mail=a@x userAccountControl=512 proxyAddresses=smtp:\"a\"@x proxyAddresses=sip:?ann@x \
             [csv-trimmed 2:29] [lost-characters 2:34]",
        ),
        (
            "CN=J?r,a@x,JÃ©r,512,,,\n",
            "!CN=J?r mail=a@x sn=JÃ©r userAccountControl=512 [lost-characters 2:5] [lost-characters 2:13]",
        ),
        (
            "CN=é,a@x,,512,,01/02/2026 10:00,\n",
            "CN=é mail=a@x userAccountControl=512 whenCreated=01/02/2026 10:00 [csv-time 2:16]",
        ),
        (
            "CN=é,a@x,,512,,20260102100000.0Z,\n",
            "CN=é mail=a@x userAccountControl=512 whenCreated=20260102100000.0Z",
        ),
        (
            &format!("CN=é,a@x,,512,,,\"a{many}b\"\n"),
            "CN=é mail=a@x userAccountControl=512 [csv-newlines 2:17]",
        ),
        (
            "DN,mail,sn,userAccountControl,proxyAddresses,whenCreated,description\n",
            "~ [csv-heading-again 2:1]",
        ),
        ("\nCN=é,a@x,\"\n\nb,,,\n", "[csv-open-quote 3:10]"),
        ("\u{1a}", ""),
    ] {
        check(&format!("{head}{rows}"), &[expect][..usize::from(!expect.is_empty())]);
    }
}

#[test]
fn faults_of_the_heading_have_their_place() {
    for (heading, expect) in [
        ("", &["[csv-heading 1:1]"][..]),
        ("DN,mail,,sn\n", &["[csv-heading-empty 1:9]"]),
        (",,\n", &["[csv-heading 1:1]"]),
        ("DN,mail,é,É\n", &["[csv-heading 1:11]", "[column-unread 1:9]"]),
        ("DN,sn,mail,SN\n", &["[csv-heading 1:12]"]),
        ("\nDN,\"é\nè\",sn,sn\n", &["[csv-heading 3:7]"]),
        ("DN,Nom,Prénom,Name,Vorname\n", &["[csv-heading 1:15]"]),
        ("DN,\"mail\"x\n", &["[csv-quote 1:10]"]),
        ("mail,sn\n", &["[csv-no-dn 1:1]"]),
        ("#TYPE a\nfoo;bar,baz\n", &["[csv-delimiter 2:1]"]),
    ] {
        check(heading, expect);
    }
}

#[test]
fn messages_name_what_they_are_about() {
    let attributes = Attributes::default();
    let columns = |pairs: &[(&str, &str)]| {
        let columns = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        CsvOptions { columns, ..CsvOptions::default() }
    };
    for (heading, options, what, help) in [
        (
            "DN,mail,MAIL",
            columns(&[]),
            "the headings `mail` in column 2 and `MAIL` in column 3 are the same",
            "rename one of the columns, or delete it",
        ),
        (
            "DN,Nom,Prénom,Name,Vorname",
            columns(&[]),
            "the headings `Nom` in column 2 and `Name` in column 4 both stand for sn",
            "delete one of the columns, or name the right one in `[input.columns]`",
        ),
        (
            "DistingushedName,mail",
            columns(&[]),
            "no heading for the DN",
            "did you mean `DistingushedName`? name it in `[input.columns]`",
        ),
        (
            "foo,bar\tbaz",
            columns(&[]),
            "the delimiter may be the tab or `,`",
            "name the delimiter with `--delimiter`",
        ),
    ] {
        let found = Table::open(heading, &options, &attributes).unwrap_err();
        let english = |found: &Finding| {
            (found.what.english().to_owned(), found.help.as_ref().map(|help| help.english().to_owned()))
        };
        let found: Vec<_> = found.iter().map(english).collect();
        assert_eq!(found, [(what.to_owned(), Some(help.to_owned()))], "{heading}");
    }
}

#[test]
fn a_missing_mapped_heading_is_reported_with_the_one_read_instead() {
    let pairs = [("mail", "Courier"), ("sn", "Nom"), ("department", "Service"), ("DN", "Chemin")];
    let columns = pairs.map(|(attribute, heading)| (attribute.to_owned(), heading.to_owned())).into();
    let options = CsvOptions { columns, ..CsvOptions::default() };
    let (table, found) = Table::open("DN,Couriel,sn", &options, &Attributes::default()).unwrap();
    let in_place = |found: &&Finding| found.severity == Severity::Note;
    let notes: Vec<&str> = found.iter().filter(in_place).map(|found| found.notes[0].english()).collect();
    assert_eq!(notes, ["`DN` is read in its place", "`sn` is read in its place"]);
    let found = found.iter().find(|found| !in_place(found)).unwrap();
    assert_eq!(found.what.english(), "no heading `Courier`, which `[input.columns]` names for mail");
    assert_eq!(found.notes[0].english(), "the headings are `DN`, `Couriel`, `sn`");
    assert_eq!(found.help.as_ref().unwrap().english(), "did you mean `Couriel`?");
    assert_eq!((table.nearest("courriel"), table.nearest("snn")), (Some("Couriel"), None));
}

#[test]
fn a_file_with_passwords_is_recognised() {
    for (heading, expect) in
        [("DN,unicodePwd", true), ("DN;Mot de passe", true), ("DN,pwdLastSet,PasswordLastSet", false)]
    {
        let (table, _) = Table::open(heading, &CsvOptions::default(), &Attributes::default()).unwrap();
        assert_eq!(table.has_passwords(), expect, "{heading}");
    }
}

#[test]
fn the_most_reliable_heading_has_the_attribute_or_both_that_tools_write() {
    let attributes = Attributes::default();
    let holder = |heading: &str, options: &CsvOptions, attr| {
        let (table, _) = Table::open(heading, options, &attributes).unwrap();
        let held = |column: &&Column| matches!(column.holds, Holds::Values(held) if held == attr);
        let headings: Vec<&str> =
            table.columns().iter().filter(held).map(|column| &*column.heading).collect();
        headings.join(" ")
    };
    let mapped =
        CsvOptions { columns: BTreeMap::from([("mail".into(), "kontakt".into())]), ..CsvOptions::default() };
    let path =
        CsvOptions { columns: BTreeMap::from([("dn".into(), "chemin".into())]), ..CsvOptions::default() };
    let plain = CsvOptions::default();
    for (heading, options, attr, expect) in [
        ("DN,EmailAddress,mail", &plain, Attr::MAIL, "EmailAddress mail"),
        ("DN,EmailAddress,mail,Kontakt", &mapped, Attr::MAIL, "Kontakt"),
        ("DN,Nom,Prénom,Nom de famille", &plain, Attr::SN, "Nom de famille"),
        ("DN,Nom,Prénom", &plain, Attr::SN, "Nom"),
        ("DN,Nom,Description", &plain, Attr::SN, ""),
        ("DN;Name;Vorname", &plain, Attr::SN, "Name"),
        ("DN\tdistinguishedName\tsn", &plain, Attr::SN, "sn"),
        ("sn;Chemin", &path, Attr::SN, "sn"),
    ] {
        assert_eq!(holder(heading, options, attr), expect, "{heading}");
    }
}

#[test]
fn each_byte_of_a_value_has_its_place() {
    let text = "DN,sn,proxyAddresses,mail,Enabled\nCN=a,\" O\"\"Hara\",\"smtp:\"\"a\"\"@x;sip:b\\;c\",X'414243',True\n";
    let (table, _) = Table::open(text, &CsvOptions::default(), &Attributes::default()).unwrap();
    let chunk = table.chunks(text.as_bytes()).unwrap().next().unwrap().unwrap();
    let text = std::str::from_utf8(&chunk.text).unwrap();
    let mut found = Vec::new();
    table.records(&chunk.text, &mut |record| {
        if let ExportRecord::Record(RecordKind::Entry, object, _) = record {
            for value in object.values.iter() {
                let places =
                    (0..value.bytes().len()).map(|i| table.locate(&chunk.text, object.at, value.at, i));
                let raw: Vec<_> = places.map(|at| text[at..].chars().next().unwrap()).collect();
                found.push(raw.into_iter().collect::<String>());
            }
        }
    });
    assert_eq!(found, ["O\"Hara", "smtp:\"a\"@x", "sip:b\\c", "444", "TTTT"]);
}

#[test]
fn a_place_is_within_its_cell_whatever_the_cell_looks_like() {
    let text = b"DN,mail\n-,X''\"";
    let (table, _) = Table::open("DN,mail\n", &CsvOptions::default(), &Attributes::default()).unwrap();
    for index in 0..4 {
        assert!(table.locate(text, 8, 10, index) <= text.len(), "{index}");
    }
}

#[test]
fn each_producer_is_read_in_its_encoding() {
    let plain = "DN,sn,displayName\r\n\"CN=Zoé,DC=x\",Müller,Zoé Müller\r\n";
    let quoted = "\"DN\",\"Surname\",\"DisplayName\"\r\n\"CN=Zoé,DC=x\",\"Müller\",\"Zoé Müller\"\r\n";
    let typed = format!("#TYPE Selected.System.String\r\n{quoted}");
    let list = "sep=;\r\nDN;Nom de famille;Nom complet\r\nCN=Zoé,DC=x;Müller;Zoé Müller\r\n";
    let tabs = "DN\tNachname\tAnzeigename\r\nCN=Zoé,DC=x\tMüller\tZoé Müller\r\n";
    for (producer, text, label, bom) in [
        ("csvde", plain, "windows-1252", false),
        ("csvde -u", plain, "utf-16le", true),
        ("Export-Csv -TextEncoding UTF8", &typed, "utf-8", true),
        ("Export-Csv -TextEncoding Unicode", &typed, "utf-16le", true),
        ("Export-Csv -TextEncoding BigEndianUnicode", &typed, "utf-16be", true),
        ("Export-Csv of PowerShell 7", quoted, "utf-8", false),
        ("Excel, CSV", list, "windows-1252", false),
        ("Excel, CSV UTF-8", list, "utf-8", true),
        ("Excel, Unicode Text", tabs, "utf-16le", true),
        ("dsquery > file", plain, "cp850", false),
    ] {
        let bytes = encode(text, label, bom);
        let (rows, found) = read_back(&bytes, (label == "cp850").then_some(label), 8);
        assert_eq!(rows, [["CN=Zoé,DC=x", "Müller", "Zoé Müller"]], "{producer}");
        assert_eq!(found, label, "{producer}");
    }
    let ascii = typed.replace(['é', 'ü'], "?");
    let expect = "!CN=Zo?,DC=x sn=M?ller displayName=Zo? M?ller [lost-characters 3:7] [lost-characters 3:17] [lost-characters 3:27]";
    assert_eq!(read(&ascii, &CsvOptions::default()), [expect]);
}

#[derive(Clone, Copy, Debug)]
struct Dialect {
    delimiter: u8,
    end: &'static str,
    quote_all: bool,
    label: &'static str,
    bom: bool,
}

impl Dialect {
    /// Writes a table as a producer of this dialect would.
    fn write(self, rows: &[Vec<String>]) -> Vec<u8> {
        let terminator = if self.end == "\r\n" {
            ::csv::Terminator::CRLF
        } else {
            ::csv::Terminator::Any(self.end.as_bytes()[0])
        };
        let style = if self.quote_all { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
        let mut writer = ::csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .terminator(terminator)
            .quote_style(style)
            .from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        encode(&text, self.label, self.bom)
    }
}

fn encode(text: &str, label: &str, bom: bool) -> Vec<u8> {
    let text = if bom { format!("\u{feff}{text}") } else { text.to_owned() };
    match label {
        "utf-8" => text.into_bytes(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        "cp850" => oem_cp::encode_string_lossy(&text, &oem_cp::code_table::ENCODING_TABLE_CP850),
        other => unreachable!("{other}"),
    }
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let encodings = [
        ("utf-8", false),
        ("utf-8", true),
        ("utf-16le", true),
        ("utf-16le", false),
        ("utf-16be", true),
        ("utf-16be", false),
        ("windows-1252", false),
        ("cp850", false),
    ];
    let delimiter = prop::sample::select(b",;\t".to_vec());
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (delimiter, end, any::<bool>(), prop::sample::select(encodings.to_vec())).prop_map(
        |(delimiter, end, quote_all, (label, bom))| Dialect { delimiter, end, quote_all, label, bom },
    )
}

/// Reads the bytes of a file as the program does; returns the cells of the rows by heading, and the detected encoding.
fn read_back(bytes: &[u8], label: Option<&str>, block: usize) -> (Vec<Vec<String>>, String) {
    let head = &bytes[..bytes.len().min(detect::HEAD)];
    assert_eq!(detect::foreign(head), None);
    let encoding = match label {
        Some(label) => TextEncoding::for_label(label).unwrap(),
        None => detect::encoding("f", head, bytes).unwrap().0.encoding,
    };
    let mut text = String::new();
    CharsetDecoder::new(bytes, encoding).read_to_string(&mut text).unwrap();
    let attributes = Attributes::default();
    let (table, _) = Table::open(&text, &CsvOptions::default(), &attributes).unwrap();
    let mut chunks = table.chunks(CharsetDecoder::new(bytes, encoding)).unwrap();
    chunks.block = block;
    let mut rows = Vec::new();
    for chunk in chunks {
        let chunk = chunk.unwrap();
        table.records(&chunk.text, &mut |record| {
            // `?` in a DN is an error, but the DN is still read
            let ExportRecord::Record(_, object, _) = record else { panic!("{record:?}") };
            let text = |attr| object.text(attr).unwrap_or_default().to_owned();
            rows.push(vec![object.dn.to_string(), text(Attr::SN), text(Attr::DISPLAY_NAME)]);
        });
    }
    (rows, encoding.label())
}

/// Generates cells of characters in both Windows-1252 and cp850, without spaces around them: a name, and a text or
/// nothing.
fn cells() -> impl Strategy<Value = (String, String)> {
    let name = "[a-zéüñ]([ -~éèüßØñ\r\n]{0,12}[a-zé])?";
    let text = "([A-Zç\"';][ -~éèü\r\n]{0,12}[a-z\",;\\\\])?";
    (name, text)
}

/// Generates bytes that contain something to find.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::sample::select(b"\",;\t\r\nX'\\ a4?".to_vec());
    prop::collection::vec(prop_oneof![1 => any::<u8>(), 4 => telling], 0..300)
}

/// Whether an offset is that of a character of the text, or its end.
fn is_place(text: &[u8], at: usize) -> bool {
    text.get(at).map_or(at == text.len(), |byte| byte & 0xc0 != 0x80)
}

#[test]
fn a_list_with_a_heading_names_objects_by_one_column() {
    let check = |text: &str, expect: Option<&[(u64, &str)]>| {
        let mut found = Vec::new();
        let is_list = names(text, &CsvOptions::default(), &["DN", "sAMAccountName", "mail"], &mut |name| {
            found.push((name.line, name.name.to_string()));
        });
        let found = is_list.unwrap().map(|_| found);
        let expect = expect.map(|names| names.iter().map(|&(line, name)| (line, name.to_owned())).collect());
        assert_eq!(found, expect, "{text}");
    };
    check("CN=Ann,DC=x\nann\n", None);
    check("ann\n\nbob", None);
    check("", None);
    check("Nachname;Vorname\nDoe;Ann\n", None);
    check("mail\nann@x\n\nbob@x", Some(&[(2, "ann@x"), (4, "bob@x")]));
    check("\"SamAccountName\"\r\n\"ann\"\r\n", Some(&[(2, "ann")]));
    // a row without a name matches no user, but is not skipped
    check("DN;sAMAccountName\n;ann\n;\n", Some(&[(2, ";ann")]));
    check(
        "Nom;Prénom;Courriel;Compte\nDoe;\"A\nnn\";a@x;ann\nDoe;Bob;b@x;bob",
        Some(&[(3, "ann"), (4, "bob")]),
    );
    check("sep=;\nDistinguishedName;Mail\nCN=Ann,DC=x;a@x\n", Some(&[(3, "CN=Ann,DC=x")]));
}

proptest! {
    #[test]
    fn any_table_reads_back_equal(
        cells in prop::collection::vec(cells(), 1..8),
        dialect in dialects(),
        block in 1_usize..64,
    ) {
        let mut rows: Vec<Vec<String>> = vec![vec!["DN".into(), "Nachname".into(), "displayName".into()]];
        rows.extend(cells.into_iter().map(|(name, text)| {
            let cn = ::ldif::dn::Ava { kind: "CN".into(), value: name.clone().into_bytes() };
            vec![cn.to_string(), name, text]
        }));
        let bytes = dialect.write(&rows);
        // from symbols that are not in names, the encoding cannot be guessed
        let label = ["cp850", "windows-1252"].into_iter().find(|&label| label == dialect.label);
        let (read, found) = read_back(&bytes, label, block);
        prop_assert_eq!(&read, &rows[1..]);
        prop_assert_eq!(found, dialect.label);
    }

    #[test]
    fn any_rows_have_their_places(bytes in bytes()) {
        let rows = String::from_utf8_lossy(&bytes).into_owned();
        let text = format!("DN,sn,proxyAddresses,Enabled\n{rows}");
        let (table, _) = Table::open(&text, &CsvOptions::default(), &Attributes::default()).unwrap();
        for chunk in table.chunks(text.as_bytes()).unwrap().map_while(Result::ok) {
            let text = &chunk.text[..];
            table.records(text, &mut |record| {
                let ExportRecord::Record(_, object, findings) = record else { return };
                assert!(findings.iter().all(|found| is_place(text, found.place.at)), "{findings:?}");
                for value in object.values.iter().filter(|value| value.attr != Attr::ENABLED && value.at != Value::ELSEWHERE) {
                    if text[value.at..].starts_with(b"X'") {
                        continue;
                    }
                    for (index, byte) in value.bytes().iter().enumerate() {
                        let at = table.locate(text, object.at, value.at, index);
                        assert!(text[at] == *byte || text[at] == b'\\', "{value:?} {index}");
                    }
                }
            });
        }
    }

    /// The chunks and csv-core agree on what a row is.
    #[test]
    fn chunks_hold_whole_rows(text in "[\",\r\na\t]{0,40}", block in 1_usize..9) {
        let mut chunks = RowChunks::new(text.as_bytes(), RowShape::of_dns(b',', 2), 0, 1).unwrap();
        chunks.block = block;
        let mut found = Vec::new();
        let mut line = 1;
        for chunk in chunks {
            let Ok(chunk) = chunk else { return Ok(()) };
            prop_assert_eq!(chunk.line, line);
            line += rows::newlines(&chunk.text);
            found.extend(contents(&chunk.text));
        }
        prop_assert_eq!(found, contents(text.as_bytes()));
    }
}

/// Returns what csv-core reads from a text.
fn contents(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cells = Cells::new(b',', text, 0);
    while cells.row(&mut row) {
        rows.push(row.iter().map(|cell| cell.text.to_vec()).collect());
    }
    rows
}

#[test]
fn a_repeated_fault_is_reported_once() {
    let attributes = Attributes::default();
    let open = |head: &str| Table::open(head, &CsvOptions::default(), &attributes);
    for n in [2, 100, 4000] {
        let headings = "x,".repeat(n);
        let (_, found) = open(&format!("DN,{headings}mail")).unwrap();
        let codes: Vec<&str> = found.iter().map(|found| found.code).collect();
        assert_eq!(codes, ["csv-heading", "column-unread"], "{n} equal headings that nobody reads");
        assert!(found.iter().all(|found| found.what.english().len() < 300), "{n}");
        let found = open(&format!("DN,{}sn", "mail,".repeat(n))).unwrap_err();
        assert_eq!(found.len(), 1, "{n} equal headings that are needed");

        let cell = " smtp:\"\"a\"\"@x;".repeat(n);
        let text = format!("DN,proxyAddresses\nCN=a,\"{cell}\"\n");
        let (table, _) = open(&text).unwrap();
        let chunk = table.chunks(text.as_bytes()).unwrap().next().unwrap().unwrap();
        table.records(&chunk.text, &mut |record| {
            let ExportRecord::Record(RecordKind::Entry, object, found) = record else { panic!("{record:?}") };
            let values: Vec<&Value<'_>> = object.values(Attr::PROXY_ADDRESSES).collect();
            assert_eq!(values.len(), n);
            let last = values[n - 1].at;
            assert!(chunk.text[last..].starts_with(b"smtp:\"\"a\"\"@x;\""), "each has its place");
            // one for the cell, one for the spaces around its values
            assert_eq!(found.len(), 2, "{found:?}");
        });
    }
    let found = open(&"c,".repeat(5000)).unwrap_err();
    assert_eq!(found[0].what.english(), "5001 headings, more than 4096");
}
