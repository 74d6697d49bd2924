//! The life of a run: apply, verify, finish, undo; as a whole or not at all.

mod damaged;
mod directory;
mod property;
#[cfg(unix)]
mod scripts;
mod whole;
mod wizards;

use std::path::Path;

use directory::Directory;

use crate::{POOL, Ran, Work};

/// The cases of the live tests, with the return code of each server.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/directory/cases");

#[test]
fn the_directory_in_memory_answers_like_samba() {
    let seed = std::fs::read(format!("{CASES}/seed.ldif")).unwrap();
    let answers = std::fs::read_to_string(format!("{CASES}/answers.tsv")).unwrap();
    let mut cases = 0;
    for answer in answers.lines().skip(1) {
        let columns: Vec<&str> = answer.split('\t').collect();
        let file = std::fs::read(format!("{CASES}/{}.ldif", columns[0])).unwrap();
        let imported = Directory::load(&seed).import(&file);
        assert_eq!(imported.code.to_string(), columns[2], "{}", columns[0]);
        cases += 1;
    }
    assert_eq!(cases, 53);
}

/// Returns three users without an address, and a pool.
pub(crate) fn three() -> Directory {
    let mut directory = Directory::default();
    directory.insert(POOL, [("objectclass".into(), vec![b"container".to_vec()])].into());
    for (n, name) in ["Ann", "Bob", "Cid"].into_iter().enumerate() {
        let sam = name.to_lowercase();
        let lines = [
            ("objectclass", b"user".to_vec()),
            ("objectguid", vec![n as u8 + 1; 16]),
            ("instancetype", b"4".to_vec()),
            ("useraccountcontrol", b"512".to_vec()),
            ("samaccountname", sam.clone().into_bytes()),
            ("mail", format!("{sam}@contoso.com").into_bytes()),
            ("proxyaddresses", format!("SMTP:{sam}@contoso.com").into_bytes()),
        ];
        let entry = lines.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
        directory.insert(&dn(name), entry);
    }
    directory
}

fn dn(name: &str) -> String {
    format!("CN={name},OU=Paris,DC=contoso,DC=com")
}

impl Work {
    /// Exports a directory and runs a command on it.
    fn on(&self, directory: &Directory, arguments: &[&str]) -> Ran {
        self.write("now.ldif", directory.export());
        self.run(arguments)
    }

    fn enable_all(&self, directory: &Directory, out: &str) -> Ran {
        self.on(
            directory,
            &[
                "enable",
                "now.ldif",
                "--pool",
                POOL,
                "--sip-domain",
                "contoso.com",
                "--split",
                "2",
                "--out",
                out,
            ],
        )
    }

    /// Imports the change files of one kind in order, and returns the number of applied records.
    fn import(&self, directory: &mut Directory, run: &str, kind: &str) -> usize {
        let names = self.names(run);
        let files = names.iter().filter(|name| name.ends_with(&format!("-{kind}.ldif")));
        files.map(|name| directory.import(&std::fs::read(self.path(run).join(name)).unwrap()).applied).sum()
    }

    /// Returns the rows of a report: the first name in the DN, status, code.
    pub(crate) fn rows(&self, run: &str) -> Vec<String> {
        let report = self.read(&format!("{run}/report.xml"));
        let field = |row: &str, name: &str| {
            let at = row.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
            row[at..].split('"').next().unwrap().to_owned()
        };
        let rows = report.lines().filter(|line| line.contains("<user "));
        rows.map(|row| {
            let name = field(row, "dn").split(',').next().unwrap()[3..].to_owned();
            format!("{name} {} {}", field(row, "status"), field(row, "code")).trim_end().to_owned()
        })
        .collect()
    }
}

#[test]
fn the_run_of_a_list_is_applied_verified_and_undone() {
    let (work, mut directory) = (Work::new(), three());
    let before = directory.sorted();
    work.write("list.csv", "Compte;Courriel;Adresse SIP\nANN;a.doe@contoso.com;\ncid;;c@contoso.com\n");
    let list =
        ["list.csv", "--join", "now.ldif", "--pool", POOL, "--sip-domain", "contoso.com", "--out", "run1"];
    let ran = work.on(&directory, &[&["enable"], &list[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.import(&mut directory, "run1", "apply"), 2);
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.rows("rest1"), ["Ann applied", "Cid applied"]);
    let mail = |directory: &Directory| directory.export().matches("mail: ").count();
    assert_eq!(mail(&directory), 3, "the list's mail address is written nowhere else");
    let ran = work.on(&directory, &[&["enable"], &list[..8], &["run2"]].concat());
    assert_eq!((ran.code, work.rows("run2")), (0, vec!["Ann unchanged".into(), "Cid unchanged".into()]));
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.import(&mut directory, "undo1", "apply"), 2);
    assert_eq!(directory.sorted(), before);
}

