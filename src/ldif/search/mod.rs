//! The lines that search tools write around the entries: how a search began and ended, and how many entries it found.

// the words of tools and shells
mod words;

use crate::base64;
use crate::line::line_end;
use words::{
    CLOSINGS, PREAMBLES, is_cut, is_done, is_failed_call, is_failure, is_named, is_nearly_named, is_outcry,
    is_sql_message,
};

/// What a tool reports about its search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchNote {
    /// `# extended LDIF`: a search of ldapsearch begins, and a `result:` will report its end.
    Begun,
    /// The search ended, completely or not: `# Result Code:  4`, `Size limit exceeded (4)`.
    Ended {
        /// Whether it was complete.
        whole: bool,
    },
    /// `pagedresults: cookie=…`: a cookie that is not empty announces more pages.
    Page {
        /// Whether there is another page.
        more: bool,
    },
    /// Something before the search failed, and the tool continues without it if entries follow:
    /// `ldap_start_tls: Protocol error`.
    Tried,
    /// The number of entries: `# numEntries: 2`, `# 2 entries`.
    Entries(u64),
    /// The number of entries and references: `# returned 3 records`.
    Records(u64),
    /// The number of entries and references, and one for the result: `# numResponses: 4`.
    Responses(u64),
    /// Any other output of the tool, such as `SASL SSF: 256`.
    Other,
}

impl SearchNote {
    /// Returns what a line outside records reports about the end of a search.
    pub(crate) fn of_closing(line: &[u8]) -> Option<Self> {
        closing(line).or_else(|| (is_cut(line) || is_outcry(line)).then_some(Self::Ended { whole: false }))
    }

    /// Returns what a line reports about the end of a search if it comes from a tool and is not an attribute, whatever
    /// record it is in: it contains a closing phrase of a tool, or a name that no attribute can have.
    #[must_use]
    pub fn of_last_line(line: &[u8]) -> Option<Self> {
        let is_cut = || !is_named(line) && (is_cut(line) || is_failure(line)) || is_outcry(line);
        closing(line).or_else(|| is_cut().then_some(Self::Ended { whole: false }))
    }

    /// Whether it reports that entries are missing from a text with this many.
    #[must_use]
    pub fn is_cut(self, entries: u64) -> bool {
        match self {
            Self::Ended { whole } => !whole,
            Self::Entries(count) => count != entries,
            _ => false,
        }
    }

    /// Whether a line is a message of SQL Server, which has commas of its own: `Msg 1205, Level 13, State 51`.
    #[must_use]
    pub fn is_sql_message(line: &[u8]) -> bool {
        std::str::from_utf8(line).is_ok_and(is_sql_message)
    }

    /// Returns what the first line of a text, which begins no record, reports about the search.
    pub(crate) fn of_first_line(text: &[u8]) -> Option<Self> {
        let line = physical(text);
        let said = Self::of_closing(line).or_else(|| exported(line));
        let is_for_people = || is_preamble(line) || is_above_dn(text);
        let said = said.or_else(|| is_for_people().then_some(Self::Other));
        said.or_else(|| Self::of_last_line(line).filter(|_| !is_above_attribute(text)))
    }
}

/// Whether a line that begins with this byte may come from a tool. Attributes of Active Directory begin with a small
/// letter.
pub(crate) const MAY_SAY: [bool; 256] = {
    let mut may = [true; 256];
    let mut byte = b'a';
    while byte <= b'z' {
        may[byte as usize] = matches!(byte, b'j' | b'l' | b'r' | b's' | b'w');
        byte += 1;
    }
    may
};

/// Whether the line at `at` is not part of the record before it, because it comes from a tool.
#[inline]
pub(crate) fn begins(text: &[u8], at: usize) -> bool {
    MAY_SAY[usize::from(text[at])] && !is_attribute(&text[at..]) && ends_record(text, at)
}

