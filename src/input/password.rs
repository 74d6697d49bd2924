//! Attributes and columns that contain passwords, whose values are never shown.

use memchr::memchr;

use super::columns::fold;

/// Attributes with passwords, hashes or keys whose names contain none of the words in [`is_secret`].
const SECRETS: [&str; 15] = [
    "pin",
    "peklist",
    "ipanthash",
    "supplementalcredentials",
    "currentvalue",
    "priorvalue",
    "trustauthincoming",
    "trustauthoutgoing",
    "initialauthincoming",
    "initialauthoutgoing",
    "krbprincipalkey",
    "krbextradata",
    "userpkcs12",
    "msmcsadmpwd",
    "mspkiaccountcredentials",
];

/// The OIDs of such attributes of Active Directory: unicodePwd and the like, userPassword, unixUserPassword and
/// msDS-ManagedPassword.
const SECRET_OIDS: [&str; 14] = [
    "2.5.4.35",
    "1.2.840.113556.1.4.27",
    "1.2.840.113556.1.4.55",
    "1.2.840.113556.1.4.90",
    "1.2.840.113556.1.4.94",
    "1.2.840.113556.1.4.100",
    "1.2.840.113556.1.4.125",
    "1.2.840.113556.1.4.129",
    "1.2.840.113556.1.4.135",
    "1.2.840.113556.1.4.160",
    "1.2.840.113556.1.4.539",
    "1.2.840.113556.1.4.540",
    "1.2.840.113556.1.4.1910",
    "1.2.840.113556.1.4.2196",
];

/// Returns the name at the beginning of an LDIF line if the rest may be a password, even if the line is malformed:
/// indented, quoted, commented out, numbered by grep, or with another sign than a colon.
pub(crate) fn name(line: &[u8]) -> Option<String> {
    let is_indented = matches!(line.first(), Some(b' ' | b'\t'));
    let line = line.trim_ascii();
    let is_comment = line.starts_with(b"#");
    let signs = line.iter().take_while(|c| c.is_ascii() && !c.is_ascii_alphanumeric()).count();
    let line = without_number(&line[signs..]);
    let is_letter = |c: &u8| c.is_ascii_alphanumeric() || b"-._".contains(c) || !c.is_ascii();
    let word = &line[..line.iter().take_while(|c| is_letter(c)).count()];
    let colon = memchr(b':', line);
    // A comment or a continuation of the value above may contain any word.
    if (is_comment || is_indented) && colon != Some(word.len()) {
        return None;
    }
    // `Mot de passe: …`
    let words = colon.filter(|_| !is_comment).map(|colon| &line[..colon]);
    let words = words.filter(|words| words.iter().all(|c| is_letter(c) || *c == b' '));
    let mut names = [Some(word), words].into_iter().flatten().map(String::from_utf8_lossy);
    names.find(|name| is_secret(name)).map(|name| without_value(&name).to_owned())
}

/// Removes the number that grep puts before a line: `17:`.
fn without_number(line: &[u8]) -> &[u8] {
    let digits = line.iter().take_while(|c| c.is_ascii_digit()).count();
    match &line[digits..] {
        [b':' | b'-', rest @ ..] if digits > 0 => rest,
        _ => line,
    }
}

/// Returns the shortest beginning of a name that is secret, since the password itself may follow a hyphen or the like.
fn without_value(name: &str) -> &str {
    let ends = name.match_indices(|c: char| !c.is_alphanumeric()).map(|(end, _)| &name[..end]);
    ends.chain([name]).find(|begin| is_secret(begin)).unwrap_or_default()
}

/// Whether an LDIF line begins with the name of an attribute, so that it does not continue the line above.
pub(crate) fn begins_attribute(line: &[u8]) -> bool {
    !matches!(line.first(), None | Some(b' ' | b'\t' | b'#' | b':')) && memchr(b':', line).is_some()
}

