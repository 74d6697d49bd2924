//! Text from outside, made harmless for the page.

use maud::{Escaper, Markup, Render, html};

use crate::message::visible;
use crate::output::cells::plain_length;

/// Text from outside, escaped and cut, with control characters and bidirectional marks visible.
pub(super) struct Shielded<'t>(pub(super) &'t str);

/// The maximum length in characters.
const LONGEST: usize = 400;

impl Render for Shielded<'_> {
    fn render_to(&self, out: &mut String) {
        use std::fmt::Write as _;
        let end = if self.0.len() > LONGEST { self.0.char_indices().nth(LONGEST) } else { None };
        let (shown, rest) = end.map_or((self.0, ""), |(end, _)| self.0.split_at(end));
        // Nearly all text is plain, and the escaper handles each byte by itself.
        let (plain, odd) = shown.split_at(plain_length(shown.as_bytes()));
        out.push_str(plain);
        // Writing to a string cannot fail.
        let _ = Escaper::new(out).write_str(&visible(odd));
        if !rest.is_empty() {
            let _ = write!(out, "… (+{})", rest.chars().count());
        }
    }
}

/// A DN, an address or a path: text that may break after its separators.
pub(super) struct Breaks<'t>(pub(super) &'t str);

impl Render for Breaks<'_> {
    fn render_to(&self, out: &mut String) {
        // Text that will be cut needs no break points.
        let parts = if self.0.len() > LONGEST {
            vec![self.0]
        } else {
            self.0.split_inclusive([',', '@', '/']).collect()
        };
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                out.push_str("<wbr>");
            }
            Shielded(part).render_to(out);
        }
    }
}

/// Renders a message; text between backticks becomes code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (Shielded(part)) } } @else { (Shielded(part)) }
        }
    }
}

/// Returns the last component of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_shown_and_not_obeyed() {
        let check = |text: &str, expect: &str| assert_eq!(Shielded(text).render().into_string(), expect);
        check("<script>\"&'", "&lt;script&gt;&quot;&amp;'");
        check("a\u{202e}b\u{1b}[31m\0", r"a\u{202e}b\u{1b}[31m\u{0}");
        let long = "x".repeat(10_000);
        check(&long, &format!("{}… (+9600)", &long[..LONGEST]));
        check(super::super::ROWS, "&lt;!--rows--&gt;");
    }
}
