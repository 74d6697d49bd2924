//! The schemas of what programs read, with the names of the wizards filled in.

use crate::output::xml;
use crate::report::ReportKind;
use crate::wizard::WIZARDS;

/// That of `report.xml`.
pub(super) fn report() -> String {
    filled(xml::SCHEMA)
}

/// The JSON Schema of the answers.
pub(super) fn answer() -> String {
    filled(include_str!("answer.schema.json"))
}

/// The template with a line for each name where a line holds `{changing}`, `{judging}` or `{wizard}`.
fn filled(template: &str) -> String {
    let names = |is_meant: fn(ReportKind) -> bool| {
        WIZARDS.into_iter().filter(move |spec| is_meant(spec.mode.kind)).map(|spec| spec.mode.name)
    };
    let mut filled = String::with_capacity(2 * template.len());
    for line in template.split_inclusive('\n') {
        let mut put = |mark: &str, names: &mut dyn Iterator<Item = &str>| {
            let is_marked = line.contains(mark);
            filled.extend(names.filter(|_| is_marked).map(|name| line.replace(mark, name)));
            is_marked
        };
        let is_marked = put("{changing}", &mut names(|kind| kind == ReportKind::Changes))
            || put("{judging}", &mut names(|kind| kind == ReportKind::Readiness))
            || put("{wizard}", &mut names(|_| true));
        if !is_marked {
            filled += line;
        }
    }
    filled.replace("{wizards}", &WIZARDS.map(|spec| spec.mode.name).join("\", \""))
}
