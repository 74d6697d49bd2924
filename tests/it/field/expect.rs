//! The expectations of a case: exit code, rows of the report, messages, change files, words.
//!
//! Change files and reports are read independently, never by the program's code.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regex::Regex;

use crate::{Ran, Work};

/// A row of `report.xml`.
#[derive(Debug)]
struct User {
    seq: String,
    status: String,
    code: String,
    sam: String,
    dn: String,
}

/// A message from any source: `report.xml`, the findings of `check`, stderr.
#[derive(Debug)]
struct Said {
    severity: String,
    code: String,
    /// The row that it belongs to, if known.
    seq: Option<String>,
    about: String,
    place: String,
}

/// A modification of a change record.
#[derive(Debug)]
struct Step {
    operation: String,
    attribute: String,
    values: Vec<Vec<u8>>,
}

/// Everything that the last command left behind.
pub(super) struct Outcome<'w> {
    work: &'w Work,
    ran: Ran,
    published: Vec<&'static str>,
    summary: Vec<(String, String)>,
    users: Vec<User>,
    said: Vec<Said>,
    /// The change records of each batch.
    batches: Vec<Vec<(String, Vec<Step>)>>,
    check: Option<serde_json::Value>,
}

type Came = Result<(), String>;

fn require(holds: bool, came: impl FnOnce() -> String) -> Came {
    if holds { Ok(()) } else { Err(came()) }
}

/// Compiles a pattern of the cases, ignoring case.
fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?i){text}")).unwrap()
}

/// Whether the text matches a pattern in which `*` represents any characters.
fn matches(wildcard: &str, text: &str) -> bool {
    Regex::new(&format!("^{}$", regex::escape(wildcard).replace(r"\*", ".*"))).unwrap().is_match(text)
}

fn normal(dn: &str) -> String {
    Regex::new(r"\s*([,=])\s*").unwrap().replace_all(dn.trim(), "$1").to_lowercase()
}

/// Whether `who` (a sAMAccountName, the first RDN, a DN, or `anyone`) names this user.
fn names(who: &str, dn: &str, sam: &str) -> bool {
    let (who, dn) = (normal(who), normal(dn));
    let is_first = dn.strip_prefix(&who).is_some_and(|rest| rest.is_empty() || rest.starts_with(','));
    who == "anyone" || is_first || (!sam.is_empty() && who == sam.to_lowercase())
}

impl<'w> Outcome<'w> {
    pub(super) fn new(work: &'w Work, ran: Ran) -> Self {
        let published: Vec<&str> =
            ["run", "run.plan"].into_iter().filter(|name| work.path(name).is_dir()).collect();
        let check = serde_json::from_str(&ran.stdout).ok();
        let mut outcome = Self {
            work,
            ran,
            published,
            summary: Vec::new(),
            users: Vec::new(),
            said: Vec::new(),
            batches: Vec::new(),
            check,
        };
        outcome.read_report();
        outcome.read_messages();
        if work.path("run").is_dir() {
            let applied = work.names("run").into_iter().filter(|name| name.ends_with("-apply.ldif"));
            outcome.batches =
                applied.map(|name| change_records(&fs::read(work.path("run").join(name)).unwrap())).collect();
        }
        outcome
    }

    fn read_report(&mut self) {
        let Some(folder) = self.published.first() else { return };
        let text = self.work.read(&format!("{folder}/report.xml"));
        let report = roxmltree::Document::parse(&text).unwrap();
        for node in report.descendants() {
            let of = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
            match node.tag_name().name() {
                "summary" => {
                    self.summary = node
                        .attributes()
                        .map(|one| (one.name().to_owned(), one.value().to_owned()))
                        .collect();
                }
                "user" => {
                    let (seq, status, code, sam, dn) =
                        (of("seq"), of("status"), of("code"), of("sam"), of("dn"));
                    self.users.push(User { seq, status, code, sam, dn });
                }
                "issue" => self.said.push(Said {
                    severity: of("severity"),
                    code: of("code"),
                    seq: Some(of("seq")),
                    about: of("attribute") + " " + &of("detail"),
                    place: of("line") + ":" + &of("column"),
                }),
                _ => {}
            }
        }
        let rows = self.users.iter().filter(|user| !user.code.is_empty());
        self.said.extend(rows.map(|user| Said {
            severity: "row".to_owned(),
            code: user.code.clone(),
            seq: Some(user.seq.clone()),
            about: String::new(),
            place: String::new(),
        }));
    }

