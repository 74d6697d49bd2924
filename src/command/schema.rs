//! The schemas for programs, with the names of the wizards filled in.

use crate::cli;
use crate::output::xml;
use crate::report::ReportKind;
use crate::wizard::WIZARDS;

/// Returns the schema of `report.xml`.
pub(super) fn report() -> String {
    filled(xml::SCHEMA)
}

/// Returns the JSON Schema of the answers.
pub(super) fn answer() -> String {
    filled(include_str!("answer.schema.json"))
}

/// A placeholder for the names of wizards in a template, and a test for the wizards that it covers.
type Mark = (&'static str, fn(ReportKind) -> bool);

const MARKS: [Mark; 3] = [
    ("{changing}", |kind| kind == ReportKind::Changes),
    ("{judging}", |kind| kind == ReportKind::Readiness),
    ("{wizard}", |_| true),
];

/// Fills in a template: a line with `{changing}`, `{judging}` or `{wizard}` is repeated for each name.
fn filled(template: &str) -> String {
    let mut filled = String::with_capacity(2 * template.len());
    for line in template.split_inclusive('\n') {
        let Some((mark, is_meant)) = MARKS.iter().find(|(mark, _)| line.contains(mark)) else {
            filled += line;
            continue;
        };
        let meant = WIZARDS.iter().filter(|spec| is_meant(spec.mode.kind));
        filled.extend(meant.map(|spec| line.replace(mark, spec.mode.name)));
    }
    filled.replace("{wizards}", &cli::wizards().join("\", \""))
}