/// Whether an attribute of Active Directory begins here, according to two letters with which no tool's line begins.
///
/// A record has `sn`, `sAMAccountName` and `l`, and comparing them with each phrase of the tools took longer than
/// reading it.
#[inline]
pub(crate) fn is_attribute(line: &[u8]) -> bool {
    match line {
        // Search, server, size; LDAP; result; Java's names of errors; write error.
        [b's', second, ..] => !matches!(second | 0x20, b'e' | b'i'),
        [b'l', second, ..] => !matches!(second | 0x20, b'd'),
        [b'r', second, ..] => !matches!(second | 0x20, b'e'),
        [b'j', second, ..] => !matches!(second | 0x20, b'a'),
        [b'w', second, ..] => !matches!(second | 0x20, b'r'),
        _ => false,
    }
}

/// What ldapsearch reports at the end of a search, beside `search:` and `result:`.
const IN_TRAILER: [&str; 10] = [
    "matchedDN",
    "text",
    "control",
    "pagedresults",
    "sortResult",
    "vlvResult",
    "persistentSearch",
    "ppolicy",
    "accountUsability",
    "syncDone",
];

/// Whether the line, which is in a trailer, begins with the name of an attribute that ldapsearch does not write there.
pub(crate) fn begins_foreign_attribute(line: &[u8]) -> bool {
    is_named(physical(line))
        && !IN_TRAILER.iter().any(|name| starts_with(line, name) && line.get(name.len()) == Some(&b':'))
}

/// Whether the line at `at`, which is no attribute of Active Directory, ends the record before it.
fn ends_record(text: &[u8], at: usize) -> bool {
    let line = &text[at..];
    match line[0] | 0x20 {
        b'#' => {
            matches!(line, [_, b' ' | b'!' | b'0'..=b'9' | b'A'..=b'z', ..])
                && comment(physical(line)).is_some()
        }
        b's' if starts_with(line, "search:") => {
            let (end, next) = line_end(text, at);
            number(text[at + "search:".len()..end].trim_ascii()).is_some_and(|(_, rest)| rest.is_empty())
                && starts_with(&text[next..], "result:")
        }
        b'r' => match result(physical(line)) {
            Some(value) => {
                let is_end = |rest: &[u8]| matches!(rest.first(), None | Some(b' '));
                number(value).is_some_and(|(_, rest)| is_end(rest))
                    || closing(value).is_some()
                    || is_cut(value)
            }
            None => closing(physical(line)).is_some(),
        },
        b'0'..=b'9' | b'(' => exported(physical(line)).is_some(),
        b'.' => is_preamble(physical(line)) || is_failure(physical(line)),
        b'a'..=b'z' => closing(physical(line)).is_some(),
        _ => false,
    }
}

/// Returns what follows `result:` in a line that begins with it.
fn result(line: &[u8]) -> Option<&[u8]> {
    let value = line.get("result:".len()..).filter(|_| starts_with(line, "result:"))?;
    Some(value.trim_ascii())
}

/// Returns what a comment reports about a search, if anything.
pub(crate) fn comment(line: &[u8]) -> Option<SearchNote> {
    let said = line.strip_prefix(b"#")?.trim_ascii();
    // Most comments are names of entries, and `record 17`.
    let lower = match said.first()? {
        b'0'..=b'9' => {
            let (count, rest) = number(said)?;
            return counted(count, rest);
        }
        b'A'..=b'Z' | b'e' | b'f' | b'n' | b'p' | b'r' | b's' | b't' | b'l' | b'!' => {
            said[..said.len().min(80)].to_ascii_lowercase()
        }
        _ => return None,
    };
    let behind = |prefix: &str| lower.strip_prefix(prefix.as_bytes()).map(<[u8]>::trim_ascii_start);
    let count = |prefix: &str| behind(prefix).and_then(number).map(|(count, _)| count);
    if lower == b"extended ldif" {
        return Some(SearchNote::Begun);
    }
    if let Some(code) = count("result code:").or_else(|| count("result:")) {
        return Some(SearchNote::Ended { whole: code == 0 });
    }
    if let Some(entries) = COUNTS.into_iter().find_map(count) {
        return Some(SearchNote::Entries(entries));
    }
    if let Some(responses) = count("numresponses:") {
        return Some(SearchNote::Responses(responses));
    }
    if let Some((found, rest)) = ["returned ", "found ", "search found ", "search returned ", "total:"]
        .into_iter()
        .find_map(behind)
        .and_then(number)
    {
        return counted(found, rest);
    }
    if behind("pagedresults:").is_some() {
        return page(said);
    }
    SearchNote::of_closing(said)
}

