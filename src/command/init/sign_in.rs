//! The page about the sign-in name: what each format would give, and how many users would get no address.

use super::Pages;
use super::draft::Draft;
use super::offer::offer;
use super::questions::{check_domains, split};
use crate::cli::PlannedArgs;
use crate::config::ConfigFile;
use crate::input::{self, Export};
use crate::language::{Text, count, text};
use crate::message::{Failure, visible};
use crate::settings::Settings;
use crate::survey::{self, Prospect};
use crate::wizard::enable;

/// A sign-in name in the wizard's list.
pub(super) struct SignInFormat {
    /// Its name in `[sip] format`.
    pub(super) name: &'static str,
    label: Text,
    /// Whether the name is built from parts, and needs a domain.
    pub(super) is_built: bool,
}

pub(super) const FORMATS: &[SignInFormat] = &[
    SignInFormat {
        name: "mail",
        label: Text::new("e-mail address", "adresse de messagerie"),
        is_built: false,
    },
    SignInFormat {
        name: "upn",
        label: Text::new("user principal name", "nom d’utilisateur principal (UPN)"),
        is_built: false,
    },
    SignInFormat {
        name: "first.last",
        label: Text::new("first name.last name", "prénom.nom"),
        is_built: true,
    },
    SignInFormat {
        name: "sam",
        label: Text::new("account name (sAMAccountName)", "nom de compte (sAMAccountName)"),
        is_built: true,
    },
];

/// A sign-in name and its outcome.
pub(super) struct SignInChoice {
    pub(super) format: &'static SignInFormat,
    /// An address that a user would get.
    pub(super) example: Option<String>,
    pub(super) prospect: Option<Prospect>,
}

impl Pages<'_> {
    /// Asks for the sign-in name, and returns a remark on the answer.
    pub(super) fn sign_in_name(&mut self) -> Result<Text, Failure> {
        let is_given = self.args.sip_from.is_some();
        let asked: Vec<&SignInFormat> = match &self.terminal {
            _ if self.is_json() => FORMATS.iter().collect(),
            Some(_) if !is_given => FORMATS.iter().collect(),
            _ => FORMATS.iter().filter(|format| format.name == self.draft.format).collect(),
        };
        let mut choices = self.choices(&asked)?;
        if let Some(terminal) = self.terminal.as_ref().filter(|_| !is_given) {
            let all: Vec<Text> = choices.iter().map(SignInChoice::shown).collect();
            self.say(&text!("\n{all}\n", "\n{all}\n"; all = Text::join(&all, "")));
            let answers: Vec<Text> = choices.iter().map(SignInChoice::answer).collect();
            let question = text!("Specify sign-in name", "Nom de connexion");
            let chosen = terminal.one(&question, &answers, 0)?;
            let format = choices[chosen].format;
            format.name.clone_into(&mut self.draft.format);
            let domains = &mut self.draft.domains;
            let is_open = format.is_built && domains.len() != 1;
            let question = text!("Domain of these addresses", "Domaine de ces adresses");
            if is_open && domains.is_empty() {
                *domains = split(&terminal.text(&question, false, check_domains)?);
            } else if is_open {
                let answers: Vec<Text> = domains.iter().map(|domain| Text::same(domain.clone())).collect();
                let first = terminal.one(&question, &answers, 0)?;
                domains[..=first].rotate_right(1);
            }
            if is_open {
                choices[chosen] = self.choices(&[format])?.remove(0);
            }
        }
        let is_chosen = |choice: &&SignInChoice| choice.format.name == self.draft.format;
        let counted = choices.iter().filter(|choice| choice.prospect.is_some());
        if self.is_json() {
            self.draft.counts = counted.filter(is_chosen).map(SignInChoice::counts).collect();
            self.context.answer.say(offer(self, &choices));
            self.unanswered.take().map_or(Ok(()), Err)?;
        } else {
            self.draft.counts = counted.map(SignInChoice::counts).collect();
        }
        let chosen = choices.iter().find(is_chosen).filter(|choice| choice.prospect.is_some());
        Ok(chosen.map_or_else(|| Text::same(self.draft.format.clone()), SignInChoice::counts))
    }

    /// Computes the outcome of these sign-in names, except those that cannot be judged yet.
    fn choices(&mut self, asked: &[&'static SignInFormat]) -> Result<Vec<SignInChoice>, Failure> {
        let settings: Vec<Option<Settings>> =
            asked.iter().map(|format| self.settings(format)).collect::<Result<_, _>>()?;
        let mut choices: Vec<SignInChoice> =
            asked.iter().map(|&format| SignInChoice { format, example: None, prospect: None }).collect();
        if self.exports.inputs == 0 {
            return Ok(choices);
        }
        for (choice, settings) in choices.iter_mut().zip(&settings) {
            if let Some(settings) = settings {
                choice.prospect = Some(self.prospect(settings)?);
            }
        }
        let settings: Vec<Settings> = settings.into_iter().flatten().collect();
        let judged = choices.iter_mut().filter(|choice| choice.prospect.is_some());
        judged
            .zip(survey::examples(&settings, &self.exports)?)
            .for_each(|(choice, example)| choice.example = example);
        Ok(choices)
    }

    /// Returns the settings of the file that would be written with a sign-in name; `None` while another answer that it
    /// needs is open.
    fn settings(&self, format: &SignInFormat) -> Result<Option<Settings>, Failure> {
        let draft = Draft { format: format.name.to_owned(), ..self.draft.clone() };
        let source = ConfigFile::parse(input::typed(&self.args.out), draft.text()).map_err(Failure::unfit)?;
        let lacks_domain = format.is_built && self.draft.domains.is_empty();
        if lacks_domain && (self.terminal.is_some() || self.is_json()) || self.draft.pools.is_empty() {
            return Ok(None);
        }
        // Inputs and references as typed; everything else is in the file.
        let mut planned = PlannedArgs { input: self.planned.input.clone(), ..PlannedArgs::default() };
        planned.input.reading.absent.clear();
        Settings::of(&planned, enable::SPEC.scope, source).map(Some)
    }

    /// Counts what these settings would give the users.
    fn prospect(&mut self, settings: &Settings) -> Result<Prospect, Failure> {
        let reread = |export: Export| export.with(&settings.reading.input, &settings.reading.attributes);
        self.exports.all = std::mem::take(&mut self.exports.all).into_iter().map(reread).collect();
        let (prospect, unmatched) = self.workers.install(|| survey::prospect(settings, &self.exports))?;
        // The selection is the same for every sign-in name.
        if !std::mem::replace(&mut self.is_judged, true) {
            self.context.tell_all(&unmatched);
            self.lacks_users = unmatched.iter().any(|message| message.code.starts_with("users-"));
        }
        Ok(prospect)
    }
}