    /// Returns the users who are rejected without an error that says why.
    pub(super) fn rejected_in_silence(&self) -> Vec<String> {
        let is_said = |user: &User| {
            let mut said = self.said.iter().filter(|said| said.seq.as_ref() == Some(&user.seq));
            said.any(|said| said.severity == "error" && said.code == user.code)
        };
        let silent = self.users.iter().filter(|user| user.status == "rejected" && !is_said(user));
        silent
            .map(|user| format!("`{}` is rejected ({}), and no error says why", user.dn, user.code))
            .collect()
    }

    fn read_messages(&mut self) {
        let line = r"(?m)^(?:.*?:(\d+:\d+): |[^\[\n]*: )?(error|warning|note)\[([a-z0-9-]+)\]:? ?(.*)$";
        for found in Regex::new(line).unwrap().captures_iter(&self.ran.stderr) {
            let of = |at: usize| found.get(at).map_or("", |text| text.as_str()).to_owned();
            self.said.push(Said { severity: of(2), code: of(3), seq: None, about: of(4), place: of(1) });
        }
        let files = self.check_files().iter();
        let findings: Vec<_> =
            files.filter_map(|file| file["findings"].as_array()).flatten().cloned().collect();
        for finding in findings {
            let of = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            let place = format!("{}:{}", finding["line"], finding["column"]);
            self.said.push(Said {
                severity: of("severity"),
                code: of("code"),
                seq: None,
                about: of("what"),
                place,
            });
        }
    }

    fn check_files(&self) -> &[serde_json::Value] {
        self.check.as_ref().and_then(|answer| answer["files"].as_array()).map_or(&[], Vec::as_slice)
    }

    /// Returns the change records of `who`, each with the number of its batch.
    fn records(&self, who: &str) -> Vec<(usize, &[Step])> {
        let known: Vec<String> = self
            .users
            .iter()
            .filter(|user| names(who, &user.dn, &user.sam))
            .map(|user| normal(&user.dn))
            .collect();
        self.batches
            .iter()
            .enumerate()
            .flat_map(|(at, batch)| batch.iter().map(move |record| (at + 1, record)))
            .filter(|(_, (dn, _))| known.contains(&normal(dn)) || names(who, dn, ""))
            .map(|(at, (_, steps))| (at, steps.as_slice()))
            .collect()
    }

    /// Returns the text of report.html as a reader sees it.
    fn page(&self) -> Option<String> {
        let html = self.work.read(&format!("{}/report.html", self.published.first()?));
        let hidden =
            r"(?is)<script\b.*?</script>|<style\b.*?</style>|</?(?:wbr|b|i|em|strong|code|bdi|span)\b[^>]*>";
        let text = Regex::new(hidden).unwrap().replace_all(&html, "").into_owned();
        let text = Regex::new("<[^>]*>").unwrap().replace_all(&text, " ").into_owned();
        let text = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .iter()
            .fold(text, |text, (entity, c)| text.replace(entity, c));
        Some(Regex::new(r"\s+").unwrap().replace_all(&text, " ").into_owned())
    }

    /// Checks a line of the case, with alternatives separated by `||`, and parts by `&&`; returns what came instead if
    /// it fails.
    pub(super) fn holds(&self, line: &str) -> Came {
        let mut alternatives =
            line.split(" || ").map(|all| all.split(" && ").try_for_each(|one| self.one(one)));
        let first = alternatives.next().unwrap_or(Ok(()));
        if first.is_err() && alternatives.any(|other| other.is_ok()) { Ok(()) } else { first }
    }