#[test]
fn a_run_is_applied_verified_and_undone() {
    let (work, mut directory) = (Work::new(), three());
    let before = directory.sorted();
    let ran = work.enable_all(&directory, "run1");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.import(&mut directory, "run1", "apply"), 3);
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.rows("rest1"), ["Ann applied", "Bob applied", "Cid applied"]);
    assert!(!work.names("rest1").iter().any(|name| name.ends_with(".ldif") || name.ends_with(".cmd")));
    let again = work.enable_all(&directory, "run2");
    assert_eq!(again.code, 0);
    assert!(!work.names("run2").iter().any(|name| name.ends_with(".ldif")), "nothing is left to do");
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.rows("undo1"), ["Ann changed", "Bob changed", "Cid changed"]);
    assert_eq!(work.import(&mut directory, "undo1", "apply"), 3);
    assert_eq!(directory.sorted(), before);
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo2"]);
    assert_eq!(ran.code, 0);
    assert_eq!(work.rows("undo2"), ["Ann unchanged", "Bob unchanged", "Cid unchanged"]);
    assert_eq!(work.import(&mut directory, "undo1", "undo"), 3, "the undo of the undo applies again");
    assert_eq!(work.on(&directory, &["verify", "run1", "--against", "now.ldif"]).code, 0);
}

#[test]
fn a_partial_import_is_finished_by_the_run_of_verify() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    let planned = {
        let mut all = directory.clone();
        work.import(&mut all, "run1", "apply");
        all.sorted()
    };
    directory.import(work.read("run1/0002-apply.ldif").as_bytes());
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 5);
    assert!(ran.stdout.contains("1 of 3 users has all that the run planned; 2 do not."), "{}", ran.stdout);
    assert_eq!(work.rows("rest1"), ["Ann missing", "Bob missing", "Cid applied"]);
    assert_eq!(work.import(&mut directory, "rest1", "apply"), 2);
    assert_eq!(directory.sorted(), planned);
    // The run directory of verify is like any other.
    assert_eq!(work.on(&directory, &["verify", "rest1", "--against", "now.ldif"]).code, 0);
    assert_eq!(work.on(&directory, &["verify", "run1", "--against", "now.ldif"]).code, 0);
    assert_eq!(work.import(&mut directory, "rest1", "undo"), 2);
    assert_eq!(work.on(&directory, &["verify", "rest1", "--against", "now.ldif"]).code, 5);
}

#[test]
fn moved_drifted_and_gone_users_are_distinguished() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    work.import(&mut directory, "run1", "apply");
    let ann = directory.remove(&dn("Ann"));
    directory.insert("CN=Ann,OU=Rome,DC=contoso,DC=com", ann);
    directory.entry(&dn("Bob")).insert("msrtcsip-optionflags".into(), vec![b"257".to_vec()]);
    directory.remove(&dn("Cid"));
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 5);
    assert_eq!(work.rows("rest1"), ["Ann applied moved", "Bob drifted", "Cid gone"]);
    insta::assert_snapshot!("drifted_and_gone", ran.stderr);
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo1"]);
    assert_eq!(ran.code, 3);
    assert_eq!(work.rows("undo1"), ["Ann changed", "Bob rejected drifted", "Cid rejected gone"]);
    assert!(work.read("undo1/0001-apply.ldif").contains("dn: CN=Ann,OU=Rome,DC=contoso,DC=com"));
    assert_eq!(work.import(&mut directory, "undo1", "apply"), 1);
}

#[test]
fn a_deleted_user_is_gone() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    let mut ann = directory.remove(&dn("Ann"));
    ann.insert("isdeleted".into(), vec![b"TRUE".to_vec()]);
    let guid = "01010101-0101-0101-0101-010101010101";
    directory.insert(&format!("CN=Ann\\0ADEL:{guid},CN=Deleted Objects,DC=contoso,DC=com"), ann);
    let bob = directory.remove(&dn("Bob"));
    directory.insert("CN=Bob,OU=Rome,DC=contoso,DC=com", bob);
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 5);
    assert_eq!(work.rows("rest1"), ["Bob missing moved", "Cid missing", "Ann gone"]);
}

