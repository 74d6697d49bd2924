//! Before and after → the modifications of an entry, and those that take them back.
//!
//! Apply and undo come from one constructor, so that neither can say what the other does not know. Values compare as
//! the directory compares them; only differences become modifications.

// which values are one
mod matching;
// one attribute
mod step;

use std::borrow::Cow;
use std::ops::Range;

use ldif::record::{Modification, Operation};
use ldif::writer::{self, Profile};
use serde::{Deserialize, Serialize};

pub use self::matching::Matching;
use self::matching::findable;
pub use self::step::{Comparison, State};
use self::step::{Step, Values};
use crate::language::Text;

/// What no change file brings back.
pub static UNDO_LIMITS: Text = Text::new(
    "undo restores attributes, and not what LDIF cannot bring back: contact lists and meetings, which are in SQL, once \
     the User Replicator has seen the change; and enhanced presence, once the user has signed in with it",
    "le retour rétablit les attributs, et non ce que LDIF ne peut rendre\u{a0}: listes de contacts et réunions, qui sont \
     dans SQL, une fois que le réplicateur d’utilisateurs a vu le changement\u{202f}; et la présence enrichie, une fois que \
     l’utilisateur s’est connecté avec elle",
);

/// `[output] style`: how modifications guard the old value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Delete the old value, add the new one: fails on an entry that has moved on.
    #[default]
    Guarded,
    /// Replace single-valued attributes: may be run twice.
    Replace,
}

/// The modifications of one entry and their undo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change<'a> {
    steps: Vec<Step<'a>>,
}

/// How many attributes most changes touch, and room for one or two more.
const USUAL_STEPS: usize = 8;

impl<'a> Change<'a> {
    fn push(&mut self, step: Step<'a>) {
        if self.steps.is_empty() {
            self.steps.reserve(USUAL_STEPS);
        }
        self.steps.push(step);
    }

    /// A single-valued attribute gets this value; the same value is no change.
    pub fn set(
        &mut self,
        attribute: &'static str,
        matching: Matching,
        before: Option<&'a [u8]>,
        after: impl Into<Cow<'a, [u8]>>,
        style: Style,
    ) {
        let after = after.into();
        if before.is_none_or(|before| !matching.same(before, &after)) {
            let removed = before.map(Cow::Borrowed).into_iter().collect();
            self.put(attribute, removed, after, style, None);
        }
    }

    /// As [`Change::set`], where the old value names something that is gone: the undo removes the new value and
    /// cannot put the old one back.
    pub fn set_for_good(
        &mut self,
        attribute: &'static str,
        before: &'a [u8],
        after: impl Into<Cow<'a, [u8]>>,
        style: Style,
    ) {
        let (before, after) = (findable(before), after.into());
        if !Matching::IgnoreCase.same(&before, &after) {
            self.put(attribute, Values::One([before]), after, style, Some(Values::NONE));
        }
    }

    fn put(
        &mut self,
        attribute: &'static str,
        removed: Values<'a>,
        after: Cow<'a, [u8]>,
        style: Style,
        restored: Option<Values<'a>>,
    ) {
        let replace = style == Style::Replace;
        self.push(Step {
            attribute: attribute.into(),
            removed,
            added: Values::One([after]),
            replace,
            restored,
        });
    }

    /// A multi-valued attribute loses and gains these values, each guarded; the others stay.
    pub fn edit(
        &mut self,
        attribute: impl Into<Cow<'a, str>>,
        removed: impl IntoIterator<Item = Cow<'a, [u8]>>,
        added: impl IntoIterator<Item = Cow<'a, [u8]>>,
    ) {
        let (removed, added): (Values<'a>, Values<'a>) =
            (removed.into_iter().collect(), added.into_iter().collect());
        if !removed.is_empty() || !added.is_empty() {
            let attribute = attribute.into();
            self.push(Step { attribute, removed, added, replace: false, restored: None });
        }
    }