/// The words of tools before a number of entries, in lower case.
const COUNTS: [&str; 8] = [
    "numentries:",
    "entries:",
    "entries returned:",
    "total entries:",
    "number of entries:",
    "number of entries returned:",
    "total number of entries:",
    "total number of matching entries:",
];

/// Interprets a number and the noun after it: `5 entries`, `5 records`.
fn counted(count: u64, noun: &[u8]) -> Option<SearchNote> {
    match noun.strip_suffix(b".").unwrap_or(noun) {
        b" records" | b" record" | b" record(s)" => Some(SearchNote::Records(count)),
        b" entries" | b" entry" | b" results" | b" objects" | b" matches" => Some(SearchNote::Entries(count)),
        _ => None,
    }
}

/// Returns the number of entries in a line without a `#`: the `5 entries exported` of ldifde and csvde in their
/// languages, AdFind's `5 Objects returned`, sqlcmd's `(5 rows affected)` and psql's `(5 rows)` in any language.
pub(crate) fn exported(line: &[u8]) -> Option<SearchNote> {
    let line = line.trim_ascii();
    let (count, rest) = number(line.strip_prefix(b"(").unwrap_or(line))?;
    let rest_is = |noun: &&str| rest.eq_ignore_ascii_case(noun.as_bytes());
    let has = |words: &[&str]| words.iter().any(|word| memchr::memmem::find(rest, word.as_bytes()).is_some());
    let is_exported = || {
        has(&["export", "esport", "экспорт", "エクスポート"])
            && has(&[" entr", " Eintr", " voci", " запис", "エントリ"])
    };
    let nouns = [" objects returned", " rows selected.", " row selected.", " matches", " match"];
    let is_note = || {
        let words = rest.strip_prefix(b" ").and_then(|rest| rest.strip_suffix(b")"));
        let is_word = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii() || b" ()".contains(byte);
        line.starts_with(b"(") && words.is_some_and(|words| words.iter().all(is_word))
    };
    let is_of_mysql = || starts_with(rest, " rows in set (") || starts_with(rest, " row in set (");
    (nouns.iter().any(rest_is) || is_note() || is_of_mysql() || is_exported())
        .then_some(SearchNote::Entries(count))
}

/// Returns what a line without a `#` reports about the end of a search, wherever it is.
pub(crate) fn closing(line: &[u8]) -> Option<SearchNote> {
    let line = line.trim_ascii();
    let is_at = |prefixes: &[&str]| prefixes.iter().any(|prefix| starts_with(line, prefix));
    if is_at(&PREAMBLES) {
        return None;
    }
    let is_warning = starts_with(line, "ldapsearch: ") && memchr::memmem::find(line, b"deprecated").is_some();
    if is_warning || is_at(&["ldap_start_tls", "gssapi error: "]) {
        return Some(SearchNote::Tried);
    }
    if is_at(&CLOSINGS) || is_failed_call(line) {
        return Some(SearchNote::Ended { whole: line.ends_with(b"(0)") });
    }
    // The name of a result code with its number: `Server is unavailable (52)`.
    let (words, code) = line.strip_suffix(b")").and_then(|line| {
        let at = line.iter().rposition(|&b| b == b'(')?;
        Some((line[..at].strip_suffix(b" ")?, line[at + 1..].strip_prefix(b"-").unwrap_or(&line[at + 1..])))
    })?;
    let is_text = words.first()?.is_ascii_uppercase()
        && words
            .iter()
            .all(|b| b.is_ascii_alphabetic() || !b.is_ascii() || matches!(b, b' ' | b'\'' | b'/' | b'-'));
    let code = number(code).filter(|(_, rest)| rest.is_empty() && is_text)?.0;
    Some(SearchNote::Ended { whole: code == 0 })
}

