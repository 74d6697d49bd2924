//! SIP addresses: composes an object's address from its attributes by the rules of `[sip]`.
//!
//! Composition is a pure function of one object; `claims` compares the objects.

// formats of addresses
pub(crate) mod format;
// names to ASCII
pub(crate) mod fold;
// spellings of Latin letters
pub(crate) mod latin;
// characters, domain and length
pub mod address;
// faults of addresses
pub(crate) mod fault;
// `tel:` URIs of Enterprise Voice
pub(crate) mod line;
pub(crate) mod telephone;
// held and claimed addresses
pub mod claims;

use serde::{Deserialize, Serialize};

pub(crate) use address::canonical;
pub use address::{Characters, Scheme, has_ampersand, normalize};
pub(crate) use fault::AddressFault;
pub use fault::AddressFaultKind;
pub use fold::{Fold, OtherScripts, Spaces};
pub use format::{Format, Template};
pub use latin::FoldProfile;

use crate::language::{Text, text};
use crate::object::{Attr, Object};
use crate::schema::damage::{Damage, is_no_value};
use crate::schema::lost::{TextKind, is_foreign_name, lost_character};
use fold::Sink;
use format::{Part, Recipe, Take};

/// The case of new addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterCase {
    /// As in the directory, like the examples of the original wizard.
    #[default]
    Keep,
    /// Lower case.
    Lower,
}

/// What happens to a mail address or UPN whose domain is not in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForeignDomain {
    /// It is refused.
    #[default]
    Reject,
    /// The first domain of the list replaces its domain.
    First,
}

/// The rules for addresses: the part of `[sip]` that concerns one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The allowed domains, the first of which completes composed addresses. If empty, mail addresses and UPNs keep any
    /// domain.
    pub domains: Vec<String>,
    /// The preferred format.
    pub format: Format,
    /// Further formats to try, in order.
    pub fallback: Vec<Format>,
    /// The case of new addresses.
    pub case: LetterCase,
    /// The characters allowed before the `@`.
    pub characters: Characters,
    /// What happens to other domains.
    pub foreign_domain: ForeignDomain,
    /// The folding of names to ASCII.
    pub fold: Fold,
}

impl Rules {
    /// The formats in the order in which they are tried.
    pub fn formats(&self) -> impl Iterator<Item = &Format> {
        std::iter::once(&self.format).chain(&self.fallback)
    }

    fn allows(&self, domain: &str) -> bool {
        self.domains.is_empty() || address::is_listed(domain, &self.domains)
    }
}

/// Rules that can give no user an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesFault {
    /// A listed domain that is not a host name, or a single label of one.
    Domain(String),
    /// A format that needs a domain, without one in the list.
    NoDomain(Format),
    /// A template with the same fault for every object.
    Template(AddressFault),
}

impl RulesFault {
    /// States the fault.
    pub fn what(&self) -> Text {
        match self {
            Self::Domain(domain) if address::is_host_name(domain) => text!(
                "the SIP domain `{domain}` has no dot: it may be a NetBIOS name",
                "le domaine SIP `{domain}` n’a pas de point\u{a0}: c’est peut-être un nom NetBIOS"
            ),
            Self::Domain(domain) => text!(
                "the domain `{domain}` is not a host name",
                "le domaine `{domain}` n’est pas un nom d’hôte"
            ),
            Self::NoDomain(format) => text!(
                "the format `{format}` needs a domain, and none is listed",
                "le format `{format}` a besoin d’un domaine, et aucun n’est indiqué"
            ),
            Self::Template(fault) => fault.kind.what("template"),
        }
    }
}

/// A name part that folding changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The attribute of the value.
    pub attribute: Attr,
    /// The part of the value that was read: all of it, unless the template takes only the first characters.
    pub before: String,
    /// The folded text in the address.
    pub after: String,
}

/// The origin of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A format, by its index in [`Rules::formats`].
    Format(usize),
    /// A list that gives the address.
    List,
    /// Neither: the present address in another domain, or a telephone line.
    Other,
}

