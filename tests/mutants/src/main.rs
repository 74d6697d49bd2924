//! Adds mutants to Rust files, each of which is selected by its number in the variable `MUTANT` when the program runs.
//!
//! `userprep-mutants LEFT_OUT FILE…` rewrites the files, which must be those of a copy of the project, and prints a
//! line for each mutant, separated by tabs: number, file, line, its text, what is replaced, the replacement, and the
//! range of bytes in the rewritten file. LEFT_OUT are numbers, separated by commas, of mutants that do not compile.
//! Numbers depend only on the files.

mod mutators;

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::ops::Range;

use mutators::{Form, Mutators, Site};

/// Text to insert at an offset of the original, with the number of its mutant.
struct Insertion {
    at: usize,
    text: String,
    mutant: Option<usize>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let left_out = arguments.next().ok_or("the numbers of the mutants to leave out are missing")?;
    let left_out: HashSet<usize> = left_out.split(',').filter_map(|number| number.parse().ok()).collect();
    let mut number = 0;
    for path in arguments {
        let text = fs::read_to_string(&path)?;
        let sites = Mutators::of(&text).map_err(|error| format!("{path}: {error}"))?;
        let mut made = Vec::new();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for Site { range, form, alternatives } in sites {
            let alternatives = alternatives.into_iter().zip(number + 1..);
            let alternatives: Vec<_> = alternatives.inspect(|(_, of)| number = *of).collect();
            let mut is_wrapped = false;
            for (alternative, number) in alternatives {
                if left_out.contains(&number) {
                    continue;
                }
                let chosen = format!("crate::mutant::is({number})");
                let new = match form {
                    Form::Expression if !is_wrapped => {
                        format!("(if {chosen} {{ {} }} else ", alternative.text)
                    }
                    Form::Expression | Form::Statement => {
                        format!("if {chosen} {{ {} }} else ", alternative.text)
                    }
                    Form::Truth => "((".to_owned(),
                    Form::Return => format!("if {chosen} {{ {} }} ", alternative.text),
                    Form::Guard => format!(" if !{chosen}"),
                };
                if form == Form::Truth {
                    let other = if alternative.text == "true" { "||" } else { "&& !" };
                    after.push(Insertion {
                        at: range.end,
                        text: format!(") {other}{chosen})"),
                        mutant: None,
                    });
                }
                before.push(Insertion { at: range.start, text: new, mutant: Some(number) });
                is_wrapped = true;
                let line = text[..alternative.shown.start].matches('\n').count();
                made.push((number, line, &text[alternative.shown], alternative.name));
            }
            if is_wrapped && matches!(form, Form::Expression | Form::Statement) {
                before.push(Insertion { at: range.start, text: "{ ".into(), mutant: None });
                let close = if form == Form::Expression { " })" } else { " }" };
                after.push(Insertion { at: range.end, text: close.into(), mutant: None });
            }
        }
        let (rewritten, places) = rewrite(&text, before, after);
        fs::write(&path, rewritten)?;
        for (number, line, old, new) in made {
            let place =
                places.iter().find(|(of, _)| *of == number).ok_or("a mutant without a place")?.1.clone();
            let around = text.lines().nth(line).unwrap_or_default();
            let (old, new, around) = (one_line(old), one_line(&new), one_line(around));
            println!(
                "{number}\t{path}\t{}\t{around}\t{old}\t{new}\t{}\t{}",
                line + 1,
                place.start,
                place.end
            );
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes the insertions; returns the new text and where each mutant is in it.
///
/// Sites come from the outside in: at one offset, opening texts keep their order, and closing ones are reversed and
/// come first.
fn rewrite(
    text: &str,
    mut before: Vec<Insertion>,
    mut after: Vec<Insertion>,
) -> (String, Vec<(usize, Range<usize>)>) {
    after.reverse();
    after.append(&mut before);
    after.sort_by_key(|insertion| insertion.at);
    let (mut out, mut places, mut at) = (String::new(), Vec::new(), 0);
    for insertion in after {
        out.push_str(&text[at..insertion.at]);
        at = insertion.at;
        let start = out.len();
        out.push_str(&insertion.text);
        places.extend(insertion.mutant.map(|number| (number, start..out.len())));
    }
    out.push_str(&text[at..]);
    (out, places)
}
