//! Facts about Office Communications Server, Lync and Exchange, as directories store them.

use std::borrow::Cow;

/// The prefix of all attributes of Communications Server.
const PREFIX: &str = "msRTCSIP-";

/// Whether a name is that of an attribute of Communications Server, as far as its form shows (RFC 4512 section 2.5).
pub(crate) fn is_attribute(name: &str) -> bool {
    let Some((prefix, rest)) = name.split_at_checked(PREFIX.len()) else { return false };
    let is_letter = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    prefix.eq_ignore_ascii_case(PREFIX) && !rest.is_empty() && rest.bytes().all(is_letter)
}

/// The longest SIP URI of Office Communications Server 2007 R2 in characters, with `sip:` and domain (Microsoft
/// support: `sip:TestUser01@contoso.com` counts 26).
pub const MAX_URI: usize = 454;

/// msRTCSIP-DeploymentLocator of a user on premises; other values mean a home online or in another deployment.
pub(crate) const ON_PREMISES: &str = "SRV:";

/// The two RDNs between the object of a pool and the object that users are homed on.
pub(crate) const BELOW_POOL: &str = "CN=LC Services,CN=Microsoft,";

pub(crate) const BELOW_POOL_NORMALIZED: &str = "cn=lc services,cn=microsoft,";

/// The form of the DN that users are homed on, for messages.
pub(crate) const POOL_SHAPE: &str = "CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…";

/// The CN of the pool with this `CN=LC Services` object; `None` for other DNs.
pub(crate) fn pool_name(lc_services: &str) -> Option<String> {
    let dn = ldif::Dn::parse(lc_services).ok()?;
    let normalized = dn.normalized();
    let in_pools = normalized.strip_prefix(BELOW_POOL_NORMALIZED)?.contains(",cn=pools,cn=rtc service,");
    let ava = dn.rdns().get(2)?.first().filter(|_| in_pools)?;
    String::from_utf8(ava.value.clone()).ok()
}

/// The name of a home without a label: the CN of its pool, or the DN if it has not the form of a pool.
pub(crate) fn pool_or_dn(home: &str) -> Cow<'_, str> {
    pool_name(home).map_or(home.into(), Cow::Owned)
}

/// Values of msRTCSIP-PoolVersion.
pub(crate) mod pool_version {
    /// Office Communications Server 2007 R2; 3 is OCS 2007.
    pub(crate) const R2: u32 = 4;
    /// Lync Server 2010, the first version whose users directory scripts should leave alone.
    pub(crate) const LYNC_2010: u32 = 5;
}

/// The bits of msRTCSIP-OptionFlags (Lync Server 2013 schema reference). Other bits are kept.
pub(crate) mod flags {
    pub(crate) const PUBLIC_IM: i32 = 1;
    pub(crate) const REMOTE_CALL_CONTROL: i32 = 16;
    /// May invite anonymous participants.
    pub(crate) const ANONYMOUS_MEETINGS: i32 = 64;
    pub(crate) const ENTERPRISE_VOICE: i32 = 128;
    /// Enhanced presence, which Communicator needs to sign in.
    pub(crate) const ENHANCED_PRESENCE: i32 = 256;
    /// Both remote call control and Enterprise Voice.
    pub(crate) const DUAL_MODE: i32 = 512;
}

/// msRTCSIP-ArchivingEnabled bit: archive internal conversations.
pub(crate) const ARCHIVES_INTERNAL: i32 = 4;
/// msRTCSIP-ArchivingEnabled bit: archive federated conversations.
pub(crate) const ARCHIVES_FEDERATED: i32 = 8;

/// The user of a mailbox, by msExchRecipientTypeDetails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// A person, or unknown.
    Person,
    /// A shared, room, equipment or team mailbox, on premises or online.
    Resource,
    /// Exchange itself: system, arbitration, discovery, monitoring, public folders, groups, audit logs.
    System,
}

impl Recipient {
    /// Decodes msExchRecipientTypeDetails; unknown values count as persons.
    pub(crate) fn of(details: i64) -> Self {
        let known = RECIPIENT_TYPES.iter().find(|(number, ..)| *number == details);
        known.map_or(Self::Person, |(.., recipient)| *recipient)
    }
}

/// The msExchRecipientTypeDetails with this name in Exchange's cmdlets.
pub(crate) fn recipient_type(name: &[u8]) -> Option<i64> {
    let known = RECIPIENT_TYPES.iter().find(|(_, known, _)| known.as_bytes().eq_ignore_ascii_case(name));
    known.map(|(number, ..)| *number)
}

