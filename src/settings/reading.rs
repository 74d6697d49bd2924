//! What is read from the exports, and how.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::compiler::Compiler;
use crate::config::{Config, ConfigFile};
use crate::flags;
use crate::input::encoding::TextEncoding;
use crate::input::{self, columns};
use crate::language::text;
use crate::message::{self, Failure, Message};
use crate::object::{Attr, Attributes, Object};
use crate::sip;

/// What is read from the exports.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The attributes to read of each object.
    pub attributes: Attributes,
    /// Attributes whose names are probably misspelled, and the message if no export shows them.
    pub slips: Vec<(Attr, Message)>,
    /// How exports are read.
    pub input: input::Options,
    /// How lists without DNs are joined to exports, if they are.
    pub list: Option<List>,
    /// The attributes that addresses are made from.
    pub sources: Vec<Attr>,
    /// The attributes that may be missing from the exports.
    pub absent: Absent,
    /// The attributes that each input with users must show.
    pub needed: Vec<Attr>,
    /// Those of them that filters and groups name: a filter cannot use an equivalent attribute instead.
    pub named: Vec<Attr>,
    /// The attributes that are written only if an input shows them.
    pub shown: Vec<Attr>,
}

impl Reading {
    /// Whether all values of the attribute must be known.
    pub fn wants_whole(&self, attr: Attr) -> bool {
        self.needed.contains(&attr) || self.shown.contains(&attr)
    }

    /// Returns how an export in this role is read. Inputs that are tables without DNs are lists if there is an export
    /// to join them to; the flags then describe the lists, not those exports.
    pub fn of_role(&self, role: input::Role) -> input::Options {
        let mut options = self.input.clone();
        match role {
            input::Role::Input => {
                options.csv.keys = self.list.as_ref().map(|list| list.keys.clone()).unwrap_or_default();
            }
            input::Role::Join => {
                (options.encoding, options.format, options.csv.delimiter) = (None, None, None)
            }
            _ => {}
        }
        options
    }

    /// Returns the address in the object's row of a list, with or without `sip:`.
    pub fn listed_address<'o>(&self, object: &'o Object<'_>) -> Option<&'o str> {
        object.text(self.list.as_ref()?.sip_uri)
    }

    /// Returns the SID of the logon account in the object's row of a list, as text.
    pub fn listed_originator<'o>(&self, object: &'o Object<'_>) -> Option<&'o str> {
        object.text(self.list.as_ref()?.originator_sid)
    }
}

/// Attributes asserted to be empty everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    all: bool,
    some: Vec<Attr>,
    /// The assertion as typed, for the report.
    pub typed: String,
}

impl Absent {
    /// Whether the attribute is asserted to be empty where an export does not show it.
    pub fn asserts(&self, attr: Attr) -> bool {
        self.all || self.names(attr)
    }

    /// Whether the assertion names the attribute.
    pub fn names(&self, attr: Attr) -> bool {
        self.some.contains(&attr)
    }
}

/// How lists without DNs are joined to exports that show their users.
#[derive(Clone, Debug)]
pub struct List {
    /// The attributes by which rows may name users, the most reliable first.
    pub(super) keys: Vec<String>,
    /// The pool in a row.
    pub pool: Attr,
    /// The address in a row.
    pub sip_uri: Attr,
    /// The SID of the logon account in a row.
    pub originator_sid: Attr,
    /// The telephone line in a row, for a wizard that writes lines.
    pub line: Option<Attr>,
}

impl List {
    pub(super) fn new(args: &flags::InputArgs, config: &Config, attributes: &mut Attributes) -> Option<Self> {
        if args.join.is_empty() {
            return None;
        }
        let mut keys = match args.join_key.as_ref().or(config.input.join_key.as_ref()) {
            Some(key) => vec![key.clone()],
            None => input::join::KEYS.map(String::from).to_vec(),
        };
        for key in keys.iter_mut().filter(|key| !key.eq_ignore_ascii_case("DN")) {
            let attr = columns::want(key, attributes);
            attributes.name(attr).clone_into(key);
        }
        let [pool, originator_sid] = ["pool", "originatorSid"].map(|name| attributes.add(name));
        Some(Self { keys, pool, sip_uri: attributes.add(sip::LISTED), originator_sid, line: None })
    }

    /// Returns the attributes that only rows give. The exports may show attributes with the same names and another
    /// meaning.
    pub fn row_attributes(&self) -> Vec<Attr> {
        [self.pool, self.sip_uri, self.originator_sid].into_iter().chain(self.line).collect()
    }
}

/// The attributes that every run reads, and those that only the rows of lists give.
pub(crate) static OF_LISTS: LazyLock<Attributes> = LazyLock::new(|| {
    let mut attributes = Attributes::default();
    for name in ["pool", sip::LISTED, "originatorSid", "line", "employeeID"] {
        attributes.add(name);
    }
    attributes
});

