//! Reads the logs of importers: refused records and the reasons.
//!
//! `ldapmodify -S` writes each refused record behind a comment with the error, which is read exactly. The logs of
//! ldifde are localised and not documented, and are searched for DNs and hexadecimal codes.

use crate::fingerprint::Fingerprint;

/// A record that an importer refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImportRefusal {
    pub(crate) dn: Fingerprint,
    /// The line of the log, from 1.
    pub(crate) line: u64,
    /// The importer's reason, as far as it was found.
    pub(crate) what: String,
}

/// The longest reason, in bytes; the rest is dropped.
const LONGEST: usize = 1000;

/// Appends to a reason.
fn append(what: &mut String, between: &str, more: &str) {
    if what.len() + between.len() + more.len() <= LONGEST {
        what.push_str(between);
        what.push_str(more);
    }
}

/// The comment of `ldapmodify -S` above a refused record: `# Error: No such object (32), matched DN: …`.
const ERROR: &str = "# Error: ";

/// Returns the refusals in the numbered lines of a log.
pub(crate) fn refusals(
    lines: &[(u64, String)],
    is_known: impl Fn(Fingerprint) -> bool,
) -> Vec<ImportRefusal> {
    let is_ldapmodify = lines.iter().any(|(_, line)| line.starts_with(ERROR));
    if is_ldapmodify { ldapmodify(lines) } else { ldifde(lines, is_known) }
}

/// Reads the refusals that `ldapmodify -S` wrote.
fn ldapmodify(lines: &[(u64, String)]) -> Vec<ImportRefusal> {
    let mut refusals = Vec::new();
    let mut error: Option<String> = None;
    for (at, (number, line)) in lines.iter().enumerate() {
        if let Some(what) = line.strip_prefix(ERROR) {
            error = Some(what.trim().to_owned());
        } else if let Some(what) = error.take_if(|_| line.to_ascii_lowercase().starts_with("dn:")) {
            let text: String = lines[at..]
                .iter()
                .enumerate()
                .take_while(|(behind, (_, line))| *behind == 0 || line.starts_with(' '))
                .map(|(_, (_, line))| format!("{line}\n"))
                .collect();
            refusals.extend(fingerprint_of_line(text.as_bytes()).map(|dn| ImportRefusal {
                dn,
                line: *number,
                what,
            }));
        } else if let Some(what) = &mut error {
            // A server's message may have several lines.
            append(what, " ", line.trim_start_matches(['#', ' ']).trim_end());
        }
    }
    refusals
}

/// Returns the fingerprint of the DN on a `dn:` line, which may be folded.
fn fingerprint_of_line(text: &[u8]) -> Option<Fingerprint> {
    let block = ldif::blocks(text).next()?;
    let ldif::Block::Record(raw) = block else { return None };
    let value = raw.lines().next()?.value().ok()?.into_owned();
    fingerprint(std::str::from_utf8(&value).ok()?)
}

fn fingerprint(dn: &str) -> Option<Fingerprint> {
    Some(Fingerprint::of(ldif::dn::normalize(dn.trim()).ok()?.as_bytes()))
}

/// Finds refusals in a log of ldifde: codes on a line with a DN, and on the lines up to the next DN, belong to that DN.
fn ldifde(lines: &[(u64, String)], is_known: impl Fn(Fingerprint) -> bool) -> Vec<ImportRefusal> {
    let mut refusals = Vec::new();
    let mut named: Option<(Fingerprint, u64)> = None;
    for (number, line) in lines {
        let dns: Vec<(&str, Fingerprint)> =
            parts(line).into_iter().filter_map(|part| Some((part, fingerprint(part)?))).collect();
        let found = dns.iter().find(|(_, dn)| is_known(*dn)).or(dns.first());
        if let Some((_, dn)) = found {
            named = Some((*dn, *number));
        }
        let Some((dn, at)) = named else { continue };
        // A name may look like a code.
        if let Some(code) = code(line).filter(|code| !found.is_some_and(|(part, _)| part.contains(code))) {
            let what = format!("{code} ({})", line.trim());
            match refusals.last_mut().filter(|refusal: &&mut ImportRefusal| refusal.dn == dn) {
                Some(refusal) => append(&mut refusal.what, "; ", &what),
                None => refusals.push(ImportRefusal { dn, line: at, what }),
            }
        }
    }
    refusals
}

