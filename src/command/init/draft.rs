//! The answers, written as a commented `userprep.toml`.

use crate::language::{Language, Text, count, text};
use crate::message::visible;
use crate::pool::Pool;

/// The answers so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The file's origin and date.
    pub(super) head: Text,
    /// The language of the comments and of the runs.
    pub(super) language: Language,
    /// How exports are read, where that is not detected.
    pub(super) input: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) delimiter: Option<String>,
    /// The attributes asserted to be empty everywhere.
    pub(super) absent: Vec<String>,
    /// Which users take part; empty means all.
    pub(super) bases: Vec<String>,
    pub(super) filter: Option<String>,
    pub(super) users: Option<String>,
    pub(super) limit: Option<u64>,
    /// The closed list of SIP domains; empty means any.
    pub(super) domains: Vec<String>,
    pub(super) format: String,
    /// The counts for each sign-in name.
    pub(super) counts: Vec<Text>,
    /// The target pools, and the number of users homed on each.
    pub(super) pools: Vec<(Pool, u64)>,
}

/// A key of the template and its answer; without one, the line stays as it is.
type AnsweredKey = (&'static str, Option<String>);

impl Draft {
    /// Returns the file: the template with the answers filled in, and the paragraph of a pool once for each pool.
    pub(super) fn text(&self) -> String {
        let template = match self.language {
            Language::En => include_str!("template.en.toml"),
            Language::Fr => include_str!("template.fr.toml"),
        };
        let filled = |paragraph: &str| match paragraph.lines().find(|line| line.starts_with('[')) {
            Some("[[pool]]") => self.pools.iter().map(|pool| fill(paragraph, &self.of_pool(pool))).collect(),
            table => vec![fill(paragraph, &self.of_table(table.unwrap_or_default()))],
        };
        template.trim_end().split("\n\n").flat_map(filled).collect::<Vec<_>>().join("\n\n") + "\n"
    }

    /// Returns the answers in a table of the template, by its heading.
    fn of_table(&self, table: &str) -> Vec<AnsweredKey> {
        match table {
            "" => vec![
                ("{head}", Some(self.comment(&self.head))),
                ("pools", self.pools.first().map(|(pool, _)| format!("# pools = [{}]", quoted(&pool.label)))),
            ],
            "[input]" => vec![
                text("format", self.input.as_deref()),
                text("encoding", self.encoding.as_deref()),
                text("delimiter", self.delimiter.as_deref()),
                list("absent", &self.absent),
            ],
            "[select]" => vec![
                list("base", &self.bases),
                text("filter", self.filter.as_deref()),
                text("users", self.users.as_deref()),
                ("limit", self.limit.map(|limit| format!("limit = {limit}"))),
            ],
            "[sip]" => {
                let counts: Vec<String> = self.counts.iter().map(|counts| self.comment(counts)).collect();
                vec![
                    ("{counts}", Some(counts.join("\n"))),
                    list("domains", &self.domains),
                    text("format", Some(&self.format)),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// Returns the answers in the paragraph of a pool.
    fn of_pool(&self, (pool, homed): &(Pool, u64)) -> Vec<AnsweredKey> {
        let homed = text!(
            "Select pool: {homed} here.",
            "Sélection du pool\u{a0}: {homed} ici.";
            homed = count(
                *homed,
                ["user of the exports is homed", "users of the exports are homed"],
                ["utilisateur des exports est hébergé", "utilisateurs des exports sont hébergés"],
            )
        );
        vec![
            ("{homed}", Some(self.comment(&homed))),
            text("label", Some(&pool.label)),
            text("fqdn", Some(pool.fqdn.as_str()).filter(|fqdn| !fqdn.is_empty())),
            text("dn", Some(&pool.dn)),
        ]
    }

    fn comment(&self, text: &Text) -> String {
        let text = text.in_language(self.language).replace(['\u{a0}', '\u{202f}'], " ");
        format!("# {}", visible(&text).replace('\n', " "))
    }
}

/// Fills in a paragraph of the template with these answers, each followed by the comment of its line.
fn fill(paragraph: &str, answers: &[AnsweredKey]) -> String {
    let line = |line: &str| {
        let key = line.trim_start_matches("# ").split(" = ").next();
        let answer =
            answers.iter().find(|(name, _)| Some(*name) == key).and_then(|(_, answer)| answer.as_deref());
        match (answer, line.rsplit_once(" # ")) {
            (None, _) => line.to_owned(),
            (Some(answer), None) => answer.to_owned(),
            (Some(answer), Some((_, remark))) => format!("{answer:<28} # {remark}"),
        }
    };
    // Without counts, their line is removed.
    paragraph.lines().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn text(key: &'static str, value: Option<&str>) -> AnsweredKey {
    (key, value.map(|value| format!("{key} = {}", quoted(value))))
}

fn list(key: &'static str, values: &[String]) -> AnsweredKey {
    let all: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    (key, (!all.is_empty()).then(|| format!("{key} = [{}]", all.join(", "))))
}

/// Formats a text for TOML on one line.
fn quoted(text: &str) -> String {
    let written = toml::Value::from(text).to_string();
    if written.contains('\n') { serde_json::Value::from(text).to_string() } else { written }
}
