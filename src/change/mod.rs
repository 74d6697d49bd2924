//! Changes of one entry: the modifications that apply them and those that undo them.
//!
//! Apply and undo come from one constructor, so they always correspond. Values are compared as in the directory, and
//! only differences become modifications.

// comparison of values
mod matching;
// changes as bytes
mod note;
// changes as change records
mod render;
// the change of one attribute
mod step;
// values that name deleted objects
mod target;

use std::borrow::Cow;

use ldif::{Operation, Profile};
use serde::{Deserialize, Serialize};

pub use self::matching::Matching;
pub use self::render::Renderer;
pub use self::step::Step;
pub(crate) use self::step::{Compared, Difference, ModificationText, State};
use self::step::{Form, ValueSet};
use self::target::{findable, is_deleted};
pub(crate) use self::target::{is_dn_with_binary, target};
use crate::language::Text;

/// The limits of an undo by LDIF.
pub(crate) static UNDO_LIMITS: Text = Text::new(
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
    /// Delete the old value and add the new one; fails if the entry has changed since the export.
    #[default]
    Guarded,
    /// Replace single-valued attributes; may be imported twice.
    Replace,
}

/// The modifications of one entry, with their undo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change<'a> {
    steps: Vec<Step<'a>>,
}

/// Room for the attributes of most changes.
const USUAL_STEPS: usize = 8;

impl<'a> Change<'a> {
    fn push(&mut self, step: Step<'a>) {
        if self.steps.is_empty() {
            self.steps.reserve(USUAL_STEPS);
        }
        self.steps.push(step);
    }

    /// Adds the change of a single-valued attribute, if any.
    pub fn set(&mut self, step: Option<Step<'a>>, style: Style) {
        if let Some(step) = step {
            let form = if style == Style::Replace { Form::Replace } else { Form::ByValue };
            self.push(Step { form, ..step });
        }
    }

    /// Removes and adds values of a multi-valued attribute, each guarded; other values stay.
    pub fn edit(
        &mut self,
        attribute: impl Into<Cow<'a, str>>,
        removed: impl IntoIterator<Item = Cow<'a, [u8]>>,
        added: impl IntoIterator<Item = Cow<'a, [u8]>>,
    ) {
        let (removed, added): (ValueSet<'a>, ValueSet<'a>) =
            (removed.into_iter().collect(), added.into_iter().collect());
        if !removed.is_empty() || !added.is_empty() {
            let attribute = attribute.into();
            self.push(Step { attribute, removed, added, form: Form::ByValue, restored: None });
        }
    }

