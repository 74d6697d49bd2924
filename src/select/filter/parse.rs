//! A recursive-descent parser for the grammar of RFC 4515 section 3.

use super::fault::{self, FilterFault};
use super::value::{Bound, Class, Pattern, Test, integer};
use super::{Item, Node};
use crate::language::Text;
use crate::object::Attr;
use crate::schema::value::{Invalid, Meaning};
use crate::schema::{Syntax, syntax_of};

/// The maximum depth of parentheses: more than anyone writes, and safe for any stack.
pub const MAX_DEPTH: usize = 100;

/// `LDAP_MATCHING_RULE_BIT_AND` (MS-ADTS section 3.1.1.3.4.4.1).
pub(super) const BIT_AND: &str = "1.2.840.113556.1.4.803";
/// `LDAP_MATCHING_RULE_BIT_OR` (MS-ADTS section 3.1.1.3.4.4.2).
pub(super) const BIT_OR: &str = "1.2.840.113556.1.4.804";
/// `LDAP_MATCHING_RULE_TRANSITIVE_EVAL` (MS-ADTS section 3.1.1.3.4.4.3).
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";

/// Parses a whole filter.
pub(super) fn parse(text: &str, resolve: impl FnMut(&str) -> Attr) -> Result<Node, FilterFault> {
    let mut parser = FilterParser { text, at: 0, depth: 0, resolve };
    parser.skip_space();
    let node = match parser.peek() {
        None => return Err(FilterFault::new(0, fault::EMPTY)),
        Some('(') => parser.filter()?,
        Some(')') => return Err(parser.fault(fault::NEVER_OPENED)),
        Some(found @ ('&' | '|' | '!')) => return Err(parser.fault(fault::parenthesis_expected(found))),
        Some(_) => parser.item()?,
    };
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(')') => Err(parser.fault(fault::NEVER_OPENED)),
        Some(_) => Err(parser.fault(fault::TEXT_AFTER_END)),
    }
}

struct FilterParser<'t, R> {
    text: &'t str,
    /// The bytes consumed; always a character boundary.
    at: usize,
    /// The number of open parentheses.
    depth: usize,
    resolve: R,
}