    /// An attribute loses all its values. Those that name a deleted object do not come back; if `is_gone`, none does.
    pub fn clear(&mut self, attribute: impl Into<Cow<'a, str>>, values: &[&'a [u8]], is_gone: bool) {
        if values.is_empty() {
            return;
        }
        let removed: Values<'a> = values.iter().map(|value| findable(value)).collect();
        let stands = |value: &&Cow<'a, [u8]>| !is_gone && matches!(value, Cow::Borrowed(_));
        let restored: Values<'a> = removed.iter().filter(stands).cloned().collect();
        let restored = (restored.len() < removed.len()).then_some(restored);
        let attribute = attribute.into();
        self.push(Step { attribute, removed, added: Values::NONE, replace: false, restored });
    }

    /// Reads a change back from the modifications of its two records; `None` if they are not of one change.
    #[must_use]
    pub fn read(apply: Vec<Modification>, undo: &[Modification]) -> Option<Change<'static>> {
        let of_undo =
            |name: &str, operation| undo.iter().find(|m| m.operation == operation && m.name == name);
        let owned = |values: Vec<Vec<u8>>| values.into_iter().map(Cow::Owned).collect::<Values<'static>>();
        let mut change = Change::default();
        for Modification { operation, name, values } in apply {
            let mut step = Step {
                attribute: name.clone().into(),
                removed: Values::NONE,
                added: Values::NONE,
                replace: false,
                restored: None,
            };
            match operation {
                Operation::Replace => {
                    step.replace = true;
                    step.removed = owned(of_undo(&name, Operation::Replace)?.values.clone());
                    step.added = owned(values);
                }
                Operation::Delete => {
                    let restored = of_undo(&name, Operation::Add).map(|add| add.values.clone());
                    let restored = restored.unwrap_or_default();
                    step.restored = (restored.len() < values.len()).then(|| owned(restored));
                    step.removed = owned(values);
                }
                Operation::Add => {
                    of_undo(&name, Operation::Delete)?;
                    let is_same = |last: &&mut Step<'static>| last.attribute == name && last.added.is_empty();
                    if let Some(last) = change.steps.last_mut().filter(is_same) {
                        last.added = owned(values);
                        continue;
                    }
                    step.added = owned(values);
                }
                Operation::Increment => return None,
            }
            change.push(step);
        }
        Some(change)
    }

    /// The change that takes this one back. What this one cannot put back, that one does not.
    #[must_use]
    pub fn inverse(self) -> Self {
        let inverse = |step: Step<'a>| Step {
            removed: step.added,
            added: step.restored.unwrap_or(step.removed),
            restored: None,
            ..step
        };
        Self { steps: self.steps.into_iter().map(inverse).collect() }
    }

    /// The state of each attribute of the change; `found` gives the values that the entry has.
    pub fn compare<'c, 'f>(
        &'c self,
        found: impl Fn(&str) -> Vec<&'f [u8]>,
    ) -> impl Iterator<Item = Comparison<'c, 'f>> {
        self.steps.iter().map(move |step| {
            let found = found(&step.attribute);
            Comparison {
                attribute: &step.attribute,
                before: &step.removed,
                planned: &step.added,
                state: step.state(&found),
                found,
            }
        })
    }

    /// The state of an entry as a whole: anything between before and after is drifted.
    pub fn state<'f>(&self, found: impl Fn(&str) -> Vec<&'f [u8]>) -> State {
        let mut states = self.compare(found).map(|compared| compared.state);
        let first = states.next().unwrap_or(State::Applied);
        if states.all(|state| state == first) { first } else { State::Drifted }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether the undo leaves something out.
    #[must_use]
    pub fn undo_is_partial(&self) -> bool {
        self.steps.iter().any(|step| step.restored.is_some())
    }

    /// Appends the change record that applies the change, with the blank line behind it.
    pub fn apply(&self, out: &mut Vec<u8>, profile: &Profile, dn: &str) {
        self.render(out, &mut Vec::new(), profile, dn);
    }

    /// Appends to `apply` the change record that applies the change and to `undo` the one that takes it back, each with
    /// the blank line behind it.
    // BE ADVISED: both hold the same lines but for a few, and rendering a line takes ten times as long as copying it.
    pub fn render(&self, apply: &mut Vec<u8>, undo: &mut Vec<u8>, profile: &Profile, dn: &str) {
        let end = profile.line_end.bytes();
        let start = apply.len();
        writer::attribute(apply, profile, "dn", dn.as_bytes());
        writer::attribute(apply, profile, "changetype", b"modify");
        undo.extend_from_slice(&apply[start..]);
        for step in &self.steps {
            let modification = Modified { profile, attribute: &step.attribute };
            if step.replace {
                modification.by_values(apply, "replace", &step.added);
                modification.by_values(undo, "replace", step.restored());
                continue;
            }
            // Delete comes before add: a change of case alone would otherwise add a value that is there.
            let removed = modification.by_values_if_any(apply, "delete", &step.removed);
            let added = modification.by_values_if_any(apply, "add", &step.added);
            modification.by_lines_if_any(undo, "delete", &apply[added]);
            match &step.restored {
                None => modification.by_lines_if_any(undo, "add", &apply[removed]),
                Some(restored) => drop(modification.by_values_if_any(undo, "add", restored)),
            }
        }
        apply.extend_from_slice(end);
        undo.extend_from_slice(end);
    }
}

/// The modifications of one attribute while they are rendered.
struct Modified<'m> {
    profile: &'m Profile,
    attribute: &'m str,
}

