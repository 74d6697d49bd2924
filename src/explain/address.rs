//! Explains an address: its sources, the alternatives, and the ruling on a contest.

use super::replay::Replay;
use super::{Address, FoldedPart, RefusedFormat, SourcePart, TriedAddress};
use crate::language::{Text, text};
use crate::object::Attr;
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::claims::{ClaimRole, Member, OnDuplicate, RulingKind};
use crate::sip::{self, Candidate, Origin, Refusal};
use crate::wizard::{Claims, Participation};

/// The maximum number of numbered addresses to list before the free one.
const MOST_NUMBERS: u32 = 20;

impl Replay<'_> {
    /// Explains the address that the user has or gets.
    pub(super) fn address(&self) -> Address {
        match &self.verdict.position {
            Participation::Loses if self.object.has(Attr::PRIMARY_USER_ADDRESS) => Address {
                ruling: text!("the user loses it", "l’utilisateur la perd"),
                ..Address::default()
            },
            Participation::Loses => Address::default(),
            Participation::Stays => self.not_at_stake(),
            _ if self.decided.wizard.claims != Claims::Sip => self.not_at_stake(),
            Participation::Keeps(address) => {
                let uri = format!("sip:{address}");
                let kept = TriedAddress { uri: uri.clone(), given: true, ..TriedAddress::default() };
                let (source, candidates) = ("existing".to_owned(), vec![kept]);
                Address { uri, source, candidates, ruling: self.ruling(), ..Address::default() }
            }
            Participation::Claims(candidate) => self.composed(candidate),
            _ => match self.settings().addresses.composer.candidate(self.object) {
                Err(refusals) => Address { refused: self.refused(&refusals), ..Address::default() },
                Ok(_) => Address::default(),
            },
        }
    }

    /// Explains an address composed from attributes.
    fn composed(&self, candidate: &Candidate) -> Address {
        let composer = &self.settings().addresses.composer;
        let attributes = &self.settings().reading.attributes;
        let part = |attribute: &str| {
            let attr = attributes.find(attribute.as_bytes());
            let value = attr.and_then(|attr| self.object.text(attr)).unwrap_or_default();
            SourcePart { attribute: attribute.to_owned(), value: value.to_owned() }
        };
        let folded = |one: &sip::Folded| FoldedPart {
            attribute: attributes.name(one.attribute).to_owned(),
            before: one.before.clone(),
            after: one.after.clone(),
        };
        let given = self.given().filter(|_| self.gets_address());
        Address {
            uri: given.map(|address| format!("sip:{address}")).unwrap_or_default(),
            source: composer.source(candidate).to_owned(),
            from: match candidate.origin {
                Origin::Other => vec![part(Attr::PRIMARY_USER_ADDRESS.known_name())],
                _ => composer.made_of(candidate).into_iter().map(part).collect(),
            },
            folded: candidate.folded.iter().map(folded).collect(),
            rehomed: candidate.rehomed.clone().unwrap_or_default(),
            refused: self.refused(&candidate.refusals),
            candidates: candidates(&candidate.address, given),
            ruling: self.ruling(),
        }
    }

    /// Lists the formats that gave no address, with their faults.
    fn refused(&self, refusals: &[Refusal]) -> Vec<RefusedFormat> {
        let Settings { reading, addresses, .. } = self.settings();
        let formats: Vec<String> = match reading.listed_address(self.object) {
            Some(_) => vec!["list".to_owned()],
            None => addresses.composer.rules().formats().map(ToString::to_string).collect(),
        };
        let refused = |(format, refusal): (String, &Refusal)| RefusedFormat {
            format,
            why: refusal.fault.kind.what(reading.attributes.name(refusal.attribute)),
        };
        formats.into_iter().zip(refusals).map(refused).collect()
    }

    /// Explains the address of a user whose address is not at stake.
    fn not_at_stake(&self) -> Address {
        let uri = self.object.text(Attr::PRIMARY_USER_ADDRESS).unwrap_or_default().to_owned();
        let ruling =
            text!("this command leaves addresses alone", "cette commande ne touche pas aux adresses");
        Address { uri, ruling, ..Address::default() }
    }

    /// Whether the user gets the address after the ruling.
    fn gets_address(&self) -> bool {
        self.decision.reason != Some(Reason::SIP_DUPLICATE)
    }

    /// Explains the ruling on the address, or why there is none.
    fn ruling(&self) -> Text {
        let policy: &str = self.settings().addresses.on_duplicate.into();
        match self.decided.plan.rulings.get(&self.record).map(|ruling| &ruling.kind) {
            None => self.why_preferred(),
            Some(RulingKind::Granted) => {
                text!("others who have it are the same person", "d’autres l’ont, et sont la même personne")
            }
            Some(RulingKind::Numbered(_)) => text!(
                "[sip] on_duplicate = \"number\": the smallest number that nobody holds or claims",
                "[sip] on_duplicate = \"number\"\u{a0}: le plus petit numéro que personne ne détient ni ne demande"
            ),
            Some(RulingKind::Lookalike) => text!(
                "others have one that differs only in accents or width",
                "d’autres en ont une qui ne diffère que par les accents ou la largeur"
            ),
            Some(RulingKind::Refused) => text!(
                "[sip] on_duplicate = \"{policy}\": the user does not get it",
                "[sip] on_duplicate = \"{policy}\"\u{a0}: l’utilisateur ne la reçoit pas"
            ),
            Some(RulingKind::Twin) => text!(
                "an address that is there is kept, though others have it, too",
                "une adresse présente est gardée, bien que d’autres l’aient aussi"
            ),
        }
    }

    /// Explains why the user gets an address that others also claim.
    fn why_preferred(&self) -> Text {
        let claims = |member: &Member| member.role.has(ClaimRole::CLAIMS);
        let own = |member: &Member| member.record == self.record && claims(member);
        let contest = self.decided.plan.contests.iter().map(|contest| &contest.members).find(|members| {
            members.iter().any(own) && members.iter().filter(|member| claims(member)).count() > 1
        });
        let Some(members) = contest else { return Text::default() };
        let has_it = members.iter().any(|member| own(member) && member.role.has(ClaimRole::SIP));
        match self.settings().addresses.on_duplicate {
            _ if has_it => text!(
                "the user has it already, and loses it to no newcomer",
                "l’utilisateur l’a déjà, et aucun nouveau ne la lui prend"
            ),
            OnDuplicate::First => text!(
                "[sip] on_duplicate = \"first\": the first of them in input order gets it",
                "[sip] on_duplicate = \"first\"\u{a0}: le premier dans l’ordre des entrées la reçoit"
            ),
            OnDuplicate::Number => text!(
                "[sip] on_duplicate = \"number\": the first of them by DN gets it without a number",
                "[sip] on_duplicate = \"number\"\u{a0}: le premier selon le DN la reçoit sans numéro"
            ),
            OnDuplicate::Reject | OnDuplicate::Abort => Text::default(),
        }
    }
}

