//! The files of rejects: the rejected records, unchanged, and their way back through `enable`.

use userprep::input::encoding::TextEncoding;

use crate::enable::{codes, column};
use crate::{POOL, Work, fixture, user};

const ABSENT: [&str; 4] = ["--pool", POOL, "--absent", "all"];

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    TextEncoding::for_label(label).unwrap().encode(text, &mut bytes);
    bytes
}

/// Runs `enable` on a file and returns its file of rejects.
fn rejects(work: &Work, input: &str, more: &[&str]) -> Vec<u8> {
    let mut arguments = vec![input];
    arguments.extend(ABSENT);
    arguments.extend(more);
    let ran = work.enable(&arguments);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let name = if input.ends_with("ldif") { "run1/rejects-1.ldif" } else { "run1/rejects-1.csv" };
    std::fs::read(work.path(name)).unwrap()
}

#[test]
fn rows_are_unchanged_in_any_dialect_and_encoding() {
    for (label, bom) in [
        ("utf-8", ""),
        ("utf-8", "\u{feff}"),
        ("utf-16le", "\u{feff}"),
        ("utf-16le", ""),
        ("utf-16be", "\u{feff}"),
        ("windows-1252", ""),
        ("cp850", ""),
    ] {
        for delimiter in [",", ";", "\t"] {
            for end in ["\n", "\r\n", "\r"] {
                let dialect = |text: &str| encoded(label, &text.replace('|', delimiter).replace('\n', end));
                let work = Work::new();
                let input = format!(
                    "{bom}sep=|\n\"Nom unique\"|Prénom|mail|note\n\
                     CN=Zoë|Zoë|zoe@contoso.com|\n\
                     \"CN=Léa\"|Léa||\"a\"\"é\nb\"\n\n\
                     CN=Ann|Ann|ann@contoso.com|two|many\n\
                     CN=Max| Max |max|'"
                );
                work.write("list.csv", dialect(&input));
                let found = rejects(&work, "list.csv", &["--encoding", label]);
                let expect = format!(
                    "{bom}sep=|\nuserprep-code|userprep-reason|userprep-place|\"Nom unique\"|Prénom|mail|note\n\
                     attribute-missing|`mail` is absent or empty|list.csv:4:1|\"CN=Léa\"|Léa||\"a\"\"é\nb\"\n\
                     csv-fields|5 cells where the heading has 4|list.csv:7:{}|CN=Ann|Ann|ann@contoso.com|two|many\n\
                     sip-invalid|`mail` has no `@`|list.csv:8:17|CN=Max| Max |max|'\n",
                    "CN=Ann|Ann|ann@contoso.com|two|".len() + 1,
                );
                assert_eq!(
                    String::from_utf8_lossy(&found),
                    String::from_utf8_lossy(&dialect(&expect)),
                    "{label} {bom:?} {delimiter:?} {end:?}"
                );
            }
        }
    }
}

#[test]
fn records_are_unchanged_after_their_comments() {
    let good = user("Good", "mail: good@contoso.com\n");
    let text = format!(
        "# exported\n{good}\n# whose?\n{}{} half a fold\n",
        user("Lé\u{fc}", "mail: l@x@contoso.com\n# inside\ndescription: a\n  folded line\n").trim_end(),
        "\n\n"
    );
    for (label, bom, end) in [
        ("utf-8", "", "\n"),
        ("utf-8", "\u{feff}", "\r\n"),
        ("utf-16le", "\u{feff}", "\r\n"),
        ("cp850", "", "\r"),
    ] {
        let work = Work::new();
        let dialect = |text: &str| encoded(label, &format!("{bom}{text}").replace('\n', end));
        work.write("users.ldif", dialect(&text));
        let found = rejects(&work, "users.ldif", &["--encoding", label]);
        let (_, bad) = text.split_once("# whose?\n").unwrap();
        let (bad, _) = bad.split_once("\n\n").unwrap();
        let expect = format!(
            "# userprep-code: record-cut\n# userprep-reason: the record is cut: what follows it has no DN\n\
             # userprep-place: users.ldif:12:1\n{bad}\n\n\
             # userprep-code: ldif-fold-first\n# userprep-reason: a continuation line with no line before it\n\
             # userprep-place: users.ldif:23:1\n\n half a fold\n\n"
        );
        assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(&dialect(&expect)), "{label}");
    }
}

#[test]
fn stray_bytes_are_unchanged() {
    let work = Work::new();
    let mut input = user("Ann", "mail: ann@\n").into_bytes();
    input.extend_from_slice(b"description: caf\xe9 \xc3\xa9\n");
    work.write("users.ldif", &input[..]);
    let found = rejects(&work, "users.ldif", &[]);
    assert!(found.windows(6).any(|bytes| bytes == b"f\xe9 \xc3\xa9\n"), "{}", found.escape_ascii());
}