impl Modified<'_> {
    /// Appends a modification with these values; gives where their lines are.
    fn by_values(&self, out: &mut Vec<u8>, keyword: &str, values: &[Cow<'_, [u8]>]) -> Range<usize> {
        writer::attribute(out, self.profile, keyword, self.attribute.as_bytes());
        let start = out.len();
        for value in values {
            writer::attribute(out, self.profile, self.attribute, value);
        }
        let lines = start..out.len();
        self.close(out);
        lines
    }

    fn by_values_if_any(&self, out: &mut Vec<u8>, keyword: &str, values: &[Cow<'_, [u8]>]) -> Range<usize> {
        if values.is_empty() { 0..0 } else { self.by_values(out, keyword, values) }
    }

    /// Appends a modification with the lines of values that are rendered already.
    fn by_lines_if_any(&self, out: &mut Vec<u8>, keyword: &str, lines: &[u8]) {
        if !lines.is_empty() {
            writer::attribute(out, self.profile, keyword, self.attribute.as_bytes());
            out.extend_from_slice(lines);
            self.close(out);
        }
    }

    fn close(&self, out: &mut Vec<u8>) {
        out.push(b'-');
        out.extend_from_slice(self.profile.line_end.bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(change: &Change<'_>) -> String {
        let (mut apply, mut undo) = (Vec::new(), Vec::new());
        change.render(&mut apply, &mut undo, &Profile::ldap(), "CN=Ann,DC=contoso,DC=com");
        String::from_utf8([apply, undo].concat()).unwrap()
    }

    #[test]
    fn a_guarded_change_names_the_old_value_both_ways() {
        let mut change = Change::default();
        change.set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"272"[..], Style::Guarded);
        change.set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..], Style::Guarded);
        change.set("msRTCSIP-ArchivingEnabled", Matching::Exact, Some(b"0"), &b"0"[..], Style::Guarded);
        change.edit("proxyAddresses", [], [b"sip:ann@contoso.com"[..].into()]);
        insta::assert_snapshot!(text(&change), @r###"
        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-OptionFlags
        msRTCSIP-OptionFlags: 16
        -
        add: msRTCSIP-OptionFlags
        msRTCSIP-OptionFlags: 272
        -
        add: msRTCSIP-UserEnabled
        msRTCSIP-UserEnabled: TRUE
        -
        add: proxyAddresses
        proxyAddresses: sip:ann@contoso.com
        -

        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-OptionFlags
        msRTCSIP-OptionFlags: 272
        -
        add: msRTCSIP-OptionFlags
        msRTCSIP-OptionFlags: 16
        -
        delete: msRTCSIP-UserEnabled
        msRTCSIP-UserEnabled: TRUE
        -
        delete: proxyAddresses
        proxyAddresses: sip:ann@contoso.com
        -
        "###);
    }

    #[test]
    fn a_repeatable_change_replaces() {
        let mut change = Change::default();
        change.set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..], Style::Replace);
        insta::assert_snapshot!(text(&change), @r###"
        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        replace: msRTCSIP-UserEnabled
        msRTCSIP-UserEnabled: TRUE
        -

        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        replace: msRTCSIP-UserEnabled
        -
        "###);
    }

    fn modifications(record: &[u8]) -> Vec<Modification> {
        let record = ldif::Reader::new(record).next().unwrap().unwrap();
        let ldif::record::Content::Modify(modifications) = record.content else { panic!("{record:?}") };
        modifications
    }

    /// The change as it comes back from its two records.
    fn read_back(change: &Change<'_>) -> Change<'static> {
        let (mut apply, mut undo) = (Vec::new(), Vec::new());
        change.render(&mut apply, &mut undo, &Profile::ldifde(), "CN=Ann,DC=contoso,DC=com");
        Change::read(modifications(&apply), &modifications(&undo)).unwrap()
    }

    #[test]
    fn a_change_is_read_back_from_its_records() {
        let mut change = Change::default();
        change.set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"272"[..], Style::Guarded);
        change.set(
            "msRTCSIP-UserEnabled",
            Matching::IgnoreCase,
            Some(b"FALSE"),
            &b"TRUE"[..],
            Style::Replace,
        );
        change.set("msRTCSIP-PrimaryUserAddress", Matching::Exact, None, &b"sip:a@b.c"[..], Style::Guarded);
        change.set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b"CN=new"[..], Style::Guarded);
        change.edit("proxyAddresses", [b"SIP:x"[..].into()], [b"sip:x"[..].into()]);
        assert_eq!(read_back(&change), change);
        let undone = change.clone().inverse();
        assert_eq!(read_back(&undone), undone);
        let mut text = Vec::new();
        let mut inverted = Vec::new();
        change.render(&mut Vec::new(), &mut text, &Profile::ldap(), "CN=Ann");
        undone.apply(&mut inverted, &Profile::ldap(), "CN=Ann");
        assert_eq!(text, inverted);
    }

    #[test]
    fn an_entry_is_compared_as_the_directory_compares() {
        let check = |attribute, removed: &[&'static str], added: &[&'static str], found: &[&str], expect| {
            let octets = |value: &&'static str| Cow::Borrowed(value.as_bytes());
            let mut change = Change::default();
            change.edit(attribute, removed.iter().map(octets), added.iter().map(octets));
            let state = change.state(|_| found.iter().map(|value| value.as_bytes()).collect());
            assert_eq!(state, expect, "{attribute} {removed:?} {added:?} {found:?}");
        };
        use State::{Applied, Drifted, Missing};
        check("msRTCSIP-UserEnabled", &[], &["TRUE"], &["true"], Applied);
        check("msRTCSIP-UserEnabled", &[], &["TRUE"], &[], Missing);
        check("msRTCSIP-UserEnabled", &[], &["TRUE"], &["FALSE"], Drifted);
        check("msRTCSIP-OptionFlags", &["16"], &["272"], &["16"], Missing);
        check("msRTCSIP-OptionFlags", &["16"], &["272"], &["272"], Applied);
        check("msRTCSIP-OptionFlags", &["16"], &["272"], &["0272"], Drifted);
        check("msRTCSIP-OptionFlags", &["16"], &["272"], &[], Drifted);
        check("msRTCSIP-PrimaryHomeServer", &[], &["CN=p,DC=c"], &["cn=P, dc=C"], Applied);
        check("proxyAddresses", &[], &["sip:a"], &["SMTP:a", "SIP:A"], Applied);
        check("proxyAddresses", &[], &["sip:a"], &["SMTP:a"], Missing);
        check("proxyAddresses", &["sip:b"], &["sip:a"], &["sip:a", "sip:b"], Drifted);
        check("proxyAddresses", &["sip:b"], &["sip:a"], &["SMTP:x"], Drifted);
        check("proxyAddresses", &["SIP:a"], &["sip:a"], &["SIP:a"], Missing);
        check("proxyAddresses", &["SIP:a"], &["sip:a"], &["sip:a"], Applied);
        check("proxyAddresses", &["sip:a"], &[], &["SMTP:x"], Applied);
    }

    #[test]
    fn what_was_deleted_goes_by_its_guid() {
        const GUID: &str = "f33a0eaa-ea55-4845-bcae-022059925974";
        let deleted =
            format!("CN=LC Services\\0ADEL:{GUID},CN=Deleted Objects,CN=Configuration,DC=contoso,DC=com");
        let policies = [format!("B:8:00000001:{deleted}"), "B:8:00000002:CN=p,DC=contoso,DC=com".to_owned()];
        let octets: Vec<&[u8]> = policies.iter().map(|policy| policy.as_bytes()).collect();
        let mut change = Change::default();
        change.set_for_good("msRTCSIP-PrimaryHomeServer", deleted.as_bytes(), &b"CN=new"[..], Style::Guarded);
        change.clear("msRTCSIP-UserPolicy", &octets, false);
        change.clear("msRTCSIP-Line", &[], false);
        assert!(change.undo_is_partial());
        // A value that begins with `<` is base64 in LDIF: RFC 2849, SAFE-INIT-CHAR.
        insta::assert_snapshot!(text(&change), @r###"
        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer:: PEdVSUQ9ZjMzYTBlYWEtZWE1NS00ODQ1LWJjYWUtMDIyMDU
         5OTI1OTc0Pg==
        -
        add: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer: CN=new
        -
        delete: msRTCSIP-UserPolicy
        msRTCSIP-UserPolicy: B:8:00000001:<GUID=f33a0eaa-ea55-4845-bcae-022059925974
         >
        msRTCSIP-UserPolicy: B:8:00000002:CN=p,DC=contoso,DC=com
        -

        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer: CN=new
        -
        add: msRTCSIP-UserPolicy
        msRTCSIP-UserPolicy: B:8:00000002:CN=p,DC=contoso,DC=com
        -
        "###);
        assert_eq!(read_back(&change), change);
        let found = |name: &str| match name {
            "msRTCSIP-PrimaryHomeServer" => vec![deleted.as_bytes()],
            _ => octets.clone(),
        };
        assert_eq!(change.state(found), State::Missing);
    }

    #[test]
    fn what_is_gone_is_not_put_back() {
        let mut change = Change::default();
        change.set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b"CN=new"[..], Style::Guarded);
        assert!(change.undo_is_partial());
        insta::assert_snapshot!(text(&change), @r###"
        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer: CN=old
        -
        add: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer: CN=new
        -

        dn: CN=Ann,DC=contoso,DC=com
        changetype: modify
        delete: msRTCSIP-PrimaryHomeServer
        msRTCSIP-PrimaryHomeServer: CN=new
        -
        "###);
    }
}
