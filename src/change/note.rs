//! Changes as bytes, noted by the first pass for the second: to read both change records again takes ten times as long.

use super::Change;
use super::step::{Form, Step, ValueSet};

impl<'a> Change<'a> {
    /// Encodes the change.
    pub(crate) fn note(&self, note: &mut Vec<u8>) {
        for Step { attribute, removed, added, form, restored } in &self.steps {
            put_octets(note, attribute.as_bytes());
            note.push(*form as u8);
            for values in [Some(removed), Some(added), restored.as_ref()] {
                put_values(note, values);
            }
        }
    }

    /// Decodes a change; `None` if the note has none.
    pub(crate) fn of_note(note: &'a [u8]) -> Option<Self> {
        let (mut rest, mut change) = (ChangeNote(note), Self::default());
        while !rest.0.is_empty() {
            change.push(rest.step()?);
        }
        Some(change).filter(|change| !change.is_empty())
    }
}

fn put_number(note: &mut Vec<u8>, number: usize) {
    note.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_octets(note: &mut Vec<u8>, octets: &[u8]) {
    put_number(note, octets.len());
    note.extend_from_slice(octets);
}

/// Encodes values after their number plus one; 0 means no values at all, as opposed to an empty list.
fn put_values(note: &mut Vec<u8>, values: Option<&ValueSet<'_>>) {
    put_number(note, values.map_or(0, |values| values.len() + 1));
    values.into_iter().flat_map(|values| values.iter()).for_each(|value| put_octets(note, value));
}

/// The rest of a note.
struct ChangeNote<'a>(&'a [u8]);

impl<'a> ChangeNote<'a> {
    fn step(&mut self) -> Option<Step<'a>> {
        let attribute = str::from_utf8(self.octets()?).ok()?.into();
        let (&form, rest) = self.0.split_first()?;
        self.0 = rest;
        let form =
            [Form::ByValue, Form::Replace, Form::Whole].into_iter().find(|known| *known as u8 == form)?;
        let (removed, added, restored) = (self.values()??, self.values()??, self.values()?);
        Some(Step { attribute, removed, added, form, restored })
    }

    /// Decodes values; the inner option is `None` if [`put_values`] got none.
    fn values(&mut self) -> Option<Option<ValueSet<'a>>> {
        let Some(count) = self.number()?.checked_sub(1) else { return Some(None) };
        let values = (0..count).map(|_| self.octets().map(Into::into));
        Some(Some(values.collect::<Option<_>>()?))
    }

    fn octets(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (octets, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(octets)
    }

    fn number(&mut self) -> Option<usize> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*number)).ok()
    }
}