    fn one(&self, expected: &str) -> Came {
        let (never, positive) = match expected.strip_prefix("never ").or_else(|| expected.strip_prefix("no "))
        {
            Some(rest) => (true, rest),
            None => (false, expected),
        };
        let (verb, rest) = positive.split_once(' ').unwrap_or((positive, ""));
        match verb {
            "exit" => require(rest.split(' ').any(|code| code == self.ran.code.to_string()), || {
                format!("exit {}", self.ran.code)
            }),
            "not" => {
                require(!rest.ends_with(&format!(" {}", self.ran.code)), || format!("exit {}", self.ran.code))
            }
            "unpublished" => require(self.published.is_empty(), || format!("published {:?}", self.published)),
            "user" => self.user(rest),
            "code" | "error" | "warning" | "note" => self.message(verb, rest, never),
            "gives" | "takes" | "touches" => self.step(verb, rest, never),
            "batch" => {
                let (who, batch) = rest.rsplit_once(' ').unwrap();
                let came: Vec<usize> = self.records(who).into_iter().map(|(at, _)| at).collect();
                require(came == [batch.parse::<usize>().unwrap()], || format!("in batches {came:?}"))
            }
            "batches" => {
                require(self.batches.len().to_string() == rest, || format!("{} batches", self.batches.len()))
            }
            "count" => {
                let (name, number) = rest.split_once(' ').unwrap();
                let came = self
                    .summary
                    .iter()
                    .find(|(known, _)| known == name)
                    .map_or("no report", |(_, value)| value);
                require(came == number, || came.to_owned())
            }
            "check" => self.check(rest),
            "says" => require(
                pattern(rest).is_match(&(self.ran.stdout.clone() + "\n" + &self.ran.stderr)) != never,
                || self.ran.stderr.clone(),
            ),
            "out" | "err" | "page" => {
                let text = match verb {
                    "out" => self.ran.stdout.clone(),
                    "err" => self.ran.stderr.clone(),
                    _ => self.page().ok_or("no report")?,
                };
                require(pattern(rest.strip_prefix("says ").unwrap()).is_match(&text) != never, || {
                    text.chars().take(2000).collect()
                })
            }
            "file" => {
                let (folder, name) = rest.rsplit_once('/').unwrap_or(("", rest));
                let there = self.work.path(folder).is_dir()
                    && self.work.names(folder).iter().any(|known| matches(name, known));
                require(there != never, || {
                    if there { "there is one".to_owned() } else { "there is none".to_owned() }
                })
            }
            "printable" => {
                let odd = |octet: &u8| !matches!(octet, b' '..=b'~' | b'\r' | b'\n');
                let files: Vec<String> =
                    self.work.names("run").into_iter().filter(|name| name.ends_with(".ldif")).collect();
                let clean =
                    |name: &String| !fs::read(self.work.path("run").join(name)).unwrap().iter().any(odd);
                require(!files.is_empty() && files.iter().all(clean), || {
                    "a character that is not printable ASCII".to_owned()
                })
            }
            "rows" => {
                let text = self.work.read(&format!("{}/users.csv", self.published.first().ok_or("no run")?));
                let text = text.strip_prefix('\u{feff}').ok_or("no byte order mark")?;
                let rows = csv::Reader::from_reader(text.as_bytes()).into_records().count();
                require(rows == self.users.len(), || format!("{rows} rows"))
            }
            "at" => {
                let all = self.ran.stdout.clone() + &self.ran.stderr;
                let (most, unit) = rest.trim_start_matches("most ").split_once(' ').unwrap();
                let came = if unit == "lines" { all.lines().count() } else { all.len() };
                require(came <= most.parse().unwrap(), || format!("{came} {unit}"))
            }
            _ => {
                let (file, what) = positive
                    .split_once(" holds ")
                    .or_else(|| positive.split_once(" never holds "))
                    .expect(expected);
                let never = positive.contains(" never holds ");
                let pattern = Regex::new(what.trim_start_matches("holds ")).unwrap();
                let (folder, name) = file.trim_end_matches(" never").rsplit_once('/').unwrap_or(("", file));
                let name = name.trim_end_matches(" never");
                let texts: Vec<Vec<u8>> = self
                    .work
                    .names(folder)
                    .iter()
                    .filter(|known| matches(name, known))
                    .filter_map(|known| fs::read(self.work.path(folder).join(known)).ok())
                    .collect();
                let found = texts.iter().any(|text| pattern.is_match(&String::from_utf8_lossy(text)));
                require(!texts.is_empty() && found != never, || "the file says otherwise".to_owned())
            }
        }
    }

    fn user(&self, rest: &str) -> Came {
        let (who, wanted) = rest.split_once(": ").unwrap();
        let (not, wanted) = wanted.strip_prefix("not ").map_or((false, wanted), |wanted| (true, wanted));
        let wanted: Vec<&str> = wanted.split('|').map(str::trim).collect();
        let mut rows = self.users.iter().filter(|user| names(who, &user.dn, &user.sam)).peekable();
        if rows.peek().is_none() {
            return require(wanted.contains(&"none") && !self.published.is_empty(), || "no row".to_owned());
        }
        rows.try_for_each(|user| {
            let whole = format!("{}/{}", user.status, user.code);
            let is = |one: &&str| matches(one, if one.contains('/') { &whole } else { &user.status });
            require(wanted.iter().any(is) != not, || whole.clone())?;
            let changes = self
                .users
                .iter()
                .any(|other| other.status == "changed" && normal(&other.dn) == normal(&user.dn));
            require(changes || user.status == "changed" || self.records(&user.dn).is_empty(), || {
                format!("{whole} with a change record")
            })
        })
    }

