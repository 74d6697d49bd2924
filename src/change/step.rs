//! The change of one attribute, and its comparison with an entry.

use std::borrow::Cow;
use std::ops::Deref;

use ldif::Operation;

use super::matching::Matching;
use super::target::{findable, is_deleted};
use crate::object::Attr;

/// The values of one attribute, stored without an allocation if there is just one, as in most cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueSet<'a> {
    One([Cow<'a, [u8]>; 1]),
    Any(Vec<Cow<'a, [u8]>>),
}

impl<'a> ValueSet<'a> {
    pub(super) const NONE: Self = Self::Any(Vec::new());
}

impl<'a> Deref for ValueSet<'a> {
    type Target = [Cow<'a, [u8]>];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::One(value) => value,
            Self::Any(values) => values,
        }
    }
}

impl ValueSet<'_> {
    fn into_owned(self) -> ValueSet<'static> {
        let owned = |value: Cow<'_, [u8]>| Cow::Owned(value.into_owned());
        match self {
            Self::One([value]) => ValueSet::One([owned(value)]),
            Self::Any(values) => ValueSet::Any(values.into_iter().map(owned).collect()),
        }
    }
}

impl<'a> FromIterator<Cow<'a, [u8]>> for ValueSet<'a> {
    fn from_iter<I: IntoIterator<Item = Cow<'a, [u8]>>>(values: I) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::NONE,
            (Some(value), None) => Self::One([value]),
            (Some(first), Some(second)) => Self::Any([first, second].into_iter().chain(values).collect()),
        }
    }
}

/// The form of the modifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `delete:` and `add:` with values, which fail if a value is missing, or there already.
    ByValue,
    /// `replace:` with all values, which always succeeds.
    Replace,
    /// `delete:` without values, which removes all.
    Whole,
}

/// The change of one attribute: the values to remove and to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    pub(super) attribute: Cow<'a, str>,
    pub(super) removed: ValueSet<'a>,
    pub(super) added: ValueSet<'a>,
    pub(super) form: Form,
    /// The removed values that the undo restores, if not all: the others name deleted objects.
    pub(super) restored: Option<ValueSet<'a>>,
}

/// A modification as read from a change record.
#[derive(Clone, Debug)]
pub struct ModificationText<'t> {
    pub(super) operation: Operation,
    pub(super) attribute: Cow<'t, str>,
    pub(super) values: ValueSet<'t>,
}

impl<'t> ModificationText<'t> {
    /// Creates a modification; `None` if one of the values is.
    pub fn new(
        operation: Operation,
        attribute: Cow<'t, str>,
        values: impl Iterator<Item = Option<Cow<'t, [u8]>>>,
    ) -> Option<Self> {
        Some(Self { operation, attribute, values: values.collect::<Option<_>>()? })
    }

    /// Whether it only adds values.
    pub(crate) fn is_addition(&self) -> bool {
        self.operation == Operation::Add
    }
}

/// An attribute with its removed and its added values.
pub(crate) type Difference<'c> = (&'c str, &'c [Cow<'c, [u8]>], &'c [Cow<'c, [u8]>]);

/// The state of an entry with respect to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has the values after the change.
    Applied,
    /// It has the values before the change.
    Missing,
    /// It has other values.
    Drifted,
}

/// One attribute of a change compared with an entry.
#[derive(Clone, Debug)]
pub struct Compared<'c, 'f> {
    pub attribute: &'c str,
    /// The removed values.
    pub before: &'c [Cow<'c, [u8]>],
    /// The added values.
    pub planned: &'c [Cow<'c, [u8]>],
    /// The values of the entry.
    pub found: Vec<&'f [u8]>,
    pub state: State,
}

impl<'a> Step<'a> {
    /// Sets a single-valued attribute; `None` if it has the value already.
    pub fn set(
        attribute: &'static str,
        matching: Matching,
        before: Option<&'a [u8]>,
        after: impl Into<Cow<'a, [u8]>>,
    ) -> Option<Self> {
        let after = after.into();
        let changes = before.is_none_or(|before| !matching.same(before, &after));
        changes.then(|| Self::of(attribute, before.map(Cow::Borrowed), after, None))
    }

    /// Sets a single-valued attribute whose old value names a deleted object: the undo removes the new value and cannot
    /// restore the old one.
    pub fn set_for_good(
        attribute: &'static str,
        before: &'a [u8],
        after: impl Into<Cow<'a, [u8]>>,
    ) -> Option<Self> {
        let (before, after) = (findable(before), after.into());
        let changes = !Matching::IgnoreCase.same(&before, &after);
        changes.then(|| Self::of(attribute, Some(before), after, Some(ValueSet::NONE)))
    }

    fn of(
        attribute: &'static str,
        before: Option<Cow<'a, [u8]>>,
        after: Cow<'a, [u8]>,
        restored: Option<ValueSet<'a>>,
    ) -> Self {
        let removed = before.into_iter().collect();
        Self {
            attribute: attribute.into(),
            removed,
            added: ValueSet::One([after]),
            form: Form::ByValue,
            restored,
        }
    }

    pub(super) fn into_owned(self) -> Step<'static> {
        Step {
            attribute: self.attribute.into_owned().into(),
            removed: self.removed.into_owned(),
            added: self.added.into_owned(),
            form: self.form,
            restored: self.restored.map(ValueSet::into_owned),
        }
    }

    /// The removed values that the undo restores.
    pub(super) fn restored(&self) -> &[Cow<'a, [u8]>] {
        self.restored.as_ref().unwrap_or(&self.removed)
    }

    /// The state of an entry with these values of the attribute.
    pub(super) fn state(&self, found: &[&[u8]]) -> State {
        if self.form == Form::Whole {
            return self.state_of_whole(found);
        }
        let found: Vec<Cow<'_, [u8]>> = found.iter().map(|value| findable(value)).collect();
        let mut matching = Matching::of(&self.attribute);
        let is_removed = matching.among(&self.removed);
        if self.added.iter().any(|added| is_removed(added)) {
            matching = Matching::Exact; // only the case changes
        }
        let is_found = matching.among(&found);
        let has = |value: &Cow<'_, [u8]>| is_found(value);
        // proxyAddresses may have values of others; any other attribute has one value, or is written as a whole.
        let is_shared = self.attribute.eq_ignore_ascii_case(Attr::PROXY_ADDRESSES.known_name());
        let has_just = |expected: &[Cow<'_, [u8]>], unexpected: &[Cow<'_, [u8]>]| {
            let has_others =
                if is_shared { unexpected.iter().any(has) } else { found.len() != expected.len() };
            expected.iter().all(has) && !has_others
        };
        if has_just(&self.added, &self.removed) {
            State::Applied
        } else if has_just(&self.removed, &self.added) {
            State::Missing
        } else {
            State::Drifted
        }
    }

    /// The state if the attribute is deleted as a whole. A change file then names only the restored values; the others
    /// named deleted objects.
    fn state_of_whole(&self, found: &[&[u8]]) -> State {
        let matching = Matching::of(&self.attribute);
        let (is_restored, is_found) = (matching.among(self.restored()), matching.among(found));
        let has_restored = self.restored().iter().all(|value| is_found(value));
        if found.is_empty() {
            State::Applied
        } else if has_restored && found.iter().all(|found| is_deleted(found) || is_restored(found)) {
            State::Missing
        } else {
            State::Drifted
        }
    }
}
