//! Renders a change as the two change records that apply and undo it.

use std::borrow::Cow;
use std::ops::Range;

use ldif::writer::{self, Profile};

use super::Change;
use super::step::{Form, Step};

/// The maximum number of cached steps for an attribute. An attribute with more of them differs from user to user.
const MOST_KNOWN: usize = 12;

/// Renders changes one after another. Most steps are common to many users, such as `TRUE` for each enabled user, and
/// are rendered once.
#[derive(Debug)]
pub struct Renderer<'p> {
    profile: &'p Profile,
    known: Vec<KnownAttribute>,
}

impl<'p> Renderer<'p> {
    /// Creates a renderer for this importer.
    pub fn new(profile: &'p Profile) -> Self {
        Self { profile, known: Vec::new() }
    }

    /// Appends the change record to `apply` and its undo to `undo`, each with a blank line behind it. Returns whether
    /// there is anything to undo: importers refuse a record without modifications.
    pub fn render(&mut self, change: &Change<'_>, dn: &str, apply: &mut Vec<u8>, undo: &mut Vec<u8>) -> bool {
        let (apply_start, undo_start) = (apply.len(), undo.len());
        writer::attribute(apply, self.profile, "dn", dn.as_bytes());
        writer::attribute(apply, self.profile, "changetype", b"modify");
        undo.extend_from_slice(&apply[apply_start..]);
        let without_steps = undo.len();
        change.steps.iter().for_each(|step| self.step(step, apply, undo));
        self.profile.line_end.put(apply);
        if undo.len() == without_steps {
            undo.truncate(undo_start);
            return false;
        }
        self.profile.line_end.put(undo);
        true
    }

    fn step(&mut self, step: &Step<'_>, apply: &mut Vec<u8>, undo: &mut Vec<u8>) {
        let at = self.known.iter().position(|known| known.attribute == step.attribute).unwrap_or_else(|| {
            self.known
                .push(KnownAttribute { attribute: step.attribute.to_string(), steps: Some(Vec::new()) });
            self.known.len() - 1
        });
        let known = &mut self.known[at];
        if let Some(known) = known.find(step) {
            apply.extend_from_slice(&known.apply);
            undo.extend_from_slice(&known.undo);
            return;
        }
        let (apply_start, undo_start) = (apply.len(), undo.len());
        Modified { profile: self.profile, attribute: &step.attribute }.step(step, apply, undo);
        known.learn(step, &apply[apply_start..], &undo[undo_start..]);
    }
}

/// The cached steps of an attribute; `None` if they differ from user to user.
#[derive(Debug)]
struct KnownAttribute {
    attribute: String,
    steps: Option<Vec<KnownStep>>,
}

/// A step with its text in both records.
#[derive(Debug)]
struct KnownStep {
    step: Step<'static>,
    apply: Vec<u8>,
    undo: Vec<u8>,
}

impl KnownAttribute {
    fn find(&self, step: &Step<'_>) -> Option<&KnownStep> {
        self.steps.as_ref()?.iter().find(|known| known.step == *step)
    }

    /// Caches a step, unless the attribute has too many different ones.
    fn learn(&mut self, step: &Step<'_>, apply: &[u8], undo: &[u8]) {
        self.steps.take_if(|steps| steps.len() == MOST_KNOWN);
        if let Some(steps) = &mut self.steps {
            let step = step.clone().into_owned();
            steps.push(KnownStep { step, apply: apply.to_vec(), undo: undo.to_vec() });
        }
    }
}

/// The modifications of one attribute.
struct Modified<'m> {
    profile: &'m Profile,
    attribute: &'m str,
}

impl Modified<'_> {
    /// Appends the step to both records.
    // BE ADVISED: most lines are the same in both, and copying a line takes a tenth of the time of rendering it.
    fn step(&self, step: &Step<'_>, apply: &mut Vec<u8>, undo: &mut Vec<u8>) {
        if step.form == Form::Replace {
            self.by_values(apply, "replace", &step.added);
            self.by_values(undo, "replace", step.restored());
            return;
        }
        // Delete comes before add: otherwise a change of case would add a value that is there already.
        let removed = match step.form {
            Form::Whole => self.by_values(apply, "delete", &[]),
            _ => self.by_values_if_any(apply, "delete", &step.removed),
        };
        let added = self.by_values_if_any(apply, "add", &step.added);
        self.by_lines_if_any(undo, "delete", &apply[added]);
        match &step.restored {
            None => self.by_lines_if_any(undo, "add", &apply[removed]),
            Some(restored) => drop(self.by_values_if_any(undo, "add", restored)),
        }
    }

    /// Appends a modification with these values; returns the range of their lines.
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

    /// Appends a modification with lines that are rendered already.
    fn by_lines_if_any(&self, out: &mut Vec<u8>, keyword: &str, lines: &[u8]) {
        if !lines.is_empty() {
            writer::attribute(out, self.profile, keyword, self.attribute.as_bytes());
            out.extend_from_slice(lines);
            self.close(out);
        }
    }

    fn close(&self, out: &mut Vec<u8>) {
        out.push(b'-');
        self.profile.line_end.put(out);
    }
}
