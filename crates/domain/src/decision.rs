//! Consent decisions (`consent.md`, records).

use crate::bytes::{Bytes, Digest};
use crate::catalogue::Record;
use crate::channel::{Channel, Slug};
use crate::id::{AuthorityId, CentreId, DecisionId, PersonId, UserId};
use crate::time::Instant;
use crate::words::words;

words! {
    /// What consent is asked for.
    pub enum Purpose {
        /// A picture in publicity.
        PublicityPicture = "publicity_picture",
        /// A quote in publicity.
        PublicityQuote = "publicity_quote",
        /// A picture for the child's own development record.
        DevelopmentPicture = "development_record",
        /// News and events.
        News = "news_and_events",
        /// Being asked to take part in research.
        ResearchContact = "research_contact",
    }
}

impl Purpose {
    /// Is it about pictures? A picture can rest on no other consent.
    pub const fn is_about_pictures(self) -> bool {
        matches!(self, Self::PublicityPicture | Self::DevelopmentPicture)
    }

    /// Is it about content that is stored: pictures, or words ([`crate::photo::Form`])?
    pub const fn is_about_content(self) -> bool {
        self.is_about_pictures() || matches!(self, Self::PublicityQuote)
    }

    /// Is this channel one that the purpose asks about?
    pub const fn has(self, channel: &Channel) -> bool {
        match self {
            Self::PublicityPicture | Self::PublicityQuote => matches!(
                channel,
                Channel::CentreDisplay
                    | Channel::CouncilWebsite
                    | Channel::SocialMedia(_)
                    | Channel::Print
                    | Channel::Press
                    | Channel::Partner(_)
            ),
            Self::DevelopmentPicture => matches!(channel, Channel::OwnRecord),
            Self::News | Self::ResearchContact => {
                matches!(channel, Channel::Email | Channel::Text | Channel::Post)
            }
        }
    }

    /// Do people decide it for themselves? A development record is a child's.
    pub const fn is_for_oneself(self) -> bool {
        !matches!(self, Self::DevelopmentPicture)
    }

    /// Is it decided for a child by somebody with authority? News and research go to grown-ups.
    pub const fn is_for_children(self) -> bool {
        !matches!(self, Self::News | Self::ResearchContact)
    }

    /// The channels to ask about, given the county's social media and partners by name.
    pub fn channels(self, social_media: &[Slug], partners: &[Slug]) -> Vec<Channel> {
        let plain = [
            Channel::CentreDisplay,
            Channel::CouncilWebsite,
            Channel::Print,
            Channel::Press,
            Channel::OwnRecord,
            Channel::Email,
            Channel::Text,
            Channel::Post,
        ];
        let social_media = social_media.iter().cloned().map(Channel::SocialMedia);
        let partners = partners.iter().cloned().map(Channel::Partner);
        plain
            .into_iter()
            .chain(social_media)
            .chain(partners)
            .filter(|channel| self.has(channel))
            .collect()
    }

    /// The key of its plain name in the window's language files.
    pub const fn label_key(self) -> &'static str {
        match self {
            Self::PublicityPicture => "purpose-publicity-picture",
            Self::PublicityQuote => "purpose-publicity-quote",
            Self::DevelopmentPicture => "purpose-development-record",
            Self::News => "purpose-news-and-events",
            Self::ResearchContact => "purpose-research-contact",
        }
    }
}

words! {
    /// For whom the decider decides.
    pub enum Capacity {
        /// For themself.
        Own = "own",
        /// For a child, by an [authority](crate::authority::Authority).
        Authority = "authority",
    }
}

words! {
    /// Who helped the decider understand. Never a relative or a child.
    pub enum Help {
        /// Nobody.
        None = "none",
        /// An interpreter.
        Interpreter = "interpreter",
        /// A member of staff read it aloud.
        ReadAloud = "read_aloud",
    }
}

