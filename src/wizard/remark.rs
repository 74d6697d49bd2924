//! Remarks on an object: their type, and those that several wizards make.

use super::account;
use super::values::{address_of, integer, same_address, sip_value, sip_values};
use crate::language::{Text, text};
use crate::message::Severity::{self, Error, Note, Warning};
use crate::message::{Message, did_you_mean, nearest, visible};
use crate::object::{Attr, Object};
use crate::ocs::{self, flags};
use crate::pool::{self, Home};
use crate::report::redaction::Redaction;
use crate::schema::value::{abridged, readable};
use crate::settings::Settings;
use crate::sip::{self, AddressFaultKind, Candidate, Refusal};

/// A message about the object at hand.
pub(crate) type Remark = Message<OnObject>;

/// A place on the object at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnObject {
    /// The attribute; none for the object as a whole.
    pub attr: Option<Attr>,
    /// The index of the value, from 0.
    pub value: usize,
    /// The byte in that value.
    pub index: usize,
}

impl Remark {
    /// Creates a remark on an attribute, or on the object as a whole.
    pub fn new(severity: Severity, code: &'static str, attr: impl Into<Option<Attr>>, what: Text) -> Self {
        Self::placed(severity, code, OnObject { attr: attr.into(), ..OnObject::default() }, what)
    }

    /// Creates the remark on a faulty address, or on a faulty value to compose one from.
    pub(super) fn of_fault(fault: &AddressFaultKind, attr: Attr, settings: &Settings) -> Self {
        let what = fault.what(settings.reading.attributes.name(attr));
        Self::new(Error, fault.code(), attr, what).help(fault.help(settings.addresses.composer.rules()))
    }
}

/// Explains why no format gives an address: the refusal of the first format, with those of the fallbacks as a note.
pub(super) fn refused(refusals: &[Refusal], settings: &Settings) -> Option<Remark> {
    let (first, others) = refusals.split_first()?;
    let name = |attr| settings.reading.attributes.name(attr);
    let mut remark = Remark::of_fault(&first.fault.kind, first.attribute, settings);
    remark.place.index = first.fault.at;
    let others: Vec<Text> = others.iter().map(|other| other.fault.kind.what(name(other.attribute))).collect();
    if !others.is_empty() {
        remark = remark.because(text!(
            "no fallback gives one: {others}", "aucun format de repli n’en donne\u{a0}: {others}"; others = Text::join(&others, "; ")
        ));
    }
    Some(remark)
}

/// Returns remarks on how an address was made to fit.
pub(super) fn candidate(candidate: &Candidate, settings: &Settings) -> Vec<Remark> {
    let name = |attr| settings.reading.attributes.name(attr);
    let mut remarks = Vec::new();
    for folded in &candidate.folded {
        let what = text!("`{}` folded to `{}`", "`{}` converti en `{}`", folded.before, folded.after);
        remarks.push(Remark::new(Warning, "name-folded", Some(folded.attribute), what));
    }
    if sip::has_ampersand(&candidate.address) {
        let what = text!("`{}` holds `&`", "`{}` contient `&`", candidate.address);
        let why = text!(
            "a Lync Server 2013 front end with such a user does not start again (KB 2912334)",
            "un serveur frontal Lync Server 2013 qui a un tel utilisateur ne redémarre pas (KB 2912334)"
        );
        remarks.push(Remark::new(Warning, "sip-ampersand", None, what).because(why));
    }
    remarks.extend(dots(&candidate.address));
    if let Some(refusal) = candidate.refusals.first() {
        let what = text!(
            "a fallback gave the address, because {why}", "un format de repli a donné l’adresse, car {why}"; why = refusal.fault.kind.what(name(refusal.attribute))
        );
        let mut remark = Remark::new(Note, "sip-fallback", Some(refusal.attribute), what);
        remark.place.index = refusal.fault.at;
        remarks.push(remark);
    }
    if let Some(domain) = &candidate.rehomed {
        let what = text!(
            "domain `{domain}` was replaced by the first in the list",
            "le domaine `{domain}` a été remplacé par le premier de la liste"
        );
        remarks.push(Remark::new(Note, "sip-rehomed", None, what));
    }
    remarks
}

