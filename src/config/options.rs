//! `[options]` of `userprep.toml`, which are also flags of `configure`.

use std::convert::Infallible;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// `[options]`: a missing key leaves the attribute alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize, Serialize)]
#[command(next_help_heading = "Settings")]
#[serde(deny_unknown_fields, default)]
pub struct UserOptions {
    /// Federation with other organisations
    // msRTCSIP-FederationEnabled
    #[arg(long, value_name = "true|false")]
    pub federation: Option<bool>,
    /// Sign-in from outside the network
    // msRTCSIP-InternetAccessEnabled
    #[arg(long, value_name = "true|false")]
    pub remote_access: Option<bool>,
    /// Public IM providers (MSN, AOL, Yahoo!)
    // OptionFlags 1
    #[arg(long, value_name = "true|false")]
    pub public_im: Option<bool>,
    /// Enhanced presence (cannot be undone)
    // OptionFlags 256; new users get it unless it is false
    #[arg(long, value_name = "true|false")]
    pub enhanced_presence: Option<bool>,
    /// Meetings with anonymous participants
    // OptionFlags 64
    #[arg(long, value_name = "true|false")]
    pub anonymous_meetings: Option<bool>,
    /// none, internal, federated or all
    ///
    /// Which conversations are archived.
    #[arg(long, value_name = "KIND", value_parser = word::<Archiving>(["none", "internal", "federated", "all"]))]
    pub archiving: Option<Archiving>,
    /// Enterprise Voice; needs a line
    // OptionFlags 128
    #[arg(long, value_name = "true|false")]
    pub enterprise_voice: Option<bool>,
    /// The line: `tel:{telephoneNumber}`
    ///
    /// A pattern; `tel:+33{telephoneNumber:national}` puts a country code before numbers without one.
    #[arg(long, value_name = "PATTERN", value_parser = typed)]
    pub line: Option<Spanned<String>>,
    /// The numbers' country, such as `FR`
    ///
    /// They are read by its numbering plan, unless they state another country. Alone, it implies
    /// `--line tel:{telephoneNumber}`.
    #[arg(long, value_name = "CC", value_parser = typed)]
    pub line_region: Option<Spanned<String>>,
    /// Remote call control of a PBX telephone
    // OptionFlags 16; `false` clears 512 as well
    #[arg(long, value_name = "true|false")]
    pub remote_call_control: Option<bool>,
    /// Its gateway, a SIP URI
    #[arg(long, value_name = "URI", value_parser = typed)]
    pub line_server: Option<Spanned<String>>,
    // Whether linked accounts get msRTCSIP-OriginatorSid from msExchMasterAccountSid.
    #[arg(skip)]
    pub originator_sid: Option<OriginatorSid>,
}

impl UserOptions {
    /// Fills in the missing options from `below`.
    pub fn or(&self, below: &Self) -> Self {
        Self {
            federation: self.federation.or(below.federation),
            remote_access: self.remote_access.or(below.remote_access),
            public_im: self.public_im.or(below.public_im),
            enhanced_presence: self.enhanced_presence.or(below.enhanced_presence),
            anonymous_meetings: self.anonymous_meetings.or(below.anonymous_meetings),
            archiving: self.archiving.or(below.archiving),
            enterprise_voice: self.enterprise_voice.or(below.enterprise_voice),
            line: self.line.clone().or_else(|| below.line.clone()),
            line_region: self.line_region.clone().or_else(|| below.line_region.clone()),
            remote_call_control: self.remote_call_control.or(below.remote_call_control),
            line_server: self.line_server.clone().or_else(|| below.line_server.clone()),
            originator_sid: self.originator_sid.or(below.originator_sid),
        }
    }
}

/// `[options] originator_sid`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OriginatorSid {
    /// msExchMasterAccountSid is copied.
    #[default]
    Copy,
    /// Nothing is written.
    Off,
}

/// `[options] archiving`: msRTCSIP-ArchivingEnabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Archiving {
    /// 0
    None,
    /// 4
    Internal,
    /// 8
    Federated,
    /// 12
    All,
}

/// A parser for a flag that takes the words of a key.
pub(crate) fn word<T>(words: impl Into<PossibleValuesParser>) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    words.into().try_map(|word| T::deserialize(IntoDeserializer::<value::Error>::into_deserializer(word)))
}

/// Wraps a text that comes from no file.
fn typed(text: &str) -> Result<Spanned<String>, Infallible> {
    Ok(Spanned::new(0..0, text.to_owned()))
}