/// Whether a heading or an attribute contains passwords, so that its values are never shown.
pub(crate) fn is_secret(heading: &str) -> bool {
    const WORDS: [&str; 11] = [
        "password",
        "passwd",
        "passwort",
        "kennwort",
        "motdepasse",
        "contrase",
        "pwd",
        "rootpw",
        "adminpw",
        "accesstoken",
        "privatekey",
    ];
    // PasswordLastSet, badPwdCount and the like are times, numbers and flags
    const OTHERS: [&str; 14] = [
        "lastset",
        "badpwd",
        "badpassword",
        "pwdcount",
        "passwordcount",
        "passwordtime",
        "pwdage",
        "passwordage",
        "length",
        "expir",
        "policy",
        "propert",
        "required",
        "change",
    ];
    let name = heading.trim();
    let oid = name.get(..4).filter(|start| start.eq_ignore_ascii_case("oid.")).map_or(name, |_| &name[4..]);
    if SECRET_OIDS.contains(&oid) {
        return true;
    }
    // BE ADVISED: this is called for the name of each line in a rejected record, and nearly all names are ASCII.
    let letters: String = match heading.is_ascii() {
        true => heading
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|c| char::from(c.to_ascii_lowercase()))
            .collect(),
        false => fold(heading).chars().filter(|c| c.is_alphanumeric()).collect(),
    };
    // The first two letters rule out nearly all places of a word.
    let contains = |word: &str| {
        letters.as_bytes().windows(2).zip(0..).any(|(pair, at)| {
            pair == &word.as_bytes()[..2] && letters.as_bytes()[at..].starts_with(word.as_bytes())
        })
    };
    SECRETS.contains(&letters.as_str())
        || WORDS.into_iter().any(contains) && !OTHERS.iter().any(|word| letters.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_recognised_by_their_heading() {
        for name in [
            "unicodePwd",
            "userPassword",
            "dBCSPwd",
            "supplementalCredentials",
            "unixUserPassword",
            "ntPwdHistory",
            "lmPwdHistory",
            "msDS-ManagedPassword",
            "ms-Mcs-AdmPwd",
            "msLAPS-EncryptedPassword",
            "sambaNTPassword",
            "Mot de passe",
            "Password",
            "Initial password",
            "Kennwort",
            "2.5.4.35",
            "OID.1.2.840.113556.1.4.90",
            "Contraseña",
            "PIN",
            "accessToken",
            "sshPrivateKey",
            "ipaNTHash",
            "olcRootPW",
            "ibm-slapdAdminPW",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "pwdLastSet",
            "PasswordLastSet",
            "PasswordNeverExpires",
            "PasswordNotRequired",
            "CannotChangePassword",
            "badPwdCount",
            "badPasswordTime",
            "pwdProperties",
            "pwdHistoryLength",
            "ms-Mcs-AdmPwdExpirationTime",
            "mail",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_line_shows_a_password_however_malformed_it_is() {
        for (line, name) in [
            ("userPassword: x", Some("userPassword")),
            ("userPassword;lang-en:: eA==", Some("userPassword")),
            ("userPassword : x", Some("userPassword")),
            ("userPassword x", Some("userPassword")),
            ("\tuserPassword: x", Some("userPassword")),
            ("2.5.4.35: x", Some("2.5.4.35")),
            ("# userPassword: x", Some("userPassword")),
            ("# the userPassword: x", None),
            ("12:userPassword: x", Some("userPassword")),
            ("userPassword=x:y", Some("userPassword")),
            ("userPassword,x", Some("userPassword")),
            ("<userPassword>x</userPassword>", Some("userPassword")),
            ("> userPassword: x", Some("userPassword")),
            ("| * userPassword: x", Some("userPassword")),
            ("user_Password: x", Some("user_Password")),
            ("userPassword-x-y", Some("userPassword")),
            ("ms-Mcs-AdmPwd.x", Some("ms-Mcs-AdmPwd")),
            ("Mot de passe: x", Some("Mot de passe")),
            (" password of the day", None),
            (" the password: of the day", None),
            ("mail: password@x", None),
        ] {
            assert_eq!(super::name(line.as_bytes()).as_deref(), name, "{line}");
        }
    }
}