/// Warns that the domain of an address that stays is not in the list.
pub(super) fn foreign_domain(address: &str, settings: &Settings) -> Option<Remark> {
    let domains = &settings.addresses.composer.rules().domains;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    if domains.is_empty() || domains.iter().any(|listed| listed.eq_ignore_ascii_case(domain)) {
        return None;
    }
    let what = text!(
        "domain `{domain}` of the kept address is not in the list",
        "le domaine `{domain}` de l’adresse conservée n’est pas dans la liste"
    );
    let near = nearest(domain, domains.iter().map(String::as_str));
    let remark = Remark::new(Warning, "domain-foreign", Attr::PRIMARY_USER_ADDRESS, what);
    Some(remark.help(near.map(did_you_mean)))
}

pub(super) static NO_PRESENCE: Text = Text::new(
    "bit 256 (enhanced presence) is not set, so that Communicator cannot sign in",
    "le bit 256 (présence enrichie) n’est pas activé, et Communicator ne peut pas se connecter",
);

pub(super) static POOL_GONE: Text =
    Text::new("the user's pool is gone", "le pool de l’utilisateur n’existe plus");

/// Warns that msRTCSIP-OptionFlags lacks the bit that lets a user sign in.
pub(super) fn presence_missing(object: &Object<'_>) -> Option<Remark> {
    let flags = integer(object, Attr::OPTION_FLAGS)?;
    (flags & flags::ENHANCED_PRESENCE == 0).then(|| {
        let attr = Attr::OPTION_FLAGS;
        Remark::new(Warning, "enhanced-presence-missing", attr, NO_PRESENCE.clone()).help(text!(
            "set it with `userprep configure --enhanced-presence true`",
            "activez-le par `userprep configure --enhanced-presence true`"
        ))
    })
}

/// Warns that the user's pool is gone or unknown.
pub(super) fn home(object: &Object<'_>, home: Home) -> Option<Remark> {
    let attr = Attr::PRIMARY_HOME_SERVER;
    match home {
        Home::Unknown => {
            let what = text!(
                "nothing describes the user's pool, which is kept",
                "rien ne décrit le pool de l’utilisateur, qui est conservé"
            );
            let remark = Remark::new(Warning, "pool-unknown", attr, what);
            Some(remark.help(text!(
                "describe it in [[pool]], or give an export of the pools with --pools",
                "décrivez-le dans [[pool]], ou donnez un export des pools par --pools"
            )))
        }
        Home::Gone => Some(Remark::new(Warning, "pool-gone", attr, POOL_GONE.clone())),
        Home::LeftOver(_) => {
            let dn = object.text(Attr::PRIMARY_HOME_SERVER)?;
            let pool = ocs::pool_or_dn(dn);
            let what = text!(
                "the user has no address, and the pool `{pool}` is left over",
                "l’utilisateur n’a pas d’adresse, et le pool `{pool}` est resté",
                pool = abridged(&pool)
            );
            Some(Remark::new(Warning, "pool-leftover", attr, what))
        }
        Home::None | Home::Known(_) => None,
    }
}

/// Warns that the user is homed online or in another deployment.
pub(super) fn homed_online(object: &Object<'_>) -> Option<Remark> {
    let locator = object.text(Attr::DEPLOYMENT_LOCATOR).filter(|_| account::is_online(object))?;
    let what = text!(
        "the user is homed in another deployment: `{locator}`",
        "l’utilisateur est hébergé dans un autre déploiement\u{a0}: `{locator}`"
    );
    Some(Remark::new(Warning, "homed-online", Attr::DEPLOYMENT_LOCATOR, what))
}

/// Warns that the name looks like one of Exchange's own mailboxes.
pub(super) fn mailbox_suspected(name: &str) -> Remark {
    let what = text!(
        "`{name}` may be a mailbox of Exchange itself",
        "`{name}` est peut-être une boîte aux lettres d’Exchange même"
    );
    Remark::new(Warning, "mailbox-suspected", None, what).because(text!(
        "the export does not show msExchRecipientTypeDetails, which identifies mailboxes of persons",
        "l’export ne montre pas msExchRecipientTypeDetails, qui distingue les boîtes des personnes"
    ))
}

