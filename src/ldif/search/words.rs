//! The phrases of tools and shells for a search that failed, was stopped, or is complete.

use super::starts_with;

/// The beginnings of lines that report how a search ended, in lower case.
pub(super) const CLOSINGS: [&str; 30] = [
    "write error: ",
    "size limit exceeded",
    "sizelimit exceeded",
    "time limit exceeded",
    "timelimit exceeded",
    "administrative limit exceeded",
    "can't contact ldap server",
    "search failed",
    "search error",
    "the size limit for this request was exceeded",
    "the ldap search request failed",
    "the search operation failed",
    "search operation failed",
    "directory error: ",
    "error 0x",
    "!result error",
    "!error ",
    "error: ",
    "ldapsearch: ",
    "slapcat: ",
    "ldap error",
    "ldap: [",
    "ldap: error",
    "ldap3.core.exceptions.",
    "java.",
    "javax.naming.",
    "out of memory",
    "traceback (most recent call last)",
    "an error has occurred",
    "err: (",
];

/// The beginnings of other lines of the tools, in lower case.
pub(super) const PREAMBLES: [&str; 46] = [
    "adfind v",
    "using server: ",
    "directory: windows ",
    "base dn: ",
    "completion time: ",
    "$ ",
    "ldapsearch: warning",
    "ldb: ",
    "tls: ",
    "ps c:\\",
    "nohup: ",
    "connection to ",
    "script done on ",
    "real\t",
    "user\t",
    "sys\t",
    "bash: warning: ",
    "perl: warning: ",
    "lpcfg_load",
    "gensec backend ",
    "using short domain name ",
    "request done: ",
    "sasl/",
    "sasl username:",
    "sasl ssf:",
    "sasl data security layer installed",
    "sasl installing layers",
    "ldap_connect_to_host",
    "ldap_bind: success (0)",
    "dsget succeeded",
    "dsquery succeeded",
    "filter: (",
    "filter pattern: ",
    "filter is: ",
    "requesting: ",
    "returning: ",
    "enter ldap password:",
    "please enter your password:",
    "password for [",
    "additional info: ",
    "additional information: ",
    "connecting to \"",
    "logging in as ",
    "exporting directory to file ",
    "searching for entries...",
    "writing out entries",
];

/// Whether a line says that a search was incomplete, whatever the tool: `[LDAP: error code 4 - Sizelimit Exceeded]`,
/// `dsquery has reached the specified limit on number of results to display`.
pub(super) fn is_cut(line: &[u8]) -> bool {
    const BROKEN: [&str; 12] = [
        "dsid-",
        "timed out",
        "connection reset",
        "broken pipe",
        "no space left on device",
        "more results available",
        "size_limit_exceeded",
        "can't contact ",
        "error code ",
        "is not operational",
        "invalid enumeration context",
        "search failed",
    ];
    let has = |line: &[u8], words: &str| memchr::memmem::find(line, words.as_bytes()).is_some();
    let lower = line.to_ascii_lowercase();
    let is_reached = ["exceed", "reached"].iter().any(|word| has(&lower, word));
    has(&lower, "limit") && is_reached || BROKEN.iter().any(|words| has(&lower, words))
}

/// Whether a line that is not an attribute says that a tool failed, in any of its languages, or that a shell stopped
/// it.
pub(super) fn is_failure(line: &[u8]) -> bool {
    const STOPPED: [&str; 16] = [
        "...",
        "…",
        "[...]",
        "(...)",
        "--more--",
        "-- more --",
        "^z",
        "killed",
        "terminated",
        "aborted",
        "^c",
        "segmentation fault",
        "keyboardinterrupt",
        "getötet",
        "abgebrochen",
        "processus arrêté",
    ];
    const NONE: [&str; 6] = ["0 ", "no ", "without ", "keine ", "ohne ", "aucune "];
    const FAILED: [&str; 18] = [
        "timeout",
        "zeitüberschreitung",
        "délai dépassé",
        "truncated",
        "cut short",
        "incomplete",
        "not all ",
        "error",
        "fehler",
        "erreur",
        "errore ",
        "erro ",
        "fout ",
        "błąd",
        "chyba",
        "ошибка",
        "エラー",
        "错误",
    ];
    let lower = String::from_utf8_lossy(line.trim_ascii()).to_lowercase();
    let is_stopped = STOPPED.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(" (core dumped)"))
    });
    // Active Directory's own error number precedes the name: `0000208D: NameErr: …`.
    let is_number = |number: &str| number.len() == 8 && number.bytes().all(|b| b.is_ascii_hexdigit());
    let is_numbered = lower.split_once(": ").is_some_and(|(number, _)| is_number(number));
    let is_none = |at: usize| NONE.iter().any(|none| lower[..at].ends_with(none));
    let is_failed = |word: &&str| lower.match_indices(*word).any(|(at, _)| !is_none(at));
    is_stopped || is_numbered || is_sql_message(&lower) || FAILED.iter().any(is_failed)
}