/// Returns how `check` reads: only the flags count.
pub(crate) fn reading(args: &flags::DialectArgs) -> Result<input::Options, Failure> {
    let source = ConfigFile::default();
    let mut compiler = Compiler::new(&source);
    let options = compiler.input_options(args);
    compiler.attributes().map(|_| options)
}

impl Compiler<'_> {
    /// Combines flags and `[input]` into the format of exports.
    pub(super) fn input_options(&mut self, args: &flags::DialectArgs) -> input::Options {
        let config = &self.source.config.input;
        let mut options = input::Options {
            incomplete: args.incomplete,
            encoding: self.encoding(args.encoding.as_deref()),
            format: args.input_format.or(config.format),
            ..input::Options::default()
        };
        options.csv.delimiter = self.delimiter(args.delimiter.as_deref());
        options.csv.columns = self.columns();
        if let Some(text) = &config.multi_value_separator {
            match text.get_ref().as_bytes() {
                [one] => options.csv.separator = *one,
                _ => {
                    let what = text!(
                        "the separator of values is one ASCII character",
                        "le séparateur des valeurs est un caractère ASCII"
                    );
                    self.faults.push(self.source.fault("input-separator", text, what));
                }
            }
        }
        options
    }

    /// Returns the headings in `[input.columns]`, each for one attribute.
    fn columns(&mut self) -> BTreeMap<String, String> {
        let mut named: HashMap<String, &str> = HashMap::new();
        for (attribute, heading) in &self.source.config.input.columns {
            self.refuse_slip(attribute, heading, "config-key");
            if let Some(other) = named.insert(columns::fold(heading.get_ref()), attribute) {
                let what = text!(
                    "`{heading}` is named for {other} and for {attribute}",
                    "`{heading}` est nommé pour {other} et pour {attribute}",
                    heading = heading.get_ref(),
                );
                let help =
                    text!("name one heading for each attribute", "nommez un en-tête pour chaque attribut");
                self.faults.push(self.source.fault("csv-heading", heading, what).help(help));
            }
        }
        let columns = self.source.config.input.columns.iter();
        columns.map(|(attribute, heading)| (attribute.clone(), heading.get_ref().clone())).collect()
    }

    /// Returns the encoding; `None` if it is to be detected.
    fn encoding(&mut self, typed: Option<&str>) -> Option<TextEncoding> {
        let key = self.source.config.input.encoding.as_ref().filter(|_| typed.is_none());
        let label = typed.or(key.map(|label| label.get_ref().as_str())).filter(|label| *label != "auto")?;
        let encoding = TextEncoding::for_label(label).ok_or_else(|| {
            let what = text!("`{label}` is not an encoding", "`{label}` n’est pas un codage");
            self.fault("input-encoding", key, "--encoding", what).help(text!(
                "name one such as utf-8, utf-16le, windows-1252, or of a console cp850 or cp437",
                "indiquez par exemple utf-8, utf-16le, windows-1252, ou d’une console cp850 ou cp437",
            ))
        });
        self.keep(encoding)
    }

    /// Returns the delimiter of tables; `None` if it is to be detected.
    fn delimiter(&mut self, typed: Option<&str>) -> Option<u8> {
        let key = self.source.config.input.delimiter.as_ref().filter(|_| typed.is_none());
        match typed.or(key.map(|text| text.get_ref().as_str()))? {
            "auto" => None,
            "tab" | "\\t" => Some(b'\t'),
            one if one.len() == 1 && one.is_ascii() => Some(one.as_bytes()[0]),
            other => {
                let what = text!(
                    "`{other}` is not a delimiter: one ASCII character, or `tab`",
                    "`{other}` n’est pas un délimiteur\u{a0}: un caractère ASCII, ou `tab`"
                );
                let word = other.to_ascii_lowercase();
                let meant = [("tab", "tab"), ("comma", ","), ("semicolon", ";"), ("pipe", "|")]
                    .iter()
                    .find(|(name, _)| word.starts_with(name))
                    .map(|(_, delimiter)| message::did_you_mean(delimiter));
                self.faults.push(self.fault("input-delimiter", key, "--delimiter", what).help(meant));
                None
            }
        }
    }
}

/// Combines the assertions of `--absent` and `[input] absent`.
pub(super) fn absent(args: &flags::ReadingArgs, config: &Config, attributes: &mut Attributes) -> Absent {
    let mut typed: Vec<String> = config.input.absent.iter().chain(&args.absent).cloned().collect();
    typed.dedup();
    let is_all = |name: &&String| name.eq_ignore_ascii_case("all");
    let some =
        typed.iter().filter(|name| !is_all(name)).map(|name| columns::want(name, attributes)).collect();
    Absent { all: typed.iter().any(|name| is_all(&name)), some, typed: typed.join(" ") }
}