/// Warns that others have the user's restored address as mail.
pub(crate) fn twin(names: &Text) -> Remark {
    let what = text!(
        "the address that comes back belongs to others, too: {names}",
        "l’adresse rétablie appartient aussi à d’autres\u{a0}: {names}";
        names
    );
    Remark::new(Warning, "sip-twin", Attr::PRIMARY_USER_ADDRESS, what)
}

/// Warns that others have an address that differs by accents or width alone.
pub(crate) fn lookalike(names: &Text) -> Remark {
    let what = text!(
        "the address differs from that of {names} only in accents or width",
        "l’adresse ne diffère de celle de {names} que par des accents ou la largeur";
        names
    );
    let why = text!("Active Directory treats the two as equal", "Active Directory les tient pour égales");
    Remark::new(Warning, "sip-lookalike", None, what).because(why)
}

/// Warns of a move that the servers have not finished.
pub(crate) fn move_pending(object: &Object<'_>) -> Option<Remark> {
    let target = object.text(Attr::TARGET_HOME_SERVER)?;
    let target = ocs::pool_or_dn(target);
    let what = text!(
        "a move to the pool `{target}` is pending (msRTCSIP-TargetHomeServer)",
        "un déplacement vers le pool `{target}` est en cours (msRTCSIP-TargetHomeServer)",
    );
    let help = text!(
        "finish the move with the Move Users wizard, or clear the attribute",
        "terminez le déplacement avec l’assistant de déplacement, ou videz l’attribut",
    );
    Some(Remark::new(Warning, "move-pending", Attr::TARGET_HOME_SERVER, what).help(help))
}

/// Warns that the user's present or new pool is of a later product, whose users directory scripts should leave alone.
pub(super) fn pool_newer(home: Home, settings: &Settings) -> Option<Remark> {
    let Home::Known(pool) = home else { return None };
    let pool = &settings.placement.pools[pool.index()];
    pool.is_newer().then(|| {
        let what = text!(
            "`{label}` is a pool of Lync Server 2010 or later",
            "`{label}` est un pool de Lync Server 2010 ou ultérieur",
            label = &pool.label,
        );
        Remark::new(Warning, "pool-newer", Attr::PRIMARY_HOME_SERVER, what).because(pool::newer_note())
    })
}

/// Warns that a list gives another address than the one the user keeps.
pub(super) fn address_kept(object: &Object<'_>, address: &str, settings: &Settings) -> Option<Remark> {
    let listed = settings.reading.listed_address(object)?;
    (!same_address(listed, address)).then(|| {
        let what = text!(
            "the list gives address `{listed}`, but the user keeps the existing one",
            "la liste donne l’adresse `{listed}`, mais l’utilisateur garde la sienne"
        );
        let remark =
            Remark::new(Warning, "join-kept", settings.reading.list.as_ref().map(|list| list.sip_uri), what);
        remark.help(text!(
            "to give the list's, set [sip] existing = \"replace\"",
            "pour donner celle de la liste, réglez [sip] existing = \"replace\""
        ))
    })
}

/// Warns that a list names another pool than the one the user keeps, whether known or not.
pub(super) fn pool_kept(object: &Object<'_>, settings: &Settings) -> Option<Remark> {
    let (text, pool) = settings.listed_pool(object)?;
    let kept = object.dn(Attr::PRIMARY_HOME_SERVER)?;
    let is_kept = match pool {
        Some(pool) => settings.placement.pools[pool.index()].normalized == *kept,
        None => {
            ldif::dn::normalize(text).is_ok_and(|dn| dn == *kept)
                || ocs::pool_name(&kept).is_some_and(|name| name.eq_ignore_ascii_case(text))
        }
    };
    (!is_kept).then(|| {
        let what = text!(
            "the list names pool `{text}`, but the user keeps the existing one",
            "la liste nomme le pool `{text}`, mais l’utilisateur garde le sien"
        );
        let remark =
            Remark::new(Warning, "join-kept", settings.reading.list.as_ref().map(|list| list.pool), what);
        remark.because(text!(
            "the data of a homed user would stay behind on the pool",
            "les données d’un utilisateur hébergé resteraient sur le pool"
        ))
    })
}