/// Returns the length of a prompt in front of a record on the same line, `Enter LDAP Password: dn: CN=…`, or of other
/// output to the terminal there.
#[inline]
pub(crate) fn prompt(text: &[u8]) -> Option<usize> {
    if starts_with(text, "dn:") { None } else { prompt_before_dn(physical(text)) }
}

/// Returns the same for a line that does not begin with `dn:`.
fn prompt_before_dn(line: &[u8]) -> Option<usize> {
    let at = line.windows(b"dn:".len()).position(|word| word.eq_ignore_ascii_case(b"dn:"))?;
    let (before, dn) = line.split_at(at);
    let is_dn = dn.contains(&b'=') || dn[b"dn:".len()..].starts_with(b":");
    let is_control = |start: usize| match &before[start + 1..] {
        [b'[', rest @ .., b'A'..=b'z'] => rest.iter().all(|b| b.is_ascii_digit() || *b == b';'),
        rest => rest.is_empty(),
    };
    let ends_in_control =
        before.iter().rposition(|b| b.is_ascii_control() && *b != b'\t').is_some_and(is_control);
    (is_dn && (ends_in_control || is_prompt(before))).then_some(at)
}

/// Whether this is a prompt of a program or a shell, not the beginning of an attribute.
fn is_prompt(before: &[u8]) -> bool {
    let said = before.trim_ascii_end();
    let is_asked = said.len() < before.len() && matches!(said.last(), Some(b':' | b'#' | b'$' | b'>' | b'%'));
    let is_for_password = || said.to_ascii_lowercase().ends_with(b"password:");
    let is_said = || said.iter().any(u8::is_ascii_alphanumeric) && !is_named(said);
    is_asked && (is_said() || is_done(said) || is_for_password())
}

/// Whether a tool writes this line to the terminal before or after the entries, such as `SASL SSF: 256`.
pub(crate) fn is_preamble(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    // Three dots mark where somebody has cut the entries.
    let are_dots = !matches!(line.len(), 0 | 3) && line.iter().all(|&b| b == b'.');
    let is_known = PREAMBLES.iter().chain(&["ldap_", "warning: "]).any(|prefix| starts_with(line, prefix));
    let is_command = matches!(line, [drive, b':', b'\\', rest @ ..] if drive.is_ascii_alphabetic() && rest.contains(&b'>'));
    are_dots || is_known || is_command || is_done(line)
}

/// Whether this is a line for people above the first entry, from any program: it is not an attribute, and a `dn:`
/// follows, after more such lines.
fn is_above_dn(text: &[u8]) -> bool {
    const MOST: usize = 64;
    let mut at = 0;
    for number in 0..MOST {
        let line = physical(&text[at..]);
        if starts_with(line, "dn:") || prompt(line).is_some() {
            return number > 0;
        }
        // The first line is not a continuation; those that are mean nothing by themselves.
        let is_rest = line.first() == Some(&b' ');
        let is_named = !is_rest && is_nearly_named(line) && !is_preamble(line);
        if line.is_empty() || is_rest && number == 0 || is_named || names_somebody(line) {
            return false;
        }
        at = line_end(text, at).1;
    }
    false
}

/// Whether the next line is an attribute, so that this one may be the rest of a value.
fn is_above_attribute(text: &[u8]) -> bool {
    is_named(physical(&text[line_end(text, 0).1..]))
}

/// Whether the line contains an address or a DN: a prompt may ask for a person's password.
fn names_somebody(line: &[u8]) -> bool {
    let has = |sign: &[u8]| memchr::memmem::find(line, sign).is_some();
    let is_prompt = || line.trim_ascii_end().ends_with(b":") || is_done(line);
    (has(b"@") || has(b",DC=") || has(b",dc=")) && !is_prompt()
}

