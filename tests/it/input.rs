//! The same users in many files: formats, encodings, several inputs, references, standard input.

use std::io::Write;
use std::process::Stdio;

use crate::{POOL, Work, user};

/// Returns the change files without their comments.
fn changes(work: &Work, run: &str) -> String {
    let names = work.names(run);
    let files = names.iter().filter(|name| name.ends_with(".ldif"));
    files
        .map(|name| work.read(&format!("{run}/{name}")))
        .collect::<String>()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

fn utf16(text: &str, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn every_form_of_an_export_gives_the_same() {
    let work = Work::new();
    let ldif = user("Zoë", "givenName: Zoë\nsn: Müller\nmail: zoe@contoso.com\n");
    let csv = "DN,objectClass,instanceType,sAMAccountName,userAccountControl,givenName,sn,mail\n\
               \"CN=Zoë,OU=Paris,DC=contoso,DC=com\",top;user,4,zoë,512,Zoë,Müller,zoe@contoso.com\n";
    let french = csv
        .replace(',', ";")
        .replace("top;user", "user")
        .replace("CN=Zoë;OU=Paris;DC=contoso;DC=com", "CN=Zoë,OU=Paris,DC=contoso,DC=com");
    let ansi: Vec<u8> = french.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    work.write("lf.ldif", &ldif);
    work.write("crlf.ldif", ldif.replace('\n', "\r\n"));
    work.write("mark.ldif", format!("\u{feff}{ldif}"));
    work.write("utf16.ldif", utf16(&ldif.replace('\n', "\r\n"), true));
    work.write("unmarked.ldif", utf16(&ldif, false));
    work.write(
        "export.ldif",
        format!("version: 1\n\n{}", ldif.replacen("\nobjectClass", "\nchangetype: add\nobjectClass", 1)),
    );
    work.write("plain.csv", csv);
    work.write("mark.csv", format!("\u{feff}{}", csv.replace('\n', "\r\n")));
    work.write("utf16.csv", utf16(&csv.replace('\n', "\r\n"), true));
    work.write("type.csv", format!("#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n{csv}"));
    work.write("ansi.csv", ansi);
    let arguments = ["--pool", POOL, "--sip-from", "first.last", "--sip-domain", "contoso.com"];
    let mut first = None;
    for file in work.names(".") {
        let out = format!("run-{file}");
        // no address is built from letters with a guessed encoding
        let encoding = ["--encoding", "windows-1252"];
        let encoding = if file == "ansi.csv" { &encoding[..] } else { &[] };
        let ran = work.enable(&[&[&*file, "--out", &out], &arguments[..], encoding].concat());
        assert_eq!(ran.code, 0, "{file}: {}", ran.stderr);
        let found = changes(&work, &out);
        assert!(found.contains("sip:Zoe.Muller@contoso.com"), "{file}: {found}");
        assert_eq!(*first.get_or_insert(found.clone()), found, "{file}");
    }
}

#[test]
fn standard_input_is_read_twice_like_a_file() {
    let work = Work::new();
    let mut child = work
        .command(&["enable", "-", "--pool", POOL, "--out", "run1"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(user("Ann", "mail: ann@contoso.com\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        work.read("run1/0001-apply.ldif").contains("# ann (-:1)"),
        "{}",
        work.read("run1/0001-apply.ldif")
    );
}

#[test]
fn a_folder_stands_for_its_exports_by_name() {
    let work = Work::new();
    std::fs::create_dir(work.path("exports")).unwrap();
    work.write("exports/b.ldif", user("Bob", "mail: bob@contoso.com\n"))
        .write("exports/a.LDF", user("Ann", "mail: ann@contoso.com\n"));
    work.write("exports/notes.md", "no export");
    assert_eq!(work.enable(&["exports", "--pool", POOL]).code, 0);
    let report = work.read("run1/report.xml");
    assert!(report.find("exports/a.LDF").unwrap() < report.find("exports/b.ldif").unwrap());
    assert!(report.contains("<summary read=\"2\" changed=\"2\""), "{report}");
}

#[test]
fn records_of_one_object_agree_or_are_rejected() {
    let work = Work::new();
    let ann = user("Ann", "mail: ann@contoso.com\n");
    work.write("one.ldif", &ann)
        .write("same.ldif", ann.replace("OU=Paris,", "ou=paris, "))
        .write("other.ldif", ann.replace("ann@", "anna@"));
    assert_eq!(work.enable(&["one.ldif", "same.ldif", "--pool", POOL]).code, 0);
    assert!(work.read("run1/report.xml").contains("status=\"skipped\" code=\"duplicate-record\""));
    assert_eq!(work.enable(&["one.ldif", "other.ldif", "--pool", POOL, "--out", "run2"]).code, 3);
    let report = work.read("run2/report.xml");
    assert_eq!(report.matches("status=\"rejected\" code=\"dn-conflict\"").count(), 2, "{report}");
}

#[test]
fn a_reference_only_counts_as_taken() {
    let work = Work::new();
    let ann = user("Ann", "mail: ann@contoso.com\n");
    let taken = user("Old", "msRTCSIP-PrimaryUserAddress: sip:ANN@contoso.com\n");
    work.write("wave.ldif", &ann).write("forest.ldif", format!("{ann}{taken}"));
    let ran = work.enable(&["wave.ldif", "--reference", "forest.ldif", "--pool", POOL]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("wave.ldif:7:7: error[sip-duplicate]: ann: `sip:ann@contoso.com` is already taken by CN=Old,OU=Paris,DC=contoso,DC=com (forest.ldif:9)"), "{}", ran.stderr);
    assert!(work.read("run1/report.xml").contains("<summary read=\"1\""));
    work.write("forest.ldif", ann);
    assert_eq!(
        work.enable(&["wave.ldif", "--reference", "forest.ldif", "--pool", POOL, "--out", "run2"]).code,
        0
    );
}

#[test]
fn a_fault_is_reported_at_its_character_and_rejects_only_its_record() {
    let work = Work::new();
    let bad = user("Bad", "mail:: YW5u!EBjb250b3NvLmNvbQ==\n")
        + "no colon\n\n"
        + &user("Ann", "mail: ann@contoso.com\n");
    work.write("users.ldif", bad.replace('\n', "\r\n"));
    let ran = work.enable(&["users.ldif", "--pool", POOL]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.contains("users.ldif:7:12: error[ldif-base64]: bad: `!` is not a base64 character"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("users.ldif:9:1: error[ldif-no-colon]"), "{}", ran.stderr);
    assert!(
        work.read("run1/report.xml")
            .contains("<summary read=\"3\" changed=\"1\" unchanged=\"0\" skipped=\"0\" rejected=\"2\"")
    );
}