/// The values of msExchRecipientTypeDetails, one bit each, with the names in cmdlets and the users of the mailboxes.
const RECIPIENT_TYPES: [(i64, &str, Recipient); 35] = [
    (1, "UserMailbox", Recipient::Person),
    (2, "LinkedMailbox", Recipient::Person),
    (4, "SharedMailbox", Recipient::Resource),
    (8, "LegacyMailbox", Recipient::Person),
    (16, "RoomMailbox", Recipient::Resource),
    (32, "EquipmentMailbox", Recipient::Resource),
    (64, "MailContact", Recipient::Person),
    (128, "MailUser", Recipient::Person),
    (8_192, "SystemAttendantMailbox", Recipient::System),
    (16_384, "SystemMailbox", Recipient::System),
    (32_768, "MailForestContact", Recipient::Person),
    (65_536, "User", Recipient::Person),
    (131_072, "Contact", Recipient::Person),
    (2_097_152, "DisabledUser", Recipient::Person),
    (4_194_304, "MicrosoftExchange", Recipient::System),
    (8_388_608, "ArbitrationMailbox", Recipient::System),
    (16_777_216, "MailboxPlan", Recipient::System),
    (33_554_432, "LinkedUser", Recipient::Person),
    (536_870_912, "DiscoveryMailbox", Recipient::System),
    (2_147_483_648, "RemoteUserMailbox", Recipient::Person),
    (8_589_934_592, "RemoteRoomMailbox", Recipient::Resource),
    (17_179_869_184, "RemoteEquipmentMailbox", Recipient::Resource),
    (34_359_738_368, "RemoteSharedMailbox", Recipient::Resource),
    (68_719_476_736, "PublicFolderMailbox", Recipient::System),
    (137_438_953_472, "TeamMailbox", Recipient::Resource),
    (274_877_906_944, "RemoteTeamMailbox", Recipient::Resource),
    (549_755_813_888, "MonitoringMailbox", Recipient::System),
    (1_099_511_627_776, "GroupMailbox", Recipient::System),
    (2_199_023_255_552, "LinkedRoomMailbox", Recipient::Resource),
    (4_398_046_511_104, "AuditLogMailbox", Recipient::System),
    (8_796_093_022_208, "RemoteGroupMailbox", Recipient::System),
    (17_592_186_044_416, "SchedulingMailbox", Recipient::System),
    (35_184_372_088_832, "GuestMailUser", Recipient::Person),
    (70_368_744_177_664, "AuxAuditLogMailbox", Recipient::System),
    (140_737_488_355_328, "SupervisoryReviewPolicyMailbox", Recipient::System),
];

/// Whether the name is like those of Exchange's own mailboxes, for exports that do not show the mailbox type.
pub(crate) fn is_named_like_exchange(name: &str) -> bool {
    const BEGINNINGS: [&str; 6] =
        ["HealthMailbox", "SystemMailbox{", "DiscoverySearchMailbox", "FederatedEmail.", "Migration.", "SM_"];
    BEGINNINGS.iter().any(|beginning| {
        let start = name.as_bytes().get(..beginning.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipient_type_has_one_kind() {
        let system = [
            8_192,
            16_384,
            4_194_304,
            8_388_608,
            16_777_216,
            536_870_912,
            68_719_476_736,
            549_755_813_888,
            1_099_511_627_776,
            8_796_093_022_208,
            4_398_046_511_104,
            70_368_744_177_664,
            17_592_186_044_416,
            140_737_488_355_328,
        ];
        let resources = [
            4,
            16,
            32,
            8_589_934_592,
            17_179_869_184,
            34_359_738_368,
            2_199_023_255_552,
            137_438_953_472,
            274_877_906_944,
        ];
        for bit in 0..63 {
            let details = 1_i64 << bit;
            let expect = if system.contains(&details) {
                Recipient::System
            } else if resources.contains(&details) {
                Recipient::Resource
            } else {
                Recipient::Person
            };
            assert_eq!(Recipient::of(details), expect, "{details}");
        }
        assert_eq!(Recipient::of(0), Recipient::Person);
        assert_eq!(Recipient::of(4 | 16), Recipient::Person, "no type has two bits");
    }

    #[test]
    fn mailboxes_of_exchange_are_suspected_by_their_names() {
        for (name, expect) in [
            ("HealthMailbox1f2e", true),
            ("healthmailbox1f2e", true),
            ("SystemMailbox{1f05a927-a350-4efe-a823-5529c2d64109}", true),
            ("DiscoverySearchMailbox {D919BA05-46A6-415f-80AD-7E09334BB852}", true),
            ("FederatedEmail.4c1f4d8b", true),
            ("Migration.8f3e7716", true),
            ("SM_1f2e3d4c", true),
            ("Health Mailbox", false),
            ("SystemMailbox", false),
            ("Smith", false),
            ("Ann HealthMailbox", false),
            ("é", false),
        ] {
            assert_eq!(is_named_like_exchange(name), expect, "{name}");
        }
    }

    #[test]
    fn only_an_lc_services_object_names_a_pool() {
        let base = "CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";
        assert_eq!(pool_name(&format!("cn=lc services, CN=Microsoft,{base}")).as_deref(), Some("pool01"));
        assert_eq!(pool_name(base), None);
        assert_eq!(pool_name("pool01.contoso.com"), None);
    }
}