/// Lists the addresses tried up to the given one: without a number, then with numbers.
fn candidates(bare: &str, given: Option<&str>) -> Vec<TriedAddress> {
    let candidate = |address: &str| TriedAddress {
        uri: format!("sip:{address}"),
        given: given == Some(address),
        ..TriedAddress::default()
    };
    let mut all = vec![candidate(bare)];
    let Some((local, domain)) = bare.rsplit_once('@') else { return all };
    let number = given.filter(|given| *given != bare).and_then(|given| {
        given.strip_prefix(local)?.strip_suffix(domain)?.strip_suffix('@')?.parse::<u32>().ok()
    });
    if let Some(number) = number {
        let from = 2.max(number.saturating_sub(MOST_NUMBERS));
        all.extend((from..=number).map(|number| candidate(&format!("{local}{number}@{domain}"))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_listed_up_to_the_given_one() {
        let uris = |given| -> Vec<String> {
            candidates("ann@x.test", given).into_iter().map(|candidate| candidate.uri).collect()
        };
        assert_eq!(uris(None), ["sip:ann@x.test"]);
        assert_eq!(uris(Some("ann@x.test")), ["sip:ann@x.test"]);
        assert_eq!(uris(Some("ann3@x.test")), ["sip:ann@x.test", "sip:ann2@x.test", "sip:ann3@x.test"]);
        assert_eq!(uris(Some("ann5000@x.test")).len(), 22);
        assert!(candidates("ann@x.test", Some("ann2@x.test"))[1].given);
    }
}