#[test]
fn each_input_with_rejects_has_a_file_that_all_lists_name() {
    let work = Work::new();
    work.write("a.ldif", user("Ann", "mail: ann@contoso.com\n")).write("b.csv", "DN,mail\nCN=Bob,bob\n");
    work.write("c.ldif", user("Cyd", "mail: cyd\n"));
    let mut arguments = vec!["a.ldif", "b.csv", "c.ldif"];
    arguments.extend(ABSENT);
    assert_eq!(work.enable(&arguments).code, 3);
    let names: Vec<_> = work.names("run1").into_iter().filter(|name| name.starts_with("rejects")).collect();
    assert_eq!(names, ["rejects-2.csv", "rejects-3.ldif"]);
    arguments.extend(["--what-if", "--out", "run2"]);
    assert_eq!(work.enable(&arguments).code, 3);
    let planned = work.names("run2.plan");
    assert!(names.iter().all(|name| planned.contains(name)), "a plan has them, too: {planned:?}");
    for name in &names {
        assert!(work.read("run1/manifest.json").contains(name));
        assert!(work.read("run1/SHA256SUMS").contains(name));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = work.path("run1").join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}

#[test]
fn the_same_rejects_for_any_number_of_threads() {
    let work = Work::new();
    let rows: String =
        (0..4000).map(|n| format!("CN=User {n},{}@contoso.com,{}\n", n % 3900, "x".repeat(500))).collect();
    work.write("users.csv", format!("DN,mail,note\n{rows}"));
    for (threads, out) in [("1", "run1"), ("2", "run2"), ("5", "run3")] {
        let mut arguments = vec!["users.csv", "--threads", threads, "--out", out];
        arguments.extend(ABSENT);
        assert_eq!(work.enable(&arguments).code, 3);
        assert_eq!(work.read(&format!("{out}/rejects-1.csv")), work.read("run1/rejects-1.csv"));
    }
    assert_eq!(work.read("run1/rejects-1.csv").lines().count(), 201);
}

#[test]
fn cells_that_look_like_formulas_are_reported_once_and_kept() {
    let work = Work::new();
    let rows = "CN=Ann,ann@contoso.com,=1+1\nCN=Bob,,+49 30 1\nCN=Cyd,,@SUM(A1)\n";
    work.write("users.csv", format!("DN,mail,Téléphone\n{rows}"));
    let found = String::from_utf8(rejects(&work, "users.csv", &[])).unwrap();
    assert!(found.contains(",CN=Bob,,+49 30 1\n") && found.contains(",CN=Cyd,,@SUM(A1)\n"), "{found}");
    let report = work.read("run1/report.xml");
    assert_eq!(codes(&report).iter().filter(|&&code| code == "csv-formula").count(), 1);
    let ran = work.enable(&["users.csv", ABSENT[0], ABSENT[1], ABSENT[2], ABSENT[3], "--out", "run2"]);
    assert!(
        ran.stderr.contains("users.csv:3:9: warning[csv-formula]: `Téléphone` begins like"),
        "{}",
        ran.stderr
    );
}

/// Returns the users who change, by DN.
fn changed(work: &Work, run: &str) -> Vec<String> {
    let report = work.read(&format!("{run}/report.xml"));
    let statuses = column(&report, "status");
    let named = statuses.iter().zip(column(&report, "dn"));
    let mut dns: Vec<String> =
        named.filter(|(status, _)| **status == "changed").map(|(_, dn)| dn.to_owned()).collect();
    dns.sort();
    dns
}

/// Runs `enable`, corrects the rejects, and runs it on them with the first run as reference, and once more without
/// corrections; returns the users of each run.
fn round_trip(input: &str, content: &[u8], corrections: &[(&str, &str)], more: &[&str]) -> [Vec<String>; 2] {
    let work = Work::new();
    work.write(input, content);
    let arguments = |input, out| {
        let mut arguments = vec![input, "--pool", POOL, "--sip-domain", "contoso.com", "--out", out];
        arguments.extend(more);
        arguments
    };
    let ran = work.enable(&arguments(input, "run1"));
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let rejects = if input.ends_with("ldif") { "run1/rejects-1.ldif" } else { "run1/rejects-1.csv" };
    let mut text = work.read(rejects);
    for (wrong, right) in corrections {
        assert!(text.contains(wrong), "{wrong} in {text}");
        text = text.replace(wrong, right);
    }
    let name = if input.ends_with("ldif") { "fixed.ldif" } else { "fixed.csv" };
    work.write(name, text);
    let mut again = arguments(name, "run2");
    again.extend(["--reference", "run1", "--alone"]);
    let ran = work.enable(&again);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = work.read("run2/report.xml");
    let others: Vec<_> =
        column(&report, "status").into_iter().filter(|&status| status != "changed").collect();
    assert!(others.is_empty(), "{others:?}");
    [changed(&work, "run1"), changed(&work, "run2")]
}

#[test]
fn corrected_rejects_give_the_missing_users_and_no_others() {
    let content = user("Ann", "mail: ann@contoso.com\n")
        + &user("Bob", "mail: bob(at)contoso.com\n")
        + &user("Cyd", "mail: cyd@contoso.com\n")
        + &user("Dan", "mail: ann.doe@contoso.com\n")
        + &user("Eve", "mail: ann.doe@contoso.com\n")
        + &user("Fay", "mail:: !!!!\n");
    let dn = |name: &str| format!("CN={name},OU=Paris,DC=contoso,DC=com");
    let fixes = [
        ("bob(at)contoso.com\n", "bob@contoso.com\n"),
        ("mail:: !!!!", "mail: fay@contoso.com"),
        (
            "sAMAccountName: eve\nuserAccountControl: 512\nmail: ann.doe@",
            "sAMAccountName: eve\nuserAccountControl: 512\nmail: eve@",
        ),
    ];
    let [first, second] = round_trip("users.ldif", content.as_bytes(), &fixes, &[]);
    assert_eq!(first, ["Ann", "Cyd"].map(dn));
    assert_eq!(second, ["Bob", "Dan", "Eve", "Fay"].map(dn));

    let content = "Nom unique;mail;Compte;Téléphone\r\n\
                   CN=Ann,DC=x;ann@contoso.com;ann;\r\n\
                   CN=Bob,DC=x;bob(at)contoso.com;bob;\"+49\r\n30\"\r\n\
                   CN=Dan,DC=x;ann.doe@contoso.com;dan;\r\n\
                   CN=Eve,DC=x;ann.doe@contoso.com;eve;\r\n\
                   CN=Fay;DC=x;fay@contoso.com;fay;\r\n";
    let fixes = [
        (";bob(at)contoso.com;", ";bob@contoso.com;"),
        ("ann.doe@contoso.com;eve", "eve@contoso.com;eve"),
        (";CN=Fay;DC=x;", ";CN=Fay,DC=x;"),
    ];
    let [first, second] = round_trip("users.csv", content.as_bytes(), &fixes, &["--absent", "all"]);
    assert_eq!(first, ["CN=Ann,DC=x"]);
    assert_eq!(second, ["CN=Bob,DC=x", "CN=Dan,DC=x", "CN=Eve,DC=x", "CN=Fay,DC=x"]);
}

/// Addresses are unique over inputs and references: what an older export shows of a user still counts.
#[test]
fn what_a_reference_shows_of_an_input_s_object_counts() {
    let work = Work::new();
    work.write("users.csv", "DN,mail\nCN=Ann,ann@contoso.com\nCN=Eve,eve@contoso.com\n");
    work.write("all.csv", "DN,mail\nCN=Eve,ann@contoso.com");
    let mut arguments = vec!["users.csv", "--reference", "all.csv"];
    arguments.extend(ABSENT);
    assert_eq!(work.enable(&arguments).code, 3);
    assert!(work.read("run1/report.xml").contains("code=\"sip-duplicate\""));
}

/// In all three formats of the invented forest, uncorrected rejects are rejected again.
#[test]
fn uncorrected_rejects_are_rejected_for_the_same_reasons() {
    for (input, config) in [
        ("contoso/users.ldif", "contoso/userprep.toml"),
        ("contoso/users.csv", "contoso/userprep.toml"),
        ("contoso/liste.csv", "contoso/userprep-liste.toml"),
    ] {
        let work = Work::new();
        let (input, config) = (fixture(input), fixture(config));
        assert_eq!(work.enable(&[&input, "--config", &config]).code, 3);
        let rejects = format!("run1/rejects-1.{}", input.rsplit('.').next().unwrap());
        let rejected = |run: &str| {
            let report = work.read(&format!("{run}/report.xml"));
            let rows =
                column(&report, "status").into_iter().zip(column(&report, "code")).zip(column(&report, "dn"));
            let rows = rows.filter(|((status, _), _)| *status == "rejected");
            rows.map(|((_, code), dn)| format!("{code} {dn}")).collect::<Vec<_>>()
        };
        for (from, out) in [(rejects.as_str(), "run2"), (&rejects.replace("run1", "run2"), "run3")] {
            let ran =
                work.enable(&[from, "--config", &config, "--reference", &input, "--alone", "--out", out]);
            assert_eq!(ran.code, 3, "{}", ran.stderr);
            assert_eq!(rejected(out), rejected("run1"), "{from}");
            let lines = |run: &str| {
                let bytes = std::fs::read(work.path(&rejects.replace("run1", run))).unwrap();
                let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b"#"));
                let lines: Vec<_> = lines.map(<[u8]>::to_vec).collect();
                (lines.len(), if input.ends_with("ldif") { lines } else { lines[..1].to_vec() })
            };
            assert_eq!(lines(out), lines("run1"), "{from}: nothing is added");
        }
    }
}