/// Interprets `pagedresults: estimate=9 cookie=…`.
pub(crate) fn page(line: &[u8]) -> Option<SearchNote> {
    let at = memchr::memmem::find(line, b"cookie=")?;
    let cookie = line[at + "cookie=".len()..].trim_ascii();
    Some(SearchNote::Page { more: !cookie.is_empty() })
}

/// Interprets `1.2.840.113556.1.4.319 false MAUCAQAEAA==`, the control of a page: its value is the BER sequence of a size
/// and a cookie (RFC 2696 section 2).
pub(crate) fn page_control(line: &[u8]) -> Option<SearchNote> {
    let value = line.trim_ascii().strip_prefix(b"1.2.840.113556.1.4.319 ")?.rsplit(|&b| b == b' ').next()?;
    let ber = base64::decode(value).ok()?;
    // A length of 128 and more has octets of its own.
    let long = ber.get(1).map_or(0, |length| usize::from(length & 0x7f) * usize::from(length >> 7));
    let (size, rest) = ber.get(2 + long + 1..)?.split_first()?;
    let length = rest.get(usize::from(*size) + 1)?;
    Some(SearchNote::Page { more: *length != 0 })
}

/// Returns the number at the beginning of `text`, perhaps with thousands separators, and the rest of the text.
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (first, mut rest) = text.split_at(digits);
    let mut number: u64 = std::str::from_utf8(first).ok()?.parse().ok()?;
    while let [b',' | b'.' | b'\'' | b' ', thousand @ ..] = rest
        && let Some((three, behind)) = thousand.split_at_checked(3)
        && three.iter().all(u8::is_ascii_digit)
        && !behind.first().is_some_and(u8::is_ascii_digit)
    {
        let three = three.iter().fold(0, |all, digit| all * 10 + u64::from(digit - b'0'));
        number = number.checked_mul(1000)?.checked_add(three)?;
        rest = behind;
    }
    Some((number, rest))
}

/// Returns the first physical line of `text`.
pub(crate) fn physical(text: &[u8]) -> &[u8] {
    &text[..line_end(text, 0).0]
}

