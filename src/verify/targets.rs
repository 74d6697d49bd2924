//! Values whose objects are gone, because an export of pools and policies lacks them or an importer says so.

use std::collections::HashSet;

use ldif::Dn;

use crate::change::{Change, is_dn_with_binary, target};
use crate::input::Export;
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::Attributes;
use crate::ocs::BELOW_POOL_NORMALIZED;
use crate::pool::lookup::objects;

/// ERROR_DS_NAME_REFERENCE_INVALID: Active Directory and Samba refuse a value that names no object.
const NAMES_NOTHING: &str = "20b5";

/// The objects in an export of pools and policies, by normalised DN, with their parents.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    objects: HashSet<String>,
    /// Those that have children.
    parents: HashSet<String>,
    /// The depth of the deepest object below the root.
    deepest: usize,
}

impl Targets {
    /// Reads an export.
    ///
    /// # Errors
    /// Errors of reading, with the warnings about the export; `pools-none` if it has no object of Communications
    /// Server.
    pub(crate) fn read(export: &Export, attributes: &Attributes) -> Result<(Self, Vec<Message>), Failure> {
        let mut targets = Self::default();
        let (messages, is_whole) = objects(export, attributes, |object, _| {
            if let Ok(dn) = Dn::parse(&object.dn) {
                targets.note(&dn);
            }
        })?;
        if !targets.objects.iter().any(|dn| dn.contains("cn=rtc service,")) {
            let what = text!(
                "`{}` shows no pool and no policy",
                "`{}` ne montre aucun pool ni aucune stratégie",
                export.name
            );
            let message = Message::error("pools-none", what).help(text!(
                "export CN=RTC Service,CN=Services,… with its subtree",
                "exportez CN=RTC Service,CN=Services,… avec son sous-arbre"
            ));
            return Err(Failure::Unfit(messages.into_iter().chain([message]).collect()));
        }
        // An object that seems to be missing may be in an unreadable record.
        Ok((if is_whole { targets } else { Self::default() }, messages))
    }

    fn note(&mut self, dn: &Dn) {
        self.deepest = self.deepest.max(dn.rdns().len());
        let mut next = Some(dn.clone());
        while let Some(one) = next.filter(|one| !one.rdns().is_empty()) {
            next = one.parent();
            self.parents.extend(next.as_ref().map(Dn::normalized));
            if !self.objects.insert(one.normalized()) {
                return;
            }
        }
    }

    /// Whether the object is missing although the export would show it: the export has siblings, or the parent and
    /// objects at the same depth.
    pub(super) fn lacks(&self, dn: &str) -> bool {
        if self.objects.is_empty() {
            return false; // no export was given
        }
        let Ok(mut dn) = Dn::parse(dn) else { return false };
        let mut normalized = dn.normalized();
        if normalized.starts_with(BELOW_POOL_NORMALIZED) {
            // An export of the pools may omit the objects below them.
            let pool = dn.parent().and_then(|above| above.parent());
            dn = pool.unwrap_or_default();
            normalized = dn.normalized();
        }
        let Some(above) = dn.parent().map(|above| above.normalized()) else { return false };
        let reaches = self.deepest >= dn.rdns().len() && self.objects.contains(&above);
        (reaches || self.parents.contains(&above)) && !self.objects.contains(&normalized)
    }