#[test]
fn another_object_with_the_same_name_is_not_the_user() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    work.import(&mut directory, "run1", "apply");
    directory.entry(&dn("Cid")).insert("objectguid".into(), vec![vec![99; 16]]);
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 5);
    assert_eq!(work.rows("rest1"), ["Ann applied", "Bob applied", "Cid gone"]);
    // Without GUIDs, only the DN identifies a user.
    for name in ["Ann", "Bob", "Cid"] {
        directory.entry(&dn(name)).remove("objectguid");
    }
    assert_eq!(work.on(&directory, &["verify", "run1", "--against", "now.ldif"]).code, 0);
}

#[test]
fn an_export_that_shows_less_is_refused() {
    let (work, directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    let export = directory.export().replace("instancetype: 4\n", "");
    work.write("now.ldif", &export);
    let ran = work.run(&["verify", "run1", "--against", "now.ldif"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error[attribute-not-shown]"), "{}", ran.stderr);
    let ran = work.run(&["verify", "run1", "--against", "now.ldif", "--absent", "all"]);
    assert_eq!(ran.code, 5);
    work.write("cut.ldif", export + "# search result\nsearch: 2\nresult: 4 Size limit exceeded\n");
    assert_eq!(work.run(&["verify", "run1", "--against", "cut.ldif", "--absent", "all"]).code, 1);
}

#[test]
fn contradictory_records_prevent_a_change() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    work.write("before.ldif", directory.export());
    work.import(&mut directory, "run1", "apply");
    let ran =
        work.on(&directory, &["undo", "run1", "--against", "before.ldif", "now.ldif", "--out", "undo1"]);
    assert_eq!(ran.code, 3);
    assert_eq!(work.rows("undo1"), ["Ann", "Bob", "Cid"].map(|name| format!("{name} rejected dn-conflict")));
    assert!(!Path::new(&work.path("undo1/0001-apply.ldif")).exists());
}

#[test]
fn logs_say_why_a_record_was_refused() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    directory.entry(&dn("Bob")).insert("msrtcsip-optionflags".into(), vec![b"16".to_vec()]);
    let imported = directory.import(work.read("run1/0001-apply.ldif").as_bytes());
    assert_eq!((imported.code, imported.applied), (20, 1));
    work.write("refused.ldif", imported.refused);
    let log = format!("1: {}\r\nEchec : 0x208d\r\n", dn("Cid"));
    work.write("ldif.log", log.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let arguments =
        ["verify", "run1", "--against", "now.ldif", "--log", "refused.ldif", "ldif.log", "--out", "rest1"];
    let ran = work.on(&directory, &arguments);
    assert_eq!(ran.code, 5);
    assert!(
        ran.stderr.contains(
            "refused.ldif:2:1: warning[import-refused]: bob: the importer refused the record: failed (20)"
        ),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("ldif.log:1:1: warning[import-refused]: cid: the importer refused the record: 0x208d"),
        "{}",
        ran.stderr
    );
    assert_eq!(work.read("rest1/report.xml").matches("code=\"import-refused\"").count(), 2);
}

#[test]
fn a_log_about_another_run_is_reported() {
    let (work, directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    work.write("none.log", "");
    work.write(
        "other.ldif",
        "# Error: No such object (32)\ndn: CN=zed,DC=contoso,DC=com\nchangetype: modify\n",
    );
    let against = ["verify", "run1", "--against", "now.ldif", "--log", "none.log", "other.ldif"];
    let ran = work.on(&directory, &against);
    for says in [
        "warning[log-empty]: `none.log` names no record that was refused",
        "warning[log-empty]: `other.ldif` names no user of the run among the records that were refused",
    ] {
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}

#[test]
fn a_damaged_run_directory_is_not_trusted() {
    let (work, directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    let ran = work.run(&["verify", "run1", "--files"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (file, code) in
        [("0001-undo.ldif", "file-changed"), ("apply.sh", "file-changed"), ("report.xml", "file-changed")]
    {
        let whole = work.read(&format!("run1/{file}"));
        work.write(&format!("run1/{file}"), whole.clone() + "\n# \n");
        let ran = work.run(&["verify", "run1", "--files"]);
        assert_eq!(ran.code, 5);
        assert!(ran.stderr.contains(&format!("error[{code}]: `run1/{file}`")), "{}", ran.stderr);
        if file != "apply.sh" {
            let ran = work.run(&["verify", "run1", "--against", "now.ldif"]);
            assert_eq!(ran.code, 1);
            assert!(ran.stderr.contains("error[run-changed]"), "{}", ran.stderr);
        }
        work.write(&format!("run1/{file}"), whole);
    }
    // More users than fit into any memory.
    let whole = work.read("run1/manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_str(&whole).unwrap();
    manifest["batches"][0]["records"] = 1_000_000_000_000_u64.into();
    work.write("run1/manifest.json", manifest.to_string());
    let ran = work.run(&["verify", "run1", "--against", "now.ldif"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("error[run-changed]"), "{}", ran.stderr);
    work.write("run1/manifest.json", whole.replace("\"mode\": \"enable\"", "\"mode\": \"sweep\""));
    let ran = work.run(&["verify", "run1", "--files"]);
    assert!(ran.code == 1 && ran.stderr.contains("of an unknown command, `sweep`"), "{}", ran.stderr);
    work.write("run1/manifest.json", whole);
    std::fs::rename(work.path("run1/undo.cmd"), work.path("undo.cmd")).unwrap();
    assert!(work.run(&["verify", "run1", "--files"]).stderr.contains("error[file-missing]"));
    assert_eq!(work.run(&["verify", "now.ldif", "--against", "now.ldif"]).code, 1);
    work.on(&directory, &["enable", "now.ldif", "--pool", POOL, "--out", "run2", "--dry-run"]);
    let ran = work.run(&["undo", "run2.plan", "--against", "now.ldif", "--out", "undo1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error[run-plan]"), "{}", ran.stderr);
}

#[test]
fn the_same_export_gives_the_same_bytes_for_any_number_of_threads() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    directory.import(work.read("run1/0001-apply.ldif").as_bytes());
    for threads in ["1", "2", "5"] {
        let ran = work.on(
            &directory,
            &["verify", "run1", "--against", "now.ldif", "--threads", threads, "--out", threads],
        );
        assert_eq!(ran.code, 5);
    }
    for name in work.names("1") {
        assert_eq!(work.read(&format!("1/{name}")), work.read(&format!("2/{name}")), "{name}");
        assert_eq!(work.read(&format!("1/{name}")), work.read(&format!("5/{name}")), "{name}");
    }
}

#[test]
fn an_earlier_run_counts_with_what_it_planned() {
    let (work, directory) = (Work::new(), three());
    let wave = |arguments: &[&str]| {
        let config = format!("version = 1\n[[pool]]\nlabel = \"p\"\ndn = \"{POOL}\"\ncapacity = 3\n");
        work.write("wave.toml", config);
        let fixed = ["enable", "now.ldif", "--config", "wave.toml", "--sip-domain", "contoso.com"];
        work.on(&directory, &[&fixed, arguments].concat())
    };
    assert_eq!(wave(&["--limit", "2", "--out", "run1"]).code, 0);
    // The directory has not been changed yet: only the run knows any of this.
    assert_eq!(wave(&["--filter", "(samaccountname=cid)", "--reference", "run1", "--out", "run2"]).code, 0);
    let report = work.read("run2/report.xml");
    assert!(report.contains("capacity=\"3\" before=\"2\" added=\"1\" after=\"3\""), "{report}");
    assert!(report.contains("role=\"run\" file=\"run1/0001-apply.ldif\""), "{report}");
    // A user who is placed again does not count twice, even under another DN.
    let mut moved = directory.clone();
    let ann = moved.remove(&dn("Ann"));
    moved.insert("CN=Ann,OU=Rome,DC=contoso,DC=com", ann);
    work.write("moved.ldif", moved.export());
    let again = [
        "enable",
        "moved.ldif",
        "--config",
        "wave.toml",
        "--sip-domain",
        "contoso.com",
        "--reference",
        "run1",
    ];
    let ran = work.run(&[&again[..], &["--out", "run3"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(work.read("run3/report.xml").contains("before=\"0\" added=\"3\" after=\"3\""));
    // Another user who would get an address that the run has assigned.
    let mut twin = directory.only("Cid");
    twin.entry(&dn("Cid")).insert("mail".into(), vec![b"ann@contoso.com".to_vec()]);
    work.write("twin.ldif", twin.export());
    let twin = [
        "enable",
        "twin.ldif",
        "--config",
        "wave.toml",
        "--sip-domain",
        "contoso.com",
        "--reference",
        "run1",
    ];
    let ran = work.run(&[&twin[..], &["--out", "run4"]].concat());
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.contains("already taken by CN=Ann,OU=Paris,DC=contoso,DC=com (run1/0001-apply.ldif:2)"),
        "{}",
        ran.stderr
    );
}