    /// Removes all values of an attribute. The undo restores those that name no deleted object; if `is_gone`, it
    /// restores none.
    ///
    /// Samba 4.17 does not find a DN with binary of a deleted object, neither by the DN that it shows nor by `<GUID=…>`
    /// (code 16), but deletes the attribute as a whole. Active Directory was not observed.
    pub fn clear(&mut self, attribute: impl Into<Cow<'a, str>>, values: &[&'a [u8]], is_gone: bool) {
        if values.is_empty() {
            return;
        }
        let removed: ValueSet<'a> = values.iter().map(|value| findable(value)).collect();
        let is_restorable = |value: &&&[u8]| !is_gone && !is_deleted(value);
        let restored: ValueSet<'a> =
            values.iter().filter(is_restorable).map(|value| Cow::Borrowed(*value)).collect();
        let restored = (restored.len() < removed.len()).then_some(restored);
        let is_unfindable = values.iter().any(|value| is_dn_with_binary(value) && is_deleted(value));
        let form = if is_unfindable { Form::Whole } else { Form::ByValue };
        let attribute = attribute.into();
        self.push(Step { attribute, removed, added: ValueSet::NONE, form, restored });
    }

    /// Drops from the undo the values whose objects are gone, as `is_gone` says by attribute and value. Returns whether
    /// there were any.
    pub fn forget(&mut self, is_gone: impl Fn(&str, &[u8]) -> bool) -> bool {
        let mut forgets = false;
        for step in &mut self.steps {
            let restored = step.restored();
            let remains = |value: &&Cow<'a, [u8]>| !is_gone(&step.attribute, value);
            let left: ValueSet<'a> = restored.iter().filter(remains).cloned().collect();
            if left.len() < restored.len() {
                step.restored = Some(left);
                forgets = true;
            }
        }
        forgets
    }

    /// Notes that an attribute had a value that the undo does not restore, although the change files do not show it;
    /// `former` is this value, if known. A change file of style `replace` names no former value.
    pub fn note_lost(&mut self, attribute: &str, former: Option<&'a [u8]>) {
        let is_lost = |step: &&mut Step<'a>| {
            step.attribute == attribute && step.form == Form::Replace && step.removed.is_empty()
        };
        if let Some(step) = self.steps.iter_mut().find(is_lost) {
            step.removed = former.map(findable).into_iter().collect();
            step.restored = Some(ValueSet::NONE);
        }
    }

    /// The values that the undo restores, each with its attribute.
    pub fn restored(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.steps
            .iter()
            .flat_map(|step| step.restored().iter().map(|value| (&*step.attribute, value.as_ref())))
    }

    /// The values that the undo does not restore, by attribute. If a change file deletes an attribute as a whole, they
    /// are not known.
    pub fn forgotten(&self) -> impl Iterator<Item = (&str, Vec<&[u8]>)> {
        self.steps.iter().filter_map(|step| {
            let restored = step.restored.as_ref()?;
            let is_kept = Matching::Exact.among(restored);
            let is_lost = |value: &&[u8]| !is_kept(value);
            Some((&*step.attribute, step.removed.iter().map(AsRef::as_ref).filter(is_lost).collect()))
        })
    }

    /// Reads a change from the modifications of its two records; `None` if they do not belong together. Additions need
    /// no counterpart in the undo.
    pub fn read(apply: Vec<ModificationText<'a>>, undo: &[ModificationText<'a>]) -> Option<Self> {
        let of_undo =
            |name: &str, operation| undo.iter().find(|m| m.operation == operation && m.attribute == name);
        let mut change = Change::default();
        for ModificationText { operation, attribute, values } in apply {
            let mut step = Step {
                attribute: attribute.clone(),
                removed: ValueSet::NONE,
                added: ValueSet::NONE,
                form: Form::ByValue,
                restored: None,
            };
            match operation {
                Operation::Replace => {
                    step.form = Form::Replace;
                    step.removed = of_undo(&attribute, Operation::Replace)?.values.clone();
                    step.added = values;
                }
                Operation::Delete => {
                    let restored = of_undo(&attribute, Operation::Add).map(|add| add.values.clone());
                    let restored = restored.unwrap_or(ValueSet::NONE);
                    if values.is_empty() {
                        step.form = Form::Whole;
                        step.removed = restored.clone();
                        step.restored = Some(restored);
                    } else {
                        step.restored = (restored.len() < values.len()).then_some(restored);
                        step.removed = values;
                    }
                }
                Operation::Add => {
                    let is_same = |last: &&mut Step<'a>| last.attribute == attribute && last.added.is_empty();
                    if let Some(last) = change.steps.last_mut().filter(is_same) {
                        last.added = values;
                        continue;
                    }
                    step.added = values;
                }
                Operation::Increment => return None,
            }
            change.push(step);
        }
        Some(change)
    }

    /// Copies the text that the change borrows.
    pub fn into_owned(self) -> Change<'static> {
        Change { steps: self.steps.into_iter().map(Step::into_owned).collect() }
    }

    /// The change that undoes this one, without the values that cannot be restored.
    pub fn inverse(self) -> Self {
        let inverse = |step: Step<'a>| {
            let form = if step.form == Form::Replace { Form::Replace } else { Form::ByValue };
            let added = step.restored.unwrap_or(step.removed);
            Step { attribute: step.attribute, removed: step.added, added, form, restored: None }
        };
        let has_effect = |step: &Step<'a>| !step.removed.is_empty() || !step.added.is_empty();
        Self { steps: self.steps.into_iter().map(inverse).filter(has_effect).collect() }
    }

    /// The attributes with their removed and added values.
    pub fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        self.steps.iter().map(|step| (&*step.attribute, &*step.removed, &*step.added))
    }

    /// Compares each attribute of the change with an entry; `found` returns the entry's values.
    pub fn compare<'c, 'f>(
        &'c self,
        found: impl Fn(&str) -> Vec<&'f [u8]>,
    ) -> impl Iterator<Item = Compared<'c, 'f>> {
        self.steps.iter().map(move |step| {
            let found = found(&step.attribute);
            Compared {
                attribute: &step.attribute,
                before: &step.removed,
                planned: &step.added,
                state: step.state(&found),
                found,
            }
        })
    }

    /// The state of the whole entry: drifted if its attributes differ in state.
    pub fn state<'f>(&self, found: impl Fn(&str) -> Vec<&'f [u8]>) -> State {
        let mut states = self.compare(found).map(|compared| compared.state);
        let first = states.next().unwrap_or(State::Applied);
        if states.all(|state| state == first) { first } else { State::Drifted }
    }

    /// Whether the change is empty.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Appends the change record that applies the change, with a blank line behind it.
    pub fn apply(&self, out: &mut Vec<u8>, profile: &Profile, dn: &str) {
        Renderer::new(profile).render(self, dn, out, &mut Vec::new());
    }
}

#[cfg(test)]
mod tests;