    /// Drops from the undo of a change the values whose objects are gone: those that the export lacks, and those that
    /// an importer refused with the message `refusal`.
    pub(crate) fn leave_out(&self, change: &mut Change<'_>, refusal: Option<&str>) {
        let forgets =
            change.forget(|attribute, value| target(attribute, value).is_some_and(|dn| self.lacks(dn)));
        let Some(refusal) = refusal.map(str::to_ascii_lowercase).filter(|said| said.contains(NAMES_NOTHING))
        else {
            return;
        };
        // Active Directory names the attribute of the refused value, Samba does not.
        let is_named = |attribute: &str| refusal.contains(&attribute.to_ascii_lowercase());
        let may_be_gone = |attribute: &str, value: &[u8]| {
            target(attribute, value)
                .is_some_and(|dn| !ldif::dn::normalize(dn).is_ok_and(|dn| self.objects.contains(&*dn)))
        };
        let restores = |test: &dyn Fn(&str, &[u8]) -> bool| {
            change
                .restored()
                .any(|(attribute, value)| may_be_gone(attribute, value) && test(attribute, value))
        };
        let (named, with_binary) =
            (restores(&|attribute, _| is_named(attribute)), restores(&|_, value| is_dn_with_binary(value)));
        if named || !forgets {
            // Without a name, a policy is meant: a user needs the pool.
            change.forget(|attribute, value| {
                let is_meant =
                    if named { is_named(attribute) } else { !with_binary || is_dn_with_binary(value) };
                is_meant && may_be_gone(attribute, value)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BELOW: &str = ",CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

    fn full(name: &str) -> String {
        format!("{name}{BELOW}")
    }

    fn targets(shown: &[&str]) -> Targets {
        let mut targets = Targets::default();
        shown.iter().for_each(|name| targets.note(&Dn::parse(&full(name)).unwrap()));
        targets
    }

    const POOL: &str = "CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools";

    #[test]
    fn an_export_lacks_an_object_that_it_would_show() {
        let check = |shown: &[&str], dn: &str, expect| {
            assert_eq!(targets(shown).lacks(&full(dn)), expect, "{shown:?} {dn}");
        };
        let policy = "CN=Voice,CN=Policies";
        check(&[], policy, false);
        check(&["CN=Voice,CN=Policies"], policy, false);
        check(&["cn=voice, cn=policies"], policy, false);
        check(&["CN=Meeting,CN=Policies"], policy, true);
        // The pools alone say nothing about policies.
        check(&["CN=pool02,CN=Pools"], policy, false);
        // All policies are gone; but one level of the tree would not show them.
        check(&["CN=Policies", "CN=pool02,CN=Pools"], policy, true);
        check(&["CN=Policies", "CN=Pools"], policy, false);
        for shown in ["CN=pool01,CN=Pools", POOL, "CN=Microsoft,CN=pool01,CN=Pools"] {
            check(&[shown], POOL, false);
        }
        check(&["CN=pool02,CN=Pools"], POOL, true);
        check(&["CN=LC Services,CN=Microsoft,CN=pool02,CN=Pools"], POOL, true);
        check(&["CN=Voice,CN=Policies"], POOL, false);
    }

    #[test]
    fn values_refused_by_an_importer_are_omitted_as_far_as_it_names_them() {
        let (home, policies) = (full(POOL), ["CN=Meeting,CN=Policies", "CN=Voice,CN=Policies"].map(full));
        let policies = policies.map(|dn| format!("B:8:00000001:{dn}"));
        let check = |shown: &[&str], refusal: Option<&str>, left: &[&str]| {
            let mut change = Change::default();
            change.clear("msRTCSIP-PrimaryHomeServer", &[home.as_bytes()], false);
            let values: Vec<&[u8]> = policies.iter().map(String::as_bytes).collect();
            change.clear("msRTCSIP-UserPolicy", &values, false);
            change.clear("msRTCSIP-Line", &[b"tel:+49123"], false);
            targets(shown).leave_out(&mut change, refusal);
            let said: Vec<u8> = change.restored().flat_map(|(_, value)| value.to_vec()).collect();
            let said = String::from_utf8(said).unwrap();
            let names = ["pool01", "Meeting", "Voice", "tel:"];
            let found: Vec<&str> = names.into_iter().filter(|name| said.contains(name)).collect();
            assert_eq!(found, left, "{shown:?} {refusal:?}");
        };
        let samba = "Constraint violation (19), additional info: 000020B5: Referenced object not found";
        let attribute =
            |name: &str| format!("000020B5: AtrErr: DSID-03152395, #1: 0: 000020B5, Att 907dd ({name})");
        check(&[], None, &["pool01", "Meeting", "Voice", "tel:"]);
        check(&[], Some("Insufficient access (50)"), &["pool01", "Meeting", "Voice", "tel:"]);
        check(&["CN=Meeting,CN=Policies"], None, &["pool01", "Meeting", "tel:"]);
        check(&["CN=Meeting,CN=Policies"], Some(samba), &["pool01", "Meeting", "tel:"]);
        check(&[], Some(samba), &["pool01", "tel:"]);
        check(&["CN=pool01,CN=Pools"], Some(samba), &["pool01", "tel:"]);
        check(&["CN=pool02,CN=Pools"], Some(samba), &["Meeting", "Voice", "tel:"]);
        check(&[], Some(&attribute("msRTCSIP-UserPolicy")), &["pool01", "tel:"]);
        check(&[], Some(&attribute("msRTCSIP-PrimaryHomeServer")), &["Meeting", "Voice", "tel:"]);
    }
}