/// Reports that the pool a list names is unknown.
pub(super) fn pool_unknown_target(text: &str, settings: &Settings) -> Remark {
    let attr = settings.reading.list.as_ref().map(|list| list.pool);
    let what = text!("nothing describes a pool `{text}`", "rien ne décrit un pool `{text}`");
    let remark = Remark::new(Error, "pool-unknown-target", attr, what);
    remark.help(text!(
        "correct the row, or describe the pool in [[pool]] or with --pools or --pool",
        "corrigez la ligne, ou décrivez le pool dans [[pool]] ou par --pools ou --pool"
    ))
}

/// Warns that msRTCSIP-ArchivingEnabled has bits of LCS 2005 (1, 2), which R2 ignores.
pub(super) fn archiving_leftover(object: &Object<'_>) -> Option<Remark> {
    let value = integer(object, Attr::ARCHIVING_ENABLED).filter(|value| value & 3 != 0)?;
    let what = text!(
        "msRTCSIP-ArchivingEnabled is {value}, a leftover of Live Communications Server 2005",
        "msRTCSIP-ArchivingEnabled vaut {value}, un reste de Live Communications Server 2005"
    );
    let remark = Remark::new(Warning, "archiving-leftover", Attr::ARCHIVING_ENABLED, what);
    Some(remark.because(text!(
        "R2 knows 0 (none), 4 (internal), 8 (federated) and 12 (both)",
        "R2 connaît 0 (aucun), 4 (interne), 8 (fédéré) et 12 (les deux)"
    )))
}

/// Warns of a `sip:` proxy address or settings on a user without an address, which block new users of that address.
pub(super) fn sip_leftover(object: &Object<'_>) -> Option<Remark> {
    if object.has(Attr::PRIMARY_USER_ADDRESS) {
        return None;
    }
    let addresses: Vec<&str> = sip_values(object).collect();
    let settings = SETTINGS.into_iter().filter(|attr| object.has(*attr)).map(Attr::known_name);
    let names: Vec<&str> = settings.collect();
    let attr = if addresses.is_empty() { None } else { Some(Attr::PROXY_ADDRESSES) };
    let what = match (addresses.join(", "), names.join(", ")) {
        (sip, names) if sip.is_empty() && names.is_empty() => return None,
        (sip, names) if names.is_empty() => text!(
            "no SIP address, and a `sip:` proxy address is left over: {sip}",
            "pas d’adresse SIP, et une adresse proxy `sip:` est restée\u{a0}: {sip}",
        ),
        (sip, names) if sip.is_empty() => text!(
            "no SIP address, and settings are left over: {names}",
            "pas d’adresse SIP, et des réglages sont restés\u{a0}: {names}",
        ),
        (sip, names) => text!(
            "no SIP address, and a `sip:` proxy address ({sip}) and settings ({names}) are left over",
            "pas d’adresse SIP, et une adresse proxy `sip:` ({sip}) et des réglages ({names}) sont restés",
        ),
    };
    let help =
        text!("remove the leftovers with `userprep delete`", "supprimez ces restes par `userprep delete`");
    let mut remark = Remark::new(Warning, "sip-leftover", attr, what).help(help);
    remark.place.value = first_proxy(object, |_| true);
    Some(remark)
}

/// The attributes of Communications Server that an incomplete clean-up leaves on users.
const SETTINGS: [Attr; 8] = [
    Attr::USER_ENABLED,
    Attr::PRIMARY_HOME_SERVER,
    Attr::OPTION_FLAGS,
    Attr::ARCHIVING_ENABLED,
    Attr::FEDERATION_ENABLED,
    Attr::INTERNET_ACCESS_ENABLED,
    Attr::ORIGINATOR_SID,
    Attr::LINE,
];