/// The address or line that a user would get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The address, without `sip:`.
    pub address: String,
    /// Its origin.
    pub origin: Origin,
    /// The name parts that folding changed.
    pub folded: Vec<Folded>,
    /// The domain that the first of the list replaced.
    pub rehomed: Option<String>,
    /// The refusals of earlier formats, in order.
    pub refusals: Vec<Refusal>,
}

impl Candidate {
    /// Creates a candidate without remarks.
    pub(crate) fn plain(address: String, origin: Origin) -> Self {
        Self { address, origin, folded: Vec::new(), rehomed: None, refusals: Vec::new() }
    }
}

/// The fault for which a format gives no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The attribute concerned; the last one, if the composed address is too long or has a wrong domain.
    pub attribute: Attr,
    /// The fault; its place is a byte index into the attribute's first value, or 0 if the composed address as a whole
    /// is faulty.
    pub fault: AddressFault,
}

impl Refusal {
    fn several(attribute: Attr) -> Self {
        Self { attribute, fault: AddressFault::new(0, AddressFaultKind::Several) }
    }
}

/// Composes addresses for many objects, with attributes of type `A` resolved once.
#[derive(Debug, Clone)]
pub struct Composer {
    rules: Rules,
    recipes: Vec<Recipe>,
    listed: Option<Attr>,
}

/// The heading of addresses in a list.
pub(crate) const LISTED: &str = "sipUri";

impl Composer {
    /// Checks the rules and resolves their attributes; `key` resolves an LDAP name.
    pub fn new(rules: Rules, mut key: impl FnMut(&str) -> Attr) -> Result<Self, RulesFault> {
        if let Some(domain) = rules.domains.iter().find(|domain| !address::is_domain(domain)) {
            return Err(RulesFault::Domain(domain.clone()));
        }
        let mut recipes = Vec::new();
        for format in rules.formats() {
            let recipe = format.recipe(&mut key);
            if let Recipe::Built(parts) = &recipe {
                check_template(parts, format, &rules)?;
            }
            recipes.push(recipe);
        }
        Ok(Composer { rules, recipes, listed: None })
    }

    /// Adds an attribute in which a list gives addresses, with or without `sip:`. A listed address is checked like a
    /// mail address and has no fallback.
    pub fn with_list(self, key: Attr) -> Self {
        Self { listed: Some(key), ..self }
    }

    /// Also accepts these domains, if the list is not empty.
    pub fn accepting(&self, domains: impl IntoIterator<Item = String>) -> Self {
        let mut accepting = self.clone();
        if !accepting.rules.domains.is_empty() {
            accepting.rules.domains.extend(domains);
        }
        accepting
    }

