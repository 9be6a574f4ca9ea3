//! What the outside world says to a call: who, when, in which language and zone. The core asks nobody else.

use crate::date::{Date, Instant};
use crate::id::{Id, IdSource};
use crate::known::Known;
use crate::zone::Zone;

/// Languages of labels and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Simplified Chinese.
    ZhCn,
    /// Traditional Chinese.
    ZhTw,
    /// English.
    #[default]
    En,
}

impl Language {
    /// All of them, in the order in which labels are kept.
    pub const ALL: [Language; 3] = [Language::ZhCn, Language::ZhTw, Language::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::ZhCn => "zh-CN",
            Language::ZhTw => "zh-TW",
            Language::En => "en",
        }
    }

    /// From the tag.
    pub fn parse(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// The circumstances of one call.
pub struct Context {
    /// The point in time.
    pub now: Instant,
    /// The zone in which business dates are found.
    pub zone: Zone,
    /// The language of messages.
    pub language: Language,
    /// The employee who acts; none before anybody has signed in.
    pub actor: Option<Id>,
    /// On whose behalf.
    pub on_behalf: Option<Id>,
    /// Why, for the change log.
    pub reason: Option<String>,
    /// Where new ids come from. Taken back by the session after the call.
    pub ids: IdSource,
    /// Numbers taken from sequences that may have gaps: the sequences stay above them whatever becomes of the call.
    pub taken: Vec<(String, i64)>,
    /// What is known of records from before. Taken back by the engine after the call.
    pub known: Known,
}

impl Context {
    /// Today, in the context's zone.
    pub fn today(&self) -> Date {
        self.zone.local_date(self.now)
    }
}