impl<'t, R: FnMut(&str) -> Attr> FilterParser<'t, R> {
    /// Parses a filter from its opening parenthesis.
    fn filter(&mut self) -> Result<Node, FilterFault> {
        let open = self.at;
        if self.depth == MAX_DEPTH {
            return Err(self.fault(fault::too_deep()));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let node = match self.peek() {
            Some('&') => Node::All(self.list('&')?),
            Some('|') => Node::Any(self.list('|')?),
            Some('!') => Node::Not(Box::new(self.negated()?)),
            Some('(') => return Err(self.fault(fault::PARENTHESES_DOUBLED)),
            Some(_) => self.item()?,
            None => return Err(FilterFault::new(open, fault::NEVER_CLOSED)),
        };
        self.skip_space();
        match (self.peek(), &node) {
            (Some(')'), _) => {}
            (None, _) => return Err(FilterFault::new(open, fault::NEVER_CLOSED)),
            (Some(_), Node::Not(_)) => return Err(self.fault(fault::NOT_TAKES_ONE)),
            (Some(found), _) => return Err(self.fault(fault::parenthesis_expected(found))),
        }
        self.at += 1;
        self.depth -= 1;
        Ok(node)
    }

    /// Parses the filters of `&` or `|` from the operator.
    fn list(&mut self, operator: char) -> Result<Vec<Node>, FilterFault> {
        let place = self.at;
        let mut nodes = Vec::new();
        self.at += 1;
        self.skip_space();
        while self.peek() == Some('(') {
            nodes.push(self.filter()?);
            self.skip_space();
        }
        if nodes.is_empty() && self.peek() == Some(')') {
            return Err(FilterFault::new(place, fault::nothing_to_combine(operator)));
        }
        Ok(nodes)
    }

    /// Parses the filter of `!` from the operator.
    fn negated(&mut self) -> Result<Node, FilterFault> {
        let place = self.at;
        self.at += 1;
        self.skip_space();
        match self.peek() {
            Some('(') => self.filter(),
            Some(')') | None => Err(FilterFault::new(place, fault::nothing_to_combine('!'))),
            Some(found @ ('&' | '|' | '!')) => Err(self.fault(fault::parenthesis_expected(found))),
            // AD accepts (!cn=x), and administrators write it
            Some(_) => self.item(),
        }
    }

    /// Parses attribute, comparison and value, up to the closing parenthesis or the end.
    fn item(&mut self) -> Result<Node, FilterFault> {
        let start = self.at;
        let description = self.description()?;
        // values with options belong to the attribute (RFC 4512 section 2.5)
        let name = description.split(';').next().unwrap_or(description);
        if name.eq_ignore_ascii_case("anr") {
            return Err(FilterFault::new(start, fault::NAME_RESOLUTION));
        }
        let test = if self.skip(">=") {
            Test::AtLeast(Bound::new(self.bound(name)?))
        } else if self.skip("<=") {
            Test::AtMost(Bound::new(self.bound(name)?))
        } else if self.skip("~=") {
            let start = self.at;
            Test::Approximates(pattern(name, vec![self.value()?], start)?)
        } else if self.skip("=") {
            let start = self.at;
            equality(name, self.pieces()?, start)?
        } else if self.skip(":=") {
            // without a rule, the attribute's own equality applies (RFC 4511 section 4.5.1.7.7)
            let start = self.at;
            equality(name, vec![self.value()?], start)?
        } else {
            let rule = self.rule()?;
            if syntax_of(name).is_some_and(|syntax| !syntax.is_number()) {
                return Err(FilterFault::new(start, fault::NO_BITS));
            }
            rule
        };
        Ok(Node::Item(Item { attribute: (self.resolve)(name), description: description.into(), test }))
    }

    /// Parses an attribute description (RFC 4512 section 2.5): a name or a numeric OID, then options.
    fn description(&mut self) -> Result<&'t str, FilterFault> {
        let start = self.at;
        let mut is_oid = false;
        while let Some(found) = self.peek() {
            let is_expected = match found {
                '=' | '<' | '>' | '~' | ':' | '(' | ')' => break,
                'a'..='z' | 'A'..='Z' => !is_oid,
                '0'..='9' if self.at == start => {
                    is_oid = true;
                    true
                }
                '0'..='9' => true,
                '.' => is_oid,
                '-' => self.at > start && !is_oid,
                ';' => {
                    is_oid = false;
                    self.at > start
                }
                _ => false,
            };
            if !is_expected {
                return Err(self.fault(fault::attribute_invalid(found)));
            }
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "" => Err(self.fault(fault::ATTRIBUTE_MISSING)),
            description => Ok(description),
        }
    }

    /// Parses the rule and the value of an extensible match from its colon; without a colon, there is no comparison.
    fn rule(&mut self) -> Result<Test, FilterFault> {
        self.skip(":");
        let start = self.at;
        let rest = &self.text[start..];
        let length =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        self.at += length;
        if name.is_empty() || !self.text[self.at..].starts_with(':') {
            return Err(self.fault(fault::COMPARISON_EXPECTED));
        }
        let test = match name {
            BIT_AND => Test::AllBits,
            BIT_OR => Test::AnyBit,
            IN_CHAIN => return Err(FilterFault::new(start, fault::RULE_IN_CHAIN)),
            _ if name.eq_ignore_ascii_case("dn") => {
                return Err(FilterFault::new(start, fault::DN_ATTRIBUTES));
            }
            _ => return Err(FilterFault::new(start, fault::RULE_UNKNOWN)),
        };
        if !self.skip(":=") {
            return Err(self.fault(fault::COMPARISON_EXPECTED));
        }
        let start = self.at;
        let value = self.value()?;
        integer(&value).map(test).ok_or(FilterFault::new(start, fault::BITS_INVALID))
    }