fn starts_with(text: &[u8], prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: Option<SearchNote> = Some(SearchNote::Ended { whole: false });
    const WHOLE: Option<SearchNote> = Some(SearchNote::Ended { whole: true });

    #[test]
    fn comments_of_many_tools() {
        for (line, expected) in [
            ("# extended LDIF", Some(SearchNote::Begun)),
            ("# numEntries: 2", Some(SearchNote::Entries(2))),
            ("#numResponses: 3", Some(SearchNote::Responses(3))),
            ("# returned 3 records", Some(SearchNote::Records(3))),
            ("# returned 1 record", Some(SearchNote::Records(1))),
            ("# 3 entries", Some(SearchNote::Entries(3))),
            ("# 0 referrals", None),
            ("# Entries returned:  7", Some(SearchNote::Entries(7))),
            ("# Total Entries: 5", Some(SearchNote::Entries(5))),
            ("# Number of entries: 5", Some(SearchNote::Entries(5))),
            ("# Total: 5 entries", Some(SearchNote::Entries(5))),
            ("# Returned 5 entries", Some(SearchNote::Entries(5))),
            ("# Total number of matching entries:  5", Some(SearchNote::Entries(5))),
            ("# 5 records", Some(SearchNote::Records(5))),
            ("# returned 5 record(s)", Some(SearchNote::Records(5))),
            ("# search found 5 entries", Some(SearchNote::Entries(5))),
            ("#size limit exceeded", CUT),
            ("# 5 matches.", Some(SearchNote::Entries(5))),
            ("# 5 objects, Users, contoso.com", None),
            ("#!RESULT OK", None),
            ("#!ERROR [LDAP: error code 4 - Sizelimit Exceeded]", CUT),
            ("# The LDAP search request failed: 4 (Size Limit Exceeded)", CUT),
            ("# Error: Sizelimit Exceeded", CUT),
            ("# ldap.contoso.com, Computers, contoso.com", None),
            ("# Result Code:  4 (size limit exceeded)", CUT),
            ("# Result Code:  0 (success)", WHOLE),
            ("# result: 4 Size limit exceeded", CUT),
            ("# Size limit exceeded (4)", CUT),
            ("# Search incomplete: size limit reached", CUT),
            ("# Speed Limit, Paris", None),
            ("# pagedresults: cookie=", Some(SearchNote::Page { more: false })),
            ("# pagedresults: estimate=1 cookie=AQAAAA==", Some(SearchNote::Page { more: true })),
            ("# search result", None),
            ("# Ann Doe, Paris, contoso.com", None),
            ("# Sam Roe (Paris), contoso.com", None),
            ("# record 17", None),
            ("# 3Com, Paris", None),
            ("# Room 1, Floor 2, Site 3, contoso, com", None),
            ("#", None),
        ] {
            assert_eq!(comment(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn closing_lines_of_many_tools() {
        for (line, expected) in [
            ("Size limit exceeded (4)", CUT),
            ("time limit exceeded", CUT),
            ("write error: No space left on device", CUT),
            ("Administrative limit exceeded (11)", CUT),
            ("ldap_result: Can't contact LDAP server (-1)", CUT),
            ("Can't contact LDAP server (-1)", CUT),
            ("Server is unavailable (52)", CUT),
            ("search failed - LDAP error 4", CUT),
            ("ldap_search_ext: Bad search filter (-7)", CUT),
            ("Success (0)", WHOLE),
            ("Referral (10)", CUT),
            ("Taille limite dépassée (4)", CUT),
            ("The size limit for this request was exceeded", CUT),
            ("The search operation failed with result code: 4 (Size Limit Exceeded)", CUT),
            ("javax.naming.SizeLimitExceededException: [LDAP: error code 4 - Sizelimit Exceeded]", CUT),
            ("ldap.SIZELIMIT_EXCEEDED: {'desc': 'Size limit exceeded'}", CUT),
            ("Warning: ldap_search(): Partial search results returned: Sizelimit exceeded", CUT),
            ("WARNING: By default, only the first 1000 items are returned.", CUT),
            ("Get-ADUser : The operation returned because the timeout limit was exceeded.", CUT),
            ("LDAP: [dc1]: Error 0x4 (4) Size Limit Exceeded", CUT),
            ("ldap.SERVER_DOWN: {'desc': \"Can't contact LDAP server\"}", CUT),
            ("ldap.contoso.com: x", None),
            ("Get-ADUser: The server has returned the following error: invalid enumeration context.", CUT),
            (
                "WARNING: There are more results available. Increase the value for the ResultSize parameter.",
                CUT,
            ),
            ("AVERTISSEMENT : Par défaut, seuls les 1000 premiers éléments sont renvoyés.", CUT),
            ("java.lang.OutOfMemoryError: Java heap space", CUT),
            ("ldap_initialize( ldap://localhost )", None),
            ("ldap_create", None),
            ("ldap_new_socket: 3", None),
            ("WARNING: no TLS", None),
            ("description: Size limit exceeded (4)", None),
            ("LDAP: error code 4 - Sizelimit Exceeded", CUT),
            ("ldap: //contoso.com", None),
            ("Searchlight (Paris)", None),
            ("objectClass: user", None),
        ] {
            assert_eq!(closing(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn terminal_output_before_a_dn_is_not_part_of_it() {
        for (before, is_one) in [
            ("Enter LDAP Password: ", true),
            ("Password for admin@CONTOSO.COM: ", true),
            ("password: ", true),
            ("LDAP-Passwort eingeben: ", true),
            ("root@dc01:~# ", true),
            ("C:\\Users\\ann> ", true),
            ("sh-4.2$ ", true),
            ("\u{1b}[0;1m", true),
            ("\u{8}", true),
            ("description: ", false),
            ("description:", false),
            ("see ", false),
            ("12: ", false),
            ("u.ldif:", false),
            ("> ", false),
            ("\t", false),
        ] {
            for dn in ["dn: CN=Ann,DC=com", "DN:: Q049QW5u"] {
                let found = prompt(format!("{before}{dn}\nmail: x").as_bytes());
                assert_eq!(found, is_one.then_some(before.len()), "{before}{dn}");
            }
        }
    }

    #[test]
    fn a_line_outside_records_reports_that_a_limit_was_reached() {
        for line in [
            "javax.naming.SizeLimitExceededException: [LDAP: error code 4 - Sizelimit Exceeded]",
            "dsquery has reached the specified limit on number of results to display;",
            "Get-ADUser : The size limit for this request was exceeded",
            "Connection reset by peer",
        ] {
            assert_eq!(SearchNote::of_closing(line.as_bytes()), CUT, "{line}");
        }
        assert_eq!(SearchNote::of_closing(b"size limit: 1000"), None);
        for (line, expected) in [
            ("Killed", CUT),
            ("...", CUT),
            ("....", Some(SearchNote::Other)),
            ("[...]", CUT),
            ("(truncated)", CUT),
            ("--More--", CUT),
            ("^C", CUT),
            ("^Z", CUT),
            ("Segmentation fault (core dumped)", CUT),
            ("Im Programm ist ein Fehler aufgetreten", CUT),
            ("Une erreur s'est produite dans le programme", CUT),
            ("00002024", None),
            ("0000208D: NameErr: DSID-03100245, problem 2001 (NO_OBJECT)", CUT),
            ("Killed Kenny", None),
            ("Keine Fehler", None),
            ("Export was cut short", CUT),
            ("Abgebrochen", CUT),
            ("Done.", Some(SearchNote::Other)),
            ("2 Einträge exportiert", Some(SearchNote::Entries(2))),
            ("12,345 entries exported", Some(SearchNote::Entries(12_345))),
            ("(2 rows)", Some(SearchNote::Entries(2))),
            ("(2 row(s) affected)", Some(SearchNote::Entries(2))),
            ("(2 Zeilen betroffen)", Some(SearchNote::Entries(2))),
            ("(2 lignes affectées)", Some(SearchNote::Entries(2))),
            ("(2) rows", None),
            ("2 rows selected.", Some(SearchNote::Entries(2))),
            ("2 rows in set (0.01 sec)", Some(SearchNote::Entries(2))),
            ("Msg 1205, Level 13, State 51, Server SQL01, Line 1", CUT),
            ("Meldung 1205, Ebene 13, Status 51, Zeile 1", CUT),
            ("Msg 1205, Niveau 13, État 51, Ligne 1", CUT),
            ("(1 005 lignes affectées)", Some(SearchNote::Entries(1005))),
            ("2 entrées exportées.", Some(SearchNote::Entries(2))),
            ("2 個のエントリがエクスポートされました", Some(SearchNote::Entries(2))),
            ("Der Befehl wurde erfolgreich ausgeführt.", Some(SearchNote::Other)),
            ("La commande a été correctement exécutée", Some(SearchNote::Other)),
            ("root@dc01:~# ", Some(SearchNote::Other)),
            ("C:\\Users\\ann>", Some(SearchNote::Other)),
            ("ldap_start_tls: Connect error (-11)", Some(SearchNote::Tried)),
            ("GSSAPI Error: Unspecified GSS failure.", Some(SearchNote::Tried)),
            ("dn CN=Ann", None),
            ("objectClass user", None),
        ] {
            assert_eq!(SearchNote::of_first_line(line.as_bytes()), expected, "{line}");
        }
        for (line, expected) in [
            ("com.unboundid.ldap.sdk.LDAPSearchException: size limit exceeded", CUT),
            ("net ads search failed: Size limit exceeded", CUT),
            ("dsquery failed:The server is not operational.", CUT),
            ("[LDAP: error code 4]", CUT),
            ("The server is not operational.", CUT),
            ("description: the search failed, the limit was exceeded", None),
            ("lastError: 4", None),
            ("1.2.840.113556.1.4.8: 512", None),
            ("proxy Addresses: sip:ann@contoso.com", None),
            ("YW5uQGNvbnRvc28uY29t", None),
        ] {
            assert_eq!(SearchNote::of_last_line(line.as_bytes()), expected, "{line}");
        }
    }
}