/// The parts of a line that may be a DN: the whole line, the text around a code, in quotes, or behind a colon.
fn parts<'l>(line: &'l str) -> Vec<&'l str> {
    let (before, behind) = code(line).and_then(|code| line.split_once(code)).unwrap_or(("", ""));
    let behind_colon = |text: &'l str| text.split_once(": ").map(|(_, rest)| rest);
    let within = |text: &'l str| [Some(text), text.split('"').nth(1), behind_colon(text)];
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | ':' | ',' | ';' | '(' | ')');
    let parts = [line, before, behind].into_iter().flat_map(within).flatten();
    parts.map(|part| part.trim_matches(is_around)).filter(|part| part.contains('=')).collect()
}

/// The first hexadecimal code of a line: `0x208d`, or the eight digits at the start of a message of Active Directory.
fn code(line: &str) -> Option<&str> {
    let is_code = |word: &&str| {
        let digits = word.strip_prefix("0x").unwrap_or(if word.len() == 8 { word } else { "" });
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit())
    };
    line.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, expect: &[(&str, u64, &str)]) {
        let lines: Vec<(u64, String)> = log.lines().zip(1..).map(|(line, n)| (n, line.to_owned())).collect();
        let expect: Vec<ImportRefusal> = expect
            .iter()
            .map(|&(dn, line, what)| ImportRefusal { dn: fingerprint(dn).unwrap(), line, what: what.into() })
            .collect();
        assert_eq!(refusals(&lines, |dn| expect.iter().any(|refusal| refusal.dn == dn)), expect);
    }

    #[test]
    fn refusals_of_ldapmodify_are_read() {
        check(
            "# Error: No such object (32), matched DN: dc=contoso,dc=com\ndn: CN=Ann,\n OU=Paris,DC=com\nchangetype: modify\n\
             add: mail\nmail: a\n-\n\n# Error: Constraint violation (19), additional info: 000020B5: two\nlines\n\
             dn:: Q049Wm/DqyxEQz1jb20=\nchangetype: modify\n",
            &[
                ("cn=ann,ou=paris,dc=com", 2, "No such object (32), matched DN: dc=contoso,dc=com"),
                ("CN=Zo\u{eb},DC=com", 11, "Constraint violation (19), additional info: 000020B5: two lines"),
            ],
        );
        check("", &[]);
    }

    #[test]
    fn a_reason_is_limited_however_long_the_log() {
        for log in [
            format!("CN=Ann,DC=com\n{}", "0x208d refused\n".repeat(20_000)),
            format!("# Error: refused (50)\n{}dn: CN=Ann,DC=com\n", "# a server says more\n".repeat(20_000)),
            "CN=Ann,DC=com\n0x208d refused\n".repeat(20_000),
        ] {
            let lines: Vec<(u64, String)> =
                log.lines().zip(1..).map(|(line, n)| (n, line.to_owned())).collect();
            let refusals = refusals(&lines, |_| true);
            assert_eq!(refusals.len(), 1);
            assert!(
                (LONGEST - 100..=LONGEST).contains(&refusals[0].what.len()),
                "{}",
                refusals[0].what.len()
            );
        }
    }

    #[test]
    fn refusals_of_ldifde_are_read_in_any_language() {
        check(
            "Connexion en cours\n1: CN=Ann,DC=com\nEntr\u{e9}e modifi\u{e9}e.\n2: CN=Bob,DC=com\n\
             Erreur de modification \u{e0} la ligne 7 : Objet inexistant\nErreur du serveur : 0x208d Objet introuvable.\n",
            &[("CN=Bob,DC=com", 4, "0x208d (Erreur du serveur : 0x208d Objet introuvable.)")],
        );
        check(
            "Entry DN: CN=Ann,DC=com\nThe server side error is: 0x2081\n0000208D: NameErr\n",
            &[(
                "CN=Ann,DC=com",
                1,
                "0x2081 (The server side error is: 0x2081); 0000208D (0000208D: NameErr)",
            )],
        );
    }
}
