//! The bounds that `src/docs/formats.md` documents: the maximum is accepted, one more is refused.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use userprep::sip::claims::MOST_RECORDS;

use crate::{POOL, Ran, Work, user};

/// Reads the documented bounds: the subject, the maximum, and the code beyond it.
fn documented() -> Vec<(String, usize, String)> {
    let formats = include_str!("../../src/docs/formats.md");
    let section = formats.split_once("### Bounds\n").unwrap().1.split_once("\n## ").unwrap().0;
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[2].replace(',', "").parse().unwrap(), cells[3].replace('`', ""))
    })
    .collect()
}

fn enable(work: &Work, arguments: &[&str]) -> Ran {
    work.enable(&[&["--absent", "all", "--sip-domain", "contoso.com", "--force"], arguments].concat())
}

fn with_input(work: &Work, content: &str) -> Ran {
    work.write("users", content);
    enable(work, &["users", "--pool", POOL])
}

fn with_standard_input(work: &Work, content: &str) -> Ran {
    let mut command =
        work.command(&["enable", "-", "--absent", "all", "--pool", POOL, "--out", "run1", "--force"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program stops reading once it has seen enough.
    let _ = child.stdin.take().unwrap().write_all(content.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn with_configuration(work: &Work, content: &str) -> Ran {
    work.write("users", user("Ann", "mail: ann@contoso.com\n")).write("c.toml", content);
    enable(work, &["users", "--config", "c.toml"])
}

/// Returns an LDIF record of this length, including its blank line.
fn record(bytes: usize) -> String {
    let start = user("Ann", "mail: ann@contoso.com\n").trim_end().to_owned() + "\ndescription: ";
    let rest = bytes - start.len() - 2;
    format!("{start}{}\n\n", "x".repeat(rest))
}

const HEADING: &str = "DN,objectClass,userAccountControl,mail";
const ROW: &str = "\"CN=Ann,DC=contoso,DC=com\",user,512,ann@contoso.com";

/// Returns a CSV row of this length, without its line end.
fn row(bytes: usize) -> String {
    format!("{HEADING},x\n{ROW},{}\n", "x".repeat(bytes - ROW.len() - 1))
}

fn pools(count: usize, weight: usize) -> String {
    let mut text = String::from("version = 1\n");
    for n in 0..count {
        let dn = POOL.replace("pool01", &format!("pool{n}"));
        write!(text, "[[pool]]\nlabel = \"pool{n}\"\ndn = \"{dn}\"\nweight = {weight}\n").unwrap();
    }
    text
}

fn rules(count: usize) -> String {
    let rules = (0..count).map(|n| {
        format!("[[rule]]\nlabel = \"rule{n}\"\nbase = \"OU={n},DC=contoso,DC=com\"\nskip = true\n")
    });
    pools(1, 1) + &rules.collect::<String>()
}

/// Runs the program with something of this size.
fn sized(work: &Work, what: &str, size: usize) -> Ran {
    match what {
        "bytes of a record of LDIF with its blank line, also on standard input" => {
            with_standard_input(work, &record(size))
        }
        "bytes of a row of CSV without its line end, also on standard input" => {
            with_standard_input(work, &row(size))
        }
        "bytes of the headings of CSV, with what is before them" => {
            let name = "x".repeat(size - HEADING.len() - 1);
            with_input(work, &format!("{HEADING},{name}\n{ROW},x\n"))
        }
        "columns of CSV" => {
            let names: String = (4..size).map(|n| format!(",x{n}")).collect();
            with_input(work, &format!("{HEADING}{names}\n{ROW}{}\n", ",".repeat(size - 4)))
        }
        "filters inside each other" => {
            let filter = format!("{}(cn=x){}", "(!".repeat(size - 1), ")".repeat(size - 1));
            work.write("users", user("Ann", "mail: ann@contoso.com\n"));
            enable(work, &["users", "--pool", POOL, "--filter", &filter])
        }
        "pools" => with_configuration(work, &pools(size, 1)),
        "weight of a pool" => with_configuration(work, &pools(1, size)),
        "rules" => with_configuration(work, &rules(size)),
        "`--domain` of `rename`" => {
            work.write("users", user("Ann", "msRTCSIP-PrimaryUserAddress: sip:ann@old1.com\n"));
            let pairs: Vec<String> = (1..=size).map(|n| format!("--domain=old{n}.com=new{n}.com")).collect();
            let fixed = ["rename", "users", "--absent", "all", "--out", "run1", "--force"];
            work.run(&fixed.into_iter().chain(pairs.iter().map(String::as_str)).collect::<Vec<_>>())
        }
        _ => panic!("{what} is documented, and nothing tries it"),
    }
}

#[test]
fn the_documented_maximum_is_accepted_and_one_more_refused() {
    for (what, most, beyond) in documented() {
        let work = Work::new();
        match what.as_str() {
            "records of a run" => assert_eq!(most, MOST_RECORDS as usize),
            "threads" => {
                work.write("users", user("Ann", "mail: ann@contoso.com\n"));
                let ran = enable(&work, &["users", "--pool", POOL, "--threads", &(most + 1).to_string()]);
                assert_eq!((ran.code, beyond), (0, format!("{most} are used")), "{}", ran.stderr);
            }
            _ => {
                let ran = sized(&work, &what, most);
                assert!(ran.code == 0, "{what}: {most} ends with {}: {:.1000}", ran.code, ran.stderr);
                let ran = sized(&work, &what, most + 1);
                let is_said = ran.stderr.contains(&format!("error[{beyond}]"));
                assert!(is_said && matches!(ran.code, 1 | 2), "{what}: {:.1000}", ran.stderr);
            }
        }
    }
}

#[test]
fn a_file_has_the_same_bounds_as_standard_input() {
    for (content, code) in [(record((64 << 20) + 1), "ldif-too-long"), (row((64 << 20) + 1), "csv-long-row")]
    {
        let ran = with_input(&Work::new(), &content);
        assert!(ran.stderr.contains(&format!("error[{code}]")) && ran.code == 1, "{:.1000}", ran.stderr);
    }
}
