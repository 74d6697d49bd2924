//! Before and after → the modifications of an entry, and those that take them back.
//!
//! Apply and undo come from one constructor, so that neither can say what the other does not know. Values compare as
//! the directory compares them; only differences become modifications.

// which values are one
mod matching;
// changes → bytes, and back
mod note;
// changes → change records
mod render;
// one attribute
mod step;
// values that name what is gone
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

/// What no change file brings back.
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

    /// Takes up what becomes of a single-valued attribute, if anything does.
    pub fn set(&mut self, step: Option<Step<'a>>, style: Style) {
        if let Some(step) = step {
            let form = if style == Style::Replace { Form::Replace } else { Form::ByValue };
            self.push(Step { form, ..step });
        }
    }

    /// A multi-valued attribute loses and gains these values, each guarded; the others stay.
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

    /// An attribute loses all its values. Those that name a deleted object do not come back; if `is_gone`, none does.
    ///
    /// Samba 4.17 does not find a DN with binary whose object is deleted, neither by the DN that it shows nor by
    /// `<GUID=…>` (code 16), but deletes the attribute as a whole. Active Directory was not observed.
    pub fn clear(&mut self, attribute: impl Into<Cow<'a, str>>, values: &[&'a [u8]], is_gone: bool) {
        if values.is_empty() {
            return;
        }
        let removed: ValueSet<'a> = values.iter().map(|value| findable(value)).collect();
        let is_left = |value: &&&[u8]| !is_gone && !is_deleted(value);
        let restored: ValueSet<'a> =
            values.iter().filter(is_left).map(|value| Cow::Borrowed(*value)).collect();
        let restored = (restored.len() < removed.len()).then_some(restored);
        let is_unfindable = values.iter().any(|value| is_dn_with_binary(value) && is_deleted(value));
        let form = if is_unfindable { Form::Whole } else { Form::ByValue };
        let attribute = attribute.into();
        self.push(Step { attribute, removed, added: ValueSet::NONE, form, restored });
    }

    /// Leaves out of the undo the values of which `is_gone` says, by attribute and value, that what they name is gone.
    /// Whether there are any.
    pub fn forget(&mut self, is_gone: impl Fn(&str, &[u8]) -> bool) -> bool {
        let mut forgets = false;
        for step in &mut self.steps {
            let restored = step.restored();
            let is_left = |value: &&Cow<'a, [u8]>| !is_gone(&step.attribute, value);
            let left: ValueSet<'a> = restored.iter().filter(is_left).cloned().collect();
            if left.len() < restored.len() {
                step.restored = Some(left);
                forgets = true;
            }
        }
        forgets
    }

    /// The values that the undo puts back, each with its attribute.
    pub fn restored(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.steps
            .iter()
            .flat_map(|step| step.restored().iter().map(|value| (&*step.attribute, value.as_ref())))
    }

    /// The values that it does not, by attribute. A change file does not say which they were where an attribute was
    /// deleted as a whole.
    pub fn forgotten(&self) -> impl Iterator<Item = (&str, Vec<&[u8]>)> {
        self.steps.iter().filter_map(|step| {
            let restored = step.restored.as_ref()?;
            let is_kept = Matching::Exact.among(restored);
            let is_lost = |value: &&[u8]| !is_kept(value);
            Some((&*step.attribute, step.removed.iter().map(AsRef::as_ref).filter(is_lost).collect()))
        })
    }

    /// Reads a change back from the modifications of its two records; `None` if they are not of one change. What is added
    /// needs no undo to be known.
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

    /// The same, apart from the text that it was read from.
    pub fn into_owned(self) -> Change<'static> {
        Change { steps: self.steps.into_iter().map(Step::into_owned).collect() }
    }

    /// The change that takes this one back. What this one cannot put back, that one does not.
    pub fn inverse(self) -> Self {
        let inverse = |step: Step<'a>| {
            let form = if step.form == Form::Replace { Form::Replace } else { Form::ByValue };
            let added = step.restored.unwrap_or(step.removed);
            Step { attribute: step.attribute, removed: step.added, added, form, restored: None }
        };
        let says = |step: &Step<'a>| !step.removed.is_empty() || !step.added.is_empty();
        Self { steps: self.steps.into_iter().map(inverse).filter(says).collect() }
    }

    /// The attributes, each with the values that go and those that come.
    pub fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        self.steps.iter().map(|step| (&*step.attribute, &*step.removed, &*step.added))
    }

    /// The state of each attribute of the change; `found` gives the values that the entry has.
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

    /// The state of an entry as a whole: anything between before and after is drifted.
    pub fn state<'f>(&self, found: impl Fn(&str) -> Vec<&'f [u8]>) -> State {
        let mut states = self.compare(found).map(|compared| compared.state);
        let first = states.next().unwrap_or(State::Applied);
        if states.all(|state| state == first) { first } else { State::Drifted }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Appends the change record that applies the change, with the blank line behind it.
    pub fn apply(&self, out: &mut Vec<u8>, profile: &Profile, dn: &str) {
        Renderer::new(profile).render(self, dn, out, &mut Vec::new());
    }
}

#[cfg(test)]
mod tests;