words! {
    /// How the decision was given. A spoken yes is never enough for publicity, so there is no word for it.
    pub enum Method {
        /// Signed on the screen; `signature` holds the strokes.
        SignedOnScreen = "signed_on_screen",
        /// Signed on paper; `signature` holds the scan.
        ScannedPaper = "scanned_paper",
        /// Name typed before a witness; `signature` holds the name.
        TypedWithWitness = "typed_with_witness",
    }
}

words! {
    /// What the end of validity means; the wording says which.
    pub enum AtExpiry {
        /// What is published may stay; nothing new.
        NoNewUse = "no_new_use",
        /// It is removed.
        Remove = "remove",
    }
}

words! {
    /// Whose name stands under a quote.
    pub enum Attribution {
        /// Full name.
        FullName = "full_name",
        /// First name only.
        FirstName = "first_name",
        /// None.
        Anonymous = "anonymous",
    }
}

impl Attribution {
    /// Does a decision for this one permit that the words stand under that one? It says no more of who said them.
    #[must_use]
    pub const fn permits(self, other: Self) -> bool {
        match self {
            Self::FullName => true,
            Self::FirstName => !matches!(other, Self::FullName),
            Self::Anonymous => matches!(other, Self::Anonymous),
        }
    }
}

/// One decider's answer for one subject and one purpose, channel by channel. Immutable.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["subject", "decider"]))]
pub struct Decision {
    /// Its identifier.
    pub id: DecisionId,
    /// Who is shown or written to.
    #[field(consent, subject = Whose::NamedHere)]
    pub subject: PersonId,
    /// What for.
    #[field(consent)]
    pub purpose: Purpose,
    /// The channels granted.
    #[field(consent)]
    pub granted: Vec<Channel>,
    /// The channels refused.
    #[field(consent)]
    pub refused: Vec<Channel>,
    /// Who decided.
    #[field(consent, subject = Whose::NamedHere)]
    pub decider: PersonId,
    /// For themself or for a child.
    #[field(consent)]
    pub capacity: Capacity,
    /// For a child: by which [authority](crate::authority::Authority).
    #[field(consent)]
    pub authority: Option<AuthorityId>,
    /// The wording shown ([`crate::wording`]).
    #[field(consent)]
    pub wording: String,
    /// Its version.
    #[field(consent)]
    pub wording_version: u32,
    /// SHA-256 of the exact text shown.
    #[field(consent)]
    pub wording_sha256: Digest,
    /// The privacy notice shown ([`crate::notice`]).
    #[field(consent)]
    pub notice: String,
    /// Its version.
    #[field(consent)]
    pub notice_version: u32,
    /// SHA-256 of the exact text shown.
    #[field(consent)]
    pub notice_sha256: Digest,
    /// The language of both: a BCP 47 tag.
    #[field(consent)]
    pub language: String,
    /// Who helped.
    #[field(consent)]
    pub help: Help,
    /// How it was given.
    #[field(consent)]
    pub method: Method,
    /// The signature's strokes (JSON), the scan, or the name as typed (UTF-8), by `method`.
    /// It names, so it goes when its subject is erased.
    #[field(consent, erasure = Erasure::Remove, sensitivity = Sensitivity::Secret, readers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]))]
    pub signature: Bytes,
    /// The member of staff who saw the name typed.
    #[field(staff)]
    pub witness: Option<UserId>,
    /// Who took it.
    #[field(staff)]
    pub taken_by: UserId,
    /// On which device: its number.
    #[field(technical)]
    pub device: u32,
    /// At which centre.
    #[field(consent)]
    pub centre: CentreId,
    /// When.
    #[field(consent)]
    pub decided_at: Instant,
    /// Until when it is good.
    #[field(consent)]
    pub valid_until: Option<Instant>,
    /// What the end of validity means.
    #[field(consent)]
    pub at_expiry: AtExpiry,
    /// For a quote: whose name stands under it.
    #[field(consent)]
    pub attribution: Option<Attribution>,
    /// The same decider's decisions that the screen showed when this one was made.
    #[field(consent)]
    pub replaces: Vec<DecisionId>,
}