impl SignInChoice {
    /// Returns the text of the answer in the list.
    fn answer(&self) -> Text {
        let name = &self.format.label;
        match &self.prospect {
            Some(prospect) => text!(
                "{name} ({without} go without)",
                "{name} ({without} sans adresse)",
                without = prospect.without();
                name
            ),
            None => name.clone(),
        }
    }

    /// Returns the text that precedes the question.
    fn shown(&self) -> Text {
        let name = &self.format.label;
        match &self.prospect {
            Some(prospect) => text!(
                "{name}{example}\n  {sums}\n",
                "{name}{example}\n  {sums}\n";
                name,
                example = self.example_text(),
                sums = sums(prospect)
            ),
            None if self.format.is_built => {
                text!("{name}: needs a SIP domain\n", "{name}\u{a0}: exige un domaine SIP\n"; name)
            }
            None => text!("{name}\n", "{name}\n"; name),
        }
    }

    /// Returns the text for the file.
    fn counts(&self) -> Text {
        let format = self.format.name;
        let (example, sums) = (self.example_text(), self.prospect.as_ref().map(sums).unwrap_or_default());
        text!("{format}{example}: {sums}", "{format}{example}\u{a0}: {sums}"; example, sums)
    }

    /// The example behind the name; empty without one.
    fn example_text(&self) -> Text {
        let example = self.example.as_deref().map(visible);
        example.map(|example| text!(", such as {example}", ", comme {example}")).unwrap_or_default()
    }
}

fn sums(prospect: &Prospect) -> Text {
    let Prospect { get, have, missing, malformed, .. } = prospect;
    text!(
        "{get}, {have}, {without}: {missing}, {malformed}, {duplicate} duplicate",
        "{get}, {have}, {without}\u{a0}: {missing}, {malformed}, {duplicate} en double",
        duplicate = prospect.duplicate;
        get = count(*get, ["gets it", "get it"], ["la reçoit", "la reçoivent"]),
        have = count(*have, ["has an address", "have an address"], ["a une adresse", "ont une adresse"]),
        without = count(prospect.without(), ["goes without", "go without"], ["reste sans", "restent sans"]),
        missing = count(*missing, ["missing"; 2], ["absente", "absentes"]),
        malformed = count(*malformed, ["malformed"; 2], ["malformée", "malformées"])
    )
}