    fn message(&self, severity: &str, rest: &str, never: bool) -> Came {
        let parts = Regex::new(r"^(\S+)(?: of (.+?))?(?: in (\S+))?(?: at (\d+:\d+))?$").unwrap();
        let parts = parts.captures(rest).unwrap();
        let of = |at: usize| parts.get(at).map(|text| text.as_str());
        let seqs: Option<Vec<&str>> = of(2).map(|who| {
            self.users
                .iter()
                .filter(|user| names(who, &user.dn, &user.sam))
                .map(|user| user.seq.as_str())
                .collect()
        });
        let is = |said: &&Said| {
            matches(&parts[1], &said.code)
                && (severity == "code" || said.severity == severity)
                && seqs.as_ref().is_none_or(|seqs| said.seq.as_deref().is_some_and(|seq| seqs.contains(&seq)))
                && of(3).is_none_or(|attribute| said.about.to_lowercase().contains(&attribute.to_lowercase()))
                && of(4).is_none_or(|place| said.place == place)
        };
        let found = self.said.iter().find(is);
        require(found.is_some() != never, || match found {
            Some(said) => format!("{said:?}"),
            None => format!("only {:?}", self.said.iter().map(|said| &said.code).collect::<Vec<_>>()),
        })
    }

    fn step(&self, verb: &str, rest: &str, never: bool) -> Came {
        let parts = Regex::new(r"^(.+?) ([A-Za-z][\w;-]*|\*)(?:(::?) ?(.*))?$").unwrap();
        let parts = parts.captures(rest).unwrap();
        let value = parts.get(3).map(|separator| match separator.as_str() {
            "::" => BASE64_STANDARD.decode(&parts[4]).unwrap(),
            _ => parts[4].as_bytes().to_vec(),
        });
        let operations: &[&str] = match verb {
            "gives" => &["add", "replace"],
            "takes" => &["delete"],
            _ => &["add", "replace", "delete"],
        };
        let records = self.records(&parts[1]);
        let attribute = parts[2].to_lowercase();
        let steps: Vec<&Step> = records
            .iter()
            .flat_map(|(_, steps)| steps.iter())
            .filter(|step| {
                operations.contains(&step.operation.as_str())
                    && (attribute == "*" || step.attribute == attribute)
            })
            .collect();
        let is = |step: &&&Step| {
            value.as_ref().is_none_or(|value| {
                step.values.contains(value) || (verb == "takes" && step.values.is_empty())
            })
        };
        require(steps.iter().any(|step| is(&step)) != never, || format!("{steps:?}"))
    }

    fn check(&self, rest: &str) -> Came {
        let files = self.check_files();
        let (what, wanted) = rest.split_once(' ').unwrap();
        if what == "format" {
            return require(files.iter().all(|file| file["format"] == wanted) && !files.is_empty(), || {
                format!("{files:?}")
            });
        }
        let count = |file: &serde_json::Value| match what {
            "findings" => file["findings"].as_array().map_or(0, |all| all.len() as u64),
            "errors" | "warnings" => file[what].as_u64().unwrap_or_default(),
            _ => file["records"][what].as_u64().unwrap_or_default(),
        };
        let came: u64 = files.iter().map(count).sum();
        let holds = match wanted.split_once(' ') {
            Some((">", least)) => came > least.parse().unwrap(),
            Some(("<", most)) => came < most.parse().unwrap(),
            _ => came == wanted.parse::<u64>().unwrap(),
        };
        require(holds && !files.is_empty(), || format!("{came} {what}"))
    }
}

/// Parses the records of a change file: DN and modifications.
fn change_records(octets: &[u8]) -> Vec<(String, Vec<Step>)> {
    let text = String::from_utf8(octets.to_vec()).unwrap().replace("\r\n", "\n").replace("\n ", "");
    text.split("\n\n").filter_map(change_record).collect()
}

fn change_record(text: &str) -> Option<(String, Vec<Step>)> {
    let mut dn = None;
    let (mut steps, mut is_fresh): (Vec<Step>, bool) = (Vec::new(), true);
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line == "-" {
            is_fresh = true;
            continue;
        }
        let (name, rest) = line.split_once(':').unwrap();
        let value = match rest.strip_prefix(':') {
            Some(base64) => BASE64_STANDARD.decode(base64.trim()).unwrap(),
            None => rest.strip_prefix(' ').unwrap_or(rest).as_bytes().to_vec(),
        };
        match name {
            "dn" => dn = Some(String::from_utf8(value).unwrap()),
            "changetype" => {}
            _ if is_fresh => {
                let attribute = String::from_utf8(value).unwrap().to_lowercase();
                steps.push(Step { operation: name.to_owned(), attribute, values: Vec::new() });
                is_fresh = false;
            }
            _ => steps.last_mut().unwrap().values.push(value),
        }
    }
    dn.map(|dn| (dn, steps))
}
