//! Records are restored from what was stored of them, and their text is unchanged.

use std::fs;
use std::path::Path;

use userprep::input::detect::ExportFormat;
use userprep::input::encoding::TextEncoding;
use userprep::input::{Export, Numbered, Options, Role};
use userprep::message::Failure;
use userprep::object::Attributes;
use userprep::output::store::Store;
use userprep::records::{BatchText, Records};

use crate::{Work, fixture, user};

fn export(path: &Path, encoding: Option<&str>) -> Export {
    let encoding = encoding.map(|label| TextEncoding::for_label(label).unwrap());
    let ending = path.extension().and_then(|ending| ending.to_str());
    let format = Some(if ending == Some("csv") { ExportFormat::Csv } else { ExportFormat::Ldif });
    let options = Options { encoding, format, ..Options::default() };
    Export::open(path, Role::Input, &options, &Attributes::default()).unwrap()
}

fn shown(record: &Numbered<'_>) -> String {
    format!("{record:?}")
}

/// Reads the records, and formats each.
fn read<'e>(exports: &'e [Export], attributes: &Attributes) -> (Records<'e>, Vec<String>) {
    let mut all = Vec::new();
    let (records, _) = Records::read(
        "",
        exports,
        attributes,
        Store::new(None).unwrap(),
        |batch| {
            let mut found = Vec::new();
            let mut each = |record: &Numbered<'_>, _: &mut Vec<u8>| {
                found.push((record.number, shown(&Numbered { number: 0, ..record.clone() })));
                true
            };
            let read = batch.each(&mut each);
            (found, read)
        },
        |start, part| {
            all.extend(part.into_iter().map(|(number, text)| (start.first + number, text)));
            Ok(())
        },
    )
    .unwrap();
    assert!(all.iter().zip(0..).all(|((number, _), expected)| *number == expected));
    (records, all.into_iter().map(|(_, text)| text).collect())
}

/// Reads the records again; with `text`, the text of each batch is read again, too.
fn revisited(records: &Records<'_>, text: bool) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    records.revisit(
        "",
        |_, _| true,
        |batch| {
            let mut source = BatchText::of(batch);
            let mut found = Vec::new();
            batch.each(&mut |record| {
                let at = record.object.at;
                if text && let Some((batch, positions)) = source.text() {
                    assert!(at < batch.text.len());
                    assert_eq!(positions.of(at).line, record.line, "{}", record.object.dn);
                }
                assert!(batch.numbers().contains(&record.number));
                found.push(shown(&Numbered { number: 0, ..record }));
            });
            found
        },
        |part| {
            all.extend(part);
            Ok(())
        },
    )?;
    Ok(all)
}

fn check(path: &Path, encoding: Option<&str>) {
    let exports = [export(path, encoding), export(path, encoding)];
    let attributes = Attributes::default();
    let (records, first) = read(&exports, &attributes);
    assert!(!first.is_empty(), "{}", path.display());
    assert_eq!(revisited(&records, true).unwrap(), first, "{}", path.display());
}

#[test]
fn records_are_restored_as_they_were_read() {
    for name in [
        "contoso/users.ldif",
        "contoso/users.csv",
        "samba/export.ldif",
        "bad/not-a-dn.ldif",
        "bad/base64.ldif",
    ] {
        check(Path::new(&fixture(name)), None);
    }
}

#[test]
fn text_is_read_again_from_a_file_in_any_encoding() {
    let work = Work::new();
    let cells = "\"CN=Zoë Ωμέγα 😀,DC=contoso,DC=com\",\"two\nlines\",zoe\n".repeat(9_000);
    let text = format!("DN,description,sAMAccountName\n{cells}");
    for (label, is_marked) in [
        ("utf-8", true),
        ("utf-8", false),
        ("utf-16le", true),
        ("utf-16be", true),
        ("windows-1253", false),
        ("cp850", false),
        ("shift_jis", false),
        ("gb18030", false),
    ] {
        let encoding = TextEncoding::for_label(label).unwrap();
        let mut bytes = Vec::new();
        if is_marked {
            encoding.encode("\u{feff}", &mut bytes);
        }
        encoding.encode(&text, &mut bytes);
        // A byte that is invalid in UTF-8.
        if label == "utf-8" {
            bytes.extend_from_slice(b"\"CN=Zo\xeb,DC=com\",a,b\n\"CN=Ann,DC=com\",a,b\n");
        }
        work.write("table.csv", bytes);
        check(&work.path("table.csv"), Some(label));
    }
}

#[test]
fn ldif_in_utf_16_that_is_declared_as_utf_8_is_read_again_too() {
    let work = Work::new();
    let units = format!("\u{feff}{}", user("Zoë", "mail: zoe@contoso.com \n"));
    work.write("users.ldif", units.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    check(&work.path("users.ldif"), Some("utf-8"));
}

#[test]
fn a_changed_file_is_noticed_when_it_is_shown() {
    let work = Work::new();
    work.write("users.ldif", user("Ann", "mail: ann@contoso.com\n"));
    let exports = [export(&work.path("users.ldif"), None)];
    let attributes = Attributes::default();
    let (records, first) = read(&exports, &attributes);
    fs::write(work.path("users.ldif"), user("Bob", "mail: bob@contoso.com\n")).unwrap();
    assert_eq!(revisited(&records, false).unwrap(), first, "nothing but what was read counts");
    let Err(Failure::Broken(messages)) = revisited(&records, true) else {
        panic!("the change is not noticed")
    };
    assert_eq!(messages[0].code, "input-changed");
}