    /// The origin of an address, as the report names it.
    pub fn source(&self, candidate: &Candidate) -> &'static str {
        match candidate.origin {
            Origin::Format(format) => self.rules.formats().nth(format).map_or("", Format::name),
            Origin::List => "list",
            Origin::Other => "existing",
        }
    }

    /// The attributes that an address was made from, by their LDAP names.
    pub fn made_of<'s>(&'s self, candidate: &Candidate) -> Vec<&'s str> {
        match candidate.origin {
            Origin::Format(format) => {
                self.rules.formats().nth(format).into_iter().flat_map(Format::attributes).collect()
            }
            Origin::List => vec![LISTED],
            Origin::Other => Vec::new(),
        }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Composes the object's address by the first format that gives one. Otherwise returns at least one refusal, in the
    /// order of [`Rules::formats`]; the first decides the code.
    pub fn candidate(&self, object: &Object<'_>) -> Result<Candidate, Vec<Refusal>> {
        let finished = |mut made: Candidate, origin, refusals| {
            if self.rules.case == LetterCase::Lower {
                made.address.make_ascii_lowercase();
            }
            Candidate { origin, refusals, ..made }
        };
        let listed = self.listed.and_then(|attribute| Some((attribute, object.text(attribute)?)));
        if let Some((attribute, uri)) = listed {
            let address = address::without_scheme(uri);
            let made = self.copy_value(attribute, address).map_err(|mut refusal| {
                refusal.fault.at += uri.len() - address.len();
                vec![refusal]
            })?;
            return Ok(finished(made, Origin::List, Vec::new()));
        }
        let mut refusals = Vec::new();
        for (format, recipe) in self.recipes.iter().enumerate() {
            let made = match recipe {
                Recipe::Whole(attribute) => {
                    let value = object.only(*attribute).ok_or_else(|| Refusal::several(*attribute));
                    value.and_then(|value| self.copy_value(*attribute, value))
                }
                Recipe::Built(parts) => self.build(parts, object),
            };
            match made {
                Ok(made) => return Ok(finished(made, Origin::Format(format), refusals)),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(refusals)
    }

    /// Uses an attribute's value as the address, perhaps with the first domain of the list.
    fn copy_value(&self, attribute: Attr, value: &str) -> Result<Candidate, Refusal> {
        let refused = |fault| Refusal { attribute, fault };
        let (local, domain) = valid_parts(value, &self.rules).map_err(refused)?;
        let first = self.rules.domains.first().filter(|_| self.rules.foreign_domain == ForeignDomain::First);
        let (address, rehomed) = match first {
            Some(first) if !self.rules.allows(domain) => {
                let address = format!("{local}@{first}");
                check(&address, &self.rules).map_err(|mut fault| {
                    fault.at = fault.at.min(value.len());
                    refused(fault)
                })?;
                (address, Some(domain.to_owned()))
            }
            _ => {
                check_domain_and_length(value, domain, &self.rules).map_err(refused)?;
                (value.to_string(), None)
            }
        };
        Ok(Candidate { rehomed, ..Candidate::plain(address, Origin::Other) })
    }

    /// Composes an address from folded parts.
    fn build(&self, parts: &[Part<Attr>], object: &Object<'_>) -> Result<Candidate, Refusal> {
        let mut address = String::with_capacity(48);
        let mut folded = Vec::new();
        let mut last = None;
        for part in parts {
            match part {
                Part::Literal(text) => address.push_str(text),
                Part::Domain => address.extend(self.rules.domains.first().map(String::as_str)),
                Part::Attribute { key, take, text } => {
                    let value = object.only(*key).ok_or_else(|| Refusal::several(*key))?;
                    let is_guessed = object.first(*key).is_some_and(|value| value.is_guessed);
                    let change = check_letters(value, *take, *text, is_guessed)
                        .and_then(|()| self.append(&mut address, value, *take))
                        .map_err(|fault| Refusal { attribute: *key, fault })?;
                    folded.extend(change.map(|(before, after)| Folded { attribute: *key, before, after }));
                    last = Some(*key);
                }
            }
        }
        if let Some(Folded { attribute, before, .. }) = folded.first()
            && is_foreign_name(folded.iter().map(|part| &*part.before))
        {
            let letter = before.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
            let fault = AddressFault::new(0, AddressFaultKind::Lost(letter));
            return Err(Refusal { attribute: *attribute, fault });
        }
        match (check(&address, &self.rules), last) {
            (Err(AddressFault { kind, .. }), Some(attribute)) => {
                Err(Refusal { attribute, fault: AddressFault::new(0, kind) })
            }
            _ => Ok(Candidate { folded, ..Candidate::plain(address, Origin::Other) }),
        }
    }

    /// Appends a name part; returns the text read and the text written, if they differ.
    fn append(
        &self,
        address: &mut String,
        value: &str,
        take: Take,
    ) -> Result<Option<(String, String)>, AddressFault> {
        if value.is_empty() {
            return Err(AddressFault::new(0, AddressFaultKind::Missing));
        }
        let start = address.len();
        let Rules { fold, characters, .. } = &self.rules;
        let fold = |address, limit| fold.fold_into(value, Sink::new(address, limit, *characters));
        let read = match take {
            Take::All => fold(address, None)?,
            Take::First(count) => fold(address, Some(count))?,
            Take::Digits => {
                address.extend(value.chars().filter(char::is_ascii_digit));
                &address[start..]
            }
            Take::National => {
                address.extend(value.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0'));
                &address[start..]
            }
        };
        let written = &address[start..];
        if written.is_empty() {
            return Err(AddressFault::new(0, AddressFaultKind::NameEmpty));
        }
        Ok((read != written).then(|| (read.to_owned(), written.to_owned())))
    }
}

/// Refuses a value with guessed or lost letters. Digits are the same in every encoding.
fn check_letters(value: &str, take: Take, text: TextKind, is_guessed: bool) -> Result<(), AddressFault> {
    if let Some(damage) = Damage::of_name(value.as_bytes()) {
        return Err(AddressFault::new(0, AddressFaultKind::Damaged(damage)));
    }
    // The name of an account may be `nan`.
    if is_no_value(value) && (text != TextKind::Name || value != "nan")
        || value.chars().all(|c| matches!(c, '-' | '_')) && !value.is_empty()
    {
        return Err(AddressFault::new(0, AddressFaultKind::Damaged(Damage::NoValue)));
    }
    if matches!(take, Take::Digits | Take::National) {
        return Ok(());
    }
    let fault = |at: usize, kind: fn(char) -> AddressFaultKind| {
        let letter = value[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        Err(AddressFault::new(at, kind(letter)))
    };
    match value.find(|c: char| !c.is_ascii()) {
        Some(at) if is_guessed => fault(at, AddressFaultKind::Guessed),
        _ => lost_character(value.as_bytes(), text).map_or(Ok(()), |at| fault(at, AddressFaultKind::Lost)),
    }
}

/// Checks an address without `sip:`, present or new, in this order: spaces, `@`, characters, domain, length.
pub fn check(address: &str, rules: &Rules) -> Result<(), AddressFault> {
    let (_, domain) = valid_parts(address, rules)?;
    check_domain_and_length(address, domain, rules)
}

/// Checks the domain and the length of an address with valid parts.
fn check_domain_and_length(address: &str, domain: &str, rules: &Rules) -> Result<(), AddressFault> {
    if !rules.allows(domain) {
        let at = address.len() - domain.len();
        return Err(AddressFault::new(at, AddressFaultKind::DomainForeign(domain.to_owned())));
    }
    // Both parts are ASCII here, so bytes are characters.
    if address.len() > address::MAX_ADDRESS {
        let length = address.len() + "sip:".len();
        return Err(AddressFault::new(address::MAX_ADDRESS, AddressFaultKind::TooLong(length)));
    }
    Ok(())
}

/// Splits an address into a valid local part and a valid domain.
fn valid_parts<'a>(address: &'a str, rules: &Rules) -> Result<(&'a str, &'a str), AddressFault> {
    let (local, domain) = address::split(address)?;
    rules.characters.check(local, 0)?;
    // Listed domains were checked with the rules.
    if !address::is_listed(domain, &rules.domains) && !address::is_host_name(domain) {
        return Err(AddressFault::new(local.len() + 1, AddressFaultKind::DomainSyntax(domain.to_owned())));
    }
    Ok((local, domain))
}

/// Composes a sample, so that a fault for every object is reported once, before the first object.
fn check_template(parts: &[Part<Attr>], format: &Format, rules: &Rules) -> Result<(), RulesFault> {
    let mut sample = String::new();
    let mut is_fixed_domain = true;
    for part in parts {
        match part {
            Part::Literal(text) => sample.push_str(text),
            Part::Domain => {
                sample.push_str(rules.domains.first().ok_or_else(|| RulesFault::NoDomain(format.clone()))?);
            }
            Part::Attribute { .. } => {
                is_fixed_domain &= !sample.contains('@');
                sample.push('x');
            }
        }
    }
    match check(&sample, rules) {
        Err(AddressFault {
            kind: AddressFaultKind::DomainSyntax(_) | AddressFaultKind::DomainForeign(_),
            ..
        }) if !is_fixed_domain => Ok(()),
        verdict => verdict.map_err(RulesFault::Template),
    }
}