    /// Parses the bound of `>=` or `<=`, which must be a number if the attribute's syntax is.
    fn bound(&mut self, description: &str) -> Result<Vec<u8>, FilterFault> {
        let start = self.at;
        let value = self.value()?;
        match syntax_of(description) {
            // a bound need not be a valid value of an account
            Some(Syntax::AccountControl) => {
                check_value(description, Syntax::Integer, &value, start).map(|()| value)
            }
            Some(syntax) if syntax.is_number() => {
                check_value(description, syntax, &value, start).map(|()| value)
            }
            _ => Ok(value),
        }
    }

    /// Parses a value, in which wildcards are a fault.
    fn value(&mut self) -> Result<Vec<u8>, FilterFault> {
        let value = self.piece()?;
        if self.peek() == Some('*') { Err(self.fault(fault::ASTERISK_IN_VALUE)) } else { Ok(value) }
    }

    /// Parses the pieces of a value between wildcards.
    fn pieces(&mut self) -> Result<Vec<Vec<u8>>, FilterFault> {
        let mut pieces = vec![self.piece()?];
        while self.skip("*") {
            pieces.push(self.piece()?);
        }
        Ok(pieces)
    }

    /// Parses bytes up to a wildcard, the closing parenthesis or the end, and resolves escapes.
    fn piece(&mut self) -> Result<Vec<u8>, FilterFault> {
        let mut octets = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let length = rest.find(['*', '(', ')', '\\']).unwrap_or(rest.len());
            octets.extend_from_slice(&rest.as_bytes()[..length]);
            self.at += length;
            match self.peek() {
                Some('\\') => octets.push(self.escaped()?),
                Some('(') => return Err(self.fault(fault::PARENTHESIS_IN_VALUE)),
                _ => return Ok(octets),
            }
        }
    }

    /// Parses an escaped byte from its backslash.
    fn escaped(&mut self) -> Result<u8, FilterFault> {
        let digits =
            self.text.get(self.at + 1..self.at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let octet = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let octet = octet.ok_or_else(|| self.fault(fault::ESCAPE_INVALID))?;
        self.at += 3;
        Ok(octet)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Skips a token; returns false if it does not follow.
    fn skip(&mut self, token: &str) -> bool {
        let found = self.text[self.at..].starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    /// Creates a fault at the current place.
    fn fault(&self, words: [Text; 2]) -> FilterFault {
        FilterFault::new(self.at, words)
    }
}

/// Creates the test of `=` from the pieces of a value between its wildcards; the value begins at `start`.
fn equality(description: &str, mut pieces: Vec<Vec<u8>>, start: usize) -> Result<Test, FilterFault> {
    // adjacent wildcards count as one
    let last = pieces.len() - 1;
    let mut index = 0;
    pieces.retain(|piece| {
        let is_at_end = index == 0 || index == last;
        index += 1;
        is_at_end || !piece.is_empty()
    });
    match pieces.as_slice() {
        [whole] if description.eq_ignore_ascii_case("objectCategory") && !whole.contains(&b'=') => {
            Ok(Test::Category(Class::new(pieces.swap_remove(0))))
        }
        _ => pattern(description, pieces, start).map(Test::Equals),
    }
}

/// Creates the pattern of a value from its pieces between wildcards. A single piece is the whole value, which begins at
/// `start` and must have the syntax of the attribute.
fn pattern(description: &str, pieces: Vec<Vec<u8>>, start: usize) -> Result<Pattern, FilterFault> {
    let syntax = syntax_of(description).unwrap_or(Syntax::Text);
    if let [whole] = pieces.as_slice() {
        check_value(description, syntax, whole, start)?;
    }
    Ok(Pattern::new(pieces, syntax))
}

/// Refuses a value that no value of the attribute can equal: the item would match no user, and its negation every user.
fn check_value(description: &str, syntax: Syntax, value: &[u8], at: usize) -> Result<(), FilterFault> {
    match Meaning::of(syntax, value.trim_ascii()) {
        Meaning::Invalid if !syntax.is_text() => {
            let what = Invalid::new(description, syntax, value).what;
            Err(FilterFault::new(at, [what, fault::syntax_help(syntax)]))
        }
        _ => Ok(()),
    }
}