/// Warns of dots where RFC 5321 allows none: some servers refuse the address.
pub(super) fn dots(address: &str) -> Option<Remark> {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let is_odd = local.contains("..") || local.starts_with('.') || local.ends_with('.');
    is_odd.then(|| {
        let what = text!(
            "`{address}` has two consecutive dots, or a dot at an end of `{local}`",
            "`{address}` a deux points de suite, ou un point à un bout de `{local}`",
        );
        let why = text!(
            "mail systems and directory synchronisation refuse such an address",
            "les messageries et la synchronisation d’annuaires refusent une telle adresse",
        );
        Remark::new(Warning, "sip-dots", None, what).because(why)
    })
}

/// Warns of `sip:` proxy addresses that stay beside this address. The one of the former address goes, if the run may
/// write proxyAddresses.
pub(super) fn other_proxies(object: &Object<'_>, address: &str, settings: &Settings) -> Option<Remark> {
    let former = address_of(object).filter(|_| settings.addresses.proxy_address);
    extra_proxies(object, &[address, former.unwrap_or(address)])
}

/// Warns of `sip:` proxy addresses other than these.
pub(super) fn extra_proxies(object: &Object<'_>, addresses: &[&str]) -> Option<Remark> {
    let is_extra = |value: &str| !addresses.iter().any(|address| same_address(value, address));
    let extra: Vec<&str> = sip_values(object).filter(|value| is_extra(value)).collect();
    (!extra.is_empty()).then(|| {
        let extra = Text::first_of(extra.iter().map(|value| abridged(value).to_owned()), extra.len());
        let what = text!(
            "another `sip:` proxy address stays: {extra}",
            "une autre adresse proxy `sip:` reste\u{a0}: {extra}"; extra
        );
        let mut remark = Remark::new(Warning, "sip-proxy-extra", Attr::PROXY_ADDRESSES, what);
        remark.place.value = first_proxy(object, is_extra);
        remark
    })
}

/// The index in proxyAddresses of the first `sip:` value that matches.
fn first_proxy(object: &Object<'_>, is_meant: impl Fn(&str) -> bool) -> usize {
    let mut values = object.texts(Attr::PROXY_ADDRESSES);
    values.position(|text| sip_value(text).is_some_and(&is_meant)).unwrap_or_default()
}

/// Warns that proxyAddresses lacks the `sip:` value of the address and gets none.
pub(super) fn no_proxy_address(attr: Option<Attr>) -> Remark {
    let what = text!(
        "proxyAddresses has no `sip:` value for the address, and none is written",
        "proxyAddresses n’a pas de valeur `sip:` de l’adresse, et aucune n’est écrite"
    );
    let why = text!(
        "Outlook and SharePoint find presence by it",
        "Outlook et SharePoint s’en servent pour trouver la présence"
    );
    Remark::new(Warning, "no-proxy-address", attr, what).because(why)
}

/// Names the values of an attribute that the undo does not restore.
pub(crate) fn undo_partial(attribute: &str, values: &[&[u8]], redaction: &Redaction) -> Text {
    if values.is_empty() || redaction.hides(attribute) {
        return text!(
            "undo does not restore all of `{attribute}`, which names something that is gone",
            "le retour ne rétablit pas tout `{attribute}`, qui nomme ce qui n’existe plus"
        );
    }
    let shown = |value: &&[u8]| format!("`{}`", visible(&readable(attribute, value)));
    let values = values.iter().map(shown).collect::<Vec<_>>().join(", ");
    text!(
        "undo does not restore {values} of `{attribute}`, which names something that is gone",
        "le retour ne rétablit pas {values} de `{attribute}`, qui nomme ce qui n’existe plus"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_the_undo_does_not_restore_are_shown_unless_masked_or_unknown() {
        let redacted = Redaction::new(&["msRTCSIP-Line".to_owned()]);
        for (attribute, values, shown) in [
            ("msRTCSIP-PrimaryHomeServer", &[&b"CN=p"[..], b"CN=q"][..], "`CN=p`, `CN=q` of `msRTCSIP-Prim"),
            ("msRTCSIP-PrimaryHomeServer", &[], "all of `msRTCSIP-PrimaryHomeServer`"),
            ("msRTCSIP-Line", &[b"tel:+33123456701"], "all of `msRTCSIP-Line`"),
        ] {
            let text = undo_partial(attribute, values, &redacted);
            assert!(text.english().contains(shown), "{}", text.english());
        }
    }
}