/// Whether a line is a message of SQL Server, which begins with three words and their numbers:
/// `Msg 1205, Level 13, State 51`.
pub(super) fn is_sql_message(line: &str) -> bool {
    let is_numbered = |part: &&str| {
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        part.split_once(' ').is_some_and(|(word, number)| is_word(word) && number.parse::<u32>().is_ok())
    };
    line.split(", ").take(3).filter(is_numbered).count() == 3
}

/// Whether a tool says in one of its languages that it is done, or a shell asks for the next command.
pub(super) fn is_done(line: &[u8]) -> bool {
    const DONE: [&str; 20] = [
        "completed",
        "abgeschlossen",
        "terminé",
        "completad",
        "completat",
        "concluíd",
        "success",
        "erfolgreich",
        "correctement",
        "correctamente",
        "corretamente",
        "correttamente",
        "con éxito",
        "com êxito",
        "riuscita",
        "voltooid",
        "успешно",
        "pomyślnie",
        "正しく完了",
        "成功",
    ];
    const ALONE: [&str; 7] = ["done", "done.", "finished", "finished.", "eof", "exit", "logout"];
    let lower = String::from_utf8_lossy(line).to_lowercase();
    let is_alone = || ALONE.iter().any(|word| lower == *word) || lower.starts_with("press any key");
    let is_prompt =
        lower.ends_with(['#', '$', '>', '%']) && ["@", ":\\", "~"].iter().any(|mark| lower.contains(mark));
    is_prompt || is_alone() || !is_named(line) && DONE.iter().any(|word| lower.contains(word))
}

/// Whether a program reports its failure under a name before the colon that no attribute can have:
/// `com.unboundid.ldap.sdk.LDAPSearchException: …`, `dsquery failed:…`.
pub(super) fn is_outcry(line: &[u8]) -> bool {
    const WORDS: [&str; 4] = ["exception", "error", "failed", "failure"];
    let name = line.split(|&b| b == b':').next().unwrap_or_default().trim_ascii_end().to_ascii_lowercase();
    name.len() < line.len() && !is_named(line) && WORDS.iter().any(|word| name.ends_with(word.as_bytes()))
}

/// Whether the line begins with a name that an attribute may have, perhaps with signs and spaces around it, or with `=`
/// in place of the colon.
pub(super) fn is_nearly_named(line: &[u8]) -> bool {
    let end = line.iter().position(|b| b":=".contains(b)).unwrap_or(line.len());
    let letters =
        line[..end].iter().position(u8::is_ascii_alphabetic).map(|from| line[from..end].trim_ascii_end());
    let is_name = |name: &[u8]| name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    is_named(line) || end < line.len() && letters.is_some_and(is_name)
}

/// Whether the line begins with a name that an attribute may have.
pub(super) fn is_named(line: &[u8]) -> bool {
    let name = line.split(|&b| matches!(b, b':' | b';')).next().unwrap_or_default();
    let is_in = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
    let is_oid = name.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let is_name = || name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(is_in);
    name.len() < line.len() && (is_oid || is_name())
}

/// Whether a call reports its failure: libldap's `ldap_result: Operations error (1)`, python-ldap's
/// `ldap.SIZELIMIT_EXCEEDED: …`, PHP's `Warning: ldap_search(): …`, PowerShell's `Get-ADUser : …`, `WARNING: … only the
/// first 1000 …` and `WARNING: There are more results … increase the value for the ResultSize parameter.`
pub(super) fn is_failed_call(line: &[u8]) -> bool {
    let find = |part: &str| memchr::memmem::find(line, part.as_bytes());
    if starts_with(line, "ldap_") {
        // Other reports of calls have another form: `ldap_create`, `ldap_new_socket: 3`.
        return find(": ").and_then(|at| line.get(at + 2)).is_some_and(u8::is_ascii_uppercase);
    }
    let is_name = |name: &[u8]| {
        name.iter()
            .position(|b| !b.is_ascii_uppercase() && *b != b'_')
            .is_some_and(|end| end > 3 && name[end] == b':')
    };
    let is_warning = ["warning:", "avertissement", "warnung:"].iter().any(|word| starts_with(line, word));
    line.strip_prefix(b"ldap.").is_some_and(is_name)
        || starts_with(line, "get-") && find(":").is_some()
        || is_warning
            && ["only the first", "ldap_", "ResultSize", " 1000 "].iter().any(|words| find(words).is_some())
}
